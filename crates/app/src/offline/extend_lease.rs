//! Extends the lease of a device that has been offline for too long, with one typed line.

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

/// Maximum number of activations searched.
const MOST: u32 = 1_000;

/// Extends the lease of the activation whose device created `id`. Repeated requests return the same line,
/// because `id` contains the number of the extension.
pub fn prolong(
    tx: &mut Tx<'_>,
    app: &Shared,
    license: LicenseId,
    id: InstallationId,
    now: Millis,
) -> Result<OfflineConfirmation, AppError> {
    let mut asking = None;
    for details in tx.activations_of_license(license, MOST)? {
        // Another device may take a floating seat before the user types the line.
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

/// Whether this activation's device could have created `id`.
fn asks(activation: &Activation, device_key: &DevicePublicKey, id: InstallationId) -> bool {
    // The device may not have received the response to its last refresh.
    let latest = activation.ratchet.sequence;
    [latest, latest.saturating_sub(1)].into_iter().any(|sequence| {
        (0..PROLONGATIONS)
            .any(|term| id.asks_for(&Prolongation { activation: activation.id, device_key, sequence, term }))
    })
}

#[cfg(test)]
mod tests {
    use keystead_protocol::api::Activated;
    use keystead_protocol::offline::ShortConfirmation;

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::licensing::refresh_certificate::refresh_certificate;
    use crate::testing::{Device, PRODUCT_CODE, on_both, refusal, value};

    /// The installation ID with which a device requests an extension.
    fn request(device: &Device, activated: &Activated, sequence: u64, term: u8) -> InstallationId {
        let (activation, device_key) = (activated.activation, &device.public_key());
        let term = Prolongation { activation, device_key, sequence, term };
        InstallationId::to_prolong(PRODUCT_CODE, &term).unwrap()
    }

    #[test]
    fn one_line_lets_the_device_go_on_for_thirty_days() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let activated = world.linked(&device, &key, &owner).await;
            world.pass(200 * DAY).await;
            let id = request(&device, &activated, 0, 0);
            let extend = async || value(world.confirm(&owner.principal(), activated.license, id, None).await);
            let confirmed = extend().await;
            let line: ShortConfirmation = confirmed.lines[0].parse().unwrap();
            assert!(world.app.keys.offline_secret(activated.activation).confirms(line, id));
            let serves_until = world.activation(activated.activation).await.activation.serves_until;
            assert_eq!(serves_until, world.now() + 30 * DAY);
            assert_eq!(extend().await, confirmed, "the same line again");
            let audit = world.audit(activated.activation).await;
            assert_eq!(audit[1].action, "activation.prolong");
            assert_eq!(audit[1].actor, format!("account:{}", owner.id()));
        });
    }

    #[test]
    fn fourth_extension_of_one_certificate_is_unknown() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let activated = world.linked(&device, &key, &owner).await;
            for term in 0..=PROLONGATIONS {
                let id = request(&device, &activated, 0, term);
                let outcome = world.confirm(&owner.principal(), activated.license, id, None).await;
                let expected = (term == PROLONGATIONS).then_some(Code::ProlongationUnknown);
                assert_eq!(outcome.err().map(|error| error.code()), expected);
            }
        });
    }

    #[test]
    fn device_whose_last_response_was_lost_is_found() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let activated = world.linked(&device, &key, &owner).await;
            let asked = device.refresh(&activated.ratchet, 1);
            let signed = world.signed(&device);
            refresh_certificate(&world.app, activated.activation, asked, &signed).await.unwrap();
            for sequence in [0, 1] {
                let id = request(&device, &activated, sequence, 0);
                value(world.confirm(&owner.principal(), activated.license, id, None).await);
            }
            let id = request(&device, &activated, 2, 0);
            let refused = world.confirm(&owner.principal(), activated.license, id, None).await;
            assert_eq!(refusal(refused), Code::ProlongationUnknown);
        });
    }

    #[test]
    fn container_and_a_suspended_license_get_no_extension() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key_with(|rules| rules.seats = 2).await);
            let (container, device) = (Device::container(1), Device::new(2));
            let floating = world.activated(&container, &key).await;
            let fixed = world.linked(&device, &key, &owner).await;
            let extend = async |id| refusal(world.confirm(&owner.principal(), fixed.license, id, None).await);
            assert_eq!(extend(request(&container, &floating, 0, 0)).await, Code::ProlongationUnknown);
            world.change(fixed.license, Change::Suspend).await;
            assert_eq!(extend(request(&device, &fixed, 0, 0)).await, Code::LicenseSuspended);
        });
    }
}
