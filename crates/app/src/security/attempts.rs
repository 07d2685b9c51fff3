//! Limits attempts at passwords and codes. Failures are counted in the database, for all nodes. They are
//! counted separately for each [`Door`], a place where a secret can be guessed.

use keystead_domain::Millis;
use keystead_domain::account::Email;
use keystead_domain::guess_limits::{Attempts, Door, PASSWORD_DOORS, SECOND_FACTOR_DOORS};
use keystead_protocol::Code;
use keystead_protocol::id::AccountId;
use keystead_storage::{Account, Connection, Digest, Error, Tx};

use crate::context::{App, Shared};
use crate::error::AppError;
use crate::security::keyed_digest::{Purpose, keyed_digest};
use crate::security::origin::Origin;

/// An attempt at one door, at the secret of one account, address or link.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    door: Door,
    target: Digest,
}

impl Attempt {
    /// An attempt at `door`. `target` identifies the account, address or link.
    pub fn new(app: &App, door: Door, target: &[u8]) -> Self {
        let target = keyed_digest(&app.keys, Purpose::Attempt, &[door.name().as_bytes(), target]);
        Self { door, target }
    }

    /// Returns the failures so far. Refuses while the door is locked.
    pub fn admit(&self, connection: &mut Connection, now: Millis) -> Result<Attempts, AppError> {
        let attempts = connection.attempts_by_target(self.door, &self.target)?;
        if attempts.is_open(now) { Ok(attempts) } else { Err(Code::TooManyAttempts.into()) }
    }

    /// Counts the attempt as a failure. A successful attempt resets the count afterwards.
    pub fn fail(&self, tx: &mut Tx<'_>, now: Millis) -> Result<Attempts, Error> {
        let attempts = tx.attempts_by_target(self.door, &self.target)?.fail(self.door, now);
        tx.attempts_set(self.door, &self.target, attempts)?;
        Ok(attempts)
    }

    /// Resets the door's failures after a success.
    pub fn succeed(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.attempts_clear(self.door, &self.target)
    }
}

/// An attempt that was counted before its check, so concurrent attempts cannot bypass the limit.
pub struct Counted {
    attempt: Attempt,
    /// The failures, including this one.
    pub attempts: Attempts,
}

impl Counted {
    /// Resets the door's failures after a success.
    pub async fn succeed(self, app: &Shared) -> Result<(), AppError> {
        app.store.write(move |tx| Ok(self.attempt.succeed(tx)?)).await
    }

    /// Whether this failure locked the door.
    pub fn locks(&self, now: Millis) -> bool {
        !self.attempts.is_open(now)
    }
}

/// Counts an attempt at the first unlocked door of `doors`. Refuses if all are locked.
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

/// The doors of a password sign-in, in the order in which [`count`] tries them. A browser that the account
/// knows has a separate door. Addresses without an account are counted, too.
pub fn password_doors(app: &App, origin: &Origin, email: &Email, account: Option<AccountId>) -> Vec<Attempt> {
    let known = account.filter(|id| origin.known_to.contains(id));
    let known = known.map(|id| Attempt::new(app, Door::KnownBrowser, id.as_bytes()));
    let everybody = Attempt::new(app, Door::Password, email.to_string().as_bytes());
    known.into_iter().chain([everybody]).collect()
}

/// Unlocks the password doors of an account after a password change.
pub fn open_password_doors(app: &App, tx: &mut Tx<'_>, account: &Account) -> Result<(), Error> {
    PASSWORD_DOORS.into_iter().try_for_each(|door| {
        let target = if door == Door::Password { account.email.as_bytes() } else { account.id.as_bytes() };
        Attempt::new(app, door, target).succeed(tx)
    })
}

