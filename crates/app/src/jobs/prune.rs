//! Deletes obsolete rows, in short transactions that do not delay requests.

use std::time::Duration;

use keystead_domain::{DAY, Millis};
use keystead_storage::{Error, Role, Tx};

use crate::accounts::sign_in_event;
use crate::context::{App, Shared};
use crate::licensing::budget_ledger;

/// Interval of the job.
const INTERVAL: Duration = Duration::from_secs(60 * 60);
/// Retention of the responses that are stored for repeated requests.
const ANSWERS_KEPT: Millis = 7 * DAY;
/// Retention of outbox messages.
const MESSAGES_KEPT: Millis = 30 * DAY;
/// Retention of application sessions after their end.
const APP_SESSIONS_KEPT: Millis = 30 * DAY;
/// Retention of failed attempts. A shorter period would allow unlimited slow guessing.
const FAILURES_KEPT: Millis = 365 * DAY;
/// Maximum number of targets whose failed attempts are kept.
const TARGETS_KEPT: u32 = 1_000_000;
/// Additional retention of a budget use after its window, for differences between the clocks of nodes.
const BUDGET_USES_KEPT: Millis = DAY;
/// Maximum number of rows deleted per transaction.
const BATCH: u32 = 1000;

/// Numbers of deleted rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Stored responses, and sign-ins that were abandoned or have expired.
    pub answers_and_sign_ins: u64,
    /// Expired failed attempts, and idle browser sessions.
    pub attempts_and_idle_browsers: u64,
    /// Addresses and browsers of sign-ins.
    pub addresses: u64,
    /// Outbox messages.
    pub messages: u64,
    /// Application sessions.
    pub app_sessions: u64,
    /// Uses of budgets.
    pub budget_uses: u64,
}

/// Prunes every hour.
pub async fn run(app: Shared) {
    let mut hourly = tokio::time::interval(INTERVAL);
    loop {
        hourly.tick().await;
        app.limits.forget();
        match prune(&app).await {
            Ok(pruned) => tracing::debug!(?pruned, "old rows were deleted"),
            Err(error) => tracing::error!(%error, "old rows could not be deleted"),
        }
    }
}

/// Deletes all rows whose retention is over.
pub async fn prune(app: &App) -> Result<Pruned, Error> {
    let now = app.now();
    let answers = in_batches(app, move |tx| tx.answers_prune(now - ANSWERS_KEPT, BATCH)).await?;
    let sign_ins = app
        .store
        .write(move |tx| Ok::<_, Error>(tx.sessions_prune(now)? + tx.authorization_codes_prune(now)?));
    let settings = &app.config.sign_in;
    let addresses_kept = Millis::from(settings.address_days) * DAY;
    let idle = settings.idle(Role::Customer).max(settings.idle(Role::Admin));
    let attempts_and_idle_browsers = app.store.write(move |tx| {
        sign_in_event::sum_up(tx, now)?;
        let attempts = tx.attempts_prune(now - FAILURES_KEPT, TARGETS_KEPT)?;
        Ok::<_, Error>(attempts + tx.web_sessions_prune_idle(now - idle)?)
    });
    Ok(Pruned {
        answers_and_sign_ins: answers + sign_ins.await?,
        attempts_and_idle_browsers: attempts_and_idle_browsers.await?,
        addresses: in_batches(app, move |tx| tx.personal_fields_prune(now - addresses_kept, BATCH)).await?,
        messages: in_batches(app, move |tx| tx.messages_prune(now - MESSAGES_KEPT, BATCH)).await?,
        app_sessions: in_batches(app, move |tx| tx.app_sessions_prune(now - APP_SESSIONS_KEPT, BATCH))
            .await?,
        budget_uses: prune_budget_uses(app, now).await?,
    })
}

async fn prune_budget_uses(app: &App, now: Millis) -> Result<u64, Error> {
    let mut deleted = 0;
    for (kind, window) in budget_ledger::longest_windows() {
        let before = now - window - BUDGET_USES_KEPT;
        deleted += in_batches(app, move |tx| tx.budget_uses_prune(kind, before, BATCH)).await?;
    }
    Ok(deleted)
}

