//! Lists the licenses of an account, or all licenses for the vendor.

use keystead_domain::Millis;
use keystead_protocol::api::{LicenseView, Page};
use keystead_protocol::id::{AccountId, LicenseId};
use keystead_storage::{Connection, Error};

use crate::catalog::cache::Catalog;
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::license_view::{license_view, license_views};
use crate::oauth::scope::LICENSES;
use crate::pagination::{PageRequest, page};
use crate::principal::{Permission, Principal};

/// One page of the licenses of `owner`.
pub fn licenses_of(
    connection: &mut Connection,
    catalog: &Catalog,
    owner: AccountId,
    asked: PageRequest<LicenseId>,
    now: Millis,
) -> Result<Page<LicenseView>, Error> {
    let licenses = connection.licenses_of_account(owner, asked.after, asked.limit + 1)?;
    let views = license_views(connection, catalog, owner, licenses, now)?;
    Ok(page(views, asked.limit, |license| license.id.to_string()))
}

/// Every license for a principal with [`Permission::Read`], else the account's.
///
/// # Errors
/// [`Code::SignInRequired`](keystead_protocol::Code::SignInRequired),
/// [`Code::PermissionMissing`](keystead_protocol::Code::PermissionMissing)
pub async fn list_licenses(
    app: &Shared,
    principal: &Principal,
    asked: PageRequest<LicenseId>,
) -> Result<Page<LicenseView>, AppError> {
    let owner = check(principal)?;
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            if let Some(owner) = owner {
                return licenses_of(connection, &shared.catalog, owner, asked, now);
            }
            let licenses = connection.licenses(asked.after, asked.limit + 1)?.into_iter();
            let views = licenses.map(|license| license_view(connection, &shared.catalog, license, now));
            Ok(page(views.collect::<Result<_, _>>()?, asked.limit, |license: &LicenseView| {
                license.id.to_string()
            }))
        })
        .await;
    Ok(found?)
}

/// Whose licenses a principal may list; `None` is everybody's.
///
/// # Errors
/// Those of [`list_licenses`].
pub fn check(principal: &Principal) -> Result<Option<AccountId>, AppError> {
    if principal.may(Permission::Read) {
        return Ok(None);
    }
    Ok(Some(principal.require_account(LICENSES)?.account))
}
