//! Lists, by keyset: devices and licenses of an account, licenses and catalog of the vendor.

use std::fmt;
use std::str::FromStr;

use keystead_domain::Millis;
use keystead_domain::license::License;
use keystead_protocol::Code;
use keystead_protocol::api::{
    AccountView, DeviceView, EditionView, LicenseView, Page, PolicyView, ProductView,
};
use keystead_protocol::id::{AccountId, DeviceId, IdError, LicenseId};
use keystead_storage::{ActivationSummary, Device, Error, Product, Reader};

use crate::audit::history::{self, Happening};
use crate::catalog::cache::{Catalog, Terms};
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::deactivate_device::MOST;
use crate::licensing::{budget, view};

/// Cuts a list that was asked for with one entry too many into a page.
fn page<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Page<T> {
    let limit = limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(key) } else { None };
    Page { items, next }
}

/// A license with the names and numbers that people read.
pub fn license_view(
    reader: &mut Reader,
    catalog: &Catalog,
    license: License,
    now: Millis,
) -> Result<LicenseView, Error> {
    let terms = catalog.terms(reader, &license)?;
    let left = budget::remaining(reader, license.id, &terms.policy.rules, now)?;
    Ok(view::license(license, &terms, left, now))
}

/// Licenses of one owner in the order of a list, asked for together.
pub fn license_views(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    licenses: Vec<License>,
    now: Millis,
) -> Result<Vec<LicenseView>, Error> {
    let terms: Vec<Terms> =
        licenses.iter().map(|license| catalog.terms(reader, license)).collect::<Result<_, _>>()?;
    let budgets: Vec<_> =
        licenses.iter().zip(&terms).map(|(license, terms)| (license.id, &terms.policy.rules)).collect();
    let left = budget::remaining_of_all(reader, owner, &budgets, now)?;
    let all = licenses.into_iter().zip(&terms).zip(left);
    Ok(all.map(|((license, terms), left)| view::license(license, terms, left, now)).collect())
}

/// A device with its activations.
pub fn device_view(
    reader: &mut Reader,
    catalog: &Catalog,
    device: Device,
    activations: Vec<ActivationSummary>,
    now: Millis,
) -> Result<DeviceView, Error> {
    let last_refresh = activations.iter().map(|activation| activation.refreshed_at).max();
    let mut views = Vec::with_capacity(activations.len());
    for activation in &activations {
        let terms = catalog.terms(reader, &activation.license)?;
        views.push(view::activation(activation, &terms.product, now));
    }
    Ok(DeviceView {
        id: device.id,
        name: device.name,
        platform: device.platform,
        created_at: device.created_at,
        last_seen_at: last_refresh.map_or(device.last_seen_at, |at| at.max(device.last_seen_at)),
        activations: views,
    })
}

/// A page of an account's licenses and one of its devices.
pub struct Belongings {
    /// The licenses.
    pub licenses: Page<LicenseView>,
    /// The devices.
    pub devices: Page<DeviceView>,
}

/// The account's licenses and devices, each list after a place of its own.
pub async fn belongings(
    app: &Shared,
    owner: AccountId,
    (license, device): (Option<LicenseId>, Option<Place>),
    limit: u32,
) -> Result<Belongings, AppError> {
    let (shared, now) = (app.clone(), app.now());
    let found: Result<Belongings, Error> = app
        .store
        .read(move |reader| {
            Ok(Belongings {
                licenses: licenses_of(reader, &shared.catalog, owner, license, limit, now)?,
                devices: devices_of(reader, &shared.catalog, owner, device, limit, now)?,
            })
        })
        .await;
    Ok(found?)
}

fn licenses_of(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    after: Option<LicenseId>,
    limit: u32,
    now: Millis,
) -> Result<Page<LicenseView>, Error> {
    let licenses = reader.licenses_of(owner, after, limit + 1)?;
    let views = license_views(reader, catalog, owner, licenses, now)?;
    Ok(page(views, limit, |license| license.id.to_string()))
}

fn devices_of(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    after: Option<Place>,
    limit: u32,
    now: Millis,
) -> Result<Page<DeviceView>, Error> {
    let after = after.map(|Place(license, device)| (license, device));
    let listed = reader.devices_of(owner, after, limit + 1, MOST)?;
    let Page { items, next } =
        page(listed, limit, |listed| Place(listed.license, listed.device.id).to_string());
    let views = items.into_iter();
    let views = views.map(|listed| device_view(reader, catalog, listed.device, listed.activations, now));
    Ok(Page { items: views.collect::<Result<_, _>>()?, next })
}

