//! Issues a new product key for an existing license: when the owner unlinks it, or when the vendor replaces a
//! leaked key.

use keystead_domain::Millis;
use keystead_domain::license::Ownership;
use keystead_protocol::api::NewKey;
use keystead_protocol::id::{LicenseId, OutboxId};
use keystead_protocol::{Code, ProductKey};
use keystead_storage::{AccountSession, ProductKeyStatus, Tx};

use crate::accounts::find_account::find_account;
use crate::accounts::reauthentication::Reauthentication;
use crate::audit::Event;
use crate::catalog::mint;
use crate::context::Shared;
use crate::email::notifications;
use crate::error::AppError;
use crate::idempotency::{IdempotentRequest, Outcome, StoredResponse};
use crate::licensing::find_license::missing;
use crate::principal::{Permission, Principal};
use crate::request::SignedRequest;

/// Unlinks the license and returns a new product key, which can claim the license again. Requires a recent
/// sign-in.
pub async fn unlink_license(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    request: &SignedRequest,
) -> Result<StoredResponse<NewKey>, AppError> {
    let session = principal.require_owner(app.now())?;
    unlink(app, session, license, request).await
}

/// Unlinks the license. Requires the password and, if the account has a second factor, a code. A recent
/// sign-in is not required.
pub async fn unlink_with_password(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    typed: Reauthentication,
    request: &SignedRequest,
) -> Result<StoredResponse<NewKey>, AppError> {
    let session = principal.require_person()?.session();
    typed.check(app, principal).await?;
    unlink(app, session, license, request).await
}

async fn unlink(
    app: &Shared,
    session: AccountSession,
    license: LicenseId,
    request: &SignedRequest,
) -> Result<StoredResponse<NewKey>, AppError> {
    let owner = session.account;
    let key = key_for(app, license).await?;
    let account = find_account(app, owner, Code::NotFound).await?;
    let (shared, now, message) = (app.clone(), app.now(), app.new_id::<OutboxId>());
    let draft = notifications::unlinked(app, &account, now);
    let unlinked = IdempotentRequest::new(request, session, None)
        .run(app, move |tx| {
            let found = tx.license_by_id(license)?.filter(|license| license.require_owner(owner).is_ok());
            found.ok_or(AppError::from(Code::NotFound))?;
            tx.license_set_ownership(license, Ownership::Held)?;
            replace_key(tx, &shared, license, key, now)?;
            draft.enqueue(tx)?;
            Event { id: message, at: now, actor: &format!("account:{owner}"), action: "license.unlink" }
                .record(tx, license, key.last_group());
            Ok(Outcome::Done(NewKey { license, product_key: key.to_string() }))
        })
        .await;
    app.mail.written.notify_one();
    unlinked
}

/// Replaces a leaked key. The license keeps its owner and its devices.
pub async fn reissue_key(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    reason: String,
    request: &SignedRequest,
) -> Result<StoredResponse<NewKey>, AppError> {
    principal.require(Permission::Keys)?;
    let key = key_for(app, license).await?;
    let (shared, now, message, actor) = (app.clone(), app.now(), app.new_id::<OutboxId>(), principal.actor());
    IdempotentRequest::new(request, principal, None)
        .run(app, move |tx| {
            replace_key(tx, &shared, license, key, now)?;
            Event { id: message, at: now, actor: &actor, action: "license.reissue_key" }
                .record(tx, license, &reason);
            Ok(Outcome::Done(NewKey { license, product_key: key.to_string() }))
        })
        .await
}

/// Generates a new key for the license's product.
pub(crate) async fn key_for(app: &Shared, license: LicenseId) -> Result<ProductKey, AppError> {
    let product = app
        .store
        .read(move |connection| match connection.license_by_id(license)? {
            Some(license) => connection.product_by_id(license.product),
            None => Ok(None),
        })
        .await?
        .ok_or(AppError::from(Code::NotFound))?;
    Ok(mint::product_key(app, product.code))
}

