//! Exports the stored data of an account as one archive. The archive is streamed: an export of 100,000
//! devices neither fills the memory nor blocks other requests.

use futures_util::stream::{self, Stream, StreamExt as _};
use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, DeviceId, LicenseId};
use keystead_storage::{Account, AuditRow, Connection, Error, Listed};
use serde::Serialize;
use serde_json::{Value, json};

use crate::audit::history;
use crate::catalog::immutable_cache::Catalog;
use crate::context::Shared;
use crate::error::AppError;
use crate::licensing::device_view::device_view;
use crate::licensing::license_view::license_views;
use crate::licensing::remove_device::MOST;
use crate::principal::Principal;

/// Rows per query.
const CHUNK: u32 = 200;
/// Maximum number of audit events per subject.
const EVENTS: u32 = 10_000;

/// The archive, as a stream of JSON parts. It contains no secrets (password, keys, second factor).
pub async fn export_account(
    app: &Shared,
    principal: &Principal,
) -> Result<impl Stream<Item = Result<String, Error>> + use<>, AppError> {
    let account = principal.require_person()?.account.clone();
    let (owner, now) = (account.id, app.now());
    let head = app.store.read(move |connection| head(connection, &account, now)).await?;
    let lists = Lists { app: app.clone(), now, owner, next: Some(Part::Licenses(None)) };
    let lists = stream::try_unfold(lists, async |mut lists| {
        let part = lists.part().await.inspect_err(|error| tracing::error!(%error, "an archive broke off"))?;
        Ok(part.map(|text| (text, lists)))
    });
    Ok(stream::iter([Ok(head)]).chain(lists))
}

/// The part to write next.
#[derive(Clone, Copy)]
enum Part {
    Licenses(Option<LicenseId>),
    Devices(Option<(LicenseId, DeviceId)>),
}

struct Lists {
    app: Shared,
    now: Millis,
    owner: AccountId,
    next: Option<Part>,
}

impl Lists {
    /// Reads the next part in a separate query. Returns `None` after the last part.
    async fn part(&mut self) -> Result<Option<String>, Error> {
        let Some(part) = self.next else { return Ok(None) };
        let (app, now, owner) = (self.app.clone(), self.now, self.owner);
        let written: Result<_, Error> = self
            .app
            .store
            .read(move |connection| match part {
                Part::Licenses(after) => licenses(connection, &app.catalog, owner, after, now),
                Part::Devices(after) => devices(connection, &app.catalog, owner, after, now),
            })
            .await;
        let (text, next) = written?;
        self.next = next;
        Ok(Some(text))
    }
}

/// The text of a part, and the part that follows it.
type Written = (String, Option<Part>);

/// A license or a device with its audit events. A device includes the events of its activations.
#[derive(Serialize)]
struct Entry<T> {
    #[serde(flatten)]
    what: T,
    events: Vec<Value>,
}

/// Writes everything except the licenses and devices. The JSON object stays open, because they follow.
fn head(connection: &mut Connection, account: &Account, now: Millis) -> Result<String, Error> {
    let id = account.id;
    let sessions = connection.app_sessions_of_account(id, now, CHUNK)?.into_iter();
    let browsers = connection.web_sessions_of_account(id, now, 0, CHUNK)?.into_iter();
    let passkeys = connection.passkeys_of_account(id, CHUNK)?.into_iter();
    let elsewhere = connection.upstream_identities_of_account(id, CHUNK)?.into_iter();
    let consents = connection.consents_of_account(id)?.into_iter();
    let head = json!({
        "format": "keystead-account/2",
        "exported_at": now,
        "account": {
            "id": id, "email": account.email, "name": account.name,
            "language": account.language, "created_at": account.created_at,
            "events": events(history::of_account(connection, id, EVENTS)?),
        },
        "consents": consents
            .map(|c| json!({ "license": c.license, "purpose": c.purpose, "version": c.version, "at": c.given_at }))
            .collect::<Value>(),
        "passkeys": passkeys
            .map(|p| json!({ "name": p.name, "since": p.created_at, "used_at": p.used_at }))
            .collect::<Value>(),
        "accounts_elsewhere": elsewhere
            .map(|i| json!({
                "issuer": i.issuer, "subject": i.subject, "label": i.label, "since": i.created_at, "used_at": i.used_at,
            }))
            .collect::<Value>(),
        "browsers": browsers.map(|s| json!({ "browser": s.browser, "since": s.created_at })).collect::<Value>(),
        "applications": sessions
            .map(|s| json!({ "application": s.client, "device": s.device_name, "since": s.created_at }))
            .collect::<Value>(),
        "shared_with_others": [],
    });
    let mut text = serde_json::to_string_pretty(&head).map_err(unwritable)?;
    text.truncate(text.strip_suffix("\n}").map_or(text.len(), str::len));
    Ok(text + ",\n  \"licenses\": [")
}

