//! Suspends, resumes or revokes a license on behalf of the vendor, with a reason.

use keystead_protocol::Code;
use keystead_protocol::api::LicenseView;
use keystead_protocol::id::{LicenseId, OutboxId};

use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::license_view::license_view;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// The change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Block the license until it is resumed.
    Suspend,
    /// Allow use again.
    Resume,
    /// Block the license forever.
    Revoke,
}

impl Change {
    const fn action(self) -> &'static str {
        match self {
            Change::Suspend => "license.suspend",
            Change::Resume => "license.resume",
            Change::Revoke => "license.revoke",
        }
    }
}

/// A change with its reason.
#[derive(Debug, Clone)]
pub struct StatusChange {
    change: Change,
    reason: String,
}

impl StatusChange {
    /// Creates a change and validates its reason.
    ///
    /// # Errors
    /// The errors of [`check_reason`].
    pub fn new(change: Change, reason: &str) -> Result<Self, AppError> {
        Ok(Self { change, reason: check_reason(reason)? })
    }
}

/// Validates a reason for the audit log: 1 to 500 characters.
pub fn check_reason(reason: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    if (1..=500).contains(&reason.chars().count()) && !reason.contains(char::is_control) {
        return Ok(reason.to_owned());
    }
    Err(AppError::value("reason", "1 to 500 characters, none of them a control character"))
}

/// Changes a license's status.
pub async fn change_license_status(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    StatusChange { change, reason }: StatusChange,
    request: &SignedRequest,
) -> Result<StoredResponse<LicenseView>, AppError> {
    principal.require(Permission::Licenses)?;
    let (shared, now) = (app.clone(), app.now());
    let (message, actor) = (app.new_id::<OutboxId>(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            let mut license = tx.license_by_id(license)?.ok_or(AppError::from(Code::NotFound))?;
            license.status = match change {
                Change::Suspend => license.status.suspend(now)?,
                Change::Resume => license.status.resume()?,
                Change::Revoke => license.status.revoke(now),
            };
            tx.license_set_status(license.id, license.status)?;
            Event { id: message, at: now, actor: &actor, action: change.action() }
                .record(tx, license.id, &reason);
            Ok(Outcome::Done(license_view(tx, &shared.catalog, license, now)?))
        })
        .await
}

#[cfg(test)]
mod tests {
    use keystead_protocol::api::LicenseStatusName;

    use super::*;
    use crate::testing::{Device, World, on_both, refusal, value};

    async fn changed(
        world: &World,
        principal: &Principal,
        license: LicenseId,
        change: Change,
    ) -> Result<StoredResponse<LicenseView>, AppError> {
        let change = StatusChange::new(change, " a chargeback ").unwrap();
        change_license_status(&world.app, principal, license, change, &world.request()).await
    }

    #[test]
    fn vendor_suspends_and_resumes_with_a_reason_in_the_audit_log() {
        on_both(async |world| {
            let (vendor, key) = (world.vendor(&[Permission::Licenses]).await, world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            let suspended = value(changed(&world, &vendor, license, Change::Suspend).await);
            assert_eq!(suspended.status, LicenseStatusName::Suspended);
            let resumed = value(changed(&world, &vendor, license, Change::Resume).await);
            assert_eq!(resumed.status, LicenseStatusName::Active);
            let audit = world.audit(license).await;
            let actions: Vec<_> = audit.iter().map(|event| event.action.as_str()).collect();
            assert_eq!(actions, ["license.suspend", "license.resume"]);
            assert!(audit.iter().all(|event| event.detail == "a chargeback"));
            assert!(audit.iter().all(|event| event.actor == vendor.actor()));
        });
    }

    #[test]
    fn revocation_is_final() {
        on_both(async |world| {
            let (vendor, key) = (Principal::Operator, world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            value(changed(&world, &vendor, license, Change::Revoke).await);
            for change in [Change::Resume, Change::Suspend] {
                let refused = changed(&world, &vendor, license, change).await;
                assert_eq!(refusal(refused), Code::LicenseRevoked);
            }
            assert_eq!(world.actions(license).await, ["license.revoke"]);
        });
    }

    #[test]
    fn repeated_request_is_recorded_once() {
        on_both(async |world| {
            let (request, key) = (world.request(), world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            for _ in 0..2 {
                let change = StatusChange::new(Change::Suspend, "a chargeback").unwrap();
                let (app, operator) = (&world.app, Principal::Operator);
                value(change_license_status(app, &operator, license, change, &request).await);
            }
            assert_eq!(world.actions(license).await, ["license.suspend"]);
        });
    }

    #[test]
    fn permission_and_a_license_are_needed() {
        on_both(async |world| {
            let key = world.key().await;
            let license = world.activated(&Device::new(1), &key).await.license;
            let reader = world.vendor(&[Permission::Read, Permission::Keys]).await;
            let suspend = async |principal: &Principal, license| {
                refusal(changed(&world, principal, license, Change::Suspend).await)
            };
            assert_eq!(suspend(&reader, license).await, Code::PermissionMissing);
            assert_eq!(suspend(&Principal::Anonymous, license).await, Code::SignInRequired);
            assert_eq!(suspend(&Principal::Operator, world.app.new_id()).await, Code::NotFound);
        });
    }

    #[test]
    fn token_that_was_revoked_meanwhile_changes_nothing() {
        on_both(async |world| {
            let (vendor, key) = (world.vendor(&[Permission::Licenses]).await, world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            world.revoke(&vendor).await;
            let refused = changed(&world, &vendor, license, Change::Revoke).await;
            assert_eq!(refusal(refused), Code::TokenExpired);
            assert_eq!(world.actions(license).await, [""; 0]);
        });
    }

    #[test]
    fn reason_is_a_short_text_in_one_line() {
        for reason in ["", "  ", "two\nlines", &"x".repeat(501)] {
            assert_eq!(check_reason(reason).unwrap_err().code(), Code::ValueNotAllowed, "{reason:?}");
        }
        assert_eq!(check_reason(&"ü".repeat(500)).unwrap().chars().count(), 500);
    }
}
