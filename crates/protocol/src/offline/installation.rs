use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use super::first_80_bits;
use crate::certificate::fingerprint_cbor;
use crate::device_key::DevicePublicKey;
use crate::fingerprint::Fingerprint;
use crate::id::ActivationId;
use crate::typed_code::{self, CodeError, Kind};

const VERSION: u128 = 1;
const HASH_BITS: u32 = 80;
const PRODUCT_BITS: u32 = 12;
const PURPOSE_BITS: u32 = 2;
/// Purpose: a first activation.
const ACTIVATE: u128 = 0;
/// Purpose: a lease extension for an activated device.
const PROLONG: u128 = 1;

/// The data that an Installation ID commits a device to. The device reveals the data at its first online contact.
#[derive(Debug, Clone, Copy)]
pub struct Commitment<'a> {
    /// The product's short name.
    pub product: &'a str,
    /// The device's public key.
    pub device_key: &'a DevicePublicKey,
    /// The hardware fingerprint.
    pub fingerprint: &'a Fingerprint,
    /// A random number. It is drawn again until the ID has a text form.
    pub nonce: u64,
}

impl Commitment<'_> {
    fn hash(&self) -> u128 {
        let digest = Sha256::new()
            .chain_update(b"lic/iid/v1\0")
            .chain_update(self.product)
            .chain_update(b"\0")
            .chain_update(self.device_key.as_bytes())
            .chain_update(fingerprint_cbor(self.fingerprint))
            .chain_update(self.nonce.to_be_bytes())
            .finalize();
        first_80_bits(&digest)
    }
}

/// The data of a request for a lease extension. The server knows this data of every activation. It finds the
/// activation of a request by comparing hashes.
#[derive(Debug, Clone, Copy)]
pub struct Prolongation<'a> {
    /// The activation's id.
    pub activation: ActivationId,
    /// The device's public key.
    pub device_key: &'a DevicePublicKey,
    /// The ratchet's sequence number in the device's last certificate.
    pub sequence: u64,
    /// The number of the extension after that certificate, from 0.
    pub term: u8,
}

/// Number of candidate IDs of a [`Prolongation`]. About 85 in 100 IDs have a text form.
const DRAWS: u8 = 16;

impl Prolongation<'_> {
    fn hash(&self, draw: u8) -> u128 {
        let digest = Sha256::new()
            .chain_update(b"lic/pid/v1\0")
            .chain_update(self.activation.as_bytes())
            .chain_update(self.device_key.as_bytes())
            .chain_update(self.sequence.to_be_bytes())
            .chain_update([self.term, draw])
            .finalize();
        first_80_bits(&digest)
    }
}

/// An Installation ID: 25 symbols for one device and one product. Payload, most significant bit first: version (2
/// bits, = 1), purpose (2 bits: 0 a first activation, 1 a lease extension), product code (12 bits), 80 bits of SHA-256
/// over the [`Commitment`] or the [`Prolongation`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstallationId(u128);

impl InstallationId {
    /// The ID of a commitment; `None` if the ID has no text form. Then draw another nonce.
    pub fn of(product_code: u16, commitment: &Commitment<'_>) -> Option<Self> {
        let product = u128::from(product_code & 0xfff);
        let head = (VERSION << PURPOSE_BITS | ACTIVATE) << PRODUCT_BITS | product;
        let id = Self(head << HASH_BITS | commitment.hash());
        typed_code::encode(Kind::InstallationId, id.0).map(|_| id)
    }

    /// The ID of a lease extension request: the first candidate with a text form.
    pub fn to_prolong(product_code: u16, term: &Prolongation<'_>) -> Option<Self> {
        let product = u128::from(product_code & 0xfff);
        let head = (VERSION << PURPOSE_BITS | PROLONG) << PRODUCT_BITS | product;
        let mut ids = (0..DRAWS).map(|draw| Self(head << HASH_BITS | term.hash(draw)));
        ids.find(|id| typed_code::encode(Kind::InstallationId, id.0).is_some())
    }

    /// Whether this ID was created for the lease extension request `term`.
    pub fn asks_for(self, term: &Prolongation<'_>) -> bool {
        let hash = self.0 & ((1 << HASH_BITS) - 1);
        self.prolongs() && (0..DRAWS).any(|draw| term.hash(draw) == hash)
    }

    /// Whether this ID requests a lease extension instead of a first activation.
    pub const fn prolongs(self) -> bool {
        self.0 >> (HASH_BITS + PRODUCT_BITS) == VERSION << PURPOSE_BITS | PROLONG
    }

    /// Whether this ID was created for `commitment`.
    pub fn opens(self, commitment: &Commitment<'_>) -> bool {
        self.0 & ((1 << HASH_BITS) - 1) == commitment.hash()
    }

    /// A placeholder for the device's public key until the installation is opened. No private key exists for it.
    pub fn stand_in(self) -> DevicePublicKey {
        let digest =
            Sha256::new().chain_update(b"lic/offline/device\0").chain_update(self.payload()).finalize();
        DevicePublicKey::Ed25519(digest.into())
    }

    /// The product's number.
    pub const fn product_code(self) -> u16 {
        (self.0 >> HASH_BITS & 0xfff) as u16
    }

    /// The payload's 12 bytes, big-endian.
    pub fn payload(self) -> [u8; 12] {
        self.0.to_be_bytes()[4..].try_into().expect("96 bits are 12 bytes")
    }
}

impl FromStr for InstallationId {
    type Err = CodeError;

    fn from_str(typed: &str) -> Result<Self, CodeError> {
        let payload = typed_code::decode(Kind::InstallationId, typed)?;
        let head = payload >> (HASH_BITS + PRODUCT_BITS);
        let known = [ACTIVATE, PROLONG].contains(&(head ^ VERSION << PURPOSE_BITS));
        known.then_some(Self(payload)).ok_or(CodeError::Malformed(Kind::InstallationId))
    }
}

impl fmt::Display for InstallationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = typed_code::encode(Kind::InstallationId, self.0);
        f.write_str(&code.expect("an installation id has letters for its checks"))
    }
}
