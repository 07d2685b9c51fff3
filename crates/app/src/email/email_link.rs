//! One-time links in emails. A link opens a page with a button, because email scanners open links but press
//! no buttons.

use keystead_domain::Millis;
use keystead_protocol::Code;
use keystead_storage::{Digest, EmailLink, Tx};

use crate::context::{App, Shared};
use crate::error::AppError;
use crate::security::bearer::{Bearer, Kind};

/// The URL for the email. `next` is the path to continue at afterwards.
pub fn address(app: &App, path: &str, token: &Bearer, next: &str) -> String {
    let next = if next == "/" { String::new() } else { format!("&next={}", encoded(next)) };
    format!("{}{path}?token={}{next}", app.public_url, token.expose())
}

fn encoded(next: &str) -> String {
    form_urlencoded::byte_serialize(next.as_bytes()).collect()
}

/// The digest of a link's secret, under which the link is stored.
pub fn digest(token: &str) -> Result<Digest, AppError> {
    Bearer::parse(token, Kind::EmailLink).map(|bearer| bearer.digest()).ok_or(Code::LinkUnknown.into())
}

/// Finds the valid link with this secret.
pub async fn find(app: &Shared, token: &str) -> Result<EmailLink, AppError> {
    let (digest, now) = (digest(token)?, app.now());
    let link = app.store.read(move |connection| connection.email_link_by_digest(&digest, now)).await?;
    link.ok_or(Code::LinkUnknown.into())
}

/// Consumes a link.
pub fn spend(tx: &mut Tx<'_>, digest: &Digest, now: Millis) -> Result<EmailLink, AppError> {
    let link = tx.email_link_by_digest(digest, now)?.ok_or(AppError::from(Code::LinkUnknown))?;
    if !tx.email_link_use(digest)? {
        return Err(Code::LinkUnknown.into());
    }
    Ok(link)
}
