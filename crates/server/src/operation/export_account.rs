//! "Export my data": everything that is stored about an account, in one archive.

use keystead_protocol::api::{DeviceView, LicenseView};
use keystead_protocol::id::{AccountId, DeviceId, LicenseId};
use keystead_storage::{Account, Error, Listed, Reader};
use serde_json::{Value, json};

use super::deactivate_device::MOST;
use super::list;
use crate::app::Shared;
use crate::catalog::Catalog;
use crate::error::ApiError;

/// Rows read at once.
const CHUNK: u32 = 200;
/// Entries of the audit log for one subject at the most.
const EVENTS: u32 = 10_000;

/// The archive, as JSON. Secrets (password, keys, second factor) are not in it.
pub async fn export_account(app: &Shared, account: &Account) -> Result<Vec<u8>, ApiError> {
    let (shared, now, account) = (app.clone(), app.now(), account.clone());
    let archive: Result<Value, Error> = app
        .store
        .read(move |reader| {
            let id = account.id;
            let licenses = licenses(reader, &shared.catalog, id, now)?;
            let devices = devices(reader, &shared.catalog, id, now)?;
            let sessions = reader.app_sessions(id, now, CHUNK)?;
            let sessions: Vec<Value> = sessions
                .iter()
                .map(|s| json!({ "application": s.client, "device": s.device_name, "since": s.created_at }))
                .collect();
            let browsers: Vec<Value> = reader
                .web_sessions(id, now, CHUNK)?
                .iter()
                .map(|s| json!({ "browser": s.browser, "since": s.created_at }))
                .collect();
            let passkeys: Vec<Value> = reader
                .passkeys(id, CHUNK)?
                .iter()
                .map(|p| json!({ "name": p.name, "since": p.created_at, "used_at": p.used_at }))
                .collect();
            let elsewhere: Vec<Value> = reader
                .upstream_identities(id, CHUNK)?
                .iter()
                .map(|i| json!({ "issuer": i.issuer, "subject": i.subject, "label": i.label, "since": i.created_at, "used_at": i.used_at }))
                .collect();
            let consents: Vec<Value> = reader
                .consents_of(id)?
                .iter()
                .map(|c| json!({ "license": c.license, "purpose": c.purpose, "version": c.version, "at": c.given_at }))
                .collect();
            let subjects = [id.to_string()]
                .into_iter()
                .chain(licenses.iter().map(|license| license.id.to_string()))
                .chain(devices.iter().map(|device| device.id.to_string()));
            let mut events = Vec::new();
            for subject in subjects {
                for row in reader.audit_of(&subject, EVENTS)? {
                    events.push(json!({ "at": row.at, "action": row.action, "subject": row.subject, "detail": row.detail }));
                }
            }
            Ok(json!({
                "format": "keystead-account/1",
                "exported_at": now,
                "account": {
                    "id": id, "email": account.email, "name": account.name,
                    "language": account.language, "created_at": account.created_at,
                },
                "licenses": licenses, "devices": devices, "consents": consents,
                "passkeys": passkeys, "accounts_elsewhere": elsewhere,
                "browsers": browsers, "applications": sessions, "events": events,
                "shared_with_others": [],
            }))
        })
        .await;
    let archive = archive?;
    serde_json::to_vec_pretty(&archive).map_err(|error| Error::Database(Box::new(error)).into())
}

fn licenses(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    now: i64,
) -> Result<Vec<LicenseView>, Error> {
    let (mut all, mut after): (Vec<LicenseView>, Option<LicenseId>) = (Vec::new(), None);
    loop {
        let chunk = reader.licenses_of(owner, after, CHUNK)?;
        after = chunk.last().map(|license| license.id);
        if after.is_none() {
            return Ok(all);
        }
        for license in chunk {
            all.push(list::license_view(reader, catalog, license, now)?);
        }
    }
}

fn devices(
    reader: &mut Reader,
    catalog: &Catalog,
    owner: AccountId,
    now: i64,
) -> Result<Vec<DeviceView>, Error> {
    let (mut all, mut after): (Vec<DeviceView>, Option<(LicenseId, DeviceId)>) = (Vec::new(), None);
    loop {
        let chunk = reader.devices_of(owner, after, CHUNK, MOST)?;
        after = chunk.last().map(Listed::place);
        if after.is_none() {
            return Ok(all);
        }
        for listed in chunk {
            all.push(list::device_view(reader, catalog, listed.device, listed.activations, now)?);
        }
    }
}
