//! Lists the licenses of an account, or all licenses for the vendor.

use keystead_domain::Millis;
use keystead_protocol::api::{LicenseView, Page};
use keystead_protocol::id::{AccountId, LicenseId};
use keystead_storage::{Connection, Error};

use crate::catalog::immutable_cache::Catalog;
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

/// Lists all licenses for a principal with [`Permission::Read`], otherwise the account's licenses.
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

/// The account whose licenses the principal may list; `None` means all accounts.
///
/// # Errors
/// The errors of [`list_licenses`].
pub fn check(principal: &Principal) -> Result<Option<AccountId>, AppError> {
    if principal.may(Permission::Read) {
        return Ok(None);
    }
    Ok(Some(principal.require_account(LICENSES)?.account))
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{Device, World, on_both, refusal};

    async fn listed(world: &World, principal: &Principal) -> Vec<LicenseId> {
        let (mut after, mut found) = (None, Vec::new());
        loop {
            let page = list_licenses(&world.app, principal, PageRequest { after, limit: 1 }).await.unwrap();
            found.extend(page.items.iter().map(|license| license.id));
            let Some(next) = page.next else { return found };
            after = Some(next.parse().unwrap());
        }
    }

    #[test]
    fn customer_sees_their_own_and_the_vendor_sees_all() {
        on_both(async |world| {
            let owner = world.customer().await;
            let (first, second) = (world.key().await, world.key().await);
            let owned = world.linked(&Device::new(1), &first, &owner).await.license;
            let held = world.activated(&Device::new(2), &second).await.license;
            let vendor = world.vendor(&[Permission::Read]).await;
            assert_eq!(listed(&world, &owner.principal()).await, [owned]);
            assert_eq!(listed(&world, &vendor).await, [held, owned]);
        });
    }

    #[test]
    fn list_needs_a_sign_in_and_a_permission() {
        on_both(async |world| {
            let vendor = world.vendor(&[Permission::Catalog]).await;
            let list = async |principal: &Principal| {
                refusal(list_licenses(&world.app, principal, PageRequest { after: None, limit: 1 }).await)
            };
            assert_eq!(list(&Principal::Anonymous).await, Code::SignInRequired);
            assert_eq!(list(&vendor).await, Code::PermissionMissing);
        });
    }
}
