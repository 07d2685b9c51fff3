//! A new password for somebody who is signed in and knows the old one.

use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::Account;

use super::password::{self, Password};
use super::{notice, tell};
use crate::app::Shared;
use crate::error::ApiError;

/// Changes the password and ends all sessions but `here`.
pub async fn change_password(
    app: &Shared,
    account: &Account,
    here: SessionId,
    old: Password,
    new: Password,
) -> Result<(), ApiError> {
    password::require(app, account, old).await?;
    let email = account.email.parse().map_err(|_| ApiError::from(Code::Internal))?;
    let hash = password::choose(app, new, &email).await?;
    let (id, now, message) = (account.id, app.now(), app.new_id::<OutboxId>());
    let letter = notice::password_changed(app, account, now);
    app.write_letters(move |tx| {
        tx.set_password(id, &hash)?;
        tx.forget_email_links(id)?;
        tx.end_sessions(id, Some(here), now)?;
        letter.post(tx)?;
        tell(tx, message, now, &format!("account:{id}"), "account.change_password", id, "");
        Ok(())
    })
    .await
}
