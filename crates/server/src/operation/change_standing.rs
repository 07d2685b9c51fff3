//! The vendor suspends, resumes or revokes a license, with a reason.

use axum::http::StatusCode;
use keystead_protocol::Code;
use keystead_protocol::api::LicenseView;
use keystead_protocol::id::{LicenseId, OutboxId};

use super::{list, tell};
use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::extract::RawRequest;
use crate::once::{Answered, IdempotencyKey, Once};

/// What becomes of the license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It may not be used until resumed.
    Suspend,
    /// It may be used again.
    Resume,
    /// It may never be used again.
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

/// A reason for the audit log: 1 to 500 characters.
pub fn check_reason(reason: &str) -> Result<String, ApiError> {
    let reason = reason.trim();
    if (1..=500).contains(&reason.chars().count()) && !reason.contains(char::is_control) {
        return Ok(reason.to_owned());
    }
    Err(ApiError::value("reason", "1 to 500 characters, none of them a control character"))
}

/// Changes a license's standing.
pub async fn change_standing(
    app: &Shared,
    caller: &Caller,
    license: LicenseId,
    change: Change,
    once: &IdempotencyKey,
    reason: String,
    request: &RawRequest,
) -> Result<Answered<LicenseView>, ApiError> {
    let (shared, now) = (app.clone(), app.now());
    let (message, actor) = (app.new_id::<OutboxId>(), caller.actor());
    Once::new(once, caller, request, None)
        .run(app, move |tx| {
            let mut license = tx.license(license)?.ok_or(ApiError::from(Code::NotFound))?;
            license.standing = match change {
                Change::Suspend => license.standing.suspend(now)?,
                Change::Resume => license.standing.resume()?,
                Change::Revoke => license.standing.revoke(now),
            };
            tx.set_license_standing(license.id, license.standing)?;
            tell(tx, message, now, &actor, change.action(), license.id, &reason);
            Ok((StatusCode::OK, list::license_view(tx, &shared.catalog, license, now)?))
        })
        .await
}
