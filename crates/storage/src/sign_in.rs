//! Personal data of sign-ins, which can be erased, and counts of failures.

use keystead_domain::Millis;
use keystead_protocol::id::AuditEventId;
use sha2::{Digest as _, Sha256};

use crate::connection::Reader;
use crate::param::{Param, params};
use crate::row::Row;
use crate::{Digest, Error, Tx};

/// The origin of a request. The audit log's tree contains only its salted digest, so it can be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// Random salt, which prevents recovering the fields by trying all addresses.
    pub salt: [u8; 16],
    /// The client's address.
    pub address: String,
    /// The browser's name, from its user agent.
    pub browser: String,
}

impl Personal {
    /// The digest in the tree.
    pub fn digest(&self) -> Digest {
        let mut digest = Sha256::new_with_prefix(self.salt);
        for field in [&self.address, &self.browser] {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field.as_bytes());
        }
        digest.finalize().into()
    }

    pub(crate) fn insert(
        connection: &mut Reader,
        rows: &[(AuditEventId, Millis, &Self)],
    ) -> Result<(), Error> {
        let rows = rows.iter().map(|(event, at, personal)| {
            vec![
                Param::from(event.as_bytes()),
                Param::from(&personal.salt),
                Param::from(&personal.address),
                Param::from(&personal.browser),
                Param::from(*at),
            ]
        });
        connection.insert(
            "INSERT INTO audit_personal (event_id, salt, address, browser, noted_at)",
            &rows.collect::<Vec<_>>(),
        )
    }

    /// The personal fields of an audit event; `None` if it has none or they were erased.
    pub(crate) fn of_event(row: &Row<'_>) -> Result<Option<Self>, Error> {
        let Some(salt) = row.optional_bytes("salt")? else { return Ok(None) };
        Ok(Some(Self { salt, address: row.get("address")?, browser: row.get("browser")? }))
    }
}

/// A sign-in event of an account, from the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    /// Time of the event.
    pub at: Millis,
    /// The action: `sign_in.succeed`, `sign_in.fail`, `sign_in.lock` or `recovery.ask`.
    pub action: String,
    /// The origin, until it is erased.
    pub from: Option<Personal>,
}

/// Failed sign-ins of one hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInTally {
    /// The subject: an account, or `anybody`.
    pub subject: String,
    /// Start of the hour.
    pub hour_at: Millis,
    /// Number of failures.
    pub failures: u32,
}

impl Reader {
    /// The latest sign-ins of an account, successful or not.
    pub fn sign_ins_of(&mut self, subject: &str, limit: u32) -> Result<Vec<SignInRow>, Error> {
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

    /// The failed sign-ins of hours that began before `before`.
    pub fn sign_in_tallies(&mut self, before: Millis, limit: u32) -> Result<Vec<SignInTally>, Error> {
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
    /// Counts a failed sign-in; returns the count of this hour.
    pub fn tally_sign_in(&mut self, subject: &str, hour_at: Millis) -> Result<u32, Error> {
        self.change(
            "INSERT INTO sign_in_tally (subject, hour_at, failures) VALUES ($1, $2, 1) \
             ON CONFLICT (subject, hour_at) DO UPDATE SET failures = sign_in_tally.failures + 1",
            params![subject, hour_at],
        )?;
        let count = self.query_one(
            "SELECT failures FROM sign_in_tally WHERE subject = $1 AND hour_at = $2",
            params![subject, hour_at],
            |row| row.number("failures"),
        )?;
        Ok(count.unwrap_or(0))
    }

    /// Deletes the count of one hour; `false` if another node did.
    pub fn forget_sign_in_tally(&mut self, tally: &SignInTally) -> Result<bool, Error> {
        let forgotten = self.execute(
            "DELETE FROM sign_in_tally WHERE subject = $1 AND hour_at = $2",
            params![&tally.subject, tally.hour_at],
        )?;
        Ok(forgotten == 1)
    }

    /// Erases the personal fields of up to `limit` events older than `before`. The audit log's tree stays intact.
    pub fn erase_personal(&mut self, before: Millis, limit: u32) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM audit_personal WHERE event_id IN \
             (SELECT event_id FROM audit_personal WHERE noted_at < $1 ORDER BY noted_at LIMIT $2)",
            params![before, limit],
        )
    }

    /// Erases the personal fields of all events of one subject.
    pub fn erase_personal_of(&mut self, subject: &str) -> Result<(), Error> {
        self.change(
            "DELETE FROM audit_personal WHERE event_id IN (SELECT id FROM audit WHERE subject = $1)",
            params![subject],
        )
    }
}
