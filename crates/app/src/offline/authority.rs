//! Who may activate a device that cannot ask by itself.

use keystead_domain::license::{Claimant, License};
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;
use keystead_protocol::api::AccountRule;

use crate::error::AppError;
use crate::licensing::change_license_status::check_reason;
use crate::oauth::scope::LICENSES;
use crate::principal::{Permission, Principal};

/// On whose word a device without a network is activated.
#[derive(Clone)]
pub enum Word {
    /// The license's owner.
    Owner(Claimant),
    /// Somebody who acts for the vendor, and says why.
    Vendor {
        /// For the audit log.
        reason: String,
    },
}

impl Word {
    /// The principal's.
    pub fn of(principal: &Principal, reason: Option<&str>) -> Result<Self, AppError> {
        match reason {
            Some(reason) if principal.may(Permission::Support) => {
                Ok(Word::Vendor { reason: check_reason(reason)? })
            }
            Some(_) => {
                let why = "it needs the scope \"support\" to give a reason";
                Err(AppError::with_detail(Code::PermissionMissing, why))
            }
            None if principal.may(Permission::Support) && principal.account().is_none() => {
                Err(AppError::value("reason", "the vendor says why"))
            }
            None => Ok(Word::Owner(Claimant::Account(principal.require_account(LICENSES)?.account))),
        }
    }

    /// Whether the license may be used on this word; a license of somebody else's is none.
    pub fn admit(&self, license: &License, now: Millis) -> Result<(), AppError> {
        match self {
            Word::Owner(claimant) => license.admit(*claimant, AccountRule::Optional, now).map_err(hidden),
            Word::Vendor { .. } => Ok(license.is_usable(now)?),
        }
    }

    /// What the audit log says of it.
    pub fn detail(&self, license: &License) -> String {
        match self {
            Word::Owner(_) => license.id.to_string(),
            Word::Vendor { reason } => format!("{}: {reason}", license.id),
        }
    }
}

/// To whoever does not own it there is no such license.
fn hidden(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::OwnerOnly | Refusal::NotLinked => Code::NotFound.into(),
        other => other.into(),
    }
}
