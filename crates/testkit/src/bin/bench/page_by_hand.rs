//! The baseline for pages with stored data: handwritten queries read the same rows through the same SQLite library,
//! and a minimal template renders them.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Html;
use keystead_protocol::id::{DeviceId, LicenseId};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Row, params};
use sha2::{Digest as _, Sha256};

/// A page that reads from the server's database through a pool of connections.
pub struct Pages {
    database: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// A page about as long as the server's page for an account with two devices and two licenses.
#[derive(Template)]
#[template(path = "bare.html")]
pub struct Page {
    name: String,
    email: String,
    licenses: Vec<License>,
    devices: Vec<Device>,
}

#[derive(Clone)]
struct License {
    id: LicenseId,
    product: String,
    edition: String,
    used: i64,
    seats: i64,
    left: i64,
}

#[derive(Clone)]
struct Device {
    id: DeviceId,
    name: String,
    system: String,
    status: String,
}

impl Page {
    /// A page of constants, without stored data.
    pub fn constants() -> Self {
        let license = License {
            id: LicenseId::from_bytes([0; 16]),
            product: "Studio".into(),
            edition: "Pro".into(),
            used: 1,
            seats: 1,
            left: 2,
        };
        let device = Device {
            id: DeviceId::from_bytes([0; 16]),
            name: "Device 1".into(),
            system: "Debian".into(),
            status: "active".into(),
        };
        Self {
            name: "Person".into(),
            email: "person@example.org".into(),
            licenses: vec![license; 2],
            devices: vec![device; 2],
        }
    }
}

fn license(row: &Row<'_>) -> rusqlite::Result<License> {
    Ok(License {
        id: LicenseId::from_bytes(row.get(0)?),
        product: row.get(1)?,
        edition: row.get(2)?,
        used: row.get(3)?,
        seats: row.get(4)?,
        left: row.get(5)?,
    })
}

fn device(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: DeviceId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        system: row.get(2)?,
        status: row.get(3)?,
    })
}

fn read(connection: &Connection, digest: [u8; 32], now: i64) -> rusqlite::Result<Page> {
    let (id, name, email): ([u8; 16], String, String) = connection
        .prepare_cached(
            "SELECT a.id, a.name, a.email FROM web_session s JOIN account a ON a.id = s.account_id \
             WHERE s.digest = ?1 AND s.expires_at > ?2",
        )?
        .query_row(params![digest, now], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let licenses = connection
        .prepare_cached(
            "SELECT l.id, p.name, e.name, l.seats_used, l.seats, \
             (SELECT COUNT(*) FROM budget_use b WHERE b.license_id = l.id AND b.used_at > ?2) \
             FROM license l JOIN product p ON p.id = l.product_id JOIN edition e ON e.id = l.edition_id \
             WHERE l.owner_id = ?1 ORDER BY l.id DESC LIMIT 21",
        )?
        .query_map(params![id, now], license)?
        .collect::<Result<_, _>>()?;
    let devices = connection
        .prepare_cached(
            "SELECT d.id, d.name, d.platform, a.status FROM license l JOIN activation a ON a.license_id = l.id \
             JOIN device d ON d.id = a.device_id WHERE l.owner_id = ?1 ORDER BY l.id DESC, d.id DESC LIMIT 21",
        )?
        .query_map(params![id], device)?
        .collect::<Result<_, _>>()?;
    Ok(Page { name, email, licenses, devices })
}

#[expect(clippy::disallowed_methods, reason = "it is a server of its own, and servers look at the clock")]
fn now() -> anyhow::Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

impl Pages {
    /// Creates the pool. `database` is the path of the server's database.
    pub fn new(database: &Path) -> Self {
        Self { database: database.to_owned(), idle: Mutex::default() }
    }

    fn answer(&self, headers: &HeaderMap) -> anyhow::Result<String> {
        let cookie = headers.get(header::COOKIE).context("no cookie")?.to_str()?;
        let (_, secret) = cookie.split_once('=').context("no value")?;
        let page = self.page(Sha256::digest(secret.as_bytes()).into(), now()?)?;
        Ok(page.render()?)
    }

    fn page(&self, digest: [u8; 32], now: i64) -> anyhow::Result<Page> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = idle.map_or_else(|| self.open(), Ok)?;
        connection.prepare_cached("BEGIN")?.execute([])?;
        let page = read(&connection, digest, now);
        connection.prepare_cached("COMMIT")?.execute([])?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(page?)
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open(&self.database)?;
        // Without this option, SQLite prepares each statement again for every execution.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch("PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;")?;
        Ok(connection)
    }

    /// The page of the account whose session is in the cookie.
    pub fn show(&self, headers: &HeaderMap) -> Result<Html<String>, StatusCode> {
        self.answer(headers).map(Html).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
    }
}
