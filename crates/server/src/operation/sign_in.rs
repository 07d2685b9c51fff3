//! Signing a browser in and out.

use std::net::IpAddr;

use keystead_domain::account::Email;
use keystead_domain::{DAY, Millis};
use keystead_protocol::Code;
use keystead_protocol::id::{AccountId, OutboxId};
use keystead_storage::Account;

use super::password::{self, Password};
use super::tell;
use crate::app::Shared;
use crate::bearer::{Bearer, Kind};
use crate::error::ApiError;

/// How long a browser stays signed in.
pub const SESSION: Millis = 14 * DAY;

/// Checks e-mail address and password. Unknown and known addresses take the same time and get the same answer.
pub async fn sign_in(
    app: &Shared,
    from: IpAddr,
    email: &str,
    password: Password,
) -> Result<AccountId, ApiError> {
    app.limits.sign_in(from)?;
    app.limits.password(email)?;
    let account = match email.parse::<Email>() {
        Ok(email) => app.store.read(move |reader| reader.account_by_email(&email)).await?,
        Err(_) => None,
    };
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let fits = password::fits(app, password, hash).await?;
    match account {
        Some(account) if fits => Ok(account.id),
        _ => Err(Code::CredentialsWrong.into()),
    }
}

/// Opens a browser's session and gives back its secret.
pub async fn open_session(app: &Shared, account: AccountId) -> Result<Bearer, ApiError> {
    let secret = Bearer::new(Kind::WebSession);
    let (digest, now, message) = (secret.digest(), app.now(), app.new_id::<OutboxId>());
    let stored: Result<(), ApiError> = app
        .store
        .write(move |tx| {
            tx.insert_web_session(&digest, account, now, now + SESSION)?;
            tell(tx, message, now, &format!("account:{account}"), "session.open", account, "");
            Ok(())
        })
        .await;
    stored.map(|()| secret)
}

/// The account of a browser's session.
pub async fn session(app: &Shared, secret: &str) -> Result<Option<Account>, ApiError> {
    let Some(bearer) = secret.parse::<Bearer>().ok().filter(|bearer| bearer.kind() == Kind::WebSession)
    else {
        return Ok(None);
    };
    let (digest, now) = (bearer.digest(), app.now());
    Ok(app.store.read(move |reader| reader.web_session(&digest, now)).await?)
}

/// Ends a browser's session.
pub async fn close_session(app: &Shared, secret: &str) -> Result<(), ApiError> {
    let Ok(bearer) = secret.parse::<Bearer>() else { return Ok(()) };
    let digest = bearer.digest();
    Ok(app.store.write(move |tx| tx.delete_web_session(&digest)).await?)
}
