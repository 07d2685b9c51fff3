//! What happened to an account's licenses and devices since they are its own; what was before is the former owner's.

use keystead_domain::Millis;
use keystead_domain::license::{License, Ownership};
use keystead_protocol::id::{AccountId, DeviceId};
use keystead_storage::{ActivationSummary, AuditRow, Error, Reader};

/// Maximum number of events in a history.
pub const MAX_SHOWN_EVENTS: u32 = 30;

/// Something that happened to a device or a license, for a page.
pub struct Happening {
    /// When.
    pub at: Millis,
    /// What, as the audit log names it.
    pub action: String,
    /// Whether the account itself did it.
    pub own: bool,
}

/// Events as the owner's pages show them.
pub fn shown(events: Vec<AuditRow>, owner: AccountId) -> Vec<Happening> {
    let happening =
        |event: AuditRow| Happening { at: event.at, own: is_by(&event, owner), action: event.action };
    events.into_iter().map(happening).collect()
}

/// Events of an account itself, newest first.
pub fn of_account(reader: &mut Reader, account: AccountId, limit: u32) -> Result<Vec<AuditRow>, Error> {
    reader.audit_of(&account.to_string(), Millis::MIN, limit)
}

/// Events of a license since its owner has it, newest first.
pub fn of_license(reader: &mut Reader, license: &License, limit: u32) -> Result<Vec<AuditRow>, Error> {
    let Ownership::Owned { by, since } = license.ownership else { return Ok(Vec::new()) };
    let events = reader.audit_of(&license.id.to_string(), since, limit)?;
    Ok(events.into_iter().filter(|event| !is_by_another(event, by)).collect())
}

/// Events of a device and of its `activations` with licenses of `owner`, each since the license is the owner's; newest first.
pub fn of_device(
    reader: &mut Reader,
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
        events.extend(reader.audit_of(&subject, since, limit)?);
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
