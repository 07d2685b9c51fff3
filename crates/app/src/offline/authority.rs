//! The authority for activating a device that has no network.

use keystead_domain::license::{Claimant, License};
use keystead_domain::policy::AccountRule;
use keystead_domain::{Millis, Refusal};
use keystead_protocol::Code;

use crate::error::AppError;
use crate::licensing::change_license_status::check_reason;
use crate::oauth::scope::LICENSES;
use crate::principal::{Permission, Principal};

/// The authority for an offline activation.
#[derive(Clone)]
pub enum Authority {
    /// The license's owner.
    Owner(Claimant),
    /// Vendor support, with a reason.
    Vendor {
        /// The reason, for the audit log.
        reason: String,
    },
}

impl Authority {
    /// The authority of a principal.
    pub fn of(principal: &Principal, reason: Option<&str>) -> Result<Self, AppError> {
        match reason {
            Some(reason) if principal.may(Permission::Support) => {
                Ok(Authority::Vendor { reason: check_reason(reason)? })
            }
            Some(_) => {
                let why = "it needs the scope \"support\" to give a reason";
                Err(AppError::with_detail(Code::PermissionMissing, why))
            }
            None if principal.may(Permission::Support) && principal.account().is_none() => {
                Err(AppError::value("reason", "the vendor says why"))
            }
            None => Ok(Authority::Owner(Claimant::Account(principal.require_account(LICENSES)?.account))),
        }
    }

    /// Checks that this authority may use the license. A license of another owner is reported as not found.
    pub fn admit(&self, license: &License, now: Millis) -> Result<(), AppError> {
        match self {
            Authority::Owner(claimant) => {
                license.admit(*claimant, AccountRule::Optional, now).map_err(hidden)
            }
            Authority::Vendor { .. } => Ok(license.is_usable(now)?),
        }
    }

    /// Detail for the audit log.
    pub fn detail(&self, license: &License) -> String {
        match self {
            Authority::Owner(_) => license.id.to_string(),
            Authority::Vendor { reason } => format!("{}: {reason}", license.id),
        }
    }
}

/// Hides the license from principals that do not own it.
fn hidden(refusal: Refusal) -> AppError {
    match refusal {
        Refusal::OwnerOnly | Refusal::NotLinked => Code::NotFound.into(),
        other => other.into(),
    }
}
