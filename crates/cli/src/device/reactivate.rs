use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::protocol::api::ActivationView;
use keystead::protocol::id::ActivationId;
use keystead::{Client, Error, device_name};

use super::{ask, sign_in, state};
use crate::output::Output;

/// Moves an activation of the account to this device. Without `chosen`, asks the user which one.
pub fn run(client: &Client, chosen: Option<ActivationId>, output: &Output) -> Result<ExitCode, Error> {
    sign_in::ensure_signed_in(client, output)?;
    let activation = match chosen {
        Some(activation) => activation,
        None => choose(client, output)?,
    };
    client.reactivate(activation, &device_name())?;
    state::show(client, output)
}

fn choose(client: &Client, output: &Output) -> Result<ActivationId, Error> {
    let devices = client.devices()?;
    let product = &client.profile().product;
    let choices: Vec<(&str, &ActivationView)> = devices
        .iter()
        .flat_map(|device| device.activations.iter().map(|activation| (device.name.as_str(), activation)))
        .filter(|(_, activation)| activation.product == *product)
        .filter(|(_, activation)| !activation.state.is_ended())
        .collect();
    if choices.is_empty() {
        return Err(Code::NoLicense.into());
    }
    let here = client.activation()?;
    for (at, (name, activation)) in choices.iter().enumerate() {
        let mark = if Some(activation.id) == here { " (this device before the change)" } else { "" };
        output.note(&format!("{}. {name}{mark}: {}", at + 1, activation.sentence));
    }
    let answer = ask("Which device are you using right now?", "--activation")?;
    let chosen = answer.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?));
    let unknown = || Error {
        detail: Some(format!("there is no device number {answer}")),
        ..Code::ValueNotAllowed.into()
    };
    chosen.map(|(_, activation)| activation.id).ok_or_else(unknown)
}
