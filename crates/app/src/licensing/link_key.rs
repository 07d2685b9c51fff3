//! Links a product key: its license becomes a digital license of the account. The key may be unused, or
//! already in use by a device.

use keystead_domain::Millis;
use keystead_domain::license::Ownership;
use keystead_protocol::api::LicenseView;
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{Account, AccountSession, Error, ProductKeyStatus};

use crate::context::Shared;
use crate::email::notifications;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::find_license;
use crate::licensing::link_license::NewOwner;
use crate::oauth::scope::LICENSES;
use crate::principal::Principal;
use crate::request::SignedRequest;

/// Links the license of the typed key to the account. `agree` tells whether the person agreed to the
/// disclosure.
pub async fn link_key(
    app: &Shared,
    principal: &Principal,
    typed: &str,
    agree: bool,
    request: &SignedRequest,
) -> Result<StoredResponse<LicenseView>, AppError> {
    let session = principal.require_account(LICENSES)?;
    find_license::by_key(app, request.from, link(app, session, typed, agree, request)).await
}

async fn link(
    app: &Shared,
    session: AccountSession,
    typed: &str,
    agree: bool,
    request: &SignedRequest,
) -> Result<StoredResponse<LicenseView>, AppError> {
    let key = find_license::authentic(app, typed)?;
    let (shared, fresh, now) = (app.clone(), app.new_id(), app.now());
    let new_owner = NewOwner { account: session.account, agreed: agree, event: app.new_id(), now };
    let linked = IdempotentRequest::new(request, session, None)
        .run(app, move |tx| {
            let (license, _) = find_license::claim(tx, &shared, key, fresh, now)?;
            Ok(Outcome::Done(new_owner.link(tx, &shared, license)?))
        })
        .await;
    if matches!(&linked, Err(error) if error.code() == Code::AlreadyLinked) {
        tell_owner(app, key, now).await?;
    }
    linked
}

/// Notifies the license's owner that another person has the key.
async fn tell_owner(app: &Shared, key: ProductKey, now: Millis) -> Result<(), AppError> {
    let index = app.keys.index(key);
    let owner: Result<Option<Account>, Error> = app
        .store
        .read(move |connection| {
            let Some(ProductKeyStatus::Claims { license, .. }) =
                connection.product_key_by_index(&index)?.map(|stored| stored.status)
            else {
                return Ok(None);
            };
            match connection.license_by_id(license)?.map(|license| license.ownership) {
                Some(Ownership::Owned { by, .. }) => connection.account_by_id(by),
                _ => Ok(None),
            }
        })
        .await;
    let Some(owner) = owner? else { return Ok(()) };
    if app.limits.email("key-claimed", &owner.email).is_err() {
        return Ok(());
    }
    let draft = notifications::key_claimed(app, &owner, &key.last_group(), now);
    app.write_emails(move |tx| Ok(draft.enqueue(tx)?)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    async fn linked(
        world: &World,
        customer: &Customer,
        key: &str,
    ) -> Result<StoredResponse<LicenseView>, AppError> {
        link_key(&world.app, &customer.principal(), key, true, &world.request()).await
    }

    #[test]
    fn unused_key_becomes_a_license_of_the_account() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let license = value(linked(&world, &customer, &key).await);
            assert!(license.linked && license.seats_used == 0);
            let owned = world.license(license.id).await.require_owner(customer.id());
            assert_eq!(owned, Ok(()));
            assert_eq!(world.actions(license.id).await, ["license.link"]);
        });
    }

    #[test]
    fn key_in_use_is_linked_with_its_devices() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let license = world.activated(&Device::new(1), &key).await.license;
            let linked = value(linked(&world, &customer, &key).await);
            assert_eq!((linked.id, linked.seats_used), (license, 1));
        });
    }

    #[test]
    fn owner_is_told_when_another_account_has_the_key() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            value(linked(&world, &owner, &key).await);
            assert_eq!(refusal(linked(&world, &stranger, &key).await), Code::AlreadyLinked);
            let emails = world.emails().await;
            assert_eq!(emails.len(), 1, "{emails:?}");
            assert_eq!(emails[0].to, owner.person.account.email);
            assert!(emails[0].text.contains(&key[key.len() - 5..]));
            assert!(!emails[0].text.contains(&stranger.person.account.email));
        });
    }

    #[test]
    fn key_is_linked_with_consent_and_a_sign_in_only() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let link = async |principal: &Principal, key: &str, agree| {
                refusal(link_key(&world.app, principal, key, agree, &world.request()).await)
            };
            let principal = customer.principal();
            assert_eq!(link(&principal, &key, false).await, Code::ConsentMissing);
            assert_eq!(link(&principal, "12345", true).await, Code::ProductKeyMistyped);
            assert_eq!(link(&Principal::Anonymous, &key, true).await, Code::SignInRequired);
            assert_eq!(
                link(&customer.through_application("profile"), &key, true).await,
                Code::PermissionMissing
            );
            world.sign_out(&customer).await;
            assert_eq!(link(&principal, &key, true).await, Code::TokenExpired);
        });
    }
}
