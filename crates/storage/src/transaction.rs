//! A transaction that changes data.

use std::ops::{Deref, DerefMut};

use keystead_protocol::tlog::IssueEntry;

use crate::connection::Reader;
use crate::journal::{AuditEvent, Journal, Message};

/// A transaction, or one operation's part of it.
pub struct Tx<'a> {
    pub(crate) reader: &'a mut Reader,
    pub(crate) journal: &'a mut Journal,
}

impl Deref for Tx<'_> {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        self.reader
    }
}

impl DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Reader {
        self.reader
    }
}

impl Tx<'_> {
    /// Appends an audit event.
    pub fn audit(&mut self, event: AuditEvent) {
        self.journal.record_event(event);
    }

    /// Records a certificate in the issue log.
    pub fn issue(&mut self, entry: IssueEntry) {
        self.journal.record_issue(entry);
    }

    /// Queues a message for every consumer. Without consumers nothing is written.
    pub fn send(&mut self, message: Message) {
        self.journal.queue_message(message);
    }
}
