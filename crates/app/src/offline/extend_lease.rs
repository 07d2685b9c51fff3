//! "This device has been offline for too long": one typed line extends its lease.

use keystead_domain::activation::Activation;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::api::OfflineConfirmation;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::id::LicenseId;
use keystead_protocol::offline::{InstallationId, PROLONGATIONS, PROLONGED_DAYS, Prolongation};
use keystead_storage::Tx;

use crate::context::Shared;
use crate::error::AppError;

/// Maximum number of activations searched for the requesting one.
const MOST: u32 = 1_000;

/// Extends the lease of the activation that created `id`. Repetitions return the same line, because `id` contains the
/// number of the extension.
pub fn prolong(
    tx: &mut Tx<'_>,
    app: &Shared,
    license: LicenseId,
    id: InstallationId,
    now: Millis,
) -> Result<OfflineConfirmation, AppError> {
    let mut asking = None;
    for details in tx.activations_of_license(license, MOST)? {
        // A floating seat may be reassigned before the line is typed.
        if !details.activation.floating && asks(&details.activation, &details.device_key, id) {
            asking = Some(details.activation);
            break;
        }
    }
    let asking: Activation = asking.ok_or(AppError::from(Code::ProlongationUnknown))?;
    let activation = asking.prolong(now + i64::from(PROLONGED_DAYS) * DAY)?;
    let confirmation = app.keys.offline_secret(activation.id).prolong(id);
    let lines = vec![confirmation.ok_or(AppError::from(Code::Internal))?.to_string()];
    tx.activation_update(&activation)?;
    Ok(OfflineConfirmation { activation: activation.id, lines, days: PROLONGED_DAYS })
}

/// Whether this activation's device can have created `id`.
fn asks(activation: &Activation, device_key: &DevicePublicKey, id: InstallationId) -> bool {
    // The device may have missed the response to its last refresh.
    let latest = activation.ratchet.sequence;
    [latest, latest.saturating_sub(1)].into_iter().any(|sequence| {
        (0..PROLONGATIONS)
            .any(|term| id.asks_for(&Prolongation { activation: activation.id, device_key, sequence, term }))
    })
}
