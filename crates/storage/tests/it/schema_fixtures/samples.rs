//! A realistic row for every table.

use std::collections::BTreeMap;

use keystead_domain::activation::{Activation, ActivationStatus, Drift};
use keystead_domain::device_grant::{self, Approver, DeviceGrant};
use keystead_domain::guess_limits::{Attempts, Door};
use keystead_domain::license::{self, License, Ownership};
use keystead_domain::policy::PolicyRules;
use keystead_domain::ratchet::{LeftBranch, LeftBy, Ratchet, Shown};
use keystead_domain::{DAY, HOUR, Millis};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::id::{
    AccountId, ActivationId, ApiTokenId, AuditEventId, DeviceId, EditionId, GrantId, KeyBatchId, LicenseId,
    OutboxId, PasskeyId, PolicyId, ProductId, QueuedEmailId, SessionId, UpstreamIdentityId,
};
use keystead_protocol::tlog::{Covers, IssueEntry};
use keystead_storage::testing::tenant;
use keystead_storage::{
    Account, Answer, ApiToken, AppSession, AuditEvent, AuthorizationCode, Device, Digest, Edition, EmailLink,
    Error, KeyBatch, LinkPurpose, Message, OfflineFile, OfflineInstallation, Passkey, Personal, Policy,
    Product, ProductKeyStatus, QueuedEmail, Role, SecretCheck, Store, StoredKey, StoredKeyset, TokenKind,
    Totp, Tx, UpstreamIdentity, WebSession,
};
use sha2::{Digest as _, Sha256};

/// The time of all samples: 2026-03-08 20:00 UTC.
pub const NOW: Millis = 1_773_000_000_000;

pub const PRODUCT: ProductId = ProductId::from_bytes([0x11; 16]);
pub const LICENSE: LicenseId = LicenseId::from_bytes([0x14; 16]);
pub const ACCOUNT: AccountId = AccountId::from_bytes([0x15; 16]);
pub const ACTIVATION: ActivationId = ActivationId::from_bytes([0x17; 16]);
pub const KEY_INDEX: [u8; 16] = [0x21; 16];
pub const INSTALLATION: [u8; 12] = [0x22; 12];
pub const REQUEST: [u8; 16] = [0x23; 16];
/// The certificate whose hash is in the issue log.
const CERTIFICATE: &[u8] = b"a certificate";

/// A consumer of messages.
pub const CONSUMER: &str = "webhooks";

