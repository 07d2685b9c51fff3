//! The root's statements about issuing keys, and the key ring that verifies certificates.

use std::collections::BTreeMap;

use anyhow::Context as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use keystead_domain::{DAY, Millis};
use keystead_protocol::certificate::{KeyId, KeyRing, KeyStatement, Keyset, PinnedRoots, Purpose};
use keystead_protocol::text::{from_base64url, to_base64url};
use keystead_protocol::tlog::checkpoint::{self, CheckpointError};
use keystead_protocol::tlog::{Log, TreeHead, countersignature};
use keystead_storage::{KeyRecord, StoredKeyset};
use serde::{Deserialize, Serialize};

/// How long an issuing key may sign after its statement was made.
pub const SIGNING_WINDOW: Millis = 90 * DAY;
/// How long clients verify certificates after the signing window: the longest lease, its grace, and a margin.
const VERIFY_MARGIN: Millis = 830 * DAY;
/// The longest lease, seconds.
const MAX_LEASE: u64 = 400 * 24 * 60 * 60;
/// Maximum clock difference between the server and the machine with the root key, and maximum age of a request.
const MAX_REQUEST_AGE: Millis = 7 * DAY;

/// A request to the root to sign statements.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRequest {
    /// The vendor's short name.
    pub issuer: String,
    /// The public keys of the roots that may sign the request.
    pub roots: Vec<String>,
    /// The sequence number of the new keyset.
    pub sequence: u64,
    /// The issuing key to renew.
    pub issuing_key: String,
    /// The time from which the key signs, UTC milliseconds.
    pub not_before: Millis,
    /// Ids of the revoked issuing keys.
    pub revoked: Vec<String>,
    /// The server's time, UTC milliseconds.
    pub requested_at: Millis,
    /// The newest checkpoints of the logs, to countersign.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub checkpoints: BTreeMap<Log, String>,
}

/// Objects signed by a root: a keyset and key statements, and checkpoints of the logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedKeys {
    /// The keyset and the key statements, each as base64url.
    pub signed: Vec<String>,
    /// The countersigned checkpoints.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub countersigned: BTreeMap<Log, String>,
}

/// Countersigns checkpoints of the logs.
///
/// # Errors
/// When a checkpoint is not a valid checkpoint of its log.
pub fn countersign(
    checkpoints: &BTreeMap<Log, String>,
    issuer: &str,
    root: &SigningKey,
    now: Millis,
) -> anyhow::Result<BTreeMap<Log, String>> {
    let seconds = u64::try_from(now / 1000).context("the clock is before 1970")?;
    let sign = |(log, note): (&Log, &String)| {
        let note = countersignature::sign(note, *log, issuer, root, seconds);
        Ok((*log, note.with_context(|| format!("the checkpoint of the {log} log is damaged"))?))
    };
    checkpoints.iter().map(sign).collect()
}

/// [`SignedKeys`] as stored in the database. Unlike the operator's file, it may have fields that a newer node
/// wrote.
#[derive(Serialize, Deserialize)]
struct StoredKeys {
    #[serde(default)]
    v: u32,
    signed: Vec<String>,
}

impl KeyRequest {
    /// Signs a request.
    ///
    /// # Errors
    /// When `root` is not one of the requested roots, the clocks differ, or a checkpoint is damaged.
    pub fn sign(&self, root: &SigningKey, now: Millis) -> anyhow::Result<SignedKeys> {
        let public = to_base64url(root.verifying_key().as_bytes());
        anyhow::ensure!(self.roots.contains(&public), "the request is for another root key");
        anyhow::ensure!(
            (self.requested_at - now).abs() <= MAX_REQUEST_AGE && self.not_before <= now,
            "the request is from another week; check this machine's clock, or write a new request"
        );
        let sign_until = now + SIGNING_WINDOW;
        let statement = |purpose, key| KeyStatement {
            issuer: self.issuer.clone(),
            purpose,
            key,
            not_before: self.not_before / 1000,
            sign_until: sign_until / 1000,
            verify_until: (sign_until + VERIFY_MARGIN) / 1000,
            products: Vec::new(),
            max_lease: MAX_LEASE,
        };
        let key = self.key()?;
        let revoked = self.revoked.iter().map(|id| KeyId::from_hex(id)).collect::<Option<_>>();
        let revoked = revoked.context("the request names a key that is no key id")?;
        let keyset = Keyset { issuer: self.issuer.clone(), sequence: self.sequence, revoked };
        let statements = [Purpose::License, Purpose::Time, Purpose::Validation]
            .map(|purpose| statement(purpose, key).seal(root));
        let signed = std::iter::once(keyset.seal(root)).chain(statements);
        Ok(SignedKeys {
            signed: signed.map(|object| to_base64url(&object)).collect(),
            countersigned: countersign(&self.checkpoints, &self.issuer, root, now)?,
        })
    }

