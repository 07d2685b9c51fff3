use keystead_protocol::Code;

use crate::Millis;

/// Why the rules refuse a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code().cause())]
pub enum Refusal {
    /// The key was never issued, is disabled, or no longer claims its license.
    ProductKeyNotAccepted,
    /// The key belongs to another product.
    ProductKeyOtherProduct,
    /// All seats are taken.
    NoFreeSeat {
        /// Total number of seats.
        limit: u32,
        /// Seats in use.
        used: u32,
    },
    /// The vendor suspended the license.
    LicenseSuspended,
    /// The license has expired.
    LicenseExpired,
    /// The vendor revoked the license.
    LicenseRevoked,
    /// Only the account that the license is linked to may do this.
    OwnerOnly,
    /// The license is already linked.
    AlreadyLinked,
    /// The license is not linked.
    NotLinked,
    /// The person did not consent to linking.
    ConsentMissing,
    /// Only a signed-in customer can activate.
    AccountRequired,
    /// The account owns no license of the product.
    NoLicense,
    /// The device is not the activated one.
    DifferentDevice,
    /// The seat was released.
    ActivationReleased,
    /// The activation was revoked.
    ActivationRevoked,
    /// Two copies of the activation are in use.
    ForkDetected,
    /// The budget for moves to changed hardware is exhausted.
    RebindBudgetExhausted {
        /// Time of the next possible move.
        next_at: Millis,
    },
    /// The budget for new device keys on used seats is exhausted.
    ReinstallBudgetExhausted {
        /// Time when the next key can join.
        next_at: Millis,
    },
    /// Newer installations on the same machine replaced the activation on the seat.
    ActivationSuperseded,
    /// The device is already the enrolled one.
    RebindNotNeeded,
    /// The owner did not confirm that the device is the same.
    ConfirmationMissing,
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> Code {
        match self {
            Refusal::ProductKeyNotAccepted => Code::ProductKeyNotAccepted,
            Refusal::ProductKeyOtherProduct => Code::ProductKeyOtherProduct,
            Refusal::NoFreeSeat { .. } => Code::NoFreeSeat,
            Refusal::LicenseSuspended => Code::LicenseSuspended,
            Refusal::LicenseExpired => Code::LicenseExpired,
            Refusal::LicenseRevoked => Code::LicenseRevoked,
            Refusal::OwnerOnly => Code::OwnerOnly,
            Refusal::AlreadyLinked => Code::AlreadyLinked,
            Refusal::NotLinked => Code::NotLinked,
            Refusal::ConsentMissing => Code::ConsentMissing,
            Refusal::AccountRequired => Code::AccountRequired,
            Refusal::NoLicense => Code::NoLicense,
            Refusal::DifferentDevice => Code::DifferentDevice,
            Refusal::ActivationReleased => Code::ActivationReleased,
            Refusal::ActivationRevoked => Code::ActivationRevoked,
            Refusal::ForkDetected => Code::ForkDetected,
            Refusal::RebindBudgetExhausted { .. } => Code::RebindBudgetExhausted,
            Refusal::ReinstallBudgetExhausted { .. } => Code::ReinstallBudgetExhausted,
            Refusal::ActivationSuperseded => Code::ActivationSuperseded,
            Refusal::RebindNotNeeded => Code::RebindNotNeeded,
            Refusal::ConfirmationMissing => Code::ConfirmationMissing,
        }
    }
}
