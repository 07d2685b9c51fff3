//! Signed objects: COSE_Sign1 (RFC 9052) over deterministic CBOR (RFC 8949, section 4.2.1) in one fixed profile
//! without negotiation. Signatures are Ed25519 (algorithm -19, RFC 9864); only a device with a TPM signs with P-256
//! (ESP256). The profile requires a key id, and the signature covers the object's purpose as external data.

mod armour;
pub(crate) mod cbor;
mod confirmation;
mod device_request;
mod envelope;
mod key_id;
mod key_ring;
mod keyset;
mod license;
mod license_file;
mod pinned_roots;
mod server_time;

pub use device_request::{DeviceRequest, Wanted};
pub use envelope::{MAX_PAYLOAD, Purpose, seal};
pub use key_id::KeyId;
pub use key_ring::{KeyRing, KeyStatement};
pub use keyset::Keyset;
pub(crate) use license::fingerprint_cbor;
pub use license::{Certificate, LicenseClaims, Link, UntrustedCertificate};
pub use license_file::LicenseFile;
pub use pinned_roots::PinnedRoots;
pub use server_time::ServerTime;

/// Why a signed object was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Larger than the maximum size.
    #[error("it is too large")]
    TooLarge,
    /// Not an object of the profile, or not in its deterministic encoding.
    #[error("it is malformed")]
    Malformed,
    /// No trusted statement names the signing key.
    #[error("it was signed by an unknown key")]
    UnknownKey,
    /// The key is known but not entitled to this signature.
    #[error("its key may not sign this")]
    KeyNotEntitled,
    /// The key is revoked.
    #[error("its key was revoked")]
    KeyRevoked,
    /// The signature is invalid.
    #[error("its signature is wrong")]
    Signature,
    /// Issued by another vendor or for another product.
    #[error("it belongs to another vendor or product")]
    Audience,
    /// An unknown version or an unknown critical claim.
    #[error("it needs a newer program")]
    Unsupported,
}
