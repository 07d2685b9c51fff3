//! One use case a file: what happens, told in one transaction, whoever asks and however it is shown.

pub mod activate_again;
pub mod activate_device;
pub mod answer_file;
pub mod authorize;
pub mod budget;
pub mod certificate;
pub mod change_email;
pub mod change_password;
pub mod change_standing;
pub mod confirm_offline;
pub mod deactivate_device;
pub mod define_catalog;
pub mod delete_account;
pub mod device_grant;
pub mod email_link;
pub mod end_session;
pub mod export_account;
pub mod find_account;
pub mod find_license;
pub mod history;
pub mod introspect;
pub mod link_key;
pub mod link_license;
pub mod list;
pub mod make_api_token;
pub mod make_keys;
pub mod make_staff;
pub mod manage_accounts;
pub mod manage_tokens;
pub mod mint;
pub mod move_device;
pub mod notice;
pub mod offline_terms;
pub mod offline_word;
pub mod open_offline;
pub mod passkey;
pub mod password;
pub mod prolong;
pub mod prove_release;
pub mod provider_sign_in;
pub mod reauthentication;
pub mod rebind_device;
pub mod recover;
pub mod refresh_certificate;
pub mod release_activation;
pub mod rename_device;
pub mod rotate_tokens;
pub mod seat_device;
pub mod second_factor;
pub mod set_profile;
pub mod share_seat;
pub mod show_activation;
pub mod show_profile;
pub mod sign_in;
pub mod sign_in_event;
pub mod sign_up;
pub mod transfer_license;
pub mod unlink_license;
pub mod validate;
pub mod verify_logs;
pub mod view;

use keystead_domain::Millis;
use keystead_protocol::id::{AuditEventId, OutboxId};
use keystead_storage::{AuditEvent, Message, Tx};

/// Tells the audit log and the outside of one change, in the change's own transaction. The event and the message share an id.
pub fn tell(
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
    let id = AuditEventId::from_bytes(*message.as_bytes());
    tx.audit(AuditEvent { id, at, actor: actor.to_owned(), action, subject, detail, personal: None });
    tx.send(Message { id: message, topic: action, payload, at });
}
