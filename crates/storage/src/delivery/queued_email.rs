//! Emails that wait to be sent.

use keystead_domain::Millis;
use keystead_protocol::id::QueuedEmailId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// An email that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedEmail {
    /// The email's id.
    pub id: QueuedEmailId,
    /// The recipient's email address.
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

impl Connection {
    /// Emails that are due at `now`, longest overdue first.
    pub fn queued_emails_due(&mut self, now: Millis, limit: u32) -> Result<Vec<QueuedEmail>, Error> {
        self.query(
            "SELECT id, recipient, subject, body, created_at, attempts FROM queued_email WHERE next_at <= $1 \
             ORDER BY next_at, id LIMIT $2",
            params![now, limit],
            |row| {
                Ok(QueuedEmail {
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
    /// Stores an email. It is due immediately.
    pub fn queued_email_insert(&mut self, email: &QueuedEmail) -> Result<(), Error> {
        insert!(self.change, "queued_email" {
            id: email.id.as_bytes(),
            recipient: &email.recipient,
            subject: &email.subject,
            body: &email.body[..],
            created_at: email.created_at,
            attempts: email.attempts,
            next_at: email.created_at,
        })
    }

    /// Takes an email that is due at `now`, and counts the attempt. Returns `false` if another node took it
    /// first. If the email is not deleted, it is due again at `next_at`.
    pub fn queued_email_take(
        &mut self,
        id: QueuedEmailId,
        now: Millis,
        next_at: Millis,
    ) -> Result<bool, Error> {
        let taken = self.execute(
            "UPDATE queued_email SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND next_at <= $2",
            params![id.as_bytes(), now, next_at],
        )?;
        Ok(taken == 1)
    }

    /// Deletes an email that was sent or abandoned.
    pub fn queued_email_delete(&mut self, id: QueuedEmailId) -> Result<(), Error> {
        self.change("DELETE FROM queued_email WHERE id = $1", params![id.as_bytes()])
    }
}
