//! Records audit events; reads and verifies the logs. A refused change is not recorded, because its
//! transaction rolls back. Failed sign-ins are recorded separately.

pub mod history;
pub mod transparency_logs;

use keystead_domain::Millis;
use keystead_protocol::id::{AuditEventId, OutboxId};
use keystead_storage::{AuditEvent, Message, Tx};

/// A change, as recorded in the audit log and the outbox.
pub struct Event<'a> {
    /// Id of the outbox message and of the audit event.
    pub id: OutboxId,
    /// When it happened.
    pub at: Millis,
    /// The actor: `device:…`, `account:…`, `token:…`, `operator`, `server`, `system` or `anybody`.
    pub actor: &'a str,
    /// The action, such as `license.link`.
    pub action: &'static str,
}

impl Event<'_> {
    /// Records the event in the transaction of the change. `subject` is an id. `detail` is a reason or facts,
    /// never a secret.
    pub fn record(self, tx: &mut Tx<'_>, subject: impl ToString, detail: impl ToString) {
        let Self { id, at, actor, action } = self;
        let (subject, detail) = (subject.to_string(), detail.to_string());
        let payload = serde_json::json!({ "subject": subject, "at": at }).to_string();
        let event = AuditEventId::from_bytes(*id.as_bytes());
        tx.audit_event_insert(AuditEvent {
            id: event,
            at,
            actor: actor.to_owned(),
            action,
            subject,
            detail,
            personal: None,
        });
        tx.message_enqueue(Message { id, topic: action, payload, at });
    }
}
