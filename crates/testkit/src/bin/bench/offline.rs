//! Compares the offline check of a certificate (parse, verify, compare the hardware) with one Ed25519 verification.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use keystead_protocol::certificate::{
    KeyRing, KeyStatement, LicenseClaims, Link, PinnedRoots, Purpose, UntrustedCertificate,
};
use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{KeyProof, Similarity, Thresholds};
use keystead_protocol::id::{ActivationId, LicenseId};
use keystead_testkit::Device;

use crate::{Measured, TURNS, median};

const AT: i64 = 1_795_238_400;

fn certificate(device: &Device, root: &SigningKey, issuing: &SigningKey) -> (KeyRing, Vec<u8>) {
    let statement = KeyStatement {
        issuer: "acme".into(),
        purpose: Purpose::License,
        key: issuing.verifying_key(),
        not_before: AT - 1000,
        sign_until: AT + 1000,
        verify_until: AT + 100_000_000,
        products: Vec::new(),
        max_lease: 40_000_000,
    };
    let roots = PinnedRoots { issuer: "acme".into(), keys: vec![root.verifying_key()] };
    let ring = KeyRing::open(&roots, &[statement.seal(root)]).expect("the statement is the root's");
    let claims = LicenseClaims {
        issuer: "acme".into(),
        product: "studio".into(),
        issued_at: AT,
        lease_until: AT + 15_552_000,
        token_id: [1; 16],
        device_key: DevicePublicKey::Ed25519(issuing.verifying_key().to_bytes()),
        license: LicenseId::from_bytes([2; 16]),
        activation: ActivationId::from_bytes([3; 16]),
        edition: "pro".into(),
        features: vec!["batch".into(), "raw".into()],
        refresh_after: AT + 2_592_000,
        grace_until: AT + 18_144_000,
        license_expiry: None,
        fingerprint: device.fingerprint.clone(),
        sequence: 1,
        policy: 1,
        link: Link::Account,
    };
    (ring, claims.seal(issuing))
}

pub fn measure(turn: Duration) -> Measured {
    let (root, issuing) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let device = Device::new(1);
    let (ring, bytes) = certificate(&device, &root, &issuing);
    let check = || {
        let certificate = UntrustedCertificate::parse(black_box(&bytes))
            .and_then(|certificate| certificate.verify(&ring, "studio"))
            .expect("the certificate is good");
        let seen = &certificate.claims().fingerprint;
        let verdict = seen.compare(black_box(&device.fingerprint), KeyProof::Software, Thresholds::default());
        assert_eq!(verdict.similarity, Similarity::Same);
    };
    let message = [7; 300];
    let signature = issuing.sign(&message);
    let key = issuing.verifying_key();
    let bare = || key.verify_strict(black_box(&message), &signature).expect("the signature is good");
    let (mut ours, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(micros_each(turn / 2, check));
        limits.push(micros_each(turn / 2, bare));
    }
    let (value, limit) = (median(ours), median(limits));
    Measured { name: "offline_check", value, unit: "us", limit, bound: "<= 2", kept: value <= 2.0 * limit }
}

fn micros_each(turn: Duration, run: impl Fn()) -> f64 {
    let (began, mut count) = (Instant::now(), 0u32);
    while began.elapsed() < turn {
        for _ in 0..100 {
            run();
        }
        count += 100;
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}
