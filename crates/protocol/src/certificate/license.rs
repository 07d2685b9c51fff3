//! The license certificate: proves offline that a device may run a product.

use std::collections::BTreeMap;

use ciborium::Value;
use ed25519_dalek::SigningKey;

use super::cbor::{self, Claims};
use super::envelope::{Envelope, Purpose, seal};
use super::key_ring::cbor_texts;
use super::{CertificateError, KeyRing, confirmation};
use crate::device_key::DevicePublicKey;
use crate::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use crate::id::{ActivationId, LicenseId};

const ISSUER: i64 = 1;
const AUDIENCE: i64 = 3;
const EXPIRES: i64 = 4;
const ISSUED: i64 = 6;
const TOKEN_ID: i64 = 7;
const CONFIRMATION: i64 = 8;
const VERSION: i64 = -65537;
const LICENSE: i64 = -65538;
const ACTIVATION: i64 = -65539;
const EDITION: i64 = -65540;
const FEATURES: i64 = -65541;
const REFRESH_AFTER: i64 = -65542;
const GRACE_UNTIL: i64 = -65543;
const LICENSE_EXPIRY: i64 = -65544;
const FINGERPRINT: i64 = -65545;
const SEQUENCE: i64 = -65546;
const POLICY: i64 = -65547;
// -65548 was the index in the issue log. It is reserved and must not be used again.
const LINK: i64 = -65549;
const CRITICAL: i64 = -65550;
const MACHINE_CLASS: i64 = -65551;

/// The kind of holder of a license.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The holder of the product key.
    KeyOnly,
    /// A customer's account.
    Account,
    /// An organization.
    Organisation,
}

/// The claims of a license certificate. All times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseClaims {
    /// The vendor's short name.
    pub issuer: String,
    /// The product's short name.
    pub product: String,
    /// Time of issue.
    pub issued_at: i64,
    /// The end of the lease, not of the license.
    pub lease_until: i64,
    /// This certificate's id, as recorded in the issue log.
    pub token_id: [u8; 16],
    /// The device's public key. A device that presents the certificate must sign with this key.
    pub device_key: DevicePublicKey,
    /// The license.
    pub license: LicenseId,
    /// The activation.
    pub activation: ActivationId,
    /// The edition's short name.
    pub edition: String,
    /// The edition's features, sorted.
    pub features: Vec<String>,
    /// The time after which the device should refresh.
    pub refresh_after: i64,
    /// The end of the grace period after the lease, in which the product keeps working.
    pub grace_until: i64,
    /// Expiry of the license; `None` if it never expires.
    pub license_expiry: Option<i64>,
    /// The enrolled fingerprint.
    pub fingerprint: Fingerprint,
    /// The ratchet's sequence number.
    pub sequence: u64,
    /// The policy's number.
    pub policy: u64,
    /// The kind of holder.
    pub link: Link,
}

impl LicenseClaims {
    /// Signs the claims with an issuing key.
    pub fn seal(&self, key: &SigningKey) -> Vec<u8> {
        seal(Purpose::License, key, self.encode())
    }

    /// The encoded claims, which the signature covers. The issue log records their SHA-256.
    pub fn encode(&self) -> Vec<u8> {
        let features: Vec<Value> =
            self.features.iter().map(|feature| Value::from(feature.as_str())).collect();
        let mut claims = Claims::default()
            .with(ISSUER, self.issuer.as_str())
            .with(AUDIENCE, self.product.as_str())
            .with(EXPIRES, self.lease_until)
            .with(ISSUED, self.issued_at)
            .with(TOKEN_ID, self.token_id.as_slice())
            .with(CONFIRMATION, confirmation::write(&self.device_key))
            .with(VERSION, 1)
            .with(LICENSE, self.license.as_bytes().as_slice())
            .with(ACTIVATION, self.activation.as_bytes().as_slice())
            .with(EDITION, self.edition.as_str())
            .with(FEATURES, Value::Array(features))
            .with(REFRESH_AFTER, self.refresh_after)
            .with(GRACE_UNTIL, self.grace_until)
            .with(LICENSE_EXPIRY, self.license_expiry.map_or(Value::Null, Value::from))
            .with(FINGERPRINT, fingerprint_value(&self.fingerprint))
            .with(SEQUENCE, self.sequence)
            .with(POLICY, self.policy)
            .with(LINK, link_number(self.link));
        if self.fingerprint.class == MachineClass::Vm {
            claims = claims.with(MACHINE_CLASS, 1);
        }
        claims.encode()
    }
}

const fn link_number(link: Link) -> i64 {
    match link {
        Link::KeyOnly => 0,
        Link::Account => 1,
        Link::Organisation => 2,
    }
}

/// A fingerprint as encoded in certificates: a map from component number to tag or tags.
pub(crate) fn fingerprint_cbor(fingerprint: &Fingerprint) -> Vec<u8> {
    cbor::encode(&fingerprint_value(fingerprint))
}

pub(super) fn fingerprint_value(fingerprint: &Fingerprint) -> Value {
    let mut claims = Claims::default();
    for (component, tags) in &fingerprint.fp {
        let tag = |tag: &Tag| Value::Bytes(tag.0.to_vec());
        let value = match tags.as_slice() {
            [one] => tag(one),
            many => Value::Array(many.iter().map(tag).collect()),
        };
        claims = claims.with(i64::from(component.number()), value);
    }
    claims.into_value()
}