async fn in_batches(
    app: &App,
    delete: impl Fn(&mut Tx<'_>) -> Result<u64, Error> + Copy + Send + 'static,
) -> Result<u64, Error> {
    let mut deleted = 0;
    loop {
        let rows = app.store.write(delete).await?;
        deleted += rows;
        if rows < u64::from(BATCH) {
            return Ok(deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use keystead_domain::HOUR;
    use keystead_protocol::Code;

    use super::*;
    use crate::accounts::sign_in::{self, SignIn};
    use crate::accounts::sign_in_event::Method;
    use crate::oauth::rotate_tokens;
    use crate::testing::{Device, PASSWORD, World, on_both, refusal, typed};

    async fn pruned(world: &World) -> Pruned {
        prune(&world.app).await.unwrap()
    }

    async fn signed_in(world: &World, email: &str, password: &str) -> Result<SignIn, crate::error::AppError> {
        sign_in::sign_in(&world.app, &world.origin(), email, typed(password)).await
    }

    #[test]
    fn stored_response_is_kept_for_a_week() {
        on_both(async |world| {
            world.activated(&Device::new(1), &world.key().await).await;
            world.pass(ANSWERS_KEPT).await;
            assert_eq!(pruned(&world).await.answers_and_sign_ins, 0);
            world.pass(1).await;
            assert!(pruned(&world).await.answers_and_sign_ins > 0);
            assert_eq!(pruned(&world).await, Pruned::default());
        });
    }

    #[test]
    fn address_of_a_sign_in_is_erased_after_its_days() {
        on_both(async |world| {
            let account = world.customer().await.person.account;
            sign_in::open(&world.app, &account, &world.origin(), Method::Password, None).await.unwrap();
            let days = Millis::from(world.app.config.sign_in.address_days) * DAY;
            world.pass(days).await;
            assert_eq!(pruned(&world).await.addresses, 0);
            assert!(world.audit(account.id).await[0].personal.is_some());
            world.pass(1).await;
            assert_eq!(pruned(&world).await.addresses, 1);
            let event = world.audit(account.id).await.remove(0);
            assert_eq!((event.action.as_str(), event.personal), ("sign_in.succeed", None));
        });
    }

    #[test]
    fn ended_application_session_is_kept_for_a_month() {
        on_both(async |world| {
            let customer = world.customer().await;
            let tokens = world.application(&customer, "licenses", None).await.tokens;
            world.application(&customer, "licenses", None).await;
            rotate_tokens::revoke(&world.app, tokens.access.expose()).await.unwrap();
            world.pass(APP_SESSIONS_KEPT).await;
            assert_eq!(pruned(&world).await.app_sessions, 0);
            world.pass(1).await;
            assert_eq!(pruned(&world).await.app_sessions, 1);
        });
    }

    #[test]
    fn idle_browser_is_signed_out() {
        on_both(async |world| {
            let account = world.customer().await.person.account;
            let secret =
                sign_in::open(&world.app, &account, &world.origin(), Method::Password, None).await.unwrap();
            let idle = world.app.config.sign_in.idle(Role::Customer);
            world.pass(idle).await;
            // The customer's first browser session is equally old.
            assert_eq!(pruned(&world).await.attempts_and_idle_browsers, 0);
            world.pass(1).await;
            assert_eq!(pruned(&world).await.attempts_and_idle_browsers, 2);
            assert_eq!(sign_in::session(&world.app, secret.expose()).await.unwrap(), None);
        });
    }

    #[test]
    fn failed_attempts_count_for_a_year() {
        on_both(async |world| {
            let email = world.customer().await.person.account.email;
            for _ in 0..10 {
                assert_eq!(refusal(signed_in(&world, &email, "wrong").await), Code::CredentialsWrong);
            }
            world.pass(FAILURES_KEPT).await;
            pruned(&world).await;
            assert_eq!(refusal(signed_in(&world, &email, "wrong").await), Code::CredentialsWrong);
            assert_eq!(refusal(signed_in(&world, &email, PASSWORD).await), Code::TooManyAttempts);
            world.pass(FAILURES_KEPT + 1).await;
            pruned(&world).await;
            assert!(signed_in(&world, &email, PASSWORD).await.is_ok());
        });
    }

    #[test]
    fn failures_above_the_hourly_limit_are_summed_up_once() {
        on_both(async |world| {
            let customer = world.customer().await;
            let email = &customer.person.account.email;
            for _ in 0..12 {
                assert!(signed_in(&world, email, "wrong").await.is_err());
            }
            pruned(&world).await;
            assert_eq!(world.audit(customer.id()).await.len(), 10);
            world.pass(HOUR).await;
            pruned(&world).await;
            pruned(&world).await;
            let events = world.audit(customer.id()).await;
            assert_eq!(events.len(), 11);
            assert_eq!(events[10].action, "sign_in.sum_up");
            assert!(events[10].detail.contains("\"failures\":12"), "{}", events[10].detail);
        });
    }
}
