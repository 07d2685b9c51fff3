//! What a customer owns: who holds it and whether it may be used.

use keystead_protocol::api::AccountRule;
use keystead_protocol::id::{AccountId, EditionId, LicenseId, PolicyId, ProductId};

use crate::{Millis, Refusal};

/// A license.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Its id.
    pub id: LicenseId,
    /// The product.
    pub product: ProductId,
    /// The edition.
    pub edition: EditionId,
    /// The policy.
    pub policy: PolicyId,
    /// Who holds it.
    pub ownership: Ownership,
    /// Whether the vendor lets it be used.
    pub standing: Standing,
    /// When it ends; `None` is never.
    pub expires_at: Option<Millis>,
    /// Seats in all.
    pub seats: u32,
    /// Seats in use.
    pub seats_used: u32,
    /// The last group of the key that claims or claimed it.
    pub key_last_group: String,
    /// When it was first activated.
    pub claimed_at: Millis,
}

/// Who holds a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// Whoever has the product key.
    Held,
    /// An account.
    Owned {
        /// The account.
        by: AccountId,
        /// Since when.
        since: Millis,
    },
}

/// The vendor's word on a license. Expiry is a matter of time and therefore not stored here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may be used.
    Active,
    /// It may not be used until resumed.
    Suspended {
        /// Since when.
        at: Millis,
    },
    /// It may never be used again.
    Revoked {
        /// Since when.
        at: Millis,
    },
}

impl Standing {
    /// Suspends; an already suspended license keeps its time.
    pub fn suspend(self, now: Millis) -> Result<Self, Refusal> {
        match self {
            Standing::Active => Ok(Standing::Suspended { at: now }),
            Standing::Suspended { .. } => Ok(self),
            Standing::Revoked { .. } => Err(Refusal::LicenseRevoked),
        }
    }

    /// Lifts a suspension.
    pub fn resume(self) -> Result<Self, Refusal> {
        match self {
            Standing::Active | Standing::Suspended { .. } => Ok(Standing::Active),
            Standing::Revoked { .. } => Err(Refusal::LicenseRevoked),
        }
    }

    /// Revokes for good.
    pub fn revoke(self, now: Millis) -> Self {
        match self {
            Standing::Revoked { .. } => self,
            Standing::Active | Standing::Suspended { .. } => Standing::Revoked { at: now },
        }
    }
}

/// Who asks for an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimant {
    /// Somebody with the product key and no account.
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
    /// Whether certificates may be issued at `now`.
    pub fn is_usable(&self, now: Millis) -> Result<(), Refusal> {
        match self.standing {
            Standing::Revoked { .. } => Err(Refusal::LicenseRevoked),
            Standing::Suspended { .. } => Err(Refusal::LicenseSuspended),
            Standing::Active if self.expires_at.is_some_and(|end| end <= now) => Err(Refusal::LicenseExpired),
            Standing::Active => Ok(()),
        }
    }

    /// Whether `claimant` may activate a device. A linked license obeys its owner only: its key has lost its power.
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

    /// Links the license to an account that agreed to it.
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

    /// Since when it is the account's, if it is.
    pub fn owned_since(&self, account: AccountId) -> Option<Millis> {
        match self.ownership {
            Ownership::Owned { by, since } if by == account => Some(since),
            _ => None,
        }
    }

    /// Refuses everybody but the owner.
    pub fn require_owner(&self, account: AccountId) -> Result<(), Refusal> {
        match self.ownership {
            Ownership::Owned { by, .. } if by == account => Ok(()),
            Ownership::Owned { .. } => Err(Refusal::OwnerOnly),
            Ownership::Held => Err(Refusal::NotLinked),
        }
    }

    /// The refusal for a claim that found every seat taken.
    pub const fn no_free_seat(&self) -> Refusal {
        Refusal::NoFreeSeat { limit: self.seats, used: self.seats }
    }
}
