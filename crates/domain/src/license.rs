//! Licenses: ownership and status.

use keystead_protocol::id::{AccountId, EditionId, LicenseId, PolicyId, ProductId};

use crate::policy::AccountRule;
use crate::{Millis, Refusal};

/// A license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// The license's id.
    pub id: LicenseId,
    /// The product.
    pub product: ProductId,
    /// The edition.
    pub edition: EditionId,
    /// The policy.
    pub policy: PolicyId,
    /// The holder.
    pub ownership: Ownership,
    /// The status set by the vendor.
    pub status: LicenseStatus,
    /// Expiry; `None` if the license never expires.
    pub expires_at: Option<Millis>,
    /// Total number of seats.
    pub seats: u32,
    /// Number of used seats.
    pub seats_used: u32,
    /// Last group of the product key that claims or claimed the license.
    pub key_last_group: String,
    /// Time of the first activation.
    pub claimed_at: Millis,
}

/// The holder of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The holder of the product key.
    Held,
    /// An account.
    Owned {
        /// The account.
        by: AccountId,
        /// The time of linking.
        since: Millis,
    },
}

/// The status of a license, as set by the vendor. Expiry depends on the time and is not stored here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenseStatus {
    /// Usable.
    Active,
    /// Blocked until resumed.
    Suspended {
        /// Time of the suspension.
        at: Millis,
    },
    /// Blocked forever.
    Revoked {
        /// Time of the revocation.
        at: Millis,
    },
}

impl LicenseStatus {
    /// Suspends the license. A license that is already suspended keeps the time of its suspension.
    pub fn suspend(self, now: Millis) -> Result<Self, Refusal> {
        match self {
            LicenseStatus::Active => Ok(LicenseStatus::Suspended { at: now }),
            LicenseStatus::Suspended { .. } => Ok(self),
            LicenseStatus::Revoked { .. } => Err(Refusal::LicenseRevoked),
        }
    }

    /// Resumes a suspended license.
    pub fn resume(self) -> Result<Self, Refusal> {
        match self {
            LicenseStatus::Active | LicenseStatus::Suspended { .. } => Ok(LicenseStatus::Active),
            LicenseStatus::Revoked { .. } => Err(Refusal::LicenseRevoked),
        }
    }

    /// Revokes the license forever.
    pub fn revoke(self, now: Millis) -> Self {
        match self {
            LicenseStatus::Revoked { .. } => self,
            LicenseStatus::Active | LicenseStatus::Suspended { .. } => LicenseStatus::Revoked { at: now },
        }
    }
}

/// The claimant of an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimant {
    /// An anonymous holder of the product key.
    KeyHolder,
    /// A signed-in customer with the product key.
    SignedInKeyHolder(AccountId),
    /// A signed-in customer without a key.
    Account(AccountId),
}

impl Claimant {
    const fn account(self) -> Option<AccountId> {
        match self {
            Claimant::KeyHolder => None,
            Claimant::SignedInKeyHolder(account) | Claimant::Account(account) => Some(account),
        }
    }
}

impl License {
    /// Checks that certificates may be issued at `now`.
    pub fn is_usable(&self, now: Millis) -> Result<(), Refusal> {
        match self.status {
            LicenseStatus::Revoked { .. } => Err(Refusal::LicenseRevoked),
            LicenseStatus::Suspended { .. } => Err(Refusal::LicenseSuspended),
            LicenseStatus::Active if self.expires_at.is_some_and(|end| end <= now) => {
                Err(Refusal::LicenseExpired)
            }
            LicenseStatus::Active => Ok(()),
        }
    }

    /// Checks that `claimant` may activate a device. A linked license admits only its owner; its product key no longer
    /// works.
    pub fn admit(&self, claimant: Claimant, rule: AccountRule, now: Millis) -> Result<(), Refusal> {
        match (self.ownership, claimant) {
            (Ownership::Owned { by, .. }, _) if claimant.account() != Some(by) => {
                return Err(Refusal::OwnerOnly);
            }
            (Ownership::Held, Claimant::Account(_)) => return Err(Refusal::NotLinked),
            (Ownership::Held, Claimant::KeyHolder) if rule == AccountRule::Required => {
                return Err(Refusal::AccountRequired);
            }
            _ => {}
        }
        self.is_usable(now)
    }

    /// Links the license to `account`. `agreed` is whether the account consented.
    pub fn link(
        &self,
        account: AccountId,
        agreed: bool,
        rule: AccountRule,
        now: Millis,
    ) -> Result<Ownership, Refusal> {
        match self.ownership {
            Ownership::Owned { by, .. } if by == account => return Ok(self.ownership),
            Ownership::Owned { .. } => return Err(Refusal::AlreadyLinked),
            Ownership::Held => {}
        }
        if rule == AccountRule::Never {
            return Err(Refusal::NotLinked);
        }
        if !agreed {
            return Err(Refusal::ConsentMissing);
        }
        self.is_usable(now)?;
        Ok(Ownership::Owned { by: account, since: now })
    }

    /// The time at which `account` became the owner; `None` if it is not the owner.
    pub fn owned_since(&self, account: AccountId) -> Option<Millis> {
        match self.ownership {
            Ownership::Owned { by, since } if by == account => Some(since),
            _ => None,
        }
    }

    /// Checks that `account` is the owner.
    pub fn require_owner(&self, account: AccountId) -> Result<(), Refusal> {
        match self.ownership {
            Ownership::Owned { by, .. } if by == account => Ok(()),
            Ownership::Owned { .. } => Err(Refusal::OwnerOnly),
            Ownership::Held => Err(Refusal::NotLinked),
        }
    }

    /// The refusal when all seats are taken.
    pub const fn no_free_seat(&self) -> Refusal {
        Refusal::NoFreeSeat { limit: self.seats, used: self.seats }
    }
}
