//! The history of an account's licenses and devices. Events before `owned_since` belong to the former owner
//! and are hidden. Events of other accounts are hidden, too.

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
    /// The action's name in the audit log.
    pub action: String,
    /// Whether the account caused the event.
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

/// Events of a license since its current owner linked it, newest first.
pub fn of_license(
    connection: &mut Connection,
    license: &License,
    limit: u32,
) -> Result<Vec<AuditRow>, Error> {
    let Ownership::Owned { by, since } = license.ownership else { return Ok(Vec::new()) };
    let events = connection.audit_events_of_subject(&license.id.to_string(), since, limit)?;
    Ok(events.into_iter().filter(|event| !is_by_another(event, by)).collect())
}

/// Events of a device and of its `activations` on licenses of `owner`, newest first. Leaves out events from
/// before the owner had the license.
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

#[cfg(test)]
mod tests {
    use keystead_domain::HOUR;
    use keystead_protocol::api::{Activated, RenameRequest};

    use super::*;
    use crate::licensing::change_license_status::Change;
    use crate::licensing::link_key::link_key;
    use crate::licensing::remove_device::MOST;
    use crate::licensing::rename_device::rename_device;
    use crate::licensing::unlink_license::unlink_with_password;
    use crate::testing::{Customer, Device, World, on_both, value};

    /// A license with a device that one customer unlinked and another linked an hour later.
    async fn handed_over(world: &World) -> (Customer, Customer, Activated) {
        let (former, owner) = (world.customer().await, world.customer().await);
        let key = world.key().await;
        let activated = world.linked(&Device::new(1), &key, &former).await;
        world.change(activated.license, Change::Suspend).await;
        world.change(activated.license, Change::Resume).await;
        renamed(world, &former, activated.device).await;
        let (license, credentials) = (activated.license, former.credentials());
        let (principal, request) = (former.principal(), world.request());
        let unlinked = unlink_with_password(&world.app, &principal, license, credentials, &request).await;
        let key = value(unlinked).product_key;
        world.pass(HOUR).await;
        value(link_key(&world.app, &owner.principal(), &key, true, &world.request()).await);
        (former, owner, activated)
    }

    async fn renamed(world: &World, customer: &Customer, device: DeviceId) {
        let (asked, request) = (RenameRequest { name: "Attic".to_owned() }, world.request());
        value(rename_device(&world.app, &customer.principal(), device, &asked, &request).await);
    }

    fn actions(events: Vec<AuditRow>) -> Vec<String> {
        events.into_iter().map(|event| event.action).collect()
    }

    #[test]
    fn new_owner_does_not_see_what_happened_before() {
        on_both(async |world| {
            let (_, _, activated) = handed_over(&world).await;
            assert!(world.audit(activated.license).await.len() > 1);
            let seen = world
                .read(move |connection| {
                    let license = connection.license_by_id(activated.license)?.unwrap();
                    of_license(connection, &license, MAX_SHOWN_EVENTS)
                })
                .await;
            assert_eq!(actions(seen), ["license.link"]);
        });
    }

    #[test]
    fn device_shows_its_events_to_its_owner_only() {
        on_both(async |world| {
            let (former, owner, activated) = handed_over(&world).await;
            let seen = async |account: AccountId| {
                let device = activated.device;
                let events = world.read(move |connection| {
                    let listed = connection.devices_of_account(account, None, 9, MOST)?;
                    let activations =
                        listed.into_iter().next().map(|listed| listed.activations).unwrap_or_default();
                    of_device(connection, account, device, &activations, MAX_SHOWN_EVENTS)
                });
                actions(events.await)
            };
            assert_eq!(seen(owner.id()).await, Vec::<String>::new());
            renamed(&world, &owner, activated.device).await;
            assert_eq!(seen(owner.id()).await, ["device.rename"]);
            assert_eq!(seen(former.id()).await, Vec::<String>::new());
            assert_eq!(world.actions(activated.device).await, ["device.rename"; 2]);
        });
    }

    #[test]
    fn license_without_an_owner_has_no_history() {
        on_both(async |world| {
            let key = world.key().await;
            let license = world.activated(&Device::new(1), &key).await.license;
            let seen = world
                .read(move |connection| {
                    let license = connection.license_by_id(license)?.unwrap();
                    of_license(connection, &license, MAX_SHOWN_EVENTS)
                })
                .await;
            assert_eq!(actions(seen), Vec::<String>::new());
        });
    }

    #[test]
    fn own_events_are_told_apart() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let activated = world.linked(&Device::new(1), &key, &customer).await;
            world.change(activated.license, Change::Suspend).await;
            let events = world.audit(activated.license).await;
            let shown = shown(events, customer.id());
            let of = |action: &str| shown.iter().find(|happening| happening.action == action).unwrap().own;
            assert!(of("license.link") && !of("license.suspend"));
        });
    }
}
