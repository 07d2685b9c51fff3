//! Lists an account's sessions and ends them.

use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::{AppSession, Error, SignInRow, WebSession};

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Principal;

/// Maximum number of sessions listed per kind.
const MOST: u32 = 100;

/// Number of sign-ins listed.
const SIGN_INS: u32 = 10;

/// An account's sessions and recent sign-ins.
pub struct Sessions {
    /// Browser sessions.
    pub browsers: Vec<WebSession>,
    /// Application sessions.
    pub applications: Vec<AppSession>,
    /// Sign-in attempts, successful or not, latest first.
    pub sign_ins: Vec<SignInRow>,
}

/// Lists the person's sessions and recent sign-ins.
pub async fn sessions(app: &Shared, principal: &Principal) -> Result<Sessions, AppError> {
    let account = &principal.require_person_for_setup()?.account;
    let (id, now) = (account.id, app.now());
    let seen_after = now - app.config.sign_in.idle(account.role);
    let found: Result<_, Error> = app
        .store
        .read(move |connection| {
            Ok(Sessions {
                browsers: connection.web_sessions_of_account(id, now, seen_after, MOST)?,
                applications: connection.app_sessions_of_account(id, now, MOST)?,
                sign_ins: connection.sign_ins_of_subject(&id.to_string(), SIGN_INS)?,
            })
        })
        .await;
    Ok(found?)
}

/// Ends one browser or application session.
pub async fn end_session(app: &Shared, principal: &Principal, session: SessionId) -> Result<(), AppError> {
    let account = principal.require_person()?.account.id;
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(principal, move |tx| {
        if !tx.session_end(account, session, now)? {
            return Err(Code::NotFound.into());
        }
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end" }
            .record(tx, session, "");
        Ok(())
    })
    .await
}

/// Ends every other session of the account.
pub async fn end_other_sessions(
    app: &Shared,
    principal: &Principal,
    password: Password,
) -> Result<(), AppError> {
    let person = principal.require_person()?;
    password::require(app, &person.account, password).await?;
    let (account, here) = (person.account.id, person.session.id);
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(principal, move |tx| {
        tx.sessions_end(account, Some(here), now)?;
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end_others" }
            .record(tx, account, "");
        Ok(())
    })
    .await
}