/// Unlocks the second-factor doors of an account after a change of the second factor.
pub fn open_second_factor_doors(app: &App, tx: &mut Tx<'_>, account: AccountId) -> Result<(), Error> {
    SECOND_FACTOR_DOORS
        .into_iter()
        .try_for_each(|door| Attempt::new(app, door, account.as_bytes()).succeed(tx))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, on_both, refusal};

    async fn counted(world: &World, door: Door, target: &[u8]) -> Result<Counted, AppError> {
        count(&world.app, vec![Attempt::new(&world.app, door, target)]).await
    }

    /// Fails until the door is locked.
    async fn lock(world: &World, door: Door, target: &[u8]) {
        for failure in 1..=door.free_failures() {
            let counted = counted(world, door, target).await.unwrap();
            assert_eq!(counted.locks(world.now()), failure == door.free_failures());
        }
        assert_eq!(refusal(counted(world, door, target).await), Code::TooManyAttempts);
    }

    #[test]
    fn door_locks_for_one_target_and_opens_again_later() {
        on_both(async |world| {
            lock(&world, Door::Password, b"one").await;
            assert!(counted(&world, Door::Password, b"another").await.is_ok());
            assert!(counted(&world, Door::KnownBrowser, b"one").await.is_ok());
            world.pass(30_000).await;
            let next = counted(&world, Door::Password, b"one").await.unwrap();
            assert_eq!(next.attempts.failures, Door::Password.free_failures() + 1);
            assert_eq!(refusal(counted(&world, Door::Password, b"one").await), Code::TooManyAttempts);
        });
    }

    #[test]
    fn success_resets_the_failures() {
        on_both(async |world| {
            for _ in 0..Door::Password.free_failures() - 1 {
                counted(&world, Door::Password, b"one").await.unwrap();
            }
            let right = counted(&world, Door::Password, b"one").await.unwrap();
            right.succeed(&world.app).await.unwrap();
            let next = counted(&world, Door::Password, b"one").await.unwrap();
            assert_eq!(next.attempts.failures, 1);
        });
    }

    #[test]
    fn known_browser_has_a_door_of_its_own_and_then_uses_the_common_one() {
        on_both(async |world| {
            let customer = world.customer().await;
            let (id, email) = (customer.id(), customer.person.account.email.parse::<Email>().unwrap());
            let stranger = world.origin();
            let known = Origin { known_to: vec![id], ..world.origin() };
            assert_eq!(password_doors(&world.app, &stranger, &email, Some(id)).len(), 1);
            assert_eq!(password_doors(&world.app, &known, &email, None).len(), 1);
            let both = password_doors(&world.app, &known, &email, Some(id));
            assert_eq!(both.len(), 2);
            let failures = Door::KnownBrowser.free_failures() + Door::Password.free_failures();
            for _ in 0..failures {
                count(&world.app, both.clone()).await.unwrap();
            }
            assert_eq!(refusal(count(&world.app, both).await), Code::TooManyAttempts);
        });
    }

    #[test]
    fn new_password_opens_the_doors_of_its_account_only() {
        on_both(async |world| {
            let (customer, other) = (world.customer().await, world.customer().await);
            for account in [&customer.person.account, &other.person.account] {
                lock(&world, Door::Password, account.email.as_bytes()).await;
                lock(&world, Door::KnownBrowser, account.id.as_bytes()).await;
                lock(&world, Door::Reauthentication, account.id.as_bytes()).await;
            }
            let (app, account) = (world.app.clone(), customer.person.account.clone());
            world.app.store.write(move |tx| open_password_doors(&app, tx, &account)).await.unwrap();
            let doors = async |account: &Account| {
                let email = counted(&world, Door::Password, account.email.as_bytes()).await.is_ok();
                let browser = counted(&world, Door::KnownBrowser, account.id.as_bytes()).await.is_ok();
                let again = counted(&world, Door::Reauthentication, account.id.as_bytes()).await.is_ok();
                [email, browser, again]
            };
            assert_eq!(doors(&customer.person.account).await, [true; 3]);
            assert_eq!(doors(&other.person.account).await, [false; 3]);
        });
    }

    #[test]
    fn new_authenticator_opens_the_doors_of_the_second_factor() {
        on_both(async |world| {
            let id = world.customer().await.id();
            for door in SECOND_FACTOR_DOORS {
                lock(&world, door, id.as_bytes()).await;
            }
            lock(&world, Door::Reauthentication, id.as_bytes()).await;
            let app = world.app.clone();
            world.app.store.write(move |tx| open_second_factor_doors(&app, tx, id)).await.unwrap();
            for door in SECOND_FACTOR_DOORS {
                assert!(counted(&world, door, id.as_bytes()).await.is_ok());
            }
            let password = counted(&world, Door::Reauthentication, id.as_bytes()).await;
            assert_eq!(refusal(password), Code::TooManyAttempts);
        });
    }
}
