//! Tests of request files and license files, which devices without a network use.

use keystead_protocol::certificate::{CertificateError, DeviceRequest, LicenseFile, Wanted};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner};
use keystead_protocol::fingerprint::{Component, Fingerprint};
use keystead_protocol::id::ActivationId;
use proptest::prelude::*;

use crate::certificate::{claims, verify};
use crate::device_key::P256;
use crate::support::signing_key;

fn request(device_key: DevicePublicKey, wanted: Wanted) -> DeviceRequest {
    DeviceRequest { id: [7; 16], issuer: "acme".into(), product: "acme.photo".into(), device_key, wanted }
}

fn activation() -> Wanted {
    Wanted::Activation {
        name: "Lab PC".into(),
        platform: "Debian".into(),
        app_version: "4.2.0".into(),
        fingerprint: Fingerprint {
            unreadable: vec![Component::Tpm, Component::Board],
            ..claims().fingerprint
        },
    }
}

fn release() -> Wanted {
    Wanted::Release {
        activation: ActivationId::from_bytes([3; 16]),
        ratchet: [4; 16],
        pending: Some([5; 16]),
    }
}

#[test]
fn a_request_says_what_its_device_signed() {
    for wanted in [activation(), release()] {
        let by_file = request(signing_key(3).public_key(), wanted.clone());
        let by_chip = request(P256::new(3).public_key(), wanted);
        let texts = [by_file.seal(&signing_key(3)).unwrap(), by_chip.seal(&P256::new(3)).unwrap()];
        for (text, asked) in texts.iter().zip([&by_file, &by_chip]) {
            assert_eq!(DeviceRequest::open(text).as_ref(), Ok(asked));
            let carried = format!("Hello,\r\n{}\r\nBye", text.replace('\n', "\r\n"));
            assert_eq!(DeviceRequest::open(&carried).as_ref(), Ok(asked), "by mail");
        }
    }
}

#[test]
fn a_request_that_another_device_signed_is_refused() {
    let named = signing_key(3).public_key();
    let forged = request(named, release()).seal(&signing_key(4)).unwrap();
    assert_eq!(DeviceRequest::open(&forged), Err(CertificateError::UnknownKey));
    let forged = request(named, release()).seal(&P256::new(3)).unwrap();
    assert_eq!(DeviceRequest::open(&forged), Err(CertificateError::UnknownKey));
}

#[test]
fn a_request_is_no_certificate_and_a_certificate_no_request() {
    let license = LicenseFile {
        token: claims().seal(&crate::support::signing_key(2)),
        statements: Vec::new(),
        ratchet: [1; 16],
    };
    let text = license.to_text();
    assert_eq!(DeviceRequest::open(&text), Err(CertificateError::Malformed));
    assert_eq!(
        DeviceRequest::open(&text.replace("LICENCE", "KEYSTEAD REQUEST")),
        Err(CertificateError::Malformed)
    );
    let asked = request(signing_key(2).public_key(), activation()).seal(&signing_key(2)).unwrap();
    assert_eq!(LicenseFile::parse(&asked), Err(CertificateError::Malformed));
    let token = pem::parse(&asked).unwrap().into_contents();
    assert!(verify(&token).is_err(), "not even with the issuing key");
}

#[test]
fn a_license_file_carries_a_certificate() {
    let license = LicenseFile {
        token: claims().seal(&signing_key(2)),
        statements: vec![vec![1, 2, 3], vec![4]],
        ratchet: [9; 16],
    };
    assert_eq!(LicenseFile::parse(&license.to_text()), Ok(license.clone()));
    assert_eq!(verify(&LicenseFile::parse(&license.to_text()).unwrap().token), Ok(claims()));
    let many = LicenseFile { statements: vec![Vec::new(); 17], ..license };
    assert_eq!(LicenseFile::parse(&many.to_text()), Err(CertificateError::TooLarge));
}

proptest! {
    #[test]
    fn no_change_of_a_request_goes_unnoticed(at in 0usize..200, flip in 1u8..=255) {
        let sealed = request(signing_key(3).public_key(), activation()).seal(&signing_key(3)).unwrap();
        let mut bytes = pem::parse(&sealed).unwrap().into_contents();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        prop_assert!(DeviceRequest::open(&pem::encode(&pem::Pem::new("KEYSTEAD REQUEST", bytes))).is_err());
    }

    #[test]
    fn anything_is_read_without_harm(text in ".{0,400}", bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(DeviceRequest::open(&text).is_err());
        for label in ["KEYSTEAD REQUEST", "LICENCE"] {
            let text = pem::encode(&pem::Pem::new(label, bytes.clone()));
            prop_assert!(DeviceRequest::open(&text).is_err());
            let _ = LicenseFile::parse(&text);
        }
    }
}
