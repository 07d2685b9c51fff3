//! Shows the state of one activation to its device, its owner or the vendor.

use keystead_protocol::Code;
use keystead_protocol::api::ActivationDetails;
use keystead_protocol::id::ActivationId;
use keystead_storage::Error;

use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::activation_view::activation_details;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Shows an activation. Principals without access get the same error as for an unknown id.
pub async fn show_activation(
    app: &Shared,
    principal: &Principal,
    id: ActivationId,
    request: &SignedRequest,
) -> Result<ActivationDetails, AppError> {
    let shared = app.clone();
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            let Some(details) = connection.activation_by_id(id)? else { return Ok(None) };
            let terms = shared.catalog.terms(connection, &details.license)?;
            Ok(Some((details, terms)))
        })
        .await;
    let Some((details, terms)) = found? else { return Err(Code::NotFound.into()) };
    let owns = |account| details.activation.is_of_owner(&details.license, account);
    let owner = principal.account().is_some_and(owns);
    if !owner && !principal.may(Permission::Read) {
        if !request.is_signed() {
            return Err(Code::NotFound.into());
        }
        request.verify(app, details.device_key)?;
    }
    Ok(activation_details(details, &terms, app.now()))
}

#[cfg(test)]
mod tests {
    use keystead_protocol::state::State;

    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn device_owner_and_vendor_see_the_same_activation() {
        on_both(async |world| {
            let (owner, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let id = world.linked(&device, &key, &owner).await.activation;
            let vendor = world.vendor(&[Permission::Read]).await;
            let show = async |principal: &Principal, request: &SignedRequest| {
                show_activation(&world.app, principal, id, request).await.unwrap()
            };
            let shown = show(&Principal::Anonymous, &world.signed(&device)).await;
            assert_eq!((shown.activation.id, shown.activation.state), (id, State::ActivatedLinked));
            assert_eq!((shown.seats, shown.seats_used, shown.edition.as_str()), (1, 1, "Professional"));
            assert_eq!(show(&owner.principal(), &world.request()).await, shown);
            assert_eq!(show(&vendor, &world.request()).await, shown);
        });
    }

    #[test]
    fn others_cannot_tell_it_from_an_unknown_one() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let (device, key) = (Device::new(1), world.key().await);
            let id = world.linked(&device, &key, &owner).await.activation;
            let vendor = world.vendor(&[Permission::Catalog]).await;
            for principal in [Principal::Anonymous, stranger.principal(), vendor] {
                let hidden = show_activation(&world.app, &principal, id, &world.request()).await;
                assert_eq!(refusal(hidden), Code::NotFound);
            }
            let unknown = world.app.new_id();
            let missing = show_activation(&world.app, &owner.principal(), unknown, &world.request()).await;
            assert_eq!(refusal(missing), Code::NotFound);
            let other = world.signed(&Device::new(2));
            let refused = show_activation(&world.app, &Principal::Anonymous, id, &other).await;
            assert_eq!(refusal(refused), Code::DifferentDevice);
        });
    }
}
