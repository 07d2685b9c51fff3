//! The configuration: one file (`keystead.toml`) and the environment (`KEYSTEAD_…`). Every setting has a
//! default.

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

/// All settings. Not `Debug`: the database URL may contain a password.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of the database and the keys. Created if missing.
    pub data: PathBuf,
    /// Listen address.
    pub listen: SocketAddr,
    /// Separate listen address for `/metrics`, which the operator's tools read; `off` disables it.
    pub metrics_listen: MetricsListen,
    /// The public address of the server, without a trailing slash. Default: `http://localhost:PORT`.
    pub public_url: Option<String>,
    /// The database: `postgres://…`, or the path of a SQLite file. Default: `keystead.db` in the data folder.
    pub database_url: Option<String>,
    /// A file of breached passwords that accounts must not use: SHA-1 hashes in hexadecimal, one per line, sorted.
    pub breached_passwords: Option<PathBuf>,
    /// Database timeouts.
    pub database: Timeouts,
    /// Email settings.
    pub mail: Mail,
    /// OAuth clients, in addition to the built-in ones.
    pub clients: Vec<Client>,
    /// Upstream providers.
    pub providers: Vec<UpstreamSettings>,
    /// The vendor.
    pub vendor: Vendor,
    /// Session lifetimes and sign-in records.
    pub sign_in: SignIn,
    /// Request limits.
    pub limits: Limits,
    /// Number of trusted proxies in front of the server. Each one adds to `X-Forwarded-For`.
    pub trusted_proxies: usize,
    /// Logging.
    pub log: Log,
}

/// Where `/metrics` is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MetricsListen {
    /// Disabled.
    Off,
    /// On a separate listener.
    At(SocketAddr),
}

impl MetricsListen {
    /// The listen address; `None` if disabled.
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

/// Email settings. Not `Debug`: the URL may contain a password.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The mail server, such as `smtps://user:password@host:465` or `smtp://host:25?tls=opportunistic`.
    /// Without a mail server, emails become files in the `outbox` folder of the data folder.
    pub smtp_url: Option<String>,
    /// The sender, such as `Your company <no-reply@example.org>`.
    pub from: String,
}

/// The vendor that runs this server. Read at the first start only.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Vendor {
    /// The short name in certificates. It cannot be changed later.
    pub slug: String,
    /// The display name.
    pub name: String,
}

/// Session lifetimes and sign-in records.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SignIn {
    /// Idle hours until a customer's browser is signed out. A session lasts at most two weeks.
    pub idle_hours: u32,
    /// Idle hours until a staff browser is signed out.
    pub staff_idle_hours: u32,
    /// Whether staff accounts need a second factor. In the browser, staff without a second factor can only
    /// set one up. Their applications get no vendor permissions.
    pub staff_second_factor: bool,
    /// Days until the address and the browser of a sign-in are erased from the audit log.
    pub address_days: u32,
}

impl SignIn {
    /// Idle time until a browser session of an account with `role` ends.
    pub fn idle(&self, role: Role) -> Millis {
        let hours = if role == Role::Customer { self.idle_hours } else { self.staff_idle_hours };
        Millis::from(hours) * HOUR
    }

    /// Whether an account with `role` needs a second factor.
    pub fn demands_second_factor(&self, role: Role) -> bool {
        self.staff_second_factor && role != Role::Customer
    }
}

/// Request limits. A rate limit of 0 is disabled.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Maximum size of a request body, bytes.
    pub body_bytes: usize,
    /// Maximum duration of a request, seconds.
    pub request_seconds: u64,
    /// Maximum time for receiving a request's head, seconds.
    pub header_seconds: u64,
    /// Maximum time for receiving a request's body, seconds.
    pub body_seconds: u64,
    /// Maximum idle time of a connection, and maximum time without progress while a client reads its response,
    /// seconds. A proxy should use a shorter keep-alive.
    pub idle_seconds: u64,
    /// Maximum number of connections. Further connections wait. The system's limit of open files may allow
    /// fewer.
    pub connections: usize,
    /// Maximum number of connections per address (IPv6: per /64 network). Further connections are refused; 0
    /// disables the limit. It does not apply when `trusted_proxies` is set, because then the proxies open all
    /// connections.
    pub connections_per_address: usize,
    /// Time for requests to finish after a stop signal, seconds. Then the remaining connections are closed.
    pub shutdown_seconds: u64,
    /// Requests per second and address. The burst size is ten seconds' worth.
    pub requests_per_second: u32,
    /// Rejected product keys per minute and address.
    pub bad_keys_per_minute: u32,
    /// Attempts to sign in, sign up or enter a code, per minute and address.
    pub sign_ins_per_minute: u32,
    /// Number of sign-ups per minute, over all addresses. Above it, each sign-up needs a proof of work.
    pub sign_ups_per_minute: u32,
    /// Emails per hour that anonymous requests can cause for one address.
    pub emails_per_hour: u32,
    /// Maximum number of concurrent password checks. Default: half of the processors. The other half stays
    /// free for other requests.
    pub concurrent_password_checks: usize,
    /// Maximum number of writes waiting for the database.
    pub waiting_writes: usize,
    /// Maximum number of entries on a page of a list.
    pub page: u32,
}

/// Logging.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// A filter such as `info` or `keystead_server=debug`.
    pub filter: String,
    /// Whether each log line is a JSON object instead of text.
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
            emails_per_hour: 5,
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
        // A semaphore supports at most this number of permits.
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

/// The settings file as a configuration source.
pub fn file_source(file: Option<&Path>) -> config::File<config::FileSourceFile, config::FileFormat> {
    config::File::from(file.unwrap_or(Path::new(Config::FILE))).required(file.is_some())
}

impl Config {
    /// Default settings file, in the working folder.
    pub const FILE: &str = "keystead.toml";

    /// Reads `file`, or `keystead.toml` in the working folder if it exists. The environment overrides the file:
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

    /// Rejects invalid values.
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

    /// The location of the database.
    pub fn database(&self) -> anyhow::Result<keystead_storage::Location> {
        match &self.database_url {
            Some(url) => Ok(url.parse()?),
            None => Ok(keystead_storage::Location::Sqlite(self.data.join("keystead.db"))),
        }
    }
}

/// Selects the variables that are settings. Other Keystead programs also read variables that begin with
/// `KEYSTEAD_`.
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
