//! From the rules' values to the API's, where no question to the database is needed.

use keystead_domain::Millis;
use keystead_domain::license::{License, Ownership, Standing};
use keystead_protocol::api::{
    AccountView, ActivationDetails, ActivationView, EditionView, LicenseView, PolicyView, ProductView,
    StandingName,
};
use keystead_storage::{Account, ActivationSummary, Edition, Policy, Product};

use crate::catalog::cache::Terms;
use crate::licensing::budget::Remaining;

/// An activation in words.
pub fn activation(activation: &ActivationSummary, product: &Product, now: Millis) -> ActivationView {
    let state = activation.standing.state(&activation.license, now);
    ActivationView {
        id: activation.id,
        license: activation.license.id,
        device: activation.device,
        product: product.slug.clone(),
        product_name: product.name.clone(),
        state,
        sentence: state.sentence(&product.name),
        code: state.code().map(|code| code.name().to_owned()),
        next_action: state.code().map(|code| code.next_action().to_owned()),
        activated_at: activation.activated_at,
        refreshed_at: activation.refreshed_at,
        lease_until: activation.lease_until,
    }
}

/// An activation and what its user wants to know of its license.
pub fn activation_details(
    details: keystead_storage::ActivationDetails,
    terms: &Terms,
    now: Millis,
) -> ActivationDetails {
    let summary = ActivationSummary::from(details);
    let view = activation(&summary, &terms.product, now);
    let license = summary.license;
    ActivationDetails {
        activation: view,
        edition: terms.edition.name.clone(),
        key_last_group: license.key_last_group,
        seats: license.seats,
        seats_used: license.seats_used,
        license_expires_at: license.expires_at,
    }
}

/// A license with the names and numbers that people read.
pub fn license(license: License, terms: &Terms, left: Remaining, now: Millis) -> LicenseView {
    LicenseView {
        id: license.id,
        product: terms.product.slug.clone(),
        product_name: terms.product.name.clone(),
        edition: terms.edition.name.clone(),
        standing: standing(&license, now),
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

/// Whether a license may be used, as a word.
pub fn standing(license: &License, now: Millis) -> StandingName {
    match license.standing {
        Standing::Revoked { .. } => StandingName::Revoked,
        Standing::Suspended { .. } => StandingName::Suspended,
        Standing::Active if license.is_usable(now).is_err() => StandingName::Expired,
        Standing::Active => StandingName::Active,
    }
}

/// An account without its secrets.
pub fn account(account: Account) -> AccountView {
    AccountView { id: account.id, email: account.email, name: account.name, created_at: account.created_at }
}

/// A product.
pub fn product(product: Product) -> ProductView {
    let Product { id, slug, name, code, created_at } = product;
    ProductView { id, slug, name, code, created_at }
}

/// An edition of the product with the short name `of`.
pub fn edition(of: &str, edition: Edition) -> EditionView {
    let Edition { id, slug, name, features, .. } = edition;
    EditionView { id, product: of.to_owned(), slug, name, features }
}

/// A policy of the product with the short name `of`.
pub fn policy(of: &str, policy: Policy) -> PolicyView {
    let Policy { id, slug, number, rules, .. } = policy;
    PolicyView { id, product: of.to_owned(), slug, number, rules }
}
