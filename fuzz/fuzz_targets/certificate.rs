//! Certificates and key statements as they arrive: nothing that was not signed is believed.
#![no_main]

use ed25519_dalek::VerifyingKey;
use keystead_protocol::certificate::{KeyRing, PinnedRoots, ServerTime, UntrustedCertificate};
use keystead_protocol::text::from_hex;
use libfuzzer_sys::fuzz_target;

/// The root of the vectors.
const ROOT: &str = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c";

fuzz_target!(|input: (Vec<u8>, Vec<Vec<u8>>)| {
    let (certificate, statements) = input;
    let root = from_hex(ROOT).and_then(|bytes| bytes.try_into().ok()).expect("32 bytes");
    let keys = vec![VerifyingKey::from_bytes(&root).expect("a key")];
    let ring = KeyRing::open(&PinnedRoots { issuer: "acme".into(), keys }, &statements);
    if let Ok(certificate) = UntrustedCertificate::parse(&certificate)
        && let Ok(ring) = &ring
    {
        assert!(certificate.verify(ring, "acme.photo").is_err(), "nothing here was signed by the root");
    }
    if let Ok(ring) = ring {
        assert!(ServerTime::open(&certificate, &[0; 16], &ring).is_err());
    }
});
