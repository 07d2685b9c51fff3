//! A transaction that changes data.

use std::ops::{Deref, DerefMut};

use keystead_protocol::tlog::IssueEntry;

use crate::connection::Connection;
use crate::store::journal::{AuditEvent, Journal, Message};

/// One operation's part of a transaction.
pub struct Tx<'a> {
    pub(crate) connection: &'a mut Connection,
    pub(crate) journal: &'a mut Journal,
}

impl Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.connection
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
    }
}

impl Tx<'_> {
    /// Appends an audit event.
    pub fn audit_event_insert(&mut self, event: AuditEvent) {
        self.journal.record_event(event);
    }

    /// Records a certificate in the issue log.
    pub fn issue_insert(&mut self, entry: IssueEntry) {
        self.journal.record_issue(entry);
    }

    /// Queues a message for every consumer. Without consumers nothing is written.
    pub fn message_enqueue(&mut self, message: Message) {
        self.journal.queue_message(message);
    }
}
