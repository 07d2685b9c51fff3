//! The configuration: one typed file (`keystead.toml`) and the environment (`KEYSTEAD_…`), a default for everything.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use keystead_domain::account::check_slug;
use keystead_domain::{HOUR, Millis};
use keystead_storage::{Role, Timeouts};
use serde::Deserialize;

use crate::accounts::upstream_settings::UpstreamSettings;
use crate::oauth::oauth_client::Client;
use crate::security::protected_url::is_protected;

/// All settings. Not `Debug`: the database's address may hold a password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder for the database and the keys; made if it is missing.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to listen for the operator's tools, which read `/metrics`; `off` for nowhere.
    pub metrics_listen: MetricsListen,
    /// The address that customers use, without a trailing slash; `http://localhost:PORT` by default.
    pub public_url: Option<String>,
    /// `postgres://…`, or a file for SQLite; `keystead.db` in the data folder by default.
    pub database_url: Option<String>,
    /// A file of passwords from breaches that nobody may choose: SHA-1 hashes in hexadecimal, one a line, sorted.
    pub breached_passwords: Option<PathBuf>,
    /// Time limits for the database.
    pub database: Timeouts,
    /// Letters to people.
    pub mail: Mail,
    /// Applications that may sign their users in, beside those that come with the server.
    pub clients: Vec<Client>,
    /// Providers whose accounts can sign in here, once their owners linked them.
    pub providers: Vec<UpstreamSettings>,
    /// The vendor.
    pub vendor: Vendor,
    /// How long people stay signed in, and what is recorded of it.
    pub sign_in: SignIn,
    /// Bounds on what arrives.
    pub limits: Limits,
    /// How many proxies that set `X-Forwarded-For` stand before the server.
    pub trusted_proxies: usize,
    /// What is logged.
    pub log: Log,
}

/// Where `/metrics` is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MetricsListen {
    /// Nowhere.
    Off,
    /// On a listener of its own.
    At(SocketAddr),
}

impl MetricsListen {
    /// The address, if there is one.
    pub fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Off => None,
            Self::At(address) => Some(address),
        }
    }
}

impl TryFrom<String> for MetricsListen {
    type Error = std::net::AddrParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "off" { Ok(Self::Off) } else { text.parse().map(Self::At) }
    }
}

/// Letters to people. Not `Debug`: the address may hold a password.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The mail server, as `smtps://user:password@host:465` or `smtp://host:25?tls=opportunistic`; letters become files in
    /// the data folder's `outbox` without one.
    pub smtp_url: Option<String>,
    /// Who writes, as `Your company <no-reply@example.org>`.
    pub from: String,
}

/// The vendor whose server this is. Read at the first start only.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Vendor {
    /// The short name in certificates; cannot be changed later.
    pub slug: String,
    /// The name people read.
    pub name: String,
}

/// How long people stay signed in, and what is recorded of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Hours without use after which a customer's browser is signed out; in any case it is after two weeks.
    pub idle_hours: u32,
    /// The same for browsers of people who work for the vendor.
    pub staff_idle_hours: u32,
    /// Whether people who work for the vendor need a second factor. Without one, their browser can only set one up, and their
    /// applications may do nothing for the vendor.
    pub staff_second_factor: bool,
    /// Days after which the address and the browser of a sign-in are erased from the audit log.
    pub address_days: u32,
}

impl SignIn {
    /// How long a browser of an account with `role` stays signed in without use.
    pub fn idle(&self, role: Role) -> Millis {
        let hours = if role == Role::Customer { self.idle_hours } else { self.staff_idle_hours };
        Millis::from(hours) * HOUR
    }

    /// Whether an account with `role` needs a second factor.
    pub fn demands_second_factor(&self, role: Role) -> bool {
        self.staff_second_factor && role != Role::Customer
    }
}

