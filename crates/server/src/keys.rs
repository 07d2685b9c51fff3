//! The server's secrets: signing keys, the secrets of product keys and of the ratchet. Made at the first start in the
//! data folder, readable by its owner only. The root key may be moved away: it is needed only to renew statements.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use anyhow::Context as _;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{SigningKey, VerifyingKey};
use keystead_domain::{DAY, Millis};
use keystead_protocol::certificate::{KeyRing, KeyStatement, PinnedRoots, Purpose};
use keystead_protocol::id::ActivationId;
use keystead_protocol::offline::{ConfirmationKey, OfflineSecret};
use keystead_protocol::product_key::{IndexKey, MacKey};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url};
use keystead_storage::Tenant;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::entropy;

/// How long an issuing key may sign after its statement was made.
const SIGNING_WINDOW: Millis = 90 * DAY;
/// The longest lease of a policy plus its grace, and a margin.
const VERIFY_MARGIN: Millis = 830 * DAY;
/// The longest lease, seconds.
const MAX_LEASE: u64 = 400 * 24 * 60 * 60;
/// The MAC epoch of new product keys.
pub const KEY_EPOCH: u8 = 0;

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct SecretFile {
    issuing: String,
    product_key_mac: String,
    product_key_index: String,
    ratchet: String,
    nonce: String,
    answers: String,
    /// Missing in the files of older servers; made then.
    #[serde(default)]
    confirmation: String,
}

/// All secrets and what follows from them.
pub struct Keys {
    folder: PathBuf,
    /// The vendor's short name.
    pub issuer: String,
    since: Millis,
    /// Signs certificates, times and validations.
    pub issuing: SigningKey,
    /// Authenticates product keys.
    pub mac: MacKey,
    /// Turns product keys into indexes.
    pub index: IndexKey,
    /// Advances ratchets.
    pub ratchet: [u8; 32],
    /// Authenticates nonces and user codes, and draws tokens that follow on others.
    pub nonce: [u8; 32],
    /// Confirms installations that have no network.
    pub confirmation: ConfirmationKey,
    answers: XChaCha20Poly1305,
    root: VerifyingKey,
    trust: RwLock<Trust>,
}

struct Trust {
    statements: Vec<Vec<u8>>,
    ring: KeyRing,
    sign_until: Millis,
}

impl Keys {
    /// What an activation's device shares with this server.
    pub fn offline_secret(&self, activation: ActivationId) -> OfflineSecret {
        OfflineSecret::of_activation(&self.ratchet, activation)
    }

    /// Opens the secrets in `folder`, making them at the first start.
    pub fn load(folder: &Path, tenant: &Tenant, now: Millis) -> anyhow::Result<Self> {
        make_private_folder(folder)?;
        let secrets = secrets(&folder.join("secrets.json"))?;
        let root = root_key(folder)?;
        let issuing = SigningKey::from_bytes(&secret(&secrets.issuing)?);
        let issuer = Issuer {
            slug: tenant.slug.clone(),
            key: issuing.verifying_key(),
            since: tenant.created_at - DAY,
        };
        let trust = Trust::open(folder, &issuer, &root, now)?;
        Ok(Self {
            folder: folder.to_owned(),
            issuer: tenant.slug.clone(),
            since: issuer.since,
            mac: MacKey::derive(tenant.id.as_bytes(), &secret::<32>(&secrets.product_key_mac)?),
            index: IndexKey::new(secret(&secrets.product_key_index)?),
            ratchet: secret(&secrets.ratchet)?,
            nonce: secret(&secrets.nonce)?,
            confirmation: ConfirmationKey::derive(
                &Zeroizing::new(secret(&secrets.confirmation)?),
                &tenant.slug,
            ),
            answers: XChaCha20Poly1305::new(&Key::from(secret::<32>(&secrets.answers)?)),
            root: root.public(),
            issuing,
            trust: RwLock::new(trust),
        })
    }

    /// Root-signed statements of the issuing key.
    pub fn statements(&self) -> Vec<String> {
        self.trust().statements.iter().map(|statement| to_base64url(statement)).collect()
    }

    /// What this server's own certificates are verified with.
    pub fn ring(&self) -> KeyRing {
        self.trust().ring.clone()
    }

