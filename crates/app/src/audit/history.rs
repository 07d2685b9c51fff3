//! The history of an account's licenses and devices. Events before `owned_since` belong to the former owner and are
//! hidden.

use keystead_domain::Millis;
use keystead_domain::license::{License, Ownership};
use keystead_protocol::id::{AccountId, DeviceId};
use keystead_storage::{ActivationSummary, AuditRow, Connection, Error};

/// Maximum number of events in a history.
pub const MAX_SHOWN_EVENTS: u32 = 30;

/// An event of a device or a license, for a page.
pub struct Happening {
    /// When it happened.
    pub at: Millis,
    /// The action, as the audit log names it.
    pub action: String,
    /// Whether the account itself caused it.
    pub own: bool,
}

/// Converts events for the owner's pages.
pub fn shown(events: Vec<AuditRow>, owner: AccountId) -> Vec<Happening> {
    let happening =
        |event: AuditRow| Happening { at: event.at, own: is_by(&event, owner), action: event.action };
    events.into_iter().map(happening).collect()
}

/// Events of an account, newest first.
pub fn of_account(
    connection: &mut Connection,
    account: AccountId,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    connection.audit_events_of_subject(&account.to_string(), Millis::MIN, limit)
}

/// Events of a license since its owner has it, newest first.
pub fn of_license(
    connection: &mut Connection,
    license: &License,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let Ownership::Owned { by, since } = license.ownership else { return Ok(Vec::new()) };
    let events = connection.audit_events_of_subject(&license.id.to_string(), since, limit)?;
    Ok(events.into_iter().filter(|event| !is_by_another(event, by)).collect())
}

/// Events of a device and of its `activations` on licenses of `owner`, newest first. Events before `owned_since` of
/// the license are left out.
pub fn of_device(
    connection: &mut Connection,
    owner: AccountId,
    device: DeviceId,
    activations: &[ActivationSummary],
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let owned: Vec<(String, Millis)> = activations
        .iter()
        .filter_map(|activation| Some((activation.id.to_string(), activation.license.owned_since(owner)?)))
        .collect();
    let Some(first) = owned.iter().map(|(_, since)| *since).min() else { return Ok(Vec::new()) };
    let mut events = Vec::new();
    for (subject, since) in owned.into_iter().chain([(device.to_string(), first)]) {
        events.extend(connection.audit_events_of_subject(&subject, since, limit)?);
    }
    events.retain(|event| !is_by_another(event, owner));
    events.sort_by_key(|event| std::cmp::Reverse(event.id));
    events.truncate(limit as usize);
    Ok(events)
}

fn is_by(event: &AuditRow, owner: AccountId) -> bool {
    event.actor == format!("account:{owner}")
}

fn is_by_another(event: &AuditRow, owner: AccountId) -> bool {
    event.actor.starts_with("account:") && !is_by(event, owner)
}
