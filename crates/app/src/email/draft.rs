//! Composes emails. An email is enqueued in the transaction of the change that it reports.

use keystead_domain::Millis;
use keystead_protocol::id::QueuedEmailId;
use keystead_storage::{Error, QueuedEmail, Tx};

use crate::context::App;
use crate::i18n::Text;

/// The text of an email that is not enqueued yet.
pub struct Draft {
    email: QueuedEmail,
}

impl Draft {
    /// Composes an email to `recipient`.
    pub fn new(app: &App, recipient: &str, subject: Text<'_>, text: Text<'_>, now: Millis) -> Self {
        let id = app.new_id::<QueuedEmailId>();
        let text = format!("{text}\n\n-- \n{}\n{}\n", app.tenant.name, app.public_url);
        let body = app.keys.seal("email", id.as_bytes(), text.as_bytes());
        let recipient = recipient.to_owned();
        let email =
            QueuedEmail { id, recipient, subject: subject.to_string(), body, created_at: now, attempts: 0 };
        Self { email }
    }

    /// Enqueues the email. It is sent if the transaction commits.
    pub fn enqueue(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.queued_email_insert(&self.email)
    }
}
