//! What happened: recording events, and reading and checking the logs.

pub mod history;
pub mod verify_logs;

use keystead_domain::Millis;
use keystead_protocol::id::OutboxId;
use keystead_storage::{AuditEvent, Message, Tx};

/// Records a change in the audit log and in the outbox, in the change's own transaction.
pub fn record_event(
    tx: &mut Tx<'_>,
    message: OutboxId,
    at: Millis,
    actor: &str,
    action: &'static str,
    subject: impl ToString,
    detail: impl ToString,
) {
    let (subject, detail) = (subject.to_string(), detail.to_string());
    let payload = serde_json::json!({ "subject": subject, "at": at }).to_string();
    tx.audit(AuditEvent { at, actor: actor.to_owned(), action, subject, detail, personal: None });
    tx.send(Message { id: message, topic: action, payload, at });
}
