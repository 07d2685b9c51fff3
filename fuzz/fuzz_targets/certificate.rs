//! Certificates and key statements as they arrive: nothing that was not signed is believed.
#![no_main]

use keystead_protocol::certificate::{KeyRing, PinnedRoots, ServerTime, UntrustedCertificate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<Vec<u8>>)| {
    let (certificate, statements) = input;
    let roots = PinnedRoots { issuer: "acme".into(), keys: Vec::new() };
    let ring = KeyRing::open(&roots, &statements);
    if let Ok(certificate) = UntrustedCertificate::parse(&certificate)
        && let Ok(ring) = &ring
    {
        assert!(certificate.verify(ring, "acme.photo").is_err(), "no root was pinned");
    }
    if let Ok(ring) = ring {
        assert!(ServerTime::open(&certificate, &[0; 16], &ring).is_err());
    }
});
