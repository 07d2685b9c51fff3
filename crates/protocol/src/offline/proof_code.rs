//! What a device proves to the server without a network, and the secret that both of them have for it.

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

use super::InstallationId;
use crate::typed_code::{self, CodeError, Kind};

const HASH_BITS: u32 = 80;
/// The kind of short code that proves a release: four bits at the front.
const RELEASE: u128 = 1;

/// A secret that one device shares with the server. It can prove something about that device and about no other.
#[derive(Clone, ZeroizeOnDrop)]
pub struct OfflineSecret([u8; 32]);

impl OfflineSecret {
    /// The secret that follows from the confirmation that both have seen.
    pub fn of_confirmation(confirmation: &[u8; 48], id: InstallationId) -> Self {
        let mut secret = [0; 32];
        Hkdf::<Sha256>::new(Some(&id.payload()), confirmation)
            .expand(b"lic/offline/device/v1", &mut secret)
            .expect("32 bytes are within HKDF's limit");
        Self(secret)
    }

    fn hash(&self, id: InstallationId, head: u16) -> u128 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(&id.payload());
        mac.update(&head.to_be_bytes());
        mac.finalize().into_bytes()[..10].iter().fold(0, |hash, &byte| hash << 8 | u128::from(byte))
    }

    /// The proof that the device has given its seat back and wiped what it had. `counter` (0 to 15) is raised until the code can be
    /// written.
    pub fn release(&self, id: InstallationId) -> Option<ReleaseCode> {
        (0..16).find_map(|counter| {
            let head = (RELEASE << 12 | counter) as u16;
            let code = ReleaseCode(u128::from(head) << HASH_BITS | self.hash(id, head));
            typed_code::encode(Kind::ShortConfirmation, code.0).map(|_| code)
        })
    }

    /// Whether the code proves the release of that installation; compared in constant time.
    pub fn proves(&self, code: ReleaseCode, id: InstallationId) -> bool {
        let head = (code.0 >> HASH_BITS) as u16;
        let expected = self.hash(id, head).to_be_bytes();
        let shown = (code.0 & ((1 << HASH_BITS) - 1)).to_be_bytes();
        expected.ct_eq(&shown).into()
    }
}

/// Proves that a device gave its seat back. Payload: kind (4, = 1), 8 zero bits, counter (4), 80 bits of HMAC-SHA256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseCode(u128);

impl FromStr for ReleaseCode {
    type Err = CodeError;

    fn from_str(typed: &str) -> Result<Self, CodeError> {
        let payload = typed_code::decode(Kind::ShortConfirmation, typed)?;
        let is_release = payload >> (HASH_BITS + 4) == RELEASE << 8;
        is_release.then_some(Self(payload)).ok_or(CodeError::Malformed(Kind::ShortConfirmation))
    }
}

impl fmt::Display for ReleaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = typed_code::encode(Kind::ShortConfirmation, self.0);
        f.write_str(&code.expect("a release code has letters for its checks"))
    }
}
