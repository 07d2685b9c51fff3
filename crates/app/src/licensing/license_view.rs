//! Converts licenses to API types.

use keystead_domain::Millis;
use keystead_domain::license::{License, LicenseStatus, Ownership};
use keystead_protocol::api::{LicenseView, StandingName};
use keystead_protocol::id::AccountId;
use keystead_storage::{Error, Reader};

use crate::catalog::cache::{Catalog, Terms};
use crate::licensing::budget::{self, Remaining};

/// A license with display names and counts.
pub fn license_view(
    reader: &mut Reader,
    catalog: &Catalog,
    license: License,
    now: Millis,
) -> Result<LicenseView, Error> {
    let terms = catalog.terms(reader, &license)?;
    let left = budget::remaining(reader, license.id, &terms.policy.rules, now)?;
    Ok(view(license, &terms, left, now))
}

/// Licenses of one owner in list order, loaded together.
pub fn license_views(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    licenses: Vec<License>,
    now: Millis,
) -> Result<Vec<LicenseView>, Error> {
    let terms: Vec<Terms> =
        licenses.iter().map(|license| catalog.terms(reader, license)).collect::<Result<_, _>>()?;
    let budgets: Vec<_> =
        licenses.iter().zip(&terms).map(|(license, terms)| (license.id, &terms.policy.rules)).collect();
    let left = budget::remaining_of_all(reader, owner, &budgets, now)?;
    let all = licenses.into_iter().zip(&terms).zip(left);
    Ok(all.map(|((license, terms), left)| view(license, terms, left, now)).collect())
}

fn view(license: License, terms: &Terms, left: Remaining, now: Millis) -> LicenseView {
    LicenseView {
        id: license.id,
        product: terms.product.slug.clone(),
        product_name: terms.product.name.clone(),
        edition: terms.edition.name.clone(),
        standing: standing_name(&license, now),
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

/// The status of a license as an API type.
pub fn standing_name(license: &License, now: Millis) -> StandingName {
    match license.standing {
        LicenseStatus::Revoked { .. } => StandingName::Revoked,
        LicenseStatus::Suspended { .. } => StandingName::Suspended,
        LicenseStatus::Active if license.is_usable(now).is_err() => StandingName::Expired,
        LicenseStatus::Active => StandingName::Active,
    }
}
