//! Emails that wait to be sent.

use keystead_domain::Millis;
use keystead_protocol::id::LetterId;

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// A waiting email.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// The email address.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// The text, sealed because it may contain a one-time link.
    pub body: Vec<u8>,
    /// Time of creation.
    pub created_at: Millis,
    /// Number of delivery attempts.
    pub attempts: u32,
}

impl Reader {
    /// Emails that are due at `now`, oldest first.
    pub fn letters_due(&mut self, now: Millis, limit: u32) -> Result<Vec<Letter>, Error> {
        self.query(
            "SELECT id, recipient, subject, body, created_at, attempts FROM letter WHERE next_at <= $1 \
             ORDER BY next_at, id LIMIT $2",
            params![now, limit],
            |row| {
                Ok(Letter {
                    id: row.id("id")?,
                    recipient: row.get("recipient")?,
                    subject: row.get("subject")?,
                    body: row.get("body")?,
                    created_at: row.get("created_at")?,
                    attempts: row.number("attempts")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Stores an email. It is due at once.
    pub fn insert_letter(&mut self, letter: &Letter) -> Result<(), Error> {
        self.change(
            "INSERT INTO letter (id, recipient, subject, body, created_at, attempts, next_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $5)",
            params![
                letter.id.as_bytes(),
                &letter.recipient,
                &letter.subject,
                &letter.body[..],
                letter.created_at,
                letter.attempts,
            ],
        )
    }

    /// Takes an email that is due at `now`, and counts the attempt; `false` if another node took it first. It becomes
    /// due again at `next_at` unless it is deleted before.
    pub fn take_letter(&mut self, id: LetterId, now: Millis, next_at: Millis) -> Result<bool, Error> {
        let taken = self.execute(
            "UPDATE letter SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND next_at <= $2",
            params![id.as_bytes(), now, next_at],
        )?;
        Ok(taken == 1)
    }

    /// Deletes an email that was sent or abandoned.
    pub fn forget_letter(&mut self, id: LetterId) -> Result<(), Error> {
        self.change("DELETE FROM letter WHERE id = $1", params![id.as_bytes()])
    }
}