/// Makes `key` the only key that claims the license.
pub fn replace_key(
    tx: &mut Tx<'_>,
    app: &Shared,
    license: LicenseId,
    key: ProductKey,
    now: Millis,
) -> Result<(), AppError> {
    let batch = tx.key_batch_of_license(license)?.ok_or_else(|| missing("product_key"))?;
    tx.product_keys_disable(license, now)?;
    let stored = mint::stored(app, key, batch, ProductKeyStatus::Claims { license, at: now });
    if !tx.product_key_insert(&stored)? {
        return Err(Code::Overloaded.into());
    }
    Ok(tx.license_set_key(license, &key.last_group())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::MAX_AUTHENTICATION_AGE;
    use crate::testing::{Customer, Device, World, on_both, refusal, value};

    /// The customer, through an application that may change the owner of licenses.
    fn owner(customer: &Customer) -> Principal {
        customer.through_application("licenses ownership")
    }

    async fn unlinked(
        world: &World,
        principal: &Principal,
        license: LicenseId,
    ) -> Result<StoredResponse<NewKey>, AppError> {
        unlink_license(&world.app, principal, license, &world.request()).await
    }

    #[test]
    fn unlinked_license_is_held_by_a_new_key_and_the_owner_is_told() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let device = Device::new(1);
            let license = world.linked(&device, &key, &customer).await.license;
            let fresh = value(unlinked(&world, &owner(&customer), license).await).product_key;
            assert_eq!(world.license(license).await.ownership, Ownership::Held);
            assert_eq!(refusal(world.activate(&device, &key).await), Code::ProductKeyNotAccepted);
            assert_eq!(world.activated(&device, &fresh).await.license, license);
            let audit = world.audit(license).await;
            let event = audit.last().unwrap();
            assert_eq!(event.action, "license.unlink");
            assert!(fresh.ends_with(&event.detail) && event.detail.len() == 5, "never the whole key");
            assert_eq!(
                world.subjects_to(&customer.person.account.email).await,
                ["A license left your account"]
            );
        });
    }

    #[test]
    fn repeated_request_gets_the_same_key() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let license = world.linked(&Device::new(1), &key, &customer).await.license;
            let (principal, request) = (owner(&customer), world.request());
            let unlink = async || value(unlink_license(&world.app, &principal, license, &request).await);
            assert_eq!(unlink().await.product_key, unlink().await.product_key);
            assert_eq!(world.actions(license).await, ["license.link", "license.unlink"]);
            assert_eq!(refusal(unlinked(&world, &principal, license).await), Code::NotFound);
        });
    }

    #[test]
    fn owner_must_have_signed_in_lately_for_exactly_this() {
        on_both(async |world| {
            let (customer, stranger) = (world.customer().await, world.customer().await);
            let key = world.key().await;
            let license = world.linked(&Device::new(1), &key, &customer).await.license;
            let unlink = async |principal: &Principal| refusal(unlinked(&world, principal, license).await);
            assert_eq!(unlink(&owner(&stranger)).await, Code::NotFound);
            assert_eq!(unlink(&customer.principal()).await, Code::PermissionMissing);
            assert_eq!(unlink(&Principal::Anonymous).await, Code::SignInRequired);
            world.pass(MAX_AUTHENTICATION_AGE + 1).await;
            assert_eq!(unlink(&owner(&customer)).await, Code::ReauthenticationRequired);
            let again = world.sign_in(customer.person.account.clone()).await;
            world.sign_out(&customer).await;
            assert_eq!(unlink(&owner(&again)).await, Code::TokenExpired);
        });
    }

    #[test]
    fn password_takes_the_place_of_a_recent_sign_in() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let license = world.linked(&Device::new(1), &key, &customer).await.license;
            world.pass(MAX_AUTHENTICATION_AGE + 1).await;
            let unlink = async |typed: Reauthentication| {
                let request = world.request();
                unlink_with_password(&world.app, &customer.principal(), license, typed, &request).await
            };
            let wrong = Reauthentication { password: "wrong".to_owned().into(), code: String::new() };
            assert_eq!(refusal(unlink(wrong).await), Code::PasswordWrong);
            value(unlink(customer.credentials()).await);
        });
    }

    #[test]
    fn vendor_reissues_a_key_without_touching_owner_and_devices() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let vendor = world.vendor(&[Permission::Keys]).await;
            let license = world.linked(&Device::new(1), &key, &customer).await.license;
            let reissue = async |principal: &Principal| {
                let (reason, request) = ("it leaked".to_owned(), world.request());
                reissue_key(&world.app, principal, license, reason, &request).await
            };
            value(reissue(&vendor).await);
            let after = world.license(license).await;
            assert_eq!((after.require_owner(customer.id()), after.seats_used), (Ok(()), 1));
            let audit = world.audit(license).await;
            let event = audit.last().unwrap();
            assert_eq!((event.action.as_str(), event.detail.as_str()), ("license.reissue_key", "it leaked"));
            let reader = world.vendor(&[Permission::Licenses]).await;
            assert_eq!(refusal(reissue(&reader).await), Code::PermissionMissing);
            world.revoke(&vendor).await;
            assert_eq!(refusal(reissue(&vendor).await), Code::TokenExpired);
        });
    }
}