const EDITION: EditionId = EditionId::from_bytes([0x12; 16]);
const POLICY: PolicyId = PolicyId::from_bytes([0x13; 16]);
const BATCH: KeyBatchId = KeyBatchId::from_bytes([0x16; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([0x18; 16]);
const APP_SESSION: SessionId = SessionId::from_bytes([0x19; 16]);
const GRANT: GrantId = GrantId::from_bytes([0x1a; 16]);

/// The digest of a numbered secret.
pub const fn digest(n: u8) -> Digest {
    [n; 32]
}

pub async fn insert_all(store: &Store) {
    let inserted: Result<(), Error> = store
        .write(|tx| {
            insert_vendor(tx)?;
            insert_licensing(tx)?;
            insert_sign_in(tx)?;
            insert_sessions(tx)?;
            insert_logs(tx)
        })
        .await;
    inserted.unwrap();
}

fn insert_vendor(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.tenant_insert(&tenant())?;
    tx.root_insert(0, &[0x31; 32], NOW)?;
    tx.secret_check_insert(&secret_check())?;
    tx.keyset_insert(&keyset(), NOW)?;
    tx.product_insert(&product())?;
    tx.edition_insert(&edition())?;
    tx.policy_insert(&policy())?;
    tx.key_batch_insert(&batch())?;
    tx.api_token_insert(&api_token(), &digest(0x41))
}

fn insert_licensing(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.account_insert(&account())?;
    tx.license_insert(&License { seats_used: 0, ..license() })?;
    assert!(tx.product_key_insert(&product_key())?);
    assert!(tx.product_key_claim(&KEY_INDEX, LICENSE, NOW)?);
    tx.device_insert(&device())?;
    assert!(tx.license_claim_seat(LICENSE)?);
    tx.activation_insert(&keystead_storage::ActivationRow {
        activation: activation(),
        app_version: "4.2.0".into(),
    })?;
    tx.activation_update(&activation())?;
    tx.budget_use_insert([0x24; 16], LICENSE, "rebind", NOW)?;
    tx.consent_insert(ACCOUNT, LICENSE, "link", 1, NOW)?;
    tx.offline_installation_insert(&installation())?;
    tx.offline_file_insert(&offline_file())
}

fn insert_sign_in(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.totp_set(ACCOUNT, &totp())?;
    tx.recovery_codes_set(ACCOUNT, &[digest(0x42), digest(0x43)])?;
    assert!(tx.recovery_code_use(ACCOUNT, &digest(0x42), NOW)?);
    tx.mfa_challenge_insert(&digest(0x44), ACCOUNT, NOW + HOUR)?;
    assert!(tx.passkey_insert(&passkey())?);
    assert!(tx.upstream_identity_insert(&upstream_identity())?);
    tx.email_link_insert(&digest(0x45), &email_link())?;
    tx.queued_email_insert(&email())?;
    tx.attempts_set(Door::Password, &digest(0x46), attempts())?;
    tx.sign_in_tally_increment(&ACCOUNT.to_string(), NOW)?;
    Ok(())
}

fn insert_sessions(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.web_session_insert(&digest(0x47), &web_session())?;
    tx.app_session_insert(&app_session())?;
    tx.app_token_insert(&digest(0x48), APP_SESSION, TokenKind::Refresh, NOW + DAY)?;
    tx.authorization_code_insert(&digest(0x49), &authorization_code())?;
    tx.grant_insert(&grant(), &digest(0x4a), &digest(0x4b))?;
    tx.grant_set_status(GRANT, grant().status)?;
    assert!(tx.spent_token_insert(&digest(0x4c), NOW + HOUR)?);
    tx.answer_insert(&REQUEST, Some("bm9uY2U"), &answer(), NOW)
}

fn insert_logs(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.audit_event_insert(audit_event());
    tx.issue_insert(issue_entry());
    tx.message_enqueue(message());
    Ok(())
}

pub fn secret_check() -> SecretCheck {
    SecretCheck { kind: "nonce".into(), generation: 0, value: [0x32; 16] }
}

pub fn keyset() -> StoredKeyset {
    StoredKeyset { sequence: 1, content: r#"{"issuers":[],"revoked":[]}"#.into() }
}

pub fn product() -> Product {
    Product { id: PRODUCT, slug: "studio".into(), name: "Studio".into(), code: 7, created_at: NOW }
}

pub fn edition() -> Edition {
    Edition {
        id: EDITION,
        product: PRODUCT,
        slug: "pro".into(),
        name: "Professional".into(),
        features: vec!["export".into(), "raw".into()],
        created_at: NOW,
    }
}

pub fn policy() -> Policy {
    Policy {
        id: POLICY,
        product: PRODUCT,
        slug: "retail".into(),
        number: 1,
        rules: PolicyRules { seats: 2, ..PolicyRules::default() },
        created_at: NOW,
    }
}

pub fn batch() -> KeyBatch {
    KeyBatch {
        id: BATCH,
        product: PRODUCT,
        edition: EDITION,
        policy: POLICY,
        requested: 100,
        note: "Spring boxes".into(),
        created_at: NOW,
    }
}

pub fn api_token() -> ApiToken {
    ApiToken {
        id: ApiTokenId::from_bytes([0x27; 16]),
        name: "shop".into(),
        scopes: "catalog:read keys:write".into(),
        created_at: NOW,
        expires_at: Some(NOW + DAY),
        used_at: None,
        revoked_at: None,
    }
}

/// The account as it is inserted. Each added credential increases `credentials_version`.
pub fn account() -> Account {
    Account {
        id: ACCOUNT,
        email: "person@example.org".into(),
        name: "Person Müller".into(),
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g".into(),
        role: Role::Customer,
        language: Some("de-DE".into()),
        created_at: NOW,
        credentials_version: 0,
        disabled_at: None,
    }
}

pub fn license() -> License {
    License {
        id: LICENSE,
        product: PRODUCT,
        edition: EDITION,
        policy: POLICY,
        ownership: Ownership::Owned { by: ACCOUNT, since: NOW },
        status: license::LicenseStatus::Active,
        expires_at: Some(NOW + 365 * DAY),
        seats: 2,
        seats_used: 1,
        key_last_group: "DWY6M".into(),
        claimed_at: NOW,
    }
}

pub fn product_key() -> StoredKey {
    let status = ProductKeyStatus::Issued { at: NOW };
    StoredKey { index: KEY_INDEX, batch: BATCH, last_group: "DWY6M".into(), status }
}

pub fn device() -> Device {
    Device {
        id: DEVICE,
        public_key: DevicePublicKey::Ed25519([0x33; 32]),
        name: "Desk PC".into(),
        platform: "Debian GNU/Linux 13".into(),
        created_at: NOW,
        last_seen_at: NOW,
    }
}

pub fn activation() -> Activation {
    let previous = Some(Shown { r: [0x34; 16], x: [0x35; 16] });
    Activation {
        id: ACTIVATION,
        license: LICENSE,
        device: DEVICE,
        seat: ACTIVATION,
        status: ActivationStatus::HardwareChanged { at: NOW, grace_until: NOW + 14 * DAY },
        ratchet: Ratchet {
            current: [0x36; 16],
            sequence: 3,
            previous,
            left_branches: vec![LeftBranch {
                current: [0x37; 16],
                previous,
                left_at: NOW,
                left_by: LeftBy::Fork,
            }],
        },
        baseline: baseline(),
        drift: Drift { points: 2, since: NOW },
        activated_at: NOW,
        refreshed_at: NOW,
        serves_until: NOW + 180 * DAY,
        floating: false,
    }
}

fn baseline() -> Fingerprint {
    let tags = |tags: &[[u8; 2]]| Tags::new(tags.iter().map(|tag| Tag(*tag))).unwrap();
    let fp = BTreeMap::from([
        (Component::Board, tags(&[[0x12, 0x34]])),
        (Component::Disk, tags(&[[0x56, 0x78]])),
        (Component::Mac, tags(&[[0x9a, 0xbc], [0xde, 0xf0]])),
    ]);
    Fingerprint { class: MachineClass::Phys, fp, unreadable: vec![Component::Tpm] }
}

pub fn installation() -> OfflineInstallation {
    OfflineInstallation {
        id: INSTALLATION,
        activation: ACTIVATION,
        row: 3,
        confirmed_by: format!("account:{ACCOUNT}"),
        confirmed_at: NOW,
        opened_at: None,
    }
}

pub fn offline_file() -> OfflineFile {
    OfflineFile {
        id: REQUEST,
        activation: ACTIVATION,
        answer: "-----BEGIN KEYSTEAD LICENSE-----\nAAECAwQ=\n-----END KEYSTEAD LICENSE-----\n".into(),
        answered_by: format!("account:{ACCOUNT}"),
        answered_at: NOW,
    }
}

pub fn totp() -> Totp {
    Totp { secret: vec![0x38; 48], started_at: NOW, confirmed_at: Some(NOW), last_step: NOW / 30_000 }
}

pub fn passkey() -> Passkey {
    Passkey {
        id: PasskeyId::from_bytes([0x28; 16]),
        credential_id: vec![0x39; 32],
        account: ACCOUNT,
        name: "Phone".into(),
        credential: r#"{"cred_id":"OTk5","counter":0}"#.into(),
        created_at: NOW,
        used_at: None,
    }
}

pub fn upstream_identity() -> UpstreamIdentity {
    UpstreamIdentity {
        id: UpstreamIdentityId::from_bytes([0x29; 16]),
        issuer: "https://id.example.net".into(),
        subject: "248289761001".into(),
        account: ACCOUNT,
        label: "person@example.net".into(),
        created_at: NOW,
        used_at: None,
    }
}

pub fn email_link() -> EmailLink {
    EmailLink {
        email: "next@example.org".into(),
        purpose: LinkPurpose::Transfer { owner: ACCOUNT, license: LICENSE },
        expires_at: NOW + DAY,
    }
}

pub fn email() -> QueuedEmail {
    QueuedEmail {
        id: QueuedEmailId::new(NOW.unsigned_abs(), [0x2a; 10]),
        recipient: "person@example.org".into(),
        subject: "Your email address".into(),
        body: vec![0x3a; 64],
        created_at: NOW,
        attempts: 0,
    }
}

pub fn attempts() -> Attempts {
    Attempts { failures: 3, failed_at: NOW, locked_until: NOW + HOUR }
}

pub fn web_session() -> WebSession {
    WebSession {
        id: SessionId::from_bytes([0x2b; 16]),
        account: ACCOUNT,
        browser: "Firefox on Linux".into(),
        seen_at: NOW,
        created_at: NOW,
        expires_at: NOW + DAY,
    }
}

pub fn app_session() -> AppSession {
    AppSession {
        id: APP_SESSION,
        account: ACCOUNT,
        client: "settings".into(),
        device_name: "Desk PC".into(),
        scope: "openid licenses".into(),
        key_thumbprint: Some(digest(0x4d)),
        authenticated_at: NOW,
        created_at: NOW,
        expires_at: NOW + 30 * DAY,
        ended_at: None,
    }
}

pub fn authorization_code() -> AuthorizationCode {
    AuthorizationCode {
        account: ACCOUNT,
        client: "settings".into(),
        redirect_uri: "http://127.0.0.1:49152/callback".into(),
        challenge: digest(0x4e),
        nonce: Some("n-0S6_WzA2Mj".into()),
        scope: "openid licenses".into(),
        authenticated_at: NOW,
        expires_at: NOW + HOUR,
        session: None,
    }
}

pub fn grant() -> DeviceGrant {
    let by = Approver { account: ACCOUNT, authenticated_at: NOW };
    DeviceGrant {
        id: GRANT,
        client: "cli".into(),
        device_name: "Server room".into(),
        scope: "licenses".into(),
        max_age: Some(HOUR),
        status: device_grant::GrantStatus::Approved { by, at: NOW },
        expires_at: NOW + HOUR,
        polled_at: None,
    }
}

pub fn answer() -> Answer {
    Answer { request: digest(0x4f), status: 201, body: vec![0x3b; 80] }
}

pub fn personal() -> Personal {
    Personal { salt: [0x3c; 16], address: "192.0.2.7".into(), browser: "Firefox on Linux".into() }
}

pub fn issue_entry() -> IssueEntry {
    IssueEntry {
        token_id: [0x25; 16],
        covers: Covers::Claims,
        hash: Sha256::digest(CERTIFICATE).into(),
        activation: ACTIVATION,
        actor: "device:sample".into(),
        reason: "activate".into(),
        issued_at: NOW,
    }
}

pub fn message() -> Message {
    Message {
        id: OutboxId::new(NOW.unsigned_abs(), [0x26; 10]),
        topic: "license.link",
        payload: r#"{"reason":"linked"}"#.into(),
        at: NOW,
    }
}

pub fn audit_event() -> AuditEvent {
    AuditEvent {
        id: AuditEventId::new(NOW.unsigned_abs(), [0x2c; 10]),
        at: NOW,
        actor: format!("account:{ACCOUNT}"),
        action: "sign_in.succeed",
        subject: ACCOUNT.to_string(),
        detail: r#"{"method":"password"}"#.into(),
        personal: Some(personal()),
    }
}
