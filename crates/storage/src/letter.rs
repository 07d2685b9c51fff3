//! Letters to people that wait for the mail server.

use keystead_domain::Millis;
use keystead_protocol::id::LetterId;

use crate::connection::Reader;
use crate::param::params;
use crate::{Error, Tx};

/// A letter that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// The e-mail address.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// The text, sealed: it may hold a one-time link.
    pub body: Vec<u8>,
    /// When it was written.
    pub created_at: Millis,
    /// How often it was tried to send it.
    pub attempts: u32,
}

impl Reader {
    /// Letters whose turn it is at `now`, oldest first.
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
    /// Stores a letter, to be sent at once.
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

    /// Takes a letter whose turn it is at `now`, and counts the attempt; `false` when another node was faster. It is due
    /// again at `next_at` unless it is forgotten before.
    pub fn take_letter(&mut self, id: LetterId, now: Millis, next_at: Millis) -> Result<bool, Error> {
        let taken = self.execute(
            "UPDATE letter SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND next_at <= $2",
            params![id.as_bytes(), now, next_at],
        )?;
        Ok(taken == 1)
    }

    /// Forgets a letter that was sent, or given up.
    pub fn forget_letter(&mut self, id: LetterId) -> Result<(), Error> {
        self.change("DELETE FROM letter WHERE id = $1", params![id.as_bytes()])
    }
}
