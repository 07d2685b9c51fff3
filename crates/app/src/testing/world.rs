use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use bytes::Bytes;
use keystead_domain::Millis;
use keystead_storage::testing::Database;
use keystead_storage::{AuditRow, Connection, Error, Location};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::Device;
use crate::clock::Clock;
use crate::config::Config;
use crate::context::{App, Shared};
use crate::oauth::make_api_token::make_api_token;
use crate::oauth::manage_tokens::revoke_api_token;
use crate::principal::{Permission, Principal};
use crate::request::{IdempotencyKey, SignedRequest};

/// The time at which every test begins: November 21, 2026.
pub const START: Millis = 1_795_238_400_000;

/// Maximum number of audit events read per subject.
const MAX_EVENTS: u32 = 100;

/// An application and its test environment.
pub struct World {
    /// The application.
    pub app: Shared,
    /// Set after the product is defined.
    pub(super) product: OnceCell<()>,
    clock: Arc<AtomicI64>,
    numbers: AtomicU32,
    _database: Database,
    _data: TempDir,
}

impl World {
    /// A new application on an empty database, without rate limits.
    pub async fn open(database: Database) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut config = Config { data: data.path().join("data"), ..Config::default() };
        config.database_url = Some(match &database.location {
            Location::Sqlite(path) => path.to_str().unwrap().to_owned(),
            Location::Postgres(url) => url.clone(),
        });
        config.public_url = Some("https://licenses.example".to_owned());
        config.vendor.name = "Acme".to_owned();
        config.limits.bad_keys_per_minute = 0;
        config.limits.sign_ins_per_minute = 0;
        config.limits.sign_ups_per_minute = 0;
        config.limits.emails_per_hour = 0;
        let clock = Arc::new(AtomicI64::new(START));
        let app = App::open(config, Clock::Manual(Arc::clone(&clock))).await.unwrap();
        let (product, numbers) = (OnceCell::new(), AtomicU32::new(1));
        Self { app, product, clock, numbers, _database: database, _data: data }
    }

    /// The current time.
    pub fn now(&self) -> Millis {
        self.app.now()
    }

    /// Moves the clock forward and renews the root's statements.
    pub async fn pass(&self, time: Millis) {
        self.clock.fetch_add(time, Ordering::SeqCst);
        // A server does this every minute.
        self.app.keys.renew(&self.app.store, self.now()).await.unwrap();
    }

    /// A number that is unique in this world.
    pub(super) fn number(&self) -> u32 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// A request with a new idempotency key and without a device's signature.
    pub fn request(&self) -> SignedRequest {
        SignedRequest {
            method: "POST".to_owned(),
            path: "/tests".to_owned(),
            body: Bytes::new(),
            proof: None,
            idempotency_key: IdempotencyKey::fresh().parse().ok(),
            from: IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }

    /// A request with a new idempotency key that `device` signed.
    pub fn signed(&self, device: &Device) -> SignedRequest {
        device.sign(&self.app, self.request())
    }

    /// The vendor's automation: a principal with an API token for these permissions.
    pub async fn vendor(&self, permissions: &[Permission]) -> Principal {
        let names: Vec<&str> = permissions.iter().map(|permission| permission.name()).collect();
        let (_, token) =
            make_api_token(&self.app, &Principal::Operator, "tests", &names.join(","), None).await.unwrap();
        Principal::ApiToken { token: token.id, permissions: permissions.to_vec() }
    }

    /// Revokes the API token of an automation.
    pub async fn revoke(&self, automation: &Principal) {
        let Principal::ApiToken { token, .. } = automation else { panic!("only tokens can be revoked") };
        revoke_api_token(&self.app, &Principal::Operator, *token).await.unwrap();
    }

    /// Runs a query.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.app.store.read(question).await.unwrap()
    }

    /// The audit events of a subject, oldest first.
    pub async fn audit(&self, subject: impl ToString) -> Vec<AuditRow> {
        let subject = subject.to_string();
        let mut events = self
            .read(move |connection| connection.audit_events_of_subject(&subject, Millis::MIN, MAX_EVENTS))
            .await;
        events.reverse();
        events
    }

    /// The actions in the audit events of a subject, oldest first.
    pub async fn actions(&self, subject: impl ToString) -> Vec<String> {
        self.audit(subject).await.into_iter().map(|event| event.action).collect()
    }
}