/// Bounds on what arrives. A limit of requests that is 0 is off.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest request body, bytes.
    pub body_bytes: usize,
    /// The longest a request may take, seconds.
    pub request_seconds: u64,
    /// The longest the head of a request may take to arrive, seconds.
    pub header_seconds: u64,
    /// The longest the body of a request may take to arrive, seconds.
    pub body_seconds: u64,
    /// The longest a connection may be without a request, and a client may take no bytes of its answer, seconds. A proxy
    /// should close the connections that it keeps sooner.
    pub idle_seconds: u64,
    /// Connections in all; more wait. The system's limit of open files may allow fewer.
    pub connections: usize,
    /// Connections from one address (of IPv6: from one /64); more are refused, and 0 is no limit. Not in force where
    /// `trusted_proxies` is set, because all connections come from the proxies then.
    pub connections_per_address: usize,
    /// The longest that requests may take to end once the server is told to stop, seconds. What is left is cut.
    pub shutdown_seconds: u64,
    /// Requests from one address a second, in bursts of ten seconds' worth.
    pub requests_per_second: u32,
    /// Product keys that are not accepted, from one address a minute.
    pub bad_keys_per_minute: u32,
    /// Attempts to sign in, sign up or type a code, from one address a minute.
    pub sign_ins_per_minute: u32,
    /// Sign-ups from everywhere a minute before each needs a proof of work.
    pub sign_ups_per_minute: u32,
    /// Letters that anybody can have written to one e-mail address an hour.
    pub letters_per_hour: u32,
    /// Passwords checked at the same time; half of the processors by default, so that guessing leaves time for the rest.
    pub concurrent_password_checks: usize,
    /// Writes that may wait for the database.
    pub waiting_writes: usize,
    /// Entries on a page of a list at the most.
    pub page: u32,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A filter as `info` or `keystead_server=debug`.
    pub filter: String,
    /// One JSON object a line instead of text.
    pub json: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "keystead-data".into(),
            listen: ([127, 0, 0, 1], 8420).into(),
            metrics_listen: MetricsListen::At(([127, 0, 0, 1], 8421).into()),
            public_url: None,
            database_url: None,
            database: Timeouts::default(),
            breached_passwords: None,
            mail: Mail::default(),
            clients: Vec::new(),
            providers: Vec::new(),
            vendor: Vendor::default(),
            sign_in: SignIn::default(),
            limits: Limits::default(),
            trusted_proxies: 0,
            log: Log::default(),
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self { smtp_url: None, from: "Keystead <no-reply@localhost>".into() }
    }
}

impl Default for Vendor {
    fn default() -> Self {
        Self { slug: "vendor".into(), name: "Your company".into() }
    }
}

impl Default for SignIn {
    fn default() -> Self {
        Self { idle_hours: 7 * 24, staff_idle_hours: 12, staff_second_factor: true, address_days: 90 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 64 * 1024,
            request_seconds: 30,
            header_seconds: 10,
            body_seconds: 15,
            idle_seconds: 75,
            connections: 8192,
            connections_per_address: 256,
            shutdown_seconds: 20,
            requests_per_second: 100,
            bad_keys_per_minute: 10,
            sign_ins_per_minute: 20,
            sign_ups_per_minute: 60,
            letters_per_hour: 5,
            concurrent_password_checks: (processors() / 2).max(1),
            waiting_writes: 4096,
            page: 100,
        }
    }
}

