//! The authority under which a device without a network is activated.

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
    /// Determines the authority of a principal. A reason requires [`Permission::Support`].
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

    /// Checks that this authority may use the license. Reports a license of another owner as not found.
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

#[cfg(test)]
mod tests {
    use keystead_storage::Role;

    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn reason_makes_only_support_the_authority() {
        on_both(async |world| {
            let (owner, staff) = (world.customer().await, world.staff(Role::Support).await);
            let support = world.vendor(&[Permission::Support]).await;
            let reader = world.vendor(&[Permission::Read]).await;
            let reason = Some("a call from the customer");
            for principal in [&staff, &support] {
                assert!(matches!(Authority::of(principal, reason), Ok(Authority::Vendor { .. })));
            }
            for principal in [&owner.principal(), &reader, &Principal::Anonymous] {
                assert_eq!(refusal(Authority::of(principal, reason)), Code::PermissionMissing);
            }
            assert_eq!(refusal(Authority::of(&support, Some(" "))), Code::ValueNotAllowed);
        });
    }

    #[test]
    fn account_without_a_reason_acts_for_itself() {
        on_both(async |world| {
            let (owner, staff) = (world.customer().await, world.staff(Role::Support).await);
            let support = world.vendor(&[Permission::Support]).await;
            for principal in [&owner.principal(), &staff] {
                assert!(matches!(Authority::of(principal, None), Ok(Authority::Owner(_))));
            }
            assert_eq!(refusal(Authority::of(&support, None)), Code::ValueNotAllowed);
            assert_eq!(refusal(Authority::of(&Principal::Anonymous, None)), Code::SignInRequired);
        });
    }

    #[test]
    fn license_of_another_account_is_hidden_from_customers_only() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let owned = world.owned(&owner, |_| {}).await;
            let key = world.key().await;
            let held = world.activated(&Device::new(1), &key).await.license;
            let (owned, held) = (world.license(owned).await, world.license(held).await);
            let now = world.now();
            let of = |principal: Principal, reason| Authority::of(&principal, reason).unwrap();
            let stranger = of(stranger.principal(), None);
            assert_eq!(refusal(stranger.admit(&owned, now)), Code::NotFound);
            assert_eq!(refusal(stranger.admit(&held, now)), Code::NotFound);
            of(owner.principal(), None).admit(&owned, now).unwrap();
            let vendor = of(Principal::Operator, Some("a call"));
            vendor.admit(&held, now).unwrap();
            assert_eq!(vendor.detail(&held), format!("{}: a call", held.id));
        });
    }
}
