//! Short codes for a device without a network. One kind proves the release of a seat, the other confirms a lease
//! extension. The device and the server authenticate the codes with a shared secret.

use std::fmt;
use std::str::FromStr;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::ZeroizeOnDrop;

use super::{InstallationId, first_80_bits};
use crate::id::ActivationId;
use crate::typed_code::{self, CodeError, Kind};

const HASH_BITS: u32 = 80;
/// The kinds of short codes: the first four bits.
const RELEASE: u128 = 1;
const PROLONG: u128 = 2;
/// Days granted by a lease extension.
pub const PROLONGED_DAYS: u32 = 30;
/// Maximum number of lease extensions until the device must come online or use a file.
pub const PROLONGATIONS: u8 = 3;

/// The secret that one device shares with the server. It authenticates codes of this device only.
#[derive(Clone, ZeroizeOnDrop)]
pub struct OfflineSecret([u8; 32]);

impl OfflineSecret {
    /// Derives the secret from the confirmation, which both sides have.
    pub fn of_confirmation(confirmation: &[u8; 48], id: InstallationId) -> Self {
        let mut secret = [0; 32];
        Hkdf::<Sha256>::new(Some(&id.payload()), confirmation)
            .expand(b"lic/offline/device/v1", &mut secret)
            .expect("32 bytes are within HKDF's limit");
        Self(secret)
    }

    /// Derives the secret of an activation. The device receives the secret with its certificate. `key` is the server's
    /// key.
    pub fn of_activation(key: &[u8; 32], activation: ActivationId) -> Self {
        let mut secret = [0; 32];
        Hkdf::<Sha256>::new(Some(activation.as_bytes()), key)
            .expand(b"lic/offline/activation/v1", &mut secret)
            .expect("32 bytes are within HKDF's limit");
        Self(secret)
    }

    /// The secret from its bytes, as the device received it.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret's bytes, for sending to the device.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn hash(&self, id: InstallationId, head: u16) -> u128 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(&id.payload());
        mac.update(&head.to_be_bytes());
        first_80_bits(&mac.finalize().into_bytes())
    }

    /// Creates the proof that the device has released its seat and wiped its activation. `None` if no code has a text
    /// form.
    pub fn release(&self, id: InstallationId) -> Option<ReleaseCode> {
        self.code(RELEASE << 8, id).map(ReleaseCode)
    }

    /// Whether the code proves the release of the installation.
    pub fn proves(&self, code: ReleaseCode, id: InstallationId) -> bool {
        self.has_made(code.0, id)
    }

    /// Confirms the lease extension of [`PROLONGED_DAYS`] that a device requested with the Installation ID `id`.
    pub fn prolong(&self, id: InstallationId) -> Option<ShortConfirmation> {
        self.code(PROLONG << 8 | u128::from(PROLONGED_DAYS), id).map(ShortConfirmation)
    }

    /// Whether the code confirms the lease extension that was requested with `id`.
    pub fn confirms(&self, code: ShortConfirmation, id: InstallationId) -> bool {
        self.has_made(code.0, id)
    }

    /// Creates a code from `head`, which is the kind and eight further bits, and a counter (0 to 15). The counter is
    /// increased until the code has a text form.
    fn code(&self, head: u128, id: InstallationId) -> Option<u128> {
        (0..16).find_map(|counter| {
            let head = (head << 4 | counter) as u16;
            let code = u128::from(head) << HASH_BITS | self.hash(id, head);
            typed_code::encode(Kind::ShortConfirmation, code).map(|_| code)
        })
    }

    /// Whether this secret produced the code. Compares in constant time.
    fn has_made(&self, code: u128, id: InstallationId) -> bool {
        let head = (code >> HASH_BITS) as u16;
        let expected = self.hash(id, head).to_be_bytes();
        let shown = (code & ((1 << HASH_BITS) - 1)).to_be_bytes();
        expected.ct_eq(&shown).into()
    }
}

/// Proves that a device released its seat. Payload: kind (4 bits, = 1), 8 zero bits, counter (4 bits), 80 bits of
/// HMAC-SHA256.
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

/// Confirms a lease extension to a device that shares a secret with the server. Payload: kind (4 bits, = 2), days (8
/// bits), counter (4 bits), 80 bits of HMAC-SHA256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortConfirmation(u128);

impl FromStr for ShortConfirmation {
    type Err = CodeError;

    fn from_str(typed: &str) -> Result<Self, CodeError> {
        let payload = typed_code::decode(Kind::ShortConfirmation, typed)?;
        let head = PROLONG << 8 | u128::from(PROLONGED_DAYS);
        let known = payload >> (HASH_BITS + 4) == head;
        known.then_some(Self(payload)).ok_or(CodeError::Malformed(Kind::ShortConfirmation))
    }
}

impl fmt::Display for ShortConfirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = typed_code::encode(Kind::ShortConfirmation, self.0);
        f.write_str(&code.expect("a confirmation code has letters for its checks"))
    }
}