    fn key(&self) -> anyhow::Result<VerifyingKey> {
        let bytes = from_base64url(&self.issuing_key).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        key.context("the request's issuing key is damaged")
    }

    /// The tree heads of the checkpoints to countersign.
    ///
    /// # Errors
    /// When a checkpoint is damaged.
    pub fn tree_heads(&self) -> Result<Vec<(Log, TreeHead)>, CheckpointError> {
        let heads = self.checkpoints.iter();
        heads
            .map(|(log, note)| Ok((*log, checkpoint::claimed_head(note, &log.origin(&self.issuer))?)))
            .collect()
    }

    /// The id of the key to sign.
    pub fn key_id(&self) -> anyhow::Result<KeyId> {
        self.key().map(|key| KeyId::of(&key))
    }
}

/// The statements and the keyset in use.
pub struct Trust {
    roots: PinnedRoots,
    objects: Vec<Vec<u8>>,
    ring: KeyRing,
    sequence: u64,
}

/// An issuing key and the objects that certify it.
pub struct Signer {
    /// The key.
    pub key: SigningKey,
    /// The time from which the key may sign, UTC milliseconds.
    pub sign_from: Millis,
    /// The time until which the key may sign, UTC milliseconds.
    pub sign_until: Millis,
    /// The root-signed objects that certify the key.
    pub keys: Vec<String>,
}

impl Trust {
    /// Opens the key record of the database.
    pub fn open(issuer: &str, record: &KeyRecord) -> anyhow::Result<Self> {
        let damaged = "the database's key statements are damaged";
        let keys = record.roots.iter().map(VerifyingKey::from_bytes).collect::<Result<_, _>>();
        let roots = PinnedRoots { issuer: issuer.to_owned(), keys: keys.context(damaged)? };
        let stored: StoredKeys = serde_json::from_str(&record.keyset.content).context(damaged)?;
        let objects = objects(&stored.signed).context(damaged)?;
        let ring = KeyRing::open(&roots, &objects).context(damaged)?;
        let sequence = ring.keyset().context(damaged)?.0.sequence;
        anyhow::ensure!(sequence == record.keyset.sequence, damaged);
        Ok(Self { roots, objects, ring, sequence })
    }

    /// The key ring that verifies certificates.
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// The roots that applications pin.
    pub fn roots(&self) -> &[VerifyingKey] {
        &self.roots.keys
    }

    /// The sequence number of the keyset.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The time until which a key may sign, UTC milliseconds; `None` for a key without a root statement.
    pub fn sign_until(&self, key: &VerifyingKey) -> Option<Millis> {
        let of_key =
            |statement: &&KeyStatement| statement.key == *key && statement.purpose == Purpose::License;
        let ends = self.ring.statements().filter(of_key).map(|statement| statement.sign_until * 1000);
        ends.max().filter(|_| !self.ring.revokes(KeyId::of(key)))
    }

    /// The keys of `issuing` that have a root statement and are not revoked. `issuing` is ordered oldest
    /// first, the result newest first.
    pub fn signers(&self, issuing: &[SigningKey]) -> Vec<Signer> {
        issuing.iter().rev().filter_map(|key| self.signer(key)).collect()
    }

    fn signer(&self, key: &SigningKey) -> Option<Signer> {
        let public = key.verifying_key();
        let sign_until = self.sign_until(&public)?;
        let of_key = self.ring.statements().filter(|statement| statement.key == public);
        let sign_from = of_key.map(|statement| statement.not_before * 1000).min()?;
        let keyset = self.ring.keyset().map(|(_, bytes)| to_base64url(bytes));
        let keys = keyset.into_iter().chain(self.statements(|statement| statement.key == public));
        Some(Signer { keys: keys.collect(), key: key.clone(), sign_from, sign_until })
    }

    /// The statements that `wanted` selects, in signed form.
    fn statements(&self, wanted: impl Fn(&KeyStatement) -> bool) -> Vec<String> {
        let wanted =
            |object: &&Vec<u8>| KeyStatement::open(object, &self.roots).is_ok_and(|known| wanted(&known));
        self.objects.iter().filter(wanted).map(|object| to_base64url(object)).collect()
    }