    /// The root keys that applications pin.
    pub fn roots(&self) -> Vec<String> {
        vec![to_base64url(self.root.as_bytes())]
    }

    /// Renews the statements when half of their signing window is over.
    pub fn renew(&self, now: Millis) -> anyhow::Result<()> {
        if self.trust().sign_until - now > SIGNING_WINDOW / 2 {
            return Ok(());
        }
        let issuer =
            Issuer { slug: self.issuer.clone(), key: self.issuing.verifying_key(), since: self.since };
        let trust = Trust::open(&self.folder, &issuer, &root_key(&self.folder)?, now)?;
        *self.trust.write().unwrap_or_else(std::sync::PoisonError::into_inner) = trust;
        Ok(())
    }

    /// Whether what is signed now will be believed; not when the root is away and its statements have run out.
    pub fn may_sign(&self, now: Millis) -> bool {
        now <= self.trust().sign_until
    }

    /// Seals what must be read again and by nobody else: kept answers, letters, shared secrets. `kind` and `id` say what
    /// it is; as something else it cannot be opened.
    pub fn seal(&self, kind: &str, id: &[u8; 16], secret: &[u8]) -> Vec<u8> {
        let nonce = entropy::bytes::<24>();
        let aad = [kind.as_bytes(), id].concat();
        let sealed = self
            .answers
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &aad })
            .expect("what is sealed is small");
        [&nonce[..], &sealed].concat()
    }

    /// Opens what was sealed; `None` if it was tampered with or is something else.
    pub fn open(&self, kind: &str, id: &[u8; 16], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let aad = [kind.as_bytes(), id].concat();
        self.answers.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &aad }).ok()
    }

    fn trust(&self) -> std::sync::RwLockReadGuard<'_, Trust> {
        self.trust.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

enum Root {
    Here(SigningKey),
    Away(VerifyingKey),
}

impl Root {
    fn public(&self) -> VerifyingKey {
        match self {
            Root::Here(key) => key.verifying_key(),
            Root::Away(key) => *key,
        }
    }
}

/// Who issues: the statements of one issuing key all begin at the same time, so that a renewal keeps what it signed
/// before.
struct Issuer {
    slug: String,
    key: VerifyingKey,
    since: Millis,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementFile {
    sign_until: Millis,
    statements: Vec<String>,
}

impl Trust {
    fn open(folder: &Path, issuer: &Issuer, root: &Root, now: Millis) -> anyhow::Result<Self> {
        let path = folder.join("statements.json");
        let kept: Option<StatementFile> = match fs::read(&path) {
            Ok(text) => Some(
                serde_json::from_slice(&text).with_context(|| format!("{} is damaged", path.display()))?,
            ),
            Err(_) => None,
        };
        let file = match (kept, root) {
            (Some(file), _) if file.sign_until - now > SIGNING_WINDOW / 2 => file,
            (Some(file), Root::Away(_)) => file,
            (None, Root::Away(_)) => {
                anyhow::bail!("root.key is away and there are no statements; bring it back once")
            }
            (_, Root::Here(root)) => {
                let file = sign_statements(root, issuer, now);
                replace(&path, &serde_json::to_vec_pretty(&file)?)?;
                file
            }
        };
        let statements: Option<Vec<_>> = file.statements.iter().map(|text| from_base64url(text)).collect();
        let statements = statements.with_context(|| format!("{} is damaged", path.display()))?;
        let roots = PinnedRoots { issuer: issuer.slug.clone(), keys: vec![root.public()] };
        let ring =
            KeyRing::open(&roots, &statements).context("the key statements do not fit the root key")?;
        Ok(Self { statements, ring, sign_until: file.sign_until })
    }
}

fn sign_statements(root: &SigningKey, issuer: &Issuer, now: Millis) -> StatementFile {
    let sign_until = now + SIGNING_WINDOW;
    let statement = |purpose| KeyStatement {
        issuer: issuer.slug.clone(),
        purpose,
        key: issuer.key,
        not_before: issuer.since / 1000,
        sign_until: sign_until / 1000,
        verify_until: (sign_until + VERIFY_MARGIN) / 1000,
        products: Vec::new(),
        max_lease: MAX_LEASE,
    };
    let statements = [Purpose::License, Purpose::Time, Purpose::Validation]
        .map(|purpose| to_base64url(&statement(purpose).seal(root)))
        .to_vec();
    StatementFile { sign_until, statements }
}

fn root_key(folder: &Path) -> anyhow::Result<Root> {
    let (private, public) = (folder.join("root.key"), folder.join("root.pub"));
    if let Ok(text) = fs::read_to_string(&private) {
        let key = SigningKey::from_bytes(&secret(text.trim()).context("root.key is damaged")?);
        return Ok(Root::Here(key));
    }
    if let Ok(text) = fs::read_to_string(&public) {
        let key = VerifyingKey::from_bytes(&secret(text.trim())?).context("root.pub is damaged")?;
        return Ok(Root::Away(key));
    }
    let key = SigningKey::from_bytes(&entropy::bytes());
    create(&private, to_base64url(key.as_bytes()).as_bytes())?;
    create(&public, to_base64url(key.verifying_key().as_bytes()).as_bytes())?;
    Ok(Root::Here(key))
}

fn secrets(path: &Path) -> anyhow::Result<SecretFile> {
    let random = || to_base64url(&entropy::bytes::<32>());
    if let Ok(text) = fs::read(path) {
        let mut file: SecretFile =
            serde_json::from_slice(&text).with_context(|| format!("{} is damaged", path.display()))?;
        if file.confirmation.is_empty() {
            file.confirmation = random();
            replace(path, &serde_json::to_vec_pretty(&file)?)?;
        }
        return Ok(file);
    }
    let file = SecretFile {
        issuing: random(),
        product_key_mac: random(),
        product_key_index: random(),
        ratchet: random(),
        nonce: random(),
        answers: random(),
        confirmation: random(),
    };
    create(path, &serde_json::to_vec_pretty(&file)?)?;
    Ok(file)
}

fn secret<const N: usize>(text: &str) -> anyhow::Result<[u8; N]> {
    array_from_base64url(text).context("a key in the data folder is damaged")
}

pub fn make_private_folder(folder: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("the folder {} cannot be made", folder.display()))
}

