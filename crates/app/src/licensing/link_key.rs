//! "Link a product key" on the account page: a key becomes a digital license of the account. The key may be unused or
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

/// Links the license that `typed` claims to `account`. `agree` is the answer to the disclosure.
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
