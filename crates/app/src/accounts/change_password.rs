//! Changes the password of a signed-in account. The current password is required.

use keystead_domain::guess_limits::Door;
use keystead_protocol::Code;
use keystead_protocol::id::OutboxId;

use crate::accounts::password::{self, Password};
use crate::accounts::second_factor;
use crate::audit::Event;
use crate::context::Shared;
use crate::email::notifications;
use crate::error::AppError;
use crate::principal::Principal;
use crate::security::attempts;
use crate::security::bearer::{Bearer, Kind};

/// Changes the password, ends all other sessions and gives this one a new secret, which locks out a copied session
/// cookie. `code` is the second-factor code, for accounts that have one.
pub async fn change_password(
    app: &Shared,
    principal: &Principal,
    old: Password,
    new: Password,
    code: &str,
) -> Result<Bearer, AppError> {
    let person = principal.require_person()?;
    let account = &person.account;
    password::require(app, account, old).await?;
    let email = account.email.parse().map_err(|_| AppError::from(Code::Internal))?;
    let hash = password::choose(app, new, &email).await?;
    let (id, here, now, message) = (account.id, person.session.id, app.now(), app.new_id::<OutboxId>());
    let draft = notifications::password_changed(app, account, now);
    let secret = Bearer::new(Kind::WebSession);
    let (shared, owner, digest) = (app.clone(), account.clone(), secret.digest());
    let typed = second_factor::TypedCode { door: Door::SecondFactorAgain, account: id, code };
    second_factor::guarded(app, principal, typed, move |tx| {
        tx.account_set_password(id, &hash)?;
        attempts::open_password_doors(&shared, tx, &owner)?;
        tx.email_links_delete(id)?;
        tx.sessions_end(id, Some(here), now)?;
        tx.web_session_set_secret(here, &digest)?;
        draft.enqueue(tx)?;
        Event { id: message, at: now, actor: &format!("account:{id}"), action: "account.change_password" }
            .record(tx, id, "");
        Ok(())
    })
    .await
    .map(|()| secret)
}
