//! Records sign-in attempts. Successes are always recorded. Failures are recorded up to a limit per hour;
//! above it, they are only counted.

use keystead_domain::{HOUR, Millis};
use keystead_protocol::id::{AccountId, AuditEventId, OutboxId};
use keystead_storage::{AuditEvent, Error, Message, SignInTally, Tx};
use sha2::{Digest as _, Sha256};

use crate::context::Shared;
use crate::error::AppError;
use crate::security::origin::Origin;

/// Maximum number of failures recorded individually per account and hour.
const RECORDED_OF_ONE: u32 = 10;
/// Maximum number of failures recorded individually per hour for addresses without an account.
const RECORDED_OF_NOBODY: u32 = 100;
/// Maximum number of hourly counts summarized per call.
const TALLIES: u32 = 1000;
/// Subject of sign-in events without an account.
const NOBODY: &str = "anybody";

/// How a person signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Email address and password.
    Password,
    /// A second-factor code, after the password.
    SecondFactor,
    /// A passkey.
    Passkey,
    /// An account at an upstream provider.
    Upstream,
    /// A new password, by a link in an email.
    Recovery,
    /// A new account, by a link in an email.
    SignUp,
    /// The code of a device that has no browser.
    DeviceCode,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Method::Password => "password",
            Method::SecondFactor => "second_factor",
            Method::Passkey => "passkey",
            Method::Upstream => "upstream",
            Method::Recovery => "recovery",
            Method::SignUp => "sign_up",
            Method::DeviceCode => "device_code",
        }
    }
}

/// An attempt to sign in, successful or not.
#[derive(Debug, Clone)]
pub struct SignInAttempt {
    /// The request's origin.
    pub origin: Origin,
    /// The sign-in method.
    pub method: Method,
    /// The account, if it exists.
    pub account: Option<AccountId>,
    message: OutboxId,
}

impl SignInAttempt {
    /// An attempt that comes from `origin`.
    pub fn new(app: &Shared, origin: &Origin, method: Method, account: Option<AccountId>) -> Self {
        Self { origin: origin.clone(), method, account, message: app.new_id() }
    }

    /// The same attempt with another account.
    pub fn of(self, account: Option<AccountId>) -> Self {
        Self { account, ..self }
    }

    fn subject(&self) -> String {
        self.account.map_or_else(|| NOBODY.to_owned(), |account| account.to_string())
    }

    fn event(&self, action: &'static str, detail: &str, now: Millis) -> AuditEvent {
        AuditEvent {
            id: AuditEventId::from_bytes(*self.message.as_bytes()),
            at: now,
            actor: self.account.map_or_else(|| NOBODY.to_owned(), |account| format!("account:{account}")),
            action,
            subject: self.subject(),
            detail: detail.to_owned(),
            personal: Some(self.origin.personal()),
        }
    }

    /// Records the success, in the transaction of the sign-in.
    pub fn succeed(&self, tx: &mut Tx<'_>, now: Millis) {
        const ACTION: &str = "sign_in.succeed";
        let payload = serde_json::json!({ "subject": self.subject(), "at": now }).to_string();
        tx.audit_event_insert(self.event(ACTION, self.method.name(), now));
        tx.message_enqueue(Message { id: self.message, topic: ACTION, payload, at: now });
    }

    /// Counts and logs the success, after the commit.
    pub fn succeeded(&self) {
        let (method, account, address) = (self.method.name(), self.subject(), self.origin.address);
        count("succeeded", "", method);
        tracing::info!(%account, method, %address, "signed in");
    }

    /// Records the failure and its reason, within the hourly limit. `locks` tells whether this failure locked
    /// the sign-in.
    pub(crate) async fn failed(&self, app: &Shared, reason: &'static str, locks: bool) {
        let (method, account, address) = (self.method.name(), self.subject(), self.origin.address);
        count("failed", reason, method);
        tracing::info!(%account, method, reason, locks, %address, "a sign-in failed");
        // One attempt can fail twice, at the password and at the code, so each failure needs a new id.
        let (this, now) = (Self { message: app.new_id(), ..self.clone() }, app.now());
        let action = if locks { "sign_in.lock" } else { "sign_in.fail" };
        let detail = format!("{method}: {reason}");
        let kept: Result<(), Error> =
            app.store.write(move |tx| this.record_failure(tx, action, &detail, now)).await;
        if let Err(error) = kept {
            tracing::error!(%error, "a failed sign-in could not be recorded");
        }
    }

    /// Records the refusal of a use case as a failure.
    pub(crate) async fn refused(&self, app: &Shared, error: &AppError) {
        self.failed(app, error.code().name(), false).await;
    }

    /// Records an event within the hourly limit. The limit matters because anonymous clients can cause such
    /// events.
    pub fn record_failure(
        &self,
        tx: &mut Tx<'_>,
        action: &'static str,
        detail: &str,
        now: Millis,
    ) -> Result<(), Error> {
        let room = if self.account.is_some() { RECORDED_OF_ONE } else { RECORDED_OF_NOBODY };
        if tx.sign_in_tally_increment(&self.subject(), now - now.rem_euclid(HOUR))? <= room {
            tx.audit_event_insert(self.event(action, detail, now));
        }
        Ok(())
    }
}

fn count(outcome: &'static str, reason: &'static str, method: &'static str) {
    metrics::counter!("keystead_sign_ins_total", "outcome" => outcome, "reason" => reason, "method" => method)
        .increment(1);
}

/// The id of an hour's summary event, derived from its hour, its subject and the current time.
fn id_of_sum(tally: &SignInTally, now: Millis) -> AuditEventId {
    let digest = Sha256::new_with_prefix(tally.hour_at.to_be_bytes()).chain_update(&tally.subject).finalize();
    AuditEventId::new(now.unsigned_abs(), std::array::from_fn(|at| digest[at]))
}

/// Writes a summary of past hours to the audit log for failures that were not recorded individually.
pub fn sum_up(tx: &mut Tx<'_>, now: Millis) -> Result<(), Error> {
    for tally in tx.sign_in_tallies_before(now - now.rem_euclid(HOUR), TALLIES)? {
        let room = if tally.subject == NOBODY { RECORDED_OF_NOBODY } else { RECORDED_OF_ONE };
        if tx.sign_in_tally_delete(&tally)? && tally.failures > room {
            tx.audit_event_insert(AuditEvent {
                id: id_of_sum(&tally, now),
                at: now,
                actor: "server".to_owned(),
                action: "sign_in.sum_up",
                subject: tally.subject,
                detail: serde_json::json!({ "failures": tally.failures, "hour": tally.hour_at }).to_string(),
                personal: None,
            });
        }
    }
    Ok(())
}
