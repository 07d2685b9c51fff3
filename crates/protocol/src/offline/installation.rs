use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::certificate::fingerprint_cbor;
use crate::device_key::DevicePublicKey;
use crate::fingerprint::Fingerprint;
use crate::typed_code::{self, CodeError, Kind};

const VERSION: u128 = 1;
const HASH_BITS: u32 = 80;
const PRODUCT_BITS: u32 = 12;
const PURPOSE_BITS: u32 = 2;
/// The only purpose there is yet: a first activation.
const ACTIVATE: u128 = 0;

/// What an installation id commits a device to. It is opened when the device is online for the first time.
#[derive(Debug, Clone, Copy)]
pub struct Commitment<'a> {
    /// The product's short name.
    pub product: &'a str,
    /// The device's public key.
    pub device_key: &'a DevicePublicKey,
    /// Its hardware.
    pub fingerprint: &'a Fingerprint,
    /// Drawn anew until the id can be written.
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
        digest[..10].iter().fold(0, |hash, &byte| hash << 8 | u128::from(byte))
    }
}

/// An installation id: 25 symbols for one device and one product. Payload, most significant bit first: version (2, = 1), purpose
/// (2), product code (12), 80 bits of SHA-256 over the commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstallationId(u128);

impl InstallationId {
    /// The id of a commitment; `None` when it has no letters for its check symbols: draw another nonce.
    pub fn of(product_code: u16, commitment: &Commitment<'_>) -> Option<Self> {
        let product = u128::from(product_code & 0xfff);
        let head = (VERSION << PURPOSE_BITS | ACTIVATE) << PRODUCT_BITS | product;
        let id = Self(head << HASH_BITS | commitment.hash());
        typed_code::encode(Kind::InstallationId, id.0).map(|_| id)
    }

    /// Whether this is the id of that commitment.
    pub fn opens(self, commitment: &Commitment<'_>) -> bool {
        self.0 & ((1 << HASH_BITS) - 1) == commitment.hash()
    }

    /// Stands for the device's public key until the installation is opened; nobody has a key for it.
    pub fn stand_in(self) -> DevicePublicKey {
        let digest =
            Sha256::new().chain_update(b"lic/offline/device\0").chain_update(self.payload()).finalize();
        DevicePublicKey::Ed25519(digest.into())
    }

    /// The number of the product that it is for.
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
        let known = head == VERSION << PURPOSE_BITS | ACTIVATE;
        known.then_some(Self(payload)).ok_or(CodeError::Malformed(Kind::InstallationId))
    }
}

impl fmt::Display for InstallationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = typed_code::encode(Kind::InstallationId, self.0);
        f.write_str(&code.expect("an installation id has letters for its checks"))
    }
}
