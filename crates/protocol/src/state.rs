//! The activation state for people: one sentence and, if something is wrong, a code with its cause and next action.
//! Server, library, command line and pages share these texts.

use serde::{Deserialize, Serialize};

use crate::Code;

/// The state of a product on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum State {
    /// Nothing was activated here.
    Unlicensed,
    /// Activated, with the license held by the product key.
    Activated,
    /// Activated, with the license linked to an account.
    ActivatedLinked,
    /// Works, but the lease has ended and a refresh is due.
    LeaseOverdue,
    /// The grace period has ended without a refresh.
    LeaseLapsed,
    /// Works, but the clock was set back.
    ClockSuspect,
    /// The hardware changed so much that the owner must confirm the device.
    HardwareChanged,
    /// The certificate belongs to a different device.
    DifferentDevice,
    /// Two copies of the activation are in use.
    Forked,
    /// The seat was released.
    Released,
    /// Newer installations on the same machine replaced this one on the seat.
    Superseded,
    /// The license is suspended.
    Suspended,
    /// The license has expired.
    Expired,
    /// The license or the activation was revoked.
    Revoked,
    /// The stored certificate cannot be trusted.
    CertificateInvalid,
    /// The device key is missing.
    DeviceKeyMissing,
}

impl State {
    /// Whether the product works fully.
    pub const fn is_activated(self) -> bool {
        matches!(self, State::Activated | State::ActivatedLinked | State::LeaseOverdue | State::ClockSuspect)
    }

    /// Whether the activation is over and has no seat.
    pub const fn is_ended(self) -> bool {
        matches!(self, State::Released | State::Superseded | State::Revoked)
    }

    /// The code of the problem; `None` if nothing is wrong.
    pub const fn code(self) -> Option<Code> {
        Some(match self {
            State::Activated | State::ActivatedLinked => return None,
            State::Unlicensed => Code::NotActivated,
            State::LeaseOverdue => Code::LeaseOverdue,
            State::LeaseLapsed => Code::LeaseLapsed,
            State::ClockSuspect => Code::ClockSuspect,
            State::HardwareChanged => Code::HardwareChanged,
            State::DifferentDevice => Code::DifferentDevice,
            State::Forked => Code::ForkDetected,
            State::Released => Code::ActivationReleased,
            State::Superseded => Code::ActivationSuperseded,
            State::Suspended => Code::LicenseSuspended,
            State::Expired => Code::LicenseExpired,
            State::Revoked => Code::LicenseRevoked,
            State::CertificateInvalid => Code::CertificateInvalid,
            State::DeviceKeyMissing => Code::DeviceKeyMissing,
        })
    }

    /// The state in one sentence.
    pub fn sentence(self, product: &str) -> String {
        match self {
            State::Activated => format!("{product} is activated with a digital license"),
            State::ActivatedLinked => {
                format!("{product} is activated with a digital license linked to your account")
            }
            State::LeaseOverdue => format!("{product} is activated, but its check is overdue"),
            State::ClockSuspect => format!("{product} is activated, but this device's clock was set back"),
            State::LeaseLapsed => {
                format!("{product} is not activated: it hasn't been checked for too long")
            }
            State::HardwareChanged => format!("{product} is not activated: this device's hardware changed"),
            State::DifferentDevice => {
                format!("{product} is not activated: its activation belongs to a different device")
            }
            State::Forked => format!("{product} is not activated: two copies of this activation are in use"),
            State::Released => format!("{product} is not activated: this device was deactivated"),
            State::Superseded => {
                format!("{product} is not activated: newer installations on this device have taken its place")
            }
            State::Suspended => format!("{product} is not activated: the vendor has suspended the license"),
            State::Expired => format!("{product} is not activated: the license has expired"),
            State::Revoked => format!("{product} is not activated: the license was revoked"),
            State::CertificateInvalid => {
                format!("{product} is not activated: the stored certificate isn't valid")
            }
            State::DeviceKeyMissing => format!("{product} is not activated: this device's key is missing"),
            State::Unlicensed => format!("{product} is not activated on this device"),
        }
    }
}
