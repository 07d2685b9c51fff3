//! Lists an account's devices.

use std::fmt;
use std::str::FromStr;

use keystead_domain::Millis;
use keystead_protocol::api::{DeviceView, Page};
use keystead_protocol::id::{AccountId, DeviceId, IdError, LicenseId};
use keystead_storage::{Connection, Error};

use crate::catalog::cache::Catalog;
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::deactivate_device::MOST;
use crate::licensing::device_view::device_view;
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
