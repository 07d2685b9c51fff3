//! Attempts at passwords and codes: counted in the database, before or with what they try, for every node.

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_domain::throttle::{Attempts, Door, PASSWORD_DOORS, SECOND_FACTOR_DOORS};
use keystead_protocol::Code;
use keystead_protocol::id::AccountId;
use keystead_storage::{Account, Digest, Error, Reader, Tx};

use crate::context::{App, Shared};
use crate::error::AppError;
use crate::security::keyed_digest::{Purpose, keyed_digest};
use crate::security::origin::Origin;

/// An attempt at one door, aimed at one account, address or link.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    door: Door,
    target: Digest,
}

impl Attempt {
    /// An attempt at `door`, aimed at `target`.
    pub fn new(app: &App, door: Door, target: &[u8]) -> Self {
        let target = keyed_digest(&app.keys, Purpose::Attempt, &[door.name().as_bytes(), target]);
        Self { door, target }
    }

    /// The failures so far; refuses while none further is looked at.
    pub fn admit(&self, reader: &mut Reader, now: Millis) -> Result<Attempts, AppError> {
        let attempts = reader.attempts(self.door, &self.target)?;
        if attempts.is_open(now) { Ok(attempts) } else { Err(Code::TooManyAttempts.into()) }
    }

    /// Counts the attempt as a failure, which it is until it is forgotten.
    pub fn fail(&self, tx: &mut Tx<'_>, now: Millis) -> Result<Attempts, Error> {
        let attempts = tx.attempts(self.door, &self.target)?.fail(self.door, now);
        tx.set_attempts(self.door, &self.target, attempts)?;
        Ok(attempts)
    }

    /// Forgets the failures of the door: the attempt succeeded.
    pub fn succeed(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.clear_attempts(self.door, &self.target)
    }
}

/// An attempt that was counted before what it tries is checked, so that a thousand at once are not one.
pub struct Counted {
    attempt: Attempt,
    /// The failures with this one.
    pub attempts: Attempts,
}

impl Counted {
    /// Forgets the failures of the door: the attempt succeeded.
    pub async fn succeed(self, app: &Shared) -> Result<(), AppError> {
        app.store.write(move |tx| Ok(self.attempt.succeed(tx)?)).await
    }

    /// Whether the door is shut from now on.
    pub fn locks(&self, now: Millis) -> bool {
        !self.attempts.is_open(now)
    }
}

/// Counts an attempt at the first of `doors` that is open.
pub async fn count(app: &Shared, doors: Vec<Attempt>) -> Result<Counted, AppError> {
    let now = app.now();
    app.store
        .write(move |tx| {
            let mut refusal = AppError::from(Code::TooManyAttempts);
            for attempt in &doors {
                match attempt.admit(tx, now) {
                    Ok(_) => return Ok(Counted { attempt: *attempt, attempts: attempt.fail(tx, now)? }),
                    Err(error) => refusal = error,
                }
            }
            Err(refusal)
        })
        .await
}

/// The doors of a sign-in with a password: a browser that the account knows has one of its own before that of everybody.
/// Addresses without an account are counted like others.
pub fn password_doors(app: &App, origin: &Origin, email: &Email, account: Option<AccountId>) -> Vec<Attempt> {
    let known = account.filter(|id| origin.known_to.contains(id));
    let known = known.map(|id| Attempt::new(app, Door::KnownBrowser, id.as_bytes()));
    let everybody = Attempt::new(app, Door::Password, email.to_string().as_bytes());
    known.into_iter().chain([everybody]).collect()
}

/// Opens the doors of an account's password: it is a new one.
pub fn open_password_doors(app: &App, tx: &mut Tx<'_>, account: &Account) -> Result<(), Error> {
    PASSWORD_DOORS.into_iter().try_for_each(|door| {
        let target = if door == Door::Password { account.email.as_bytes() } else { account.id.as_bytes() };
        Attempt::new(app, door, target).succeed(tx)
    })
}

/// Opens the doors of an account's second factor: it is a new one.
pub fn open_second_factor_doors(app: &App, tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    SECOND_FACTOR_DOORS
        .into_iter()
        .try_for_each(|door| Attempt::new(app, door, account.as_bytes()).succeed(tx))
}
