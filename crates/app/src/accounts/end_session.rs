//! Where an account is signed in, and signing out there.

use keystead_protocol::Code;
use keystead_protocol::id::{OutboxId, SessionId};
use keystead_storage::{Account, AppSession, Error, SignInRow, WebSession};

use crate::accounts::password::{self, Password};
use crate::audit::Event;
use crate::context::Shared;
use crate::error::AppError;
use crate::principal::Person;

/// Sessions of each kind that are listed at the most.
const MOST: u32 = 100;

/// Sign-ins that are listed.
const SIGN_INS: u32 = 10;

/// Where an account is signed in, and what was tried lately.
pub struct Sessions {
    /// Browsers.
    pub browsers: Vec<WebSession>,
    /// Applications.
    pub applications: Vec<AppSession>,
    /// Sign-ins, successful or not, latest first.
    pub sign_ins: Vec<SignInRow>,
}

/// Where the account is signed in.
pub async fn sessions(app: &Shared, account: &Account) -> Result<Sessions, AppError> {
    let (id, now) = (account.id, app.now());
    let seen_after = now - app.config.sign_in.idle(account.role);
    let found: Result<_, Error> = app
        .store
        .read(move |reader| {
            Ok(Sessions {
                browsers: reader.web_sessions(id, now, seen_after, MOST)?,
                applications: reader.app_sessions(id, now, MOST)?,
                sign_ins: reader.sign_ins_of(&id.to_string(), SIGN_INS)?,
            })
        })
        .await;
    Ok(found?)
}

/// Signs the account out of one browser or application.
pub async fn end_session(app: &Shared, person: &Person, session: SessionId) -> Result<(), AppError> {
    let (account, now, message) = (person.account.id, app.now(), app.new_id::<OutboxId>());
    app.write_as(person, move |tx| {
        if !tx.end_session(account, session, now)? {
            return Err(Code::NotFound.into());
        }
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end" }
            .record(tx, session, "");
        Ok(())
    })
    .await
}

/// Signs the account out of every browser and application but this browser.
pub async fn end_other_sessions(app: &Shared, person: &Person, password: Password) -> Result<(), AppError> {
    password::require(app, &person.account, password).await?;
    let (account, here) = (person.account.id, person.session.id);
    let (now, message) = (app.now(), app.new_id::<OutboxId>());
    app.write_as(person, move |tx| {
        tx.end_sessions(account, Some(here), now)?;
        Event { id: message, at: now, actor: &format!("account:{account}"), action: "session.end_others" }
            .record(tx, account, "");
        Ok(())
    })
    .await
}
