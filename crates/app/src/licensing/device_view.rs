//! Converts devices to API types.

use keystead_domain::Millis;
use keystead_protocol::api::DeviceView;
use keystead_storage::{ActivationSummary, Connection, Device, Error};

use crate::catalog::immutable_cache::Catalog;
use crate::licensing::activation_view::activation_view;

/// Converts a device and its activations.
pub fn device_view(
    connection: &mut Connection,
    catalog: &Catalog,
    device: Device,
    activations: Vec<ActivationSummary>,
    now: Millis,
) -> Result<DeviceView, Error> {
    let last_refresh = activations.iter().map(|activation| activation.refreshed_at).max();
    let mut views = Vec::with_capacity(activations.len());
    for activation in &activations {
        let terms = catalog.terms(connection, &activation.license)?;
        views.push(activation_view(activation, &terms.product, now));
    }
    Ok(DeviceView {
        id: device.id,
        name: device.name,
        platform: device.platform,
        created_at: device.created_at,
        last_seen_at: last_refresh.map_or(device.last_seen_at, |at| at.max(device.last_seen_at)),
        activations: views,
    })
}
