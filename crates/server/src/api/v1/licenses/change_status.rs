//! Suspends, resumes and revokes licenses. Each endpoint takes a reason for the audit log.

use axum::extract::State;
use keystead_app::context::Shared;
use keystead_app::licensing::change_license_status::{Change, StatusChange, change_license_status};
use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, Reason};
use keystead_protocol::id::LicenseId;

use crate::auth::{Licenses, Vendor};
use crate::extract::{Body, Id, IdempotencyHeader, Stored};
use crate::problem::ApiError;

/// Defines the endpoint for one status change. `$attribute` is added to the endpoint's OpenAPI attributes.
macro_rules! endpoint {
    ($(#[$doc:meta])* $name:ident, $path:literal, $operation:literal, $change:expr $(, $($attribute:tt)*)?) => {
        $(#[$doc])*
        #[utoipa::path(
            post,
            path = $path,
            params(("license" = LicenseId, Path), IdempotencyHeader),
            request_body = Reason,
            operation_id = $operation,
            tag = "Licenses",
            security(("vendor_token" = ["licenses"]), ("account_token" = ["vendor"])),
            responses((status = 200, description = "Done", body = LicenseView)),
            $($($attribute)*)?
        )]
        pub async fn $name(
            State(app): State<Shared>,
            vendor: Vendor<Licenses>,
            Id(id): Id<LicenseId>,
            _: IdempotencyHeader,
            body: Body<Reason>,
        ) -> Result<Stored<LicenseView>, ApiError> {
            let change = StatusChange::new($change, &body.value.reason)?;
            Ok(Stored(change_license_status(&app, &vendor.principal, id, change, &body.request).await?))
        }
    };
}

endpoint!(
    /// Suspends a license.
    ///
    /// No certificates are issued for it until it is resumed.
    suspend,
    "/licenses/{license}/suspend",
    "suspend_license",
    Change::Suspend,
    extensions(("x-problems" = json!([Code::LicenseRevoked])))
);

endpoint!(
    /// Resumes a suspended license.
    resume,
    "/licenses/{license}/resume",
    "resume_license",
    Change::Resume,
    extensions(("x-problems" = json!([Code::LicenseRevoked])))
);

endpoint!(
    /// Revokes a license permanently.
    revoke,
    "/licenses/{license}/revoke",
    "revoke_license",
    Change::Revoke
);
