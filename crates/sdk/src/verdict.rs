//! The server's lasting refusals. They are stored with an activation.

use keystead_protocol::Code;
use keystead_protocol::state::State;

/// Whether the refusal stays valid until the server decides otherwise.
pub(crate) const fn is_lasting(code: Code) -> bool {
    matches!(
        code,
        Code::ActivationReleased
            | Code::ActivationSuperseded
            | Code::ActivationRevoked
            | Code::LicenseSuspended
            | Code::LicenseExpired
            | Code::LicenseRevoked
            | Code::DifferentDevice
            | Code::ForkDetected
    )
}

/// The activation state for a stored refusal, given as the name of its code.
pub(crate) fn state_of(verdict: &str) -> Option<State> {
    Some(match verdict.parse().ok()? {
        Code::ActivationReleased => State::Released,
        Code::ActivationSuperseded => State::Superseded,
        Code::ActivationRevoked | Code::LicenseRevoked => State::Revoked,
        Code::LicenseSuspended => State::Suspended,
        Code::LicenseExpired => State::Expired,
        Code::DifferentDevice => State::DifferentDevice,
        Code::HardwareChanged => State::HardwareChanged,
        Code::ForkDetected => State::Forked,
        _ => return None,
    })
}