fn licenses(
    connection: &mut Connection,
    catalog: &Catalog,
    owner: AccountId,
    after: Option<LicenseId>,
    now: Millis,
) -> Result<Written, Error> {
    let chunk = connection.licenses_of_account(owner, after, CHUNK)?;
    let Some(last) = chunk.last().map(|license| license.id) else {
        return Ok(("],\n  \"devices\": [".to_owned(), Some(Part::Devices(None))));
    };
    let happened: Vec<_> = chunk
        .iter()
        .map(|license| Ok(events(history::of_license(connection, license, EVENTS)?)))
        .collect::<Result<_, Error>>()?;
    let views = license_views(connection, catalog, owner, chunk, now)?.into_iter();
    let entries = views.zip(happened).map(|(what, events)| Ok(Entry { what, events }));
    Ok((entries_text(entries, after.is_none())?, Some(Part::Licenses(Some(last)))))
}

fn devices(
    connection: &mut Connection,
    catalog: &Catalog,
    owner: AccountId,
    after: Option<(LicenseId, DeviceId)>,
    now: Millis,
) -> Result<Written, Error> {
    let chunk = connection.devices_of_account(owner, after, CHUNK, MOST)?;
    let Some(last) = chunk.last().map(Listed::place) else {
        return Ok(("]\n}\n".to_owned(), None));
    };
    let entries = chunk.into_iter().map(|listed| {
        let events =
            events(history::of_device(connection, owner, listed.device.id, &listed.activations, EVENTS)?);
        let what = device_view(connection, catalog, listed.device, listed.activations, now)?;
        Ok(Entry { what, events })
    });
    Ok((entries_text(entries, after.is_none())?, Some(Part::Devices(Some(last)))))
}

fn events(rows: Vec<AuditRow>) -> Vec<Value> {
    let event = |row: AuditRow| {
        let (address, browser) = row.personal.map(|from| (from.address, from.browser)).unzip();
        json!({
            "at": row.at, "action": row.action, "subject": row.subject, "detail": row.detail,
            "address": address, "browser": browser,
        })
    };
    rows.into_iter().map(event).collect()
}

/// Renders list entries, one per line. `first` tells whether the list has no earlier entry.
fn entries_text<T: Serialize>(
    entries: impl Iterator<Item = Result<Entry<T>, Error>>,
    mut first: bool,
) -> Result<String, Error> {
    let mut text = String::new();
    for entry in entries {
        text += if first { "\n    " } else { ",\n    " };
        text += &serde_json::to_string(&entry?).map_err(unwritable)?;
        first = false;
    }
    Ok(text)
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Database(Box::new(error))
}

#[cfg(test)]
mod tests {
    use keystead_protocol::Code;

    use super::*;
    use crate::testing::{Customer, Device, World, on_both, refusal};

    async fn exported(world: &World, customer: &Customer) -> (String, Value) {
        let parts = export_account(&world.app, &customer.principal()).await.unwrap();
        let text: String = parts.map(Result::unwrap).collect::<Vec<_>>().await.concat();
        let archive = serde_json::from_str(&text).unwrap();
        (text, archive)
    }

    #[test]
    fn archive_has_the_account_its_licenses_and_its_devices() {
        on_both(async |world| {
            let (customer, key) = (world.customer().await, world.key().await);
            let activated = world.linked(&Device::new(1), &key, &customer).await;
            world.application(&customer, "licenses", None).await;
            let (_, archive) = exported(&world, &customer).await;
            assert_eq!(archive["account"]["email"], customer.person.account.email);
            assert_eq!(archive["browsers"][0]["browser"], "Firefox on Linux");
            assert_eq!(archive["applications"][0]["application"], crate::testing::CLIENT);
            assert_eq!(archive["consents"][0]["license"], json!(activated.license));
            assert_eq!(archive["licenses"][0]["id"], json!(activated.license));
            assert_eq!(archive["licenses"][0]["events"][0]["action"], "license.link");
            assert_eq!(archive["devices"][0]["id"], json!(activated.device));
            assert_eq!(archive["devices"].as_array().map(Vec::len), Some(1));
        });
    }

    #[test]
    fn archive_of_an_empty_account_is_complete() {
        on_both(async |world| {
            let customer = world.customer().await;
            let (_, archive) = exported(&world, &customer).await;
            assert_eq!(archive["licenses"], json!([]));
            assert_eq!(archive["devices"], json!([]));
        });
    }

    #[test]
    fn archive_has_no_secret_and_nothing_of_others() {
        on_both(async |world| {
            let (mut customer, other) = (world.customer().await, world.customer().await);
            let (key, others) = (world.key().await, world.key().await);
            world.linked(&Device::new(1), &key, &customer).await;
            let theirs = world.linked(&Device::new(2), &others, &other).await;
            let app = world.set_up_app(&mut customer).await;
            let (text, archive) = exported(&world, &customer).await;
            assert_eq!(archive["licenses"].as_array().map(Vec::len), Some(1));
            let hash = customer.person.account.password_hash.as_str();
            let (license, device) = (theirs.license.to_string(), theirs.device.to_string());
            for hidden in [hash, &app.recovery_codes[0], &key, &license, &device] {
                assert!(!text.contains(hidden), "{hidden}");
            }
        });
    }

    #[test]
    fn only_a_signed_in_person_exports_an_account() {
        on_both(async |world| {
            let mut customer = world.customer().await;
            let attempt =
                async |principal: &Principal| export_account(&world.app, principal).await.map(|_| ());
            world.assert_for_persons_only(&customer, attempt).await;
            customer.person.needs_second_factor = true;
            assert_eq!(refusal(attempt(&customer.principal()).await), Code::SecondFactorRequired);
        });
    }
}
