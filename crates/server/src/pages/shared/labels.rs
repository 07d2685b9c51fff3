//! Names of states and events in the page's language.

use keystead_protocol::api::{ActivationView, DeviceView};
use keystead_protocol::state::State;

use crate::pages::shared::page::Shell;

/// A state in one or two words.
pub fn state_name(shell: &Shell, state: &State) -> String {
    shell.say(name(*state)).to_string()
}

const fn name(state: State) -> &'static str {
    match state {
        State::Activated | State::ActivatedLinked => "state-activated",
        State::LeaseOverdue | State::LeaseLapsed => "state-overdue",
        State::HardwareChanged | State::DifferentDevice => "state-hardware",
        State::Forked => "state-forked",
        State::Released => "state-released",
        State::Superseded => "state-superseded",
        State::Suspended => "state-suspended",
        State::Expired => "state-expired",
        State::Revoked => "state-revoked",
        _ => "state-attention",
    }
}

/// A state in one sentence.
pub fn state_sentence(shell: &Shell, state: &State) -> String {
    let name = match state {
        State::Activated => "sentence-activated",
        State::ActivatedLinked => "sentence-linked",
        other => name(*other),
    };
    shell.say(name).to_string()
}

/// The cause and next action of an activation's state; `None` in the normal state.
pub fn explanation(shell: &Shell, activation: &ActivationView) -> Option<(String, String)> {
    activation.state.code().map(|code| shell.code(code))
}

/// Whether a device occupies a seat of one of the account's licenses.
pub fn is_in_use(device: &DeviceView) -> bool {
    device.activations.iter().any(|activation| !activation.state.is_ended())
}

/// The display name of a stored browser name such as `Firefox on Linux`.
pub fn browser_name(shell: &Shell, stored: &str) -> String {
    match stored.split_once(" on ") {
        Some((browser, system)) => {
            shell.say("browser-on").with("browser", browser).with("system", system).to_string()
        }
        None => stored.to_owned(),
    }
}

/// The display name of an audit action.
pub fn action_name(shell: &Shell, action: &str) -> String {
    let name = format!("action-{}", action.replace('.', "-"));
    let said = shell.say(&name).to_string();
    if said == name { shell.say("action-other").to_string() } else { said }
}