    /// Creates the request that renews `key` and revokes the key with the id `revoke`.
    pub fn request(&self, key: &VerifyingKey, revoke: Option<KeyId>, now: Millis) -> KeyRequest {
        let same = self.ring.statements().find(|statement| statement.key == *key);
        let revoked = self.revoked().into_iter().chain(revoke.filter(|id| !self.ring.revokes(*id)));
        KeyRequest {
            issuer: self.roots.issuer.clone(),
            roots: self.roots.keys.iter().map(|root| to_base64url(root.as_bytes())).collect(),
            sequence: self.sequence + 1,
            issuing_key: to_base64url(key.as_bytes()),
            // All statements of a key begin at the same time, so a renewal covers the key's earlier
            // signatures.
            not_before: same.map_or(now - DAY, |statement| statement.not_before * 1000),
            revoked: revoked.map(KeyId::to_hex).collect(),
            requested_at: now,
            checkpoints: BTreeMap::new(),
        }
    }

    /// Verifies a countersigned checkpoint with the roots, and returns its tree head.
    pub fn open_countersigned(&self, log: Log, note: &str) -> Option<TreeHead> {
        let issuer = &self.roots.issuer;
        self.roots.keys.iter().find_map(|root| countersignature::verify(note, log, issuer, root).ok())
    }

    /// The ids of the revoked keys.
    pub fn revoked(&self) -> Vec<KeyId> {
        self.ring.keyset().map_or_else(Vec::new, |(keyset, _)| keyset.revoked.clone())
    }

    /// Adds root-signed objects and drops outdated ones. Returns the keyset to store.
    ///
    /// # Errors
    /// When another root signed them, they are not newer than the current ones, or they restore a revoked key.
    pub fn extended(&self, new: &SignedKeys, now: Millis) -> anyhow::Result<StoredKeyset> {
        let signed = objects(&new.signed).context("the file is damaged")?;
        let ring =
            KeyRing::open(&self.roots, &signed).context("it was not signed by a root of this server")?;
        let (keyset, _) = ring.keyset().context("it has no keyset")?;
        anyhow::ensure!(
            keyset.sequence > self.sequence,
            "it has the number {}, and number {} is installed; write a new request",
            keyset.sequence,
            self.sequence
        );
        let kept_revoked = self.revoked().iter().all(|id| keyset.revoked.contains(id));
        anyhow::ensure!(kept_revoked, "it leaves out a key that is revoked; write a new request");
        let lasting = |statement: &KeyStatement| {
            let renewed = ring.statements().any(|new| new.key == statement.key);
            !renewed
                && statement.verify_until * 1000 > now
                && !keyset.revoked.contains(&KeyId::of(&statement.key))
        };
        stored(keyset.sequence, [new.signed.clone(), self.statements(lasting)].concat())
    }
}

/// The first keyset, in which `root` certifies `issuing`.
pub fn first_keyset(
    issuer: &str,
    root: &SigningKey,
    issuing: &SigningKey,
    now: Millis,
) -> anyhow::Result<StoredKeyset> {
    let request = KeyRequest {
        issuer: issuer.to_owned(),
        roots: vec![to_base64url(root.verifying_key().as_bytes())],
        sequence: 1,
        issuing_key: to_base64url(issuing.verifying_key().as_bytes()),
        not_before: now - DAY,
        revoked: Vec::new(),
        requested_at: now,
        checkpoints: BTreeMap::new(),
    };
    stored(request.sequence, request.sign(root, now)?.signed)
}

fn stored(sequence: u64, signed: Vec<String>) -> anyhow::Result<StoredKeyset> {
    Ok(StoredKeyset { sequence, content: serde_json::to_string(&StoredKeys { v: 1, signed })? })
}

fn objects(signed: &[String]) -> Option<Vec<Vec<u8>>> {
    signed.iter().map(|object| from_base64url(object)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_statements_that_an_earlier_or_a_newer_node_stored_are_read() {
        let (root, issuing) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let keyset = first_keyset("https://keystead.example", &root, &issuing, DAY).unwrap();
        let roots = vec![root.verifying_key().to_bytes()];
        for (from, to) in [("", ""), (r#""v":1,"#, ""), (r#""v":1,"#, r#""v":2,"threshold":3,"#)] {
            let content = keyset.content.replacen(from, to, 1);
            assert!(from.is_empty() || content != keyset.content);
            let keyset = StoredKeyset { content, ..keyset.clone() };
            let record = KeyRecord { roots: roots.clone(), checks: Vec::new(), keyset };
            assert_eq!(Trust::open("https://keystead.example", &record).unwrap().sequence(), 1);
        }
    }
}
