use keystead_protocol::api::DeviceKey;
use keystead_protocol::certificate::UntrustedCertificate;
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner, SignatureMismatch};
use keystead_protocol::proof::{Proof, ProofError, Request};
use keystead_protocol::text::from_hex;
use p256::ecdsa::signature::Signer as _;

use crate::certificate::{claims, ring};
use crate::support::signing_key;

const REQUEST: Request = Request { method: "POST", path: "/api/v1/activations", body: b"{}" };

/// A simulated TPM with a known key.
pub struct P256(p256::ecdsa::SigningKey);

impl P256 {
    pub fn new(seed: u8) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }
}

impl DeviceSigner for P256 {
    type Error = std::convert::Infallible;

    fn public_key(&self) -> DevicePublicKey {
        let point = self.0.verifying_key().to_sec1_point(true);
        DevicePublicKey::P256(point.as_bytes().try_into().unwrap())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Self::Error> {
        let signature: p256::ecdsa::Signature = self.0.sign(message);
        Ok(signature.to_bytes().into())
    }
}

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    from_hex(hex).unwrap().try_into().unwrap()
}

/// Test vector of RFC 6979, A.2.5: P-256 and SHA-256 over "sample".
#[test]
fn a_signature_that_an_rfc_names_is_good() {
    let key =
        DevicePublicKey::P256(bytes("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    let signature = bytes(
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
         f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
    assert_eq!(key.verify(b"sample", &signature), Ok(()));
    assert_eq!(key.verify(b"simple", &signature), Err(SignatureMismatch));
    let flipped = DevicePublicKey::P256({
        let mut point: [u8; 33] = key.as_bytes().try_into().unwrap();
        point[0] = 2;
        point
    });
    assert_eq!(flipped.verify(b"sample", &signature), Err(SignatureMismatch));
}

#[test]
fn bytes_that_are_no_point_and_numbers_out_of_range_fit_nothing() {
    let signature = DeviceSigner::sign(&P256::new(3), b"message").unwrap();
    assert_eq!(P256::new(3).public_key().verify(b"message", &signature), Ok(()));
    for broken in [[0; 64], [0xff; 64]] {
        assert_eq!(P256::new(3).public_key().verify(b"message", &broken), Err(SignatureMismatch));
        assert_eq!(signing_key(3).public_key().verify(b"message", &broken), Err(SignatureMismatch));
    }
    for no_point in [[0; 33], [2; 33], [4; 33], [0xff; 33]] {
        let key = DevicePublicKey::P256(no_point);
        assert_eq!(key.verify(b"message", &signature), Err(SignatureMismatch), "{no_point:?}");
    }
}

#[test]
fn a_key_is_known_by_its_bytes_and_named_by_its_algorithm() {
    for key in [signing_key(3).public_key(), P256::new(3).public_key()] {
        assert_eq!(DevicePublicKey::from_bytes(key.as_bytes()), Some(key));
        let written = DeviceKey::from(key);
        assert_eq!(written.read(), Some(key));
        let other = if written.alg == "ESP256" { "Ed25519" } else { "ESP256" };
        assert_eq!(DeviceKey { alg: other.into(), ..written }.read(), None);
    }
    assert_eq!(DevicePublicKey::from_bytes(&[0; 65]), None);
}

#[test]
fn a_proof_names_the_algorithm_of_its_key() {
    let signer = P256::new(3);
    let header = Proof::sign(&signer, REQUEST, "bm9uY2U", 0).unwrap().to_header();
    assert!(header.contains("; alg=ESP256; "), "{header}");
    let read: Proof = header.parse().unwrap();
    assert_eq!(read.verify(&signer.public_key(), REQUEST), Ok(()));
    let renamed: Proof = header.replace("ESP256", "Ed25519").parse().unwrap();
    assert_eq!(renamed.verify(&signer.public_key(), REQUEST), Err(ProofError::Algorithm));
    assert_eq!(read.verify(&signing_key(3).public_key(), REQUEST), Err(ProofError::OtherKey));
}

#[test]
fn a_certificate_is_bound_to_either_kind_of_key() {
    // A point and its negative differ only in the sign byte.
    for seed in 3..12 {
        let key = P256::new(seed).public_key();
        let mut negative: [u8; 33] = key.as_bytes().try_into().unwrap();
        negative[0] ^= 1;
        for device_key in [key, DevicePublicKey::P256(negative)] {
            let mut claims = claims();
            claims.device_key = device_key;
            let sealed = claims.seal(&signing_key(2));
            let certificate =
                UntrustedCertificate::parse(&sealed).unwrap().verify(&ring(), "acme.photo").unwrap();
            assert_eq!(certificate.claims().device_key, device_key);
        }
    }
}

/// Keys of RFC 8037, A.1, and RFC 6979, A.2.5.
#[test]
fn keys_are_written_as_jwks_in_the_order_of_their_thumbprints() {
    let file =
        DevicePublicKey::Ed25519(bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    let jwk = r#"{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    assert_eq!((file.to_jwk().as_deref(), file.jose_algorithm()), (Some(jwk), "EdDSA"));
    let chip =
        DevicePublicKey::P256(bytes("0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    let (x, y) =
        ("YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y", "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk");
    let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    assert_eq!((chip.to_jwk(), chip.jose_algorithm()), (Some(jwk), "ES256"));
}