/// The account's devices.
pub async fn devices(
    app: &Shared,
    owner: AccountId,
    after: Option<Place>,
    limit: u32,
) -> Result<Page<DeviceView>, AppError> {
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> =
        app.store.read(move |reader| devices_of(reader, &shared.catalog, owner, after, limit, now)).await;
    Ok(found?)
}

/// A place in the list of an account's devices: the license in whose list it is, and the device.
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

/// The account's licenses, or with `owner: None` all of them for the vendor.
pub async fn licenses(
    app: &Shared,
    owner: Option<AccountId>,
    after: Option<LicenseId>,
    limit: u32,
) -> Result<Page<LicenseView>, AppError> {
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |reader| {
            if let Some(owner) = owner {
                return licenses_of(reader, &shared.catalog, owner, after, limit, now);
            }
            let licenses = reader.licenses(after, limit + 1)?.into_iter();
            let views = licenses.map(|license| license_view(reader, &shared.catalog, license, now));
            Ok(page(views.collect::<Result<_, _>>()?, limit, |license: &LicenseView| license.id.to_string()))
        })
        .await;
    Ok(found?)
}

/// Entries of a history that are shown.
const SHOWN_EVENTS: u32 = 30;

/// One of the account's devices and what happened to it.
pub async fn device(
    app: &Shared,
    owner: AccountId,
    id: DeviceId,
) -> Result<(DeviceView, Vec<Happening>), AppError> {
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |reader| {
            let Some(device) = reader.device(id)? else { return Ok(None) };
            let activations = reader.activations_of_device(id, owner, MOST)?;
            let history = history::of_device(reader, owner, id, &activations, SHOWN_EVENTS)?;
            let view = device_view(reader, &shared.catalog, device, activations, now)?;
            Ok(Some((view, history::shown(history, owner))))
        })
        .await;
    let found = found?.filter(|(view, _)| !view.activations.is_empty());
    found.ok_or_else(|| Code::NotFound.into())
}

/// One of the account's licenses, the devices that use it, and what happened to it.
pub async fn license(
    app: &Shared,
    owner: AccountId,
    id: LicenseId,
) -> Result<(LicenseView, Vec<DeviceView>, Vec<Happening>), AppError> {
    let (shared, now) = (app.clone(), app.now());
    let found: Result<_, Error> = app
        .store
        .read(move |reader| {
            let Some(license) = reader.license(id)?.filter(|l| l.require_owner(owner).is_ok()) else {
                return Ok(None);
            };
            let mut devices = Vec::new();
            for live in reader.live_activations(id, MOST)? {
                if let Some(device) = reader.device(live.activation.device)? {
                    let activations = reader.activations_of_device(device.id, owner, MOST)?;
                    devices.push(device_view(reader, &shared.catalog, device, activations, now)?);
                }
            }
            let history = history::of_license(reader, &license, SHOWN_EVENTS)?;
            let view = license_view(reader, &shared.catalog, license, now)?;
            Ok(Some((view, devices, history::shown(history, owner))))
        })
        .await;
    found?.ok_or_else(|| Code::NotFound.into())
}

/// The signed-in account.
pub async fn account(app: &Shared, id: AccountId) -> Result<AccountView, AppError> {
    let account = app.store.read(move |reader| reader.account(id)).await?;
    account.map(view::account).ok_or_else(|| Code::NotFound.into())
}

/// A product by its short name.
pub async fn product(app: &Shared, slug: String) -> Result<Product, AppError> {
    app.store.read(move |reader| reader.product(&slug)).await?.ok_or_else(|| Code::NotFound.into())
}

/// All products.
pub async fn products(app: &Shared) -> Result<Vec<ProductView>, AppError> {
    let products = app.store.read(|reader| reader.products()).await?;
    Ok(products.into_iter().map(view::product).collect())
}

/// The editions of a product.
pub async fn editions(app: &Shared, slug: String) -> Result<Vec<EditionView>, AppError> {
    let product = product(app, slug).await?;
    let editions = app.store.read(move |reader| reader.editions(product.id)).await?;
    Ok(editions.into_iter().map(|edition| view::edition(&product.slug, edition)).collect())
}

/// The policies of a product.
pub async fn policies(app: &Shared, slug: String) -> Result<Vec<PolicyView>, AppError> {
    let product = product(app, slug).await?;
    let policies = app.store.read(move |reader| reader.policies(product.id)).await?;
    Ok(policies.into_iter().map(|policy| view::policy(&product.slug, policy)).collect())
}
