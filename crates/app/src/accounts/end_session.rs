//! Lists an account's sessions and ends them.

use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::{Account, AppSession, Error, SignInRow, WebSession};

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Person;

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

/// Lists the account's sessions and recent sign-ins.
pub async fn sessions(app: &Shared, account: &Account) -> Result<Sessions, AppError> {
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
pub async fn end_session(app: &Shared, person: &Person, session: SessionId) -> Result<(), AppError> {
    let (account, now, message) = (person.account.id, app.now(), app.new_id::<OutboxId>());
    app.write_as(person, move |tx| {
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
pub async fn end_other_sessions(app: &Shared, person: &Person, password: Password) -> Result<(), AppError> {
    password::require(app, &person.account, password).await?;
    let (account, here) = (person.account.id, person.session.id);
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(person, move |tx| {
        tx.sessions_end(account, Some(here), now)?;
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end_others" }
            .record(tx, account, "");
        Ok(())
    })
    .await
}
