//! Suspends, resumes or revokes a license for the vendor, with a reason.

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
    /// A change for `reason`.
    ///
    /// # Errors
    /// Those of [`check_reason`].
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
