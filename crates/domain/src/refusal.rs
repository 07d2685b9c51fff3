use keystead_protocol::Code;

use crate::Millis;

/// An expected "no" of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code().cause())]
pub enum Refusal {
    /// The key was never issued, is disabled, or claims a license that is no longer held by its key.
    ProductKeyNotAccepted,
    /// The key belongs to another product.
    ProductKeyOtherProduct,
    /// All seats are taken.
    NoFreeSeat {
        /// Seats of the license.
        limit: u32,
        /// Seats in use.
        used: u32,
    },
    /// The vendor suspended the license.
    LicenseSuspended,
    /// The license ended.
    LicenseExpired,
    /// The vendor revoked the license.
    LicenseRevoked,
    /// Only the account that the license is linked to may do this.
    OwnerOnly,
    /// The license is linked already.
    AlreadyLinked,
    /// The license is not linked.
    NotLinked,
    /// Linking was not agreed to.
    ConsentMissing,
    /// Only a signed-in customer can activate.
    AccountRequired,
    /// The account owns no license of the product.
    NoLicense,
    /// Another device than the activated one.
    DifferentDevice,
    /// The seat was given back.
    ActivationReleased,
    /// The activation was revoked.
    ActivationRevoked,
    /// Two copies of the activation are in use.
    ForkDetected,
    /// The license was moved too often.
    RebindBudgetExhausted {
        /// When it can be moved again.
        next_at: Millis,
    },
    /// Device keys joined the seats of their machines too often.
    ReinstallBudgetExhausted {
        /// When one can join again.
        next_at: Millis,
    },
    /// Newer installations on the same machine took its place on the seat.
    ActivationSuperseded,
    /// The device is the enrolled one.
    RebindNotNeeded,
    /// The owner did not say that it is the same device.
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