/// Writes a new file that only its owner can read; an existing one is never touched.
pub fn create(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(())
}

fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let next = path.with_extension("next");
    let _ = fs::remove_file(&next);
    create(&next, content)?;
    fs::rename(&next, path).with_context(|| format!("{} cannot be replaced", path.display()))
}

#[cfg(test)]
mod tests {
    use keystead_protocol::certificate::ServerTime;
    use keystead_protocol::id::TenantId;

    use super::*;

    const NOW: Millis = 1_795_238_400_000;

    fn tenant() -> Tenant {
        Tenant {
            id: TenantId::from_bytes([1; 16]),
            slug: "acme".into(),
            name: "Acme".into(),
            fingerprint_salt: [2; 32],
            created_at: NOW,
        }
    }

    #[test]
    fn a_renewal_keeps_what_was_signed_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load(folder.path(), &tenant(), NOW).unwrap();
        let signed = ServerTime::seal("acme", NOW / 1000, &[3; 16], &keys.issuing);
        let later = NOW + 46 * DAY;
        let before = keys.statements();
        keys.renew(later).unwrap();
        assert_ne!(keys.statements(), before);
        let reopened = Keys::load(folder.path(), &tenant(), later).unwrap();
        for ring in [keys.ring(), reopened.ring()] {
            assert!(ServerTime::open(&signed, &[3; 16], &ring).is_ok());
        }
    }

    #[test]
    fn without_its_root_a_server_goes_on_until_the_statements_run_out() {
        let folder = tempfile::tempdir().unwrap();
        let roots = Keys::load(folder.path(), &tenant(), NOW).unwrap().roots();
        fs::remove_file(folder.path().join("root.key")).unwrap();
        let keys = Keys::load(folder.path(), &tenant(), NOW + 80 * DAY).unwrap();
        assert_eq!(keys.roots(), roots);
        assert!(keys.may_sign(NOW + 90 * DAY) && !keys.may_sign(NOW + 91 * DAY));
    }

    #[test]
    fn secrets_are_readable_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        Keys::load(&folder.path().join("keys"), &tenant(), NOW).unwrap();
        for name in ["keys/secrets.json", "keys/root.key"] {
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
