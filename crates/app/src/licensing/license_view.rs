//! Converts licenses to API types.

use keystead_domain::Millis;
use keystead_domain::license::{License, LicenseStatus, Ownership};
use keystead_protocol::api::{LicenseStatusName, LicenseView};
use keystead_protocol::id::AccountId;
use keystead_storage::{Connection, Error};

use crate::catalog::immutable_cache::{Catalog, Terms};
use crate::licensing::budget_ledger::{self, Remaining};

/// Converts a license. Loads its display names and remaining budgets.
pub fn license_view(
    connection: &mut Connection,
    catalog: &Catalog,
    license: License,
    now: Millis,
) -> Result<LicenseView, Error> {
    let terms = catalog.terms(connection, &license)?;
    let left = budget_ledger::remaining(connection, license.id, &terms.policy.rules, now)?;
    Ok(view(license, &terms, left, now))
}

/// Converts licenses of one owner, in list order. Loads their budgets together.
pub fn license_views(
    connection: &mut Connection,
    catalog: &Catalog,
    owner: AccountId,
    licenses: Vec<License>,
    now: Millis,
) -> Result<Vec<LicenseView>, Error> {
    let terms: Vec<Terms> =
        licenses.iter().map(|license| catalog.terms(connection, license)).collect::<Result<_, _>>()?;
    let budgets: Vec<_> =
        licenses.iter().zip(&terms).map(|(license, terms)| (license.id, &terms.policy.rules)).collect();
    let left = budget_ledger::remaining_of_all(connection, owner, &budgets, now)?;
    let all = licenses.into_iter().zip(&terms).zip(left);
    Ok(all.map(|((license, terms), left)| view(license, terms, left, now)).collect())
}

fn view(license: License, terms: &Terms, left: Remaining, now: Millis) -> LicenseView {
    LicenseView {
        id: license.id,
        product: terms.product.slug.clone(),
        product_name: terms.product.name.clone(),
        edition: terms.edition.name.clone(),
        status: status_name(&license, now),
        linked: matches!(license.ownership, Ownership::Owned { .. }),
        rebinds_left: left.rebinds,
        reinstalls_left: left.reinstalls,
        key_last_group: license.key_last_group,
        seats: license.seats,
        seats_used: license.seats_used,
        expires_at: license.expires_at,
        claimed_at: license.claimed_at,
    }
}

/// Converts the status of a license.
pub fn status_name(license: &License, now: Millis) -> LicenseStatusName {
    match license.status {
        LicenseStatus::Revoked { .. } => LicenseStatusName::Revoked,
        LicenseStatus::Suspended { .. } => LicenseStatusName::Suspended,
        LicenseStatus::Active if license.is_usable(now).is_err() => LicenseStatusName::Expired,
        LicenseStatus::Active => LicenseStatusName::Active,
    }
}
