//! Recent sign-ins of an account, and hourly counts of failed sign-ins.

use keystead_domain::Millis;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::logs::personal_fields::Personal;
use crate::{Error, Tx};

/// A sign-in event of an account, from the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// Time of the event.
    pub at: Millis,
    /// The action: `sign_in.succeed`, `sign_in.fail`, `sign_in.lock` or `recovery.ask`.
    pub action: String,
    /// The origin of the request; `None` after it is erased.
    pub from: Option<Personal>,
}

/// The number of failed sign-ins of one subject in one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTally {
    /// The subject: an account, or `anybody`.
    pub subject: String,
    /// Start of the hour.
    pub hour_at: Millis,
    /// Number of failures.
    pub failures: u32,
}

impl Connection {
    /// The latest sign-ins of an account, successful or not, and its requests for account recovery.
    pub fn sign_ins_of_subject(&mut self, subject: &str, limit: u32) -> Result<Vec<SignInRow>, Error> {
        self.query(
            "SELECT a.at, a.action, p.salt, p.address, p.browser FROM audit a \
             LEFT JOIN audit_personal p ON p.event_id = a.id WHERE a.subject = $1 \
             AND a.action IN ('sign_in.succeed', 'sign_in.fail', 'sign_in.lock', 'recovery.ask') \
             ORDER BY a.id DESC LIMIT $2",
            params![subject, limit],
            |row| {
                Ok(SignInRow {
                    at: row.get("at")?,
                    action: row.get("action")?,
                    from: Personal::of_event(row)?,
                })
            },
        )
    }

    /// The failure counts of hours that began before `before`, oldest first.
    pub fn sign_in_tallies_before(&mut self, before: Millis, limit: u32) -> Result<Vec<SignInTally>, Error> {
        self.query(
            "SELECT subject, hour_at, failures FROM sign_in_tally WHERE hour_at < $1 \
             ORDER BY hour_at, subject LIMIT $2",
            params![before, limit],
            |row| {
                Ok(SignInTally {
                    subject: row.get("subject")?,
                    hour_at: row.get("hour_at")?,
                    failures: row.number("failures")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Counts a failed sign-in; returns the new count for the hour.
    pub fn sign_in_tally_increment(&mut self, subject: &str, hour_at: Millis) -> Result<u32, Error> {
        insert!(self.change, "sign_in_tally" {
            subject: subject,
            hour_at: hour_at,
            failures: 1_i64,
        } "ON CONFLICT (subject, hour_at) DO UPDATE SET failures = sign_in_tally.failures + 1")?;
        let count = self.query_one(
            "SELECT failures FROM sign_in_tally WHERE subject = $1 AND hour_at = $2",
            params![subject, hour_at],
            |row| row.number("failures"),
        )?;
        Ok(count.unwrap_or(0))
    }

    /// Deletes the count of one hour; `false` if another node deleted it first.
    pub fn sign_in_tally_delete(&mut self, tally: &SignInTally) -> Result<bool, Error> {
        let forgotten = self.execute(
            "DELETE FROM sign_in_tally WHERE subject = $1 AND hour_at = $2",
            params![&tally.subject, tally.hour_at],
        )?;
        Ok(forgotten == 1)
    }

    /// Erases the personal fields of up to `limit` events older than `before`. The audit log's tree stays intact.
    pub fn personal_fields_prune(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM audit_personal WHERE event_id IN \
             (SELECT event_id FROM audit_personal WHERE noted_at < $1 ORDER BY noted_at LIMIT $2)",
            params![before, limit],
        )
    }

    /// Erases the personal fields of all events of one subject.
    pub fn personal_fields_erase(&mut self, subject: &str) -> Result<(), Error> {
        self.change(
            "DELETE FROM audit_personal WHERE event_id IN (SELECT id FROM audit WHERE subject = $1)",
            params![subject],
        )
    }
}
