//! Rows that are written with every change: the audit log, the issue log and the outbox. Entries are
//! collected while operations run and written together before the commit. The
//! [sequencer](crate::logs::sequencer) assigns their positions in the logs' trees later. Writers therefore
//! never wait for each other.

use keystead_domain::Millis;
use keystead_protocol::id::{AuditEventId, OutboxId};
use keystead_protocol::tlog::{AuditEntry, Covers, IssueEntry};

use crate::Error;
use crate::connection::Connection;
use crate::connection::param::{Param, params};
use crate::connection::row::Row;
use crate::logs::personal_fields::Personal;

/// An event for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The event's unique id.
    pub id: AuditEventId,
    /// Time of the event.
    pub at: Millis,
    /// The actor: `device:…`, `account:…`, `token:…`, `operator` or `anybody`.
    pub actor: String,
    /// The action, such as `license.link`.
    pub action: &'static str,
    /// The id of the object.
    pub subject: String,
    /// The stated reason, or details as JSON. Never contains a secret.
    pub detail: String,
    /// The origin of the request; `None` if it is not recorded.
    pub personal: Option<Personal>,
}

impl AuditEvent {
    fn entry(&self) -> AuditEntry {
        AuditEntry {
            id: self.id,
            at: self.at,
            actor: self.actor.clone(),
            action: self.action.to_owned(),
            subject: self.subject.clone(),
            detail: self.detail.clone(),
            personal: self.personal.as_ref().map(Personal::digest),
        }
    }
}

/// A stored audit event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The unique id.
    pub id: AuditEventId,
    /// Time of the event.
    pub at: Millis,
    /// The actor.
    pub actor: String,
    /// The action.
    pub action: String,
    /// The id of the object.
    pub subject: String,
    /// The stated reason, or details as JSON.
    pub detail: String,
    /// The origin of the request; `None` if it was not recorded or was erased.
    pub personal: Option<Personal>,
}

fn audit_row(row: &Row<'_>) -> Result<AuditRow, Error> {
    Ok(AuditRow {
        id: row.id("id")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        personal: Personal::of_event(row)?,
    })
}

/// A message to every consumer in the store's options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The unique id.
    pub id: OutboxId,
    /// The event, such as `license.linked`.
    pub topic: &'static str,
    /// The event's data, as JSON.
    pub payload: String,
    /// Time of the event.
    pub at: Millis,
}

/// The entries of one commit.
pub(crate) struct Journal {
    consumers: &'static [&'static str],
    audit: Vec<AuditEvent>,
    issues: Vec<IssueEntry>,
    messages: Vec<Message>,
}

/// A position in the journal. [`Journal::rewind`] returns to it.
pub(crate) struct Mark {
    lengths: (usize, usize, usize),
}

impl Journal {
    pub(crate) fn new(consumers: &'static [&'static str]) -> Self {
        Self { consumers, audit: Vec::new(), issues: Vec::new(), messages: Vec::new() }
    }

    pub(crate) fn record_event(&mut self, event: AuditEvent) {
        self.audit.push(event);
    }

    pub(crate) fn record_issue(&mut self, entry: IssueEntry) {
        self.issues.push(entry);
    }

    pub(crate) fn queue_message(&mut self, message: Message) {
        if !self.consumers.is_empty() {
            self.messages.push(message);
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { lengths: (self.audit.len(), self.issues.len(), self.messages.len()) }
    }

    pub(crate) fn rewind(&mut self, mark: &Mark) {
        self.audit.truncate(mark.lengths.0);
        self.issues.truncate(mark.lengths.1);
        self.messages.truncate(mark.lengths.2);
    }

    pub(crate) fn flush(self, connection: &mut Connection) -> Result<(), Error> {
        self.flush_audit(connection)?;
        self.flush_issues(connection)?;
        let messages = self.messages.iter().flat_map(|message| {
            self.consumers.iter().map(move |consumer| {
                vec![
                    Param::from(message.id.as_bytes()),
                    Param::from(*consumer),
                    Param::from(message.topic),
                    Param::from(&message.payload),
                    Param::from(message.at),
                    Param::from(0_i64),
                    Param::from(message.at),
                ]
            })
        });
        connection.insert(
            "INSERT INTO outbox (id, consumer, topic, payload, created_at, attempts, next_at)",
            &messages.collect::<Vec<_>>(),
        )
    }

    fn flush_audit(&self, connection: &mut Connection) -> Result<(), Error> {
        let entries: Vec<_> = self.audit.iter().map(AuditEvent::entry).collect();
        let leaves: Vec<_> = entries.iter().map(AuditEntry::leaf).collect();
        let rows = entries.iter().zip(&leaves).map(|(entry, leaf)| {
            vec![
                Param::from(entry.id.as_bytes()),
                Param::from(entry.at),
                Param::from(&entry.actor),
                Param::from(&entry.action),
                Param::from(&entry.subject),
                Param::from(&entry.detail),
                Param::from(entry.personal.as_ref()),
                Param::from(leaf),
            ]
        });
        connection.insert(
            "INSERT INTO audit (id, at, actor, action, subject, detail, personal_hash, leaf)",
            &rows.collect::<Vec<_>>(),
        )?;
        let personal = self
            .audit
            .iter()
            .filter_map(|event| event.personal.as_ref().map(|personal| (event.id, event.at, personal)));
        Personal::insert(connection, &personal.collect::<Vec<_>>())
    }

    fn flush_issues(&self, connection: &mut Connection) -> Result<(), Error> {
        let leaves: Vec<_> = self.issues.iter().map(IssueEntry::leaf).collect();
        let rows = self.issues.iter().zip(&leaves).map(|(entry, leaf)| {
            vec![
                Param::from(&entry.token_id),
                Param::from(entry.covers.name()),
                Param::from(&entry.hash),
                Param::from(entry.activation.as_bytes()),
                Param::from(&entry.actor),
                Param::from(&entry.reason),
                Param::from(entry.issued_at),
                Param::from(leaf),
            ]
        });
        connection.insert(
            "INSERT INTO issue_log (token_id, covers, hash, activation_id, actor, reason, issued_at, leaf)",
            &rows.collect::<Vec<_>>(),
        )
    }
}

pub(crate) fn issue_entry(row: &Row<'_>) -> Result<IssueEntry, Error> {
    let covers = Covers::from_name(row.text("covers")?);
    Ok(IssueEntry {
        token_id: row.bytes("token_id")?,
        covers: covers.ok_or_else(|| Error::inconsistent("issue_log", "an unknown kind of hash"))?,
        hash: row.bytes("hash")?,
        activation: row.id("activation_id")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        issued_at: row.get("issued_at")?,
    })
}

impl Connection {
    /// Audit events about `subject` since `since`, newest first.
    pub fn audit_events_of_subject(
        &mut self,
        subject: &str,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<AuditRow>, Error> {
        self.query(
            "SELECT a.id, a.at, a.actor, a.action, a.subject, a.detail, p.salt, p.address, p.browser \
             FROM audit a LEFT JOIN audit_personal p ON p.event_id = a.id \
             WHERE a.subject = $1 AND a.at >= $2 ORDER BY a.id DESC LIMIT $3",
            params![subject, since, limit],
            audit_row,
        )
    }

    /// The issue log's entry for a certificate, by the certificate's id.
    pub fn issue_by_token(&mut self, token_id: &[u8; 16]) -> Result<Option<IssueEntry>, Error> {
        self.query_one(
            "SELECT token_id, covers, hash, activation_id, actor, reason, issued_at \
             FROM issue_log WHERE token_id = $1",
            params![token_id],
            issue_entry,
        )
    }
}
