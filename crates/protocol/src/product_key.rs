//! The 25-character product key: a claim code that the server checks. It unlocks nothing by itself.
//!
//! Payload of 96 bits, most significant first: version (2, = 1), MAC epoch `kid` (4), product code (12), random id
//! (38), tag (40) = the first five bytes of HMAC-SHA256 over the other 56 bits.

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

use crate::typed_code::{self, CodeError, Kind};

const ID_BITS: u32 = 38;
const TAG_BITS: u32 = 40;

/// Letter sequences that no product key may contain. The alphabet has no vowels, so the list is short.
const DENIED_RUNS: [&str; 6] = ["FCK", "FKK", "KKK", "WTF", "CCK", "PRC"];

/// The key that authenticates the product keys of one MAC epoch.
#[derive(Clone, ZeroizeOnDrop)]
pub struct MacKey([u8; 32]);

impl MacKey {
    /// HKDF-SHA256 (RFC 5869) with the tenant's 16-byte id as salt and the epoch's secret as key material.
    pub fn derive(tenant: &[u8; 16], secret: &[u8]) -> Self {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(Some(tenant), secret)
            .expand(b"lic/product-key/mac/v1", &mut key)
            .expect("32 bytes are within HKDF's limit");
        Self(key)
    }

    /// The derived 32 bytes, for test vectors.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn tag(&self, head: u64) -> u64 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(b"lic/pk/v1\0");
        mac.update(&head.to_be_bytes()[1..]);
        mac.finalize().into_bytes()[..5].iter().fold(0, |tag, &byte| tag << 8 | u64::from(byte))
    }
}

/// The secret that derives the storage index of a product key.
#[derive(Clone, ZeroizeOnDrop)]
pub struct IndexKey([u8; 32]);

impl IndexKey {
    /// Wraps 32 secret bytes, which are stored outside the database.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }
}

/// A well-formed product key. Only the server knows whether it was issued.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProductKey(u128);

impl ProductKey {
    /// Creates the key for 38 random bits. `None` if they must be drawn again, because a check symbol has no letter
    /// or the key contains a denied sequence.
    ///
    /// `kid` is the MAC epoch (0 to 15), `product_code` the product's number (0 to 4095); higher bits are ignored.
    pub fn mint(mac: &MacKey, kid: u8, product_code: u16, random: u64) -> Option<Self> {
        let head = 1 << 54
            | u64::from(kid & 15) << 50
            | u64::from(product_code & 0xfff) << ID_BITS
            | random & ((1 << ID_BITS) - 1);
        let key = Self(u128::from(head) << TAG_BITS | u128::from(mac.tag(head)));
        let text = typed_code::encode(Kind::ProductKey, key.0)?;
        is_printable(&text).then_some(key)
    }

    fn from_payload(payload: u128) -> Option<Self> {
        (payload >> 94 == 1).then_some(Self(payload))
    }

    /// The payload's 12 bytes, big-endian.
    pub fn payload(self) -> [u8; 12] {
        self.0.to_be_bytes()[4..].try_into().expect("96 bits are 12 bytes")
    }

    /// The MAC epoch, 0 to 15.
    pub fn kid(self) -> u8 {
        (self.0 >> 90 & 15) as u8
    }

    /// The product's number, 0 to 4095. It shows offline that a key belongs to another product.
    pub fn product_code(self) -> u16 {
        (self.0 >> 78 & 0xfff) as u16
    }

    /// Whether `mac` produced the tag. Compares in constant time.
    pub fn is_authentic(self, mac: &MacKey) -> bool {
        let tag = (self.0 & ((1 << TAG_BITS) - 1)) as u64;
        mac.tag((self.0 >> TAG_BITS) as u64).ct_eq(&tag).into()
    }

    /// The storage index: 16 bytes of HMAC-SHA256. Without `key`, a stolen database cannot be searched for product
    /// keys.
    pub fn index(self, key: &IndexKey) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes any key length");
        mac.update(b"lic/pk/idx/v1\0");
        mac.update(&self.payload());
        mac.finalize().into_bytes()[..16].try_into().expect("SHA-256 has 32 bytes")
    }

    /// The last five symbols, the only part of a key that is ever shown again.
    pub fn last_group(self) -> String {
        self.to_string()[24..].to_owned()
    }
}

fn is_printable(text: &str) -> bool {
    let symbols: Vec<u8> = text.bytes().filter(|&byte| byte != b'-').collect();
    let four_equal = symbols.windows(4).any(|run| run.iter().all(|&symbol| symbol == run[0]));
    let denied =
        DENIED_RUNS.iter().any(|denied| symbols.windows(denied.len()).any(|run| run == denied.as_bytes()));
    !four_equal && !denied
}

impl FromStr for ProductKey {
    type Err = CodeError;

    /// Parses a key in any case, with or without separators. Detects typing mistakes offline.
    fn from_str(typed: &str) -> Result<Self, CodeError> {
        let payload = typed_code::decode(Kind::ProductKey, typed)?;
        Self::from_payload(payload).ok_or(CodeError::Malformed(Kind::ProductKey))
    }
}

impl fmt::Display for ProductKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            &typed_code::encode(Kind::ProductKey, self.0).expect("a product key has letters for its checks"),
        )
    }
}

impl fmt::Debug for ProductKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProductKey(…-{})", self.last_group())
    }
}