pub(super) fn fingerprint_from(value: Value, class: MachineClass) -> Result<Fingerprint, CertificateError> {
    let mut components = BTreeMap::new();
    for (number, value) in Claims::from_value(value)?.into_entries() {
        let component = u64::try_from(number).ok().and_then(Component::from_number);
        let tags = match &value {
            Value::Array(many) => {
                many.iter().map(|one| cbor::bytes(one).map(Tag)).collect::<Result<Vec<_>, _>>()?
            }
            one => vec![Tag(cbor::bytes(one)?)],
        };
        let (Some(component), Some(tags)) = (component, Tags::new(tags)) else {
            return Err(CertificateError::Malformed);
        };
        components.insert(component, tags);
    }
    Ok(Fingerprint { class, fp: components, unreadable: Vec::new() })
}

/// A well-formed certificate as received or read from disk. It is not verified yet.
pub struct UntrustedCertificate {
    envelope: Envelope,
    bytes: Vec<u8>,
}

impl UntrustedCertificate {
    /// Checks size and structure.
    pub fn parse(bytes: &[u8]) -> Result<Self, CertificateError> {
        Ok(Self { envelope: Envelope::parse(bytes)?, bytes: bytes.to_vec() })
    }

    /// The encoded claims.
    pub fn claims_bytes(&self) -> &[u8] {
        self.envelope.payload()
    }

    /// The unverified id; `None` if it cannot be read.
    pub fn claimed_id(&self) -> Option<[u8; 16]> {
        self.read_claims().ok().map(|claims| claims.token_id)
    }

    /// The unverified product; `None` if it cannot be read.
    pub fn claimed_product(&self) -> Option<String> {
        self.read_claims().ok().map(|claims| claims.product)
    }

    /// Verifies the key's entitlement, the signature, issuer, product, version and critical claims.
    ///
    /// The caller must check time, device key and fingerprint next, because these checks need the device.
    pub fn verify(self, ring: &KeyRing, product: &str) -> Result<Certificate, CertificateError> {
        let claims = self.read_claims()?;
        let statement =
            ring.verify(&self.envelope, Purpose::License, Some(&claims.product), claims.issued_at)?;
        if claims.issuer != ring.issuer() || claims.product != product {
            return Err(CertificateError::Audience);
        }
        let lease = u64::try_from(claims.lease_until.saturating_sub(claims.issued_at)).unwrap_or(0);
        if lease > statement.max_lease {
            return Err(CertificateError::KeyNotEntitled);
        }
        Ok(Certificate { claims, bytes: self.bytes, verify_until: statement.verify_until })
    }

    fn read_claims(&self) -> Result<LicenseClaims, CertificateError> {
        let mut claims = Claims::decode(self.envelope.payload())?;
        if claims.integer(VERSION)? != 1 {
            return Err(CertificateError::Unsupported);
        }
        let class = match claims.integer(MACHINE_CLASS) {
            Ok(1) => MachineClass::Vm,
            Ok(_) => return Err(CertificateError::Unsupported),
            Err(_) => MachineClass::Phys,
        };
        let critical = claims.array(CRITICAL).unwrap_or_default();
        let license = LicenseClaims {
            issuer: claims.text(ISSUER)?,
            product: claims.text(AUDIENCE)?,
            issued_at: claims.integer(ISSUED)?,
            lease_until: claims.integer(EXPIRES)?,
            token_id: claims.bytes(TOKEN_ID)?,
            device_key: confirmation::read(claims.take(CONFIRMATION)?)?,
            license: LicenseId::from_bytes(claims.bytes(LICENSE)?),
            activation: ActivationId::from_bytes(claims.bytes(ACTIVATION)?),
            edition: claims.text(EDITION)?,
            features: cbor_texts(claims.array(FEATURES)?)?,
            refresh_after: claims.integer(REFRESH_AFTER)?,
            grace_until: claims.integer(GRACE_UNTIL)?,
            license_expiry: match claims.take(LICENSE_EXPIRY)? {
                Value::Null => None,
                value => Some(cbor::integer(&value)?),
            },
            fingerprint: fingerprint_from(claims.take(FINGERPRINT)?, class)?,
            sequence: claims.unsigned(SEQUENCE)?,
            policy: claims.unsigned(POLICY)?,
            link: match claims.integer(LINK)? {
                0 => Link::KeyOnly,
                1 => Link::Account,
                2 => Link::Organisation,
                _ => return Err(CertificateError::Unsupported),
            },
        };
        let unknown: Vec<i64> = claims.remaining_keys().collect();
        for key in &critical {
            if unknown.contains(&cbor::integer(key)?) {
                return Err(CertificateError::Unsupported);
            }
        }
        Ok(license)
    }
}

/// A verified certificate: a trusted key signed it for this vendor and product.
#[derive(Debug, Clone)]
pub struct Certificate {
    claims: LicenseClaims,
    bytes: Vec<u8>,
    verify_until: i64,
}

impl Certificate {
    /// The verified claims.
    pub fn claims(&self) -> &LicenseClaims {
        &self.claims
    }

    /// The signed bytes, for storing and sending.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The time (Unix seconds) after which signatures of its issuing key are invalid.
    pub fn verify_until(&self) -> i64 {
        self.verify_until
    }
}
