//! Trusted keys and their permissions: applications pin root keys, and root-signed statements name issuing keys.

use ciborium::Value;
use ed25519_dalek::{SigningKey, VerifyingKey};

use super::cbor::Claims;
use super::envelope::{Envelope, Purpose, seal};
use super::{CertificateError, KeyId, Keyset, PinnedRoots, cbor};

const ISSUER: i64 = 1;
const VERIFY_UNTIL: i64 = 4;
const NOT_BEFORE: i64 = 5;
const USE: i64 = -65601;
const PUBLIC_KEY: i64 = -65602;
const SIGN_UNTIL: i64 = -65603;
const PRODUCTS: i64 = -65604;
const MAX_LEASE: i64 = -65605;

/// A root's statement about an issuing key. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatement {
    /// The vendor's short name.
    pub issuer: String,
    /// The purpose that the key may sign for.
    pub purpose: Purpose,
    /// The issuing key.
    pub key: VerifyingKey,
    /// Signatures from before this time are invalid.
    pub not_before: i64,
    /// Signatures from after this time are invalid.
    pub sign_until: i64,
    /// After this time, all signatures of the key are invalid.
    pub verify_until: i64,
    /// Products that the key may sign for; empty for all.
    pub products: Vec<String>,
    /// Maximum lease that the key may grant, seconds.
    pub max_lease: u64,
}

impl KeyStatement {
    /// Signs the statement with `root`.
    pub fn seal(&self, root: &SigningKey) -> Vec<u8> {
        let products: Vec<Value> =
            self.products.iter().map(|product| Value::from(product.as_str())).collect();
        let payload = Claims::default()
            .with(ISSUER, self.issuer.as_str())
            .with(VERIFY_UNTIL, self.verify_until)
            .with(NOT_BEFORE, self.not_before)
            .with(USE, self.purpose.as_use())
            .with(PUBLIC_KEY, self.key.as_bytes().as_slice())
            .with(SIGN_UNTIL, self.sign_until)
            .with(PRODUCTS, Value::Array(products))
            .with(MAX_LEASE, self.max_lease)
            .encode();
        seal(Purpose::Key, root, payload)
    }

    /// Verifies a statement signed by one of `roots`.
    pub fn open(bytes: &[u8], roots: &PinnedRoots) -> Result<Self, CertificateError> {
        let envelope = Envelope::parse(bytes)?;
        let mut claims = Claims::decode(roots.open(&envelope, Purpose::Key)?)?;
        let statement = Self {
            issuer: claims.text(ISSUER)?,
            purpose: Purpose::from_use(&claims.text(USE)?).ok_or(CertificateError::Unsupported)?,
            key: VerifyingKey::from_bytes(&claims.bytes(PUBLIC_KEY)?)
                .map_err(|_| CertificateError::Malformed)?,
            not_before: claims.integer(NOT_BEFORE)?,
            sign_until: claims.integer(SIGN_UNTIL)?,
            verify_until: claims.integer(VERIFY_UNTIL)?,
            products: cbor_texts(claims.array(PRODUCTS)?)?,
            max_lease: claims.unsigned(MAX_LEASE)?,
        };
        if statement.issuer != roots.issuer {
            return Err(CertificateError::Audience);
        }
        if statement.key.is_weak() {
            return Err(CertificateError::Malformed);
        }
        Ok(statement)
    }

    /// Whether the key may sign for `purpose` and `product` at `signed_at`. `product` is `None` for an object that
    /// names no product.
    fn entitles(&self, purpose: Purpose, product: Option<&str>, signed_at: i64) -> bool {
        let for_product =
            self.products.is_empty() || product.is_none_or(|p| self.products.iter().any(|known| known == p));
        self.purpose == purpose && for_product && (self.not_before..=self.sign_until).contains(&signed_at)
    }
}

pub(super) fn cbor_texts(values: Vec<Value>) -> Result<Vec<String>, CertificateError> {
    values.into_iter().map(|value| value.into_text().map_err(|_| CertificateError::Malformed)).collect()
}

/// The issuing keys that pinned roots certified, and the newest keyset of revoked keys. Built once and used for all
/// verifications.
#[derive(Debug, Clone)]
pub struct KeyRing {
    issuer: String,
    statements: Vec<(KeyId, KeyStatement)>,
    keyset: Option<(Keyset, Vec<u8>)>,
}

impl KeyRing {
    /// Opens key statements and keysets. An object without a valid root signature is an error; it is not skipped. The
    /// newest keyset applies.
    pub fn open(roots: &PinnedRoots, signed: &[Vec<u8>]) -> Result<Self, CertificateError> {
        let mut ring = Self { issuer: roots.issuer.clone(), statements: Vec::new(), keyset: None };
        for bytes in signed {
            match KeyStatement::open(bytes, roots) {
                Ok(statement) => ring.statements.push((KeyId::of(&statement.key), statement)),
                // The object is not a key statement, so it must be a keyset.
                Err(CertificateError::Signature) => ring.follow(Keyset::open(bytes, roots)?, bytes),
                Err(error) => return Err(error),
            }
        }
        Ok(ring)
    }

    /// Stores `keyset`, unless the ring has a keyset of the same or a newer sequence number.
    fn follow(&mut self, keyset: Keyset, bytes: &[u8]) {
        if self.keyset.as_ref().is_none_or(|(known, _)| known.sequence < keyset.sequence) {
            self.keyset = Some((keyset, bytes.to_vec()));
        }
    }

    /// The newest keyset and its signed form.
    pub fn keyset(&self) -> Option<(&Keyset, &[u8])> {
        self.keyset.as_ref().map(|(keyset, bytes)| (keyset, &**bytes))
    }

    /// The root's statements about issuing keys.
    pub fn statements(&self) -> impl Iterator<Item = &KeyStatement> {
        self.statements.iter().map(|(_, statement)| statement)
    }

    /// Whether the newest keyset revokes the key.
    pub fn revokes(&self, key: KeyId) -> bool {
        self.keyset.as_ref().is_some_and(|(keyset, _)| keyset.revoked.contains(&key))
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Verifies an envelope. `signed_at` (Unix seconds) is the time that the object claims.
    pub(super) fn verify(
        &self,
        envelope: &Envelope,
        purpose: Purpose,
        product: Option<&str>,
        signed_at: i64,
    ) -> Result<&KeyStatement, CertificateError> {
        let mut known = self.statements.iter().filter(|(kid, _)| *kid == envelope.kid).peekable();
        known.peek().ok_or(CertificateError::UnknownKey)?;
        if self.revokes(envelope.kid) {
            return Err(CertificateError::KeyRevoked);
        }
        let (_, statement) = known
            .find(|(_, statement)| statement.entitles(purpose, product, signed_at))
            .ok_or(CertificateError::KeyNotEntitled)?;
        envelope.verify(purpose, &statement.key)?;
        Ok(statement)
    }

    /// Verifies an object other than a license or a time, such as a validation, and returns its payload.
    pub fn open_payload(
        &self,
        purpose: Purpose,
        bytes: &[u8],
        signed_at: i64,
    ) -> Result<Vec<u8>, CertificateError> {
        let envelope = Envelope::parse(bytes)?;
        self.verify(&envelope, purpose, None, signed_at)?;
        Ok(envelope.payload().to_vec())
    }
}

impl From<cbor::Claims> for Value {
    fn from(claims: cbor::Claims) -> Value {
        claims.into_value()
    }
}
