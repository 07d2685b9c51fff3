use std::sync::atomic::{AtomicU64, Ordering};

use keystead_domain::activation::{Activation, ActivationStatus, Drift};
use keystead_domain::license::{self, License, Ownership};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::Ratchet;
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{Fingerprint, MachineClass};
use keystead_protocol::id::{
    AccountId, ActivationId, AuditEventId, DeviceId, EditionId, KeyBatchId, LicenseId, PolicyId, ProductId,
    SessionId,
};
use keystead_protocol::tlog::{Log, TreeHead};
use keystead_storage::{
    Account, ActivationRow, AuditEvent, Device, Edition, Error, KeyBatch, Policy, Product, Role, Sequenced,
    Store, StoredCheckpoint, Tx, VerifiedLog, WebSession,
};

pub const LICENSE: LicenseId = LicenseId::from_bytes([4; 16]);
pub const BATCH: KeyBatchId = KeyBatchId::from_bytes([5; 16]);

pub fn license(seats: u32) -> License {
    License {
        id: LICENSE,
        product: ProductId::from_bytes([1; 16]),
        edition: EditionId::from_bytes([2; 16]),
        policy: PolicyId::from_bytes([3; 16]),
        ownership: Ownership::Held,
        status: license::LicenseStatus::Active,
        expires_at: Some(99),
        seats,
        seats_used: 0,
        key_last_group: "DWY6M".into(),
        claimed_at: 7,
    }
}

fn insert_catalog(tx: &mut Tx<'_>) -> Result<(), Error> {
    let (product, edition, policy) =
        (ProductId::from_bytes([1; 16]), EditionId::from_bytes([2; 16]), PolicyId::from_bytes([3; 16]));
    tx.product_insert(&Product {
        id: product,
        slug: "studio".into(),
        name: "Studio".into(),
        code: 1,
        created_at: 1,
    })?;
    tx.edition_insert(&Edition {
        id: edition,
        product,
        slug: "pro".into(),
        name: "Professional".into(),
        features: vec!["raw".into()],
        created_at: 1,
    })?;
    tx.policy_insert(&Policy {
        id: policy,
        product,
        slug: "retail".into(),
        number: 1,
        rules: PolicyRules::default(),
        created_at: 1,
    })?;
    tx.key_batch_insert(&KeyBatch {
        id: BATCH,
        product,
        edition,
        policy,
        requested: 1,
        note: String::new(),
        created_at: 1,
    })
}

/// Creates a catalog and one license with `seats` seats.
pub async fn with_license(store: &Store, seats: u32) {
    let stored: Result<(), Error> = store
        .write(move |tx| {
            insert_catalog(tx)?;
            tx.license_insert(&license(seats))
        })
        .await;
    stored.unwrap();
}

pub fn device(n: u8) -> Device {
    Device {
        id: DeviceId::from_bytes([n; 16]),
        public_key: DevicePublicKey::Ed25519([n; 32]),
        name: "Desk PC".into(),
        platform: "Debian".into(),
        created_at: 1,
        last_seen_at: 1,
    }
}

pub fn activation(n: u8) -> ActivationRow {
    let activation = Activation {
        id: ActivationId::from_bytes([n; 16]),
        license: LICENSE,
        device: DeviceId::from_bytes([n; 16]),
        seat: ActivationId::from_bytes([n; 16]),
        status: ActivationStatus::Active,
        ratchet: Ratchet::start([n; 16]),
        baseline: Fingerprint::empty(MachineClass::Phys),
        drift: Drift::default(),
        activated_at: 1,
        refreshed_at: 1,
        serves_until: 2,
        floating: false,
    };
    ActivationRow { activation, app_version: "1.0".into() }
}

pub fn event(subject: &str) -> AuditEvent {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    AuditEvent {
        id: AuditEventId::new(NEXT.fetch_add(1, Ordering::Relaxed), [0; 10]),
        at: 5,
        actor: "operator".into(),
        action: "test.happened",
        subject: subject.into(),
        detail: "because".into(),
        personal: None,
    }
}

pub fn browser(n: u8, account: AccountId) -> WebSession {
    WebSession {
        id: SessionId::from_bytes([n; 16]),
        account,
        browser: "Firefox on Linux".into(),
        seen_at: 1,
        created_at: 1,
        expires_at: 50,
    }
}

pub async fn with_account(store: &Store) -> AccountId {
    let account = Account {
        id: AccountId::from_bytes([8; 16]),
        email: "person@example.org".into(),
        name: "Person".into(),
        password_hash: "$argon2id$".into(),
        role: Role::Customer,
        language: None,
        created_at: 1,
        credentials_version: 0,
        disabled_at: None,
    };
    let id = account.id;
    store.write(move |tx| tx.account_insert(&account)).await.unwrap();
    id
}

/// Runs the sequencer once, with unsigned checkpoints.
pub async fn sequence(store: &Store, log: Log, limit: u32) -> Option<Sequenced> {
    store.write(move |tx| tx.log_sequence(log, limit, 5, &|head| head.to_string())).await.unwrap()
}

/// Verifies a log.
pub async fn verify(store: &Store, log: Log) -> Result<VerifiedLog, Error> {
    let open = |note: &str| note.parse().ok();
    store.read(move |connection| connection.log_verify(log, &open, &open)).await
}

/// Verifies a log and checks that all entries are sequenced. Returns the log's tree head.
pub async fn whole(store: &Store, log: Log) -> TreeHead {
    let VerifiedLog { head, waiting, .. } = verify(store, log).await.unwrap();
    assert_eq!(waiting, 0);
    head
}

/// Stores the tree of a log as countersigned, with an unsigned checkpoint.
pub async fn countersign(store: &Store, log: Log) -> StoredCheckpoint {
    let head = whole(store, log).await;
    let checkpoint = StoredCheckpoint { size: head.size, note: head.to_string() };
    let stored = checkpoint.clone();
    store.write(move |tx| tx.log_countersignature_set(log, &stored, 5)).await.unwrap();
    checkpoint
}