impl Limits {
    fn check_connections(&self) -> anyhow::Result<()> {
        for (name, value) in [
            ("header_seconds", self.header_seconds),
            ("body_seconds", self.body_seconds),
            ("idle_seconds", self.idle_seconds),
        ] {
            anyhow::ensure!((1..=3600).contains(&value), "limits.{name} must be from 1 to 3600");
        }
        anyhow::ensure!(self.shutdown_seconds <= 3600, "limits.shutdown_seconds must be at most 3600");
        // A semaphore has no more places.
        let most = tokio::sync::Semaphore::MAX_PERMITS;
        anyhow::ensure!((1..=most).contains(&self.connections), "limits.connections must not be 0");
        Ok(())
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Default for Log {
    fn default() -> Self {
        Self { filter: "info".into(), json: false }
    }
}

/// The file that settings come from.
pub fn file_source(file: Option<&Path>) -> config::File<config::FileSourceFile, config::FileFormat> {
    config::File::from(file.unwrap_or(Path::new(Config::FILE))).required(file.is_some())
}

impl Config {
    /// The file in the working folder that is read if no other is named.
    pub const FILE: &str = "keystead.toml";

    /// Reads `file`, or `keystead.toml` in the working folder where it exists, and the environment over it.
    /// `KEYSTEAD_LIMITS__BODY_BYTES` sets `limits.body_bytes`.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let environment = config::Environment::with_prefix("KEYSTEAD")
            .prefix_separator("_")
            .separator("__")
            .try_parsing(true)
            .source(Some(settings(std::env::vars())));
        let config: Self = config::Config::builder()
            .add_source(file_source(file))
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the configuration cannot be read")?;
        config.check()?;
        Ok(config)
    }

    /// Refuses values that cannot work.
    pub fn check(&self) -> anyhow::Result<()> {
        check_slug(&self.vendor.slug).context("vendor.slug")?;
        self.database.check().map_err(|what| anyhow::anyhow!("database: {what}"))?;
        anyhow::ensure!(self.limits.body_bytes >= 1024, "limits.body_bytes must be at least 1024");
        anyhow::ensure!(
            self.limits.concurrent_password_checks > 0,
            "limits.concurrent_password_checks must not be 0"
        );
        let idle = [self.sign_in.idle_hours, self.sign_in.staff_idle_hours];
        anyhow::ensure!(!idle.contains(&0), "sign_in.idle_hours and sign_in.staff_idle_hours must not be 0");
        anyhow::ensure!(self.limits.waiting_writes > 0, "limits.waiting_writes must not be 0");
        anyhow::ensure!((1..=1000).contains(&self.limits.page), "limits.page must be from 1 to 1000");
        self.limits.check_connections()?;
        for client in &self.clients {
            client.check()?;
        }
        for (at, provider) in self.providers.iter().enumerate() {
            provider.check()?;
            let again = self.providers[..at].iter().any(|other| other.id == provider.id);
            anyhow::ensure!(!again, "providers: there is more than one {}", provider.id);
        }
        if let Some(url) = &self.public_url {
            anyhow::ensure!(
                url.parse().is_ok_and(|url| is_protected(&url)) && !url.ends_with('/'),
                "public_url must start with https:// and not end with /; http:// is for localhost only"
            );
        }
        Ok(())
    }

    /// Where the data is.
    pub fn database(&self) -> anyhow::Result<keystead_storage::Location> {
        match &self.database_url {
            Some(url) => Ok(url.parse()?),
            None => Ok(keystead_storage::Location::Sqlite(self.data.join("keystead.db"))),
        }
    }
}

/// The variables that are settings; others of our programs begin with `KEYSTEAD_` too.
fn settings(variables: impl Iterator<Item = (String, String)>) -> HashMap<String, String> {
    const SETTINGS: [&str; 13] = [
        "DATA",
        "LISTEN",
        "METRICS_LISTEN",
        "PUBLIC_URL",
        "DATABASE_URL",
        "DATABASE",
        "BREACHED_PASSWORDS",
        "MAIL",
        "VENDOR",
        "SIGN_IN",
        "LIMITS",
        "TRUSTED_PROXIES",
        "LOG",
    ];
    let is_setting = |name: &str| {
        let name = name.strip_prefix("KEYSTEAD_").unwrap_or_default();
        SETTINGS.contains(&name.split("__").next().unwrap_or_default())
    };
    variables.filter(|(name, _)| is_setting(name)).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    #[test]
    fn variables_of_our_other_programs_are_no_settings() {
        let names = ["KEYSTEAD_TOKEN", "KEYSTEAD_LIMITS__PAGE", "KEYSTEAD_DATA", "PATH", "KEYSTEAD_PROFILE"];
        let variables = names.map(|name| (name.to_owned(), "x".to_owned()));
        let mut kept: Vec<String> = settings(variables.into_iter()).into_keys().collect();
        kept.sort();
        assert_eq!(kept, ["KEYSTEAD_DATA", "KEYSTEAD_LIMITS__PAGE"]);
    }

    #[test]
    fn the_defaults_work() {
        Config::default().check().unwrap();
    }

    #[test]
    fn time_limits_are_numbers_of_seconds() {
        let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
        file.write_all(b"[database]\nlock_seconds = 7\nidle_in_transaction_seconds = 0.5").unwrap();
        let Timeouts { lock, idle_in_transaction, .. } = Config::load(Some(file.path())).unwrap().database;
        assert_eq!((lock, idle_in_transaction), (Duration::from_secs(7), Duration::from_millis(500)));
    }

    #[test]
    fn impossible_values_are_refused() {
        for url in
            ["ftp://x", "http://shop.example", "http://localhost.example", "https://shop.example/", "x"]
        {
            let config = Config { public_url: Some(url.into()), ..Config::default() };
            assert!(config.check().is_err(), "{url}");
        }
        for url in ["https://shop.example", "http://localhost:8420", "http://127.0.0.1:1", "http://[::1]"] {
            let config = Config { public_url: Some(url.into()), ..Config::default() };
            assert!(config.check().is_ok(), "{url}");
        }
        let client = Client { scopes: vec!["vendor".into()], ..Client::new("site", "Site") };
        assert!(
            Config { clients: vec![client], ..Config::default() }.check().is_err(),
            "vendor has its own setting"
        );
        let vendor = Vendor { slug: "No Slug".into(), ..Vendor::default() };
        assert!(Config { vendor, ..Config::default() }.check().is_err());
        let limits = Limits { header_seconds: 0, ..Limits::default() };
        assert!(Config { limits, ..Config::default() }.check().is_err());
        let database = Timeouts { lock: Duration::from_secs(1), ..Timeouts::default() };
        assert!(Config { database, ..Config::default() }.check().is_err());
    }
}
