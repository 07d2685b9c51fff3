//! The application context shared by all use cases.

use std::sync::{Arc, Mutex, Once, PoisonError};

use anyhow::Context as _;
use keystead_domain::Millis;
use keystead_protocol::id::TenantId;
use keystead_storage::{Location, Options, Store, Tenant, Tx};
use tokio::sync::Semaphore;
use webauthn_rs::Webauthn;

use crate::accounts::upstream::Upstream;
use crate::catalog::immutable_cache::Catalog;
use crate::clock::Clock;
use crate::config::Config;
use crate::credential::Credential;
use crate::email::transport::Mail;
use crate::error::AppError;
use crate::keys::Keys;
use crate::oauth::oauth_client::{self, Client};
use crate::oauth::token_cache::TokenCache;
use crate::outbox_consumers::CONSUMERS;
use crate::readiness::Readiness;
use crate::security::breached::Breached;
use crate::security::private_files;
use crate::security::rate_limits::Limits;
use crate::security::relying_party::relying_party;
use crate::{entropy, open_connections};

/// Maximum number of concurrent calls to upstream providers.
const UPSTREAM_CALLS: usize = 32;

/// The state of a running server.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The only access to data.
    pub store: Store,
    /// Whether this node can serve requests.
    pub readiness: Readiness,
    /// The secrets.
    pub keys: Keys,
    /// OAuth clients.
    pub clients: Vec<Client>,
    /// Upstream providers.
    pub upstreams: Vec<Upstream>,
    /// The vendor.
    pub tenant: Tenant,
    /// The clock.
    pub clock: Clock,
    /// Rate limits.
    pub limits: Limits,
    /// Cached catalog.
    pub catalog: Catalog,
    /// API tokens that were valid recently.
    pub token_cache: TokenCache,
    /// Breached passwords.
    pub breached: Option<Breached>,
    /// Bounds concurrent password checks.
    pub password_checks: Arc<Semaphore>,
    /// Verifies passkeys; `None` if the public address is an IP address.
    pub webauthn: Option<Webauthn>,
    /// Bounds concurrent calls to upstream providers.
    pub upstream_calls: Arc<Semaphore>,
    /// The email transport.
    pub mail: Mail,
    /// The public address of the server.
    pub public_url: String,
    /// Ensures that the warning about an unconfigured proxy is logged only once.
    pub unknown_proxy: Once,
    /// Time of the newest id, and its counter within that millisecond.
    newest_id: Mutex<(u64, u32)>,
}

/// A shared reference to the context.
pub type Shared = Arc<App>;

impl App {
    /// Opens the data folder and the database. Creates both at the first start; never deletes data.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Shared> {
        config.check()?;
        let now = clock.now();
        private_files::data_folder(&config.data)?;
        let queue = config.limits.waiting_writes;
        let options =
            Options { queue, timeouts: config.database, consumers: CONSUMERS, ..Options::default() };
        let location = config.database()?;
        open_connections::warn_of_them(&location, &config.mail)?;
        if let Location::Sqlite(path) = &location {
            private_files::database(path)?;
        }
        let store =
            Store::open(&location, options, now).with_context(|| format!("{location:?} cannot be opened"))?;
        let folder = std::path::absolute(config.data.join("keys"))?;
        let vendor = vendor(&config, now);
        let (tenant, keys) = Keys::open(&folder, &location, &store, vendor, now).await?;
        let public_url =
            config.public_url.clone().unwrap_or_else(|| format!("http://localhost:{}", config.listen.port()));
        Ok(Arc::new(Self {
            clients: config.clients.iter().cloned().chain(oauth_client::built_in()).collect(),
            upstreams: config
                .providers
                .iter()
                .map(|settings| Upstream::new(settings.clone(), &public_url))
                .collect::<anyhow::Result<_>>()?,
            limits: Limits::new(&config.limits),
            readiness: Readiness::default(),
            catalog: Catalog::default(),
            token_cache: TokenCache::default(),
            breached: config.breached_passwords.as_deref().map(Breached::open).transpose()?,
            password_checks: Arc::new(Semaphore::new(config.limits.concurrent_password_checks)),
            upstream_calls: Arc::new(Semaphore::new(UPSTREAM_CALLS)),
            webauthn: relying_party(&tenant.name, &public_url)?,
            mail: Mail::open(&config)?,
            config,
            store,
            keys,
            tenant,
            clock,
            public_url,
            unknown_proxy: Once::new(),
            newest_id: Mutex::default(),
        }))
    }

    /// Runs a change that enqueues emails. Wakes the email job after the transaction.
    pub async fn write_emails<T: Send + 'static>(
        &self,
        story: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let outcome = self.store.write(story).await;
        self.mail.written.notify_one();
        outcome
    }

    /// Runs a change for `principal`. Checks its credential again inside the transaction.
    pub async fn write_as<T: Send + 'static>(
        &self,
        principal: impl Into<Credential>,
        mut story: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (principal, now) = (principal.into(), self.now());
        self.write_emails(move |tx| {
            principal.recheck(tx, now)?;
            story(tx)
        })
        .await
    }

    /// Whether customers reach the server over TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The current time, UTC milliseconds.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Finds an application by its `client_id`.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// Id and display name of each upstream provider.
    pub fn upstream_names(&self) -> Vec<(String, String)> {
        let settings = self.upstreams.iter().map(|upstream| &upstream.settings);
        settings.map(|settings| (settings.id.clone(), settings.name.clone())).collect()
    }

    /// Creates a UUIDv7 with an 18-bit counter within one millisecond (RFC 9562, section 6.2, method 1). The
    /// ids of a node increase unless its clock moves back.
    pub fn new_id<T: From<[u8; 16]>>(&self) -> T {
        let now = self.now().unsigned_abs();
        let count = {
            let mut newest = self.newest_id.lock().unwrap_or_else(PoisonError::into_inner);
            *newest = if newest.0 == now { (now, newest.1 + 1) } else { (now, 0) };
            newest.1
        };
        let mut free = entropy::bytes::<10>();
        // `Builder` overwrites the first four bits with the version, and the first two bits of the third byte
        // with the variant.
        free[..2].copy_from_slice(&((count >> 6) as u16).to_be_bytes());
        free[2] = (count & 0x3f) as u8;
        T::from(uuid::Builder::from_unix_timestamp_millis(now, &free).into_uuid().into_bytes())
    }
}

/// The vendor record written at the first start.
fn vendor(config: &Config, now: Millis) -> Tenant {
    Tenant {
        id: TenantId::from_bytes(entropy::bytes()),
        slug: config.vendor.slug.clone(),
        name: config.vendor.name.clone(),
        fingerprint_salt: entropy::bytes(),
        created_at: now,
    }
}
