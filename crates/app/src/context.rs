//! What every request shares.

use std::sync::{Arc, Mutex, Once, PoisonError};

use anyhow::Context as _;
use keystead_domain::Millis;
use keystead_protocol::id::TenantId;
use keystead_storage::{Location, Options, Store, Tenant, Tx};
use tokio::sync::Semaphore;
use webauthn_rs::Webauthn;

use crate::accounts::upstream::Upstream;
use crate::catalog::cache::Catalog;
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

/// Providers that are waited for at once at the most.
const UPSTREAM_CALLS: usize = 32;

/// The state of a running server.
pub struct App {
    /// The settings.
    pub config: Config,
    /// The only way to data.
    pub store: Store,
    /// Whether this node can serve.
    pub readiness: Readiness,
    /// The secrets.
    pub keys: Keys,
    /// Applications that may sign their users in.
    pub clients: Vec<Client>,
    /// Providers whose accounts can sign in here.
    pub upstreams: Vec<Upstream>,
    /// The vendor.
    pub tenant: Tenant,
    /// The time.
    pub clock: Clock,
    /// What an address may do how often.
    pub limits: Limits,
    /// What the vendor defined, remembered.
    pub catalog: Catalog,
    /// Tokens of the vendor that were found alive lately.
    pub token_cache: TokenCache,
    /// Passwords that nobody may choose.
    pub breached: Option<Breached>,
    /// Bounds how many passwords are checked at once.
    pub password_checks: Arc<Semaphore>,
    /// Checks passkeys; nothing where the server is reached by an IP address.
    pub webauthn: Option<Webauthn>,
    /// Bounds how many providers are waited for at once.
    pub upstream_calls: Arc<Semaphore>,
    /// The way to the mail server.
    pub mail: Mail,
    /// The address that customers use.
    pub public_url: String,
    /// Done once it was said that a proxy stands before the server that the settings do not name.
    pub unknown_proxy: Once,
    /// The time of the newest id, and how many ids of that time there were before it.
    newest_id: Mutex<(u64, u32)>,
}

/// The state as handlers hold it.
pub type Shared = Arc<App>;

impl App {
    /// Opens the data folder and the database; makes both at the first start and never wipes anything.
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

    /// Runs a change that writes emails; they are sent once it is committed.
    pub async fn write_emails<T: Send + 'static>(
        &self,
        story: impl FnMut(&mut Tx<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let outcome = self.store.write(story).await;
        self.mail.written.notify_one();
        outcome
    }

    /// Runs a change for `principal`, if they still may make it when the transaction runs.
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

    /// Whether customers reach the server by TLS.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// UTC milliseconds.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// An application by its `client_id`.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// The providers that the vendor allows: what each is called in addresses, and by people.
    pub fn upstream_names(&self) -> Vec<(String, String)> {
        let settings = self.upstreams.iter().map(|upstream| &upstream.settings);
        settings.map(|settings| (settings.id.clone(), settings.name.clone())).collect()
    }

    /// A fresh id, after all ids that this node made before: a UUIDv7 with a counter of 18 bits for ids of the same
    /// millisecond (RFC 9562, section 6.2, method 1).
    pub fn new_id<T: From<[u8; 16]>>(&self) -> T {
        let now = self.now().unsigned_abs();
        let count = {
            let mut newest = self.newest_id.lock().unwrap_or_else(PoisonError::into_inner);
            *newest = if newest.0 == now { (now, newest.1 + 1) } else { (now, 0) };
            newest.1
        };
        let mut free = entropy::bytes::<10>();
        // The version takes the first four bits and the variant two of the third byte.
        free[..2].copy_from_slice(&((count >> 6) as u16).to_be_bytes());
        free[2] = (count & 0x3f) as u8;
        T::from(uuid::Builder::from_unix_timestamp_millis(now, &free).into_uuid().into_bytes())
    }
}

/// The vendor as the first start stores it.
fn vendor(config: &Config, now: Millis) -> Tenant {
    Tenant {
        id: TenantId::from_bytes(entropy::bytes()),
        slug: config.vendor.slug.clone(),
        name: config.vendor.name.clone(),
        fingerprint_salt: entropy::bytes(),
        created_at: now,
    }
}
