//! Converts activations to API types.

use keystead_domain::Millis;
use keystead_protocol::api::{ActivationDetails, ActivationView};
use keystead_storage::{ActivationSummary, Product};

use crate::catalog::immutable_cache::Terms;

/// Converts an activation.
pub fn activation_view(activation: &ActivationSummary, product: &Product, now: Millis) -> ActivationView {
    let state = activation.status.state(&activation.license, now);
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
        lease_until: activation.serves_until,
    }
}

/// Converts an activation together with details of its license.
pub fn activation_details(
    details: keystead_storage::ActivationDetails,
    terms: &Terms,
    now: Millis,
) -> ActivationDetails {
    let summary = ActivationSummary::from(details);
    let view = activation_view(&summary, &terms.product, now);
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
