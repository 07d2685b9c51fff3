//! Lists an account's devices.

use std::fmt;
use std::str::FromStr;

use keystead_domain::Millis;
use keystead_protocol::api::{DeviceView, Page};
use keystead_protocol::id::{AccountId, DeviceId, IdError, LicenseId};
use keystead_storage::{Connection, Error};

use crate::catalog::immutable_cache::Catalog;
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::device_view::device_view;
use crate::licensing::remove_device::MOST;
use crate::oauth::scope::LICENSES;
use crate::pagination::{PageRequest, page};
use crate::principal::Principal;

/// One page of the devices of `owner`.
pub fn devices_of(
    connection: &mut Connection,
    catalog: &Catalog,
    owner: AccountId,
    asked: PageRequest<Place>,
    now: Millis,
) -> Result<Page<DeviceView>, Error> {
    let PageRequest { after, limit } = asked;
    let after = after.map(|Place(license, device)| (license, device));
    let listed = connection.devices_of_account(owner, after, limit + 1, MOST)?;
    let Page { items, next } =
        page(listed, limit, |listed| Place(listed.license, listed.device.id).to_string());
    let views = items.into_iter();
    let views = views.map(|listed| device_view(connection, catalog, listed.device, listed.activations, now));
    Ok(Page { items: views.collect::<Result<_, _>>()?, next })
}

/// One page of the account's devices.
pub async fn list_devices(
    app: &Shared,
    principal: &Principal,
    asked: PageRequest<Place>,
) -> Result<Page<DeviceView>, AppError> {
    let owner = principal.require_account(LICENSES)?.account;
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> =
        app.store.read(move |connection| devices_of(connection, &shared.catalog, owner, asked, now)).await;
    Ok(found?)
}

/// A position in an account's device list: license id, then device id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(LicenseId, DeviceId);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl FromStr for Place {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (license, device) = text.split_once('.').unwrap_or((text, ""));
        Ok(Self(license.parse()?, device.parse()?))
    }
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{Device, on_both, refusal};

    #[test]
    fn pages_hold_every_device_of_the_account_once() {
        on_both(async |world| {
            let (owner, stranger) = (world.customer().await, world.customer().await);
            let mut devices = Vec::new();
            for number in 1..=3 {
                let key = world.key().await;
                devices.push(world.linked(&Device::new(number), &key, &owner).await.device);
            }
            let key = world.key().await;
            world.linked(&Device::new(9), &key, &stranger).await;
            let (mut after, mut listed) = (None, Vec::new());
            loop {
                let asked = PageRequest { after, limit: 2 };
                let page = list_devices(&world.app, &owner.principal(), asked).await.unwrap();
                listed.extend(page.items.iter().map(|device| device.id));
                let Some(next) = page.next else { break };
                after = Some(next.parse().unwrap());
            }
            devices.reverse();
            assert_eq!(listed, devices, "newest first");
        });
    }

    #[test]
    fn list_needs_a_sign_in_and_the_scope() {
        on_both(async |world| {
            let customer = world.customer().await;
            let list = async |principal: &Principal| {
                refusal(list_devices(&world.app, principal, PageRequest { after: None, limit: 2 }).await)
            };
            assert_eq!(list(&Principal::Anonymous).await, Code::SignInRequired);
            assert_eq!(list(&customer.through_application("profile")).await, Code::PermissionMissing);
            assert_eq!(list(&Principal::Operator).await, Code::PermissionMissing);
        });
    }

    #[test]
    fn place_that_is_malformed_is_refused() {
        for text in ["", "lic_00000000000000000000000000000000", "lic_0.dev_0"] {
            assert!(text.parse::<Place>().is_err(), "{text:?}");
        }
    }
}
