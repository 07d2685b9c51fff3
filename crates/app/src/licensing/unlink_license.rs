//! Issues new keys for existing licenses: when the owner unlinks one, and when the vendor replaces a leaked key.

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

/// Unlinks the license and returns a new product key, so that the license stays claimable. Requires a recent sign-in.
pub async fn unlink_license(
    app: &Shared,
    principal: &Principal,
    license: LicenseId,
    request: &SignedRequest,
) -> Result<StoredResponse<NewKey>, AppError> {
    let session = principal.require_owner(app.now())?;
    unlink(app, session, license, request).await
}

/// Unlinks with the password, and a second-factor code if the account has one, instead of a recent sign-in.
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

/// Replaces a leaked key. License, owner and devices stay.
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

/// Draws a new key for the license's product.
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
