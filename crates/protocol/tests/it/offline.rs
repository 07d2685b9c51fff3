use std::collections::BTreeMap;

use keystead_protocol::device_key::DevicePublicKey;
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::id::ActivationId;
use keystead_protocol::offline::{
    Commitment, Confirmation, ConfirmationError, ConfirmationKey, ConfirmationVerifier, InstallationId,
    OfflineSecret, Prolongation, ReleaseCode, ShortConfirmation,
};
use keystead_protocol::typed_code::{self, Kind};
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::support::{hex, vectors};

fn fingerprint() -> Fingerprint {
    let file = vectors(include_str!("../../vectors/fingerprint.json"));
    let mut fp = BTreeMap::new();
    for case in file["tags"].as_array().unwrap() {
        let component: Component = serde_json::from_value(case["component"].clone()).unwrap();
        let tag: Tag = serde_json::from_value(case["tag"].clone()).unwrap();
        fp.insert(component, Tags::new([tag]).unwrap());
    }
    Fingerprint { class: MachineClass::Phys, fp, unreadable: Vec::new() }
}

fn key(seed: u8) -> ConfirmationKey {
    ConfirmationKey::derive(&Zeroizing::new([seed; 32]), "acme")
}

/// An Installation ID. Different numbers give commitments that differ only in the nonce.
fn installation(number: u64) -> InstallationId {
    let fingerprint = fingerprint();
    (number..)
        .find_map(|nonce| {
            let commitment = Commitment {
                product: "acme.photo",
                device_key: &DevicePublicKey::Ed25519([7; 32]),
                fingerprint: &fingerprint,
                nonce: nonce.wrapping_mul(0x9e37_79b9),
            };
            InstallationId::of(0x2a7, &commitment)
        })
        .unwrap()
}

#[test]
fn the_installation_id_is_that_of_the_named_vector() {
    let file = vectors(include_str!("../../vectors/offline.json"));
    let device = vectors(include_str!("../../vectors/certificate.json"));
    let device_key = DevicePublicKey::Ed25519(hex(&device["device_pk"]));
    let fingerprint = fingerprint();
    let commitment =
        Commitment { product: "acme.photo", device_key: &device_key, fingerprint: &fingerprint, nonce: 0 };
    let id = InstallationId::of(0x2a7, &commitment).unwrap();
    assert_eq!(id.to_string(), file["installation_id"].as_str().unwrap());
    assert_eq!(id.payload(), hex::<12>(&file["installation_payload"]));
    assert_eq!(id.to_string().parse(), Ok(id));
    assert!(id.opens(&commitment) && !id.opens(&Commitment { nonce: 1, ..commitment }));
    assert_eq!(id.product_code(), 0x2a7);
}

#[test]
fn the_lines_of_a_confirmation_are_those_of_the_named_vector() {
    let file = vectors(include_str!("../../vectors/offline.json"));
    let lines: Vec<String> = serde_json::from_value(file["confirmation_lines"].clone()).unwrap();
    let confirmation: Confirmation = lines.join("\n").parse().unwrap();
    assert_eq!(*confirmation.as_bytes(), hex::<48>(&file["confirmation"]));
    assert_eq!(confirmation.lines().unwrap().to_vec(), lines);
}

#[test]
fn a_confirmation_grants_its_row_to_its_installation_and_nothing_else() {
    let (signer, id) = (key(1), installation(1));
    let verifier = ConfirmationVerifier::new(&signer.public(), "acme").unwrap();
    let confirmation = signer.confirm("acme.photo", id, 5).unwrap();
    assert_eq!(confirmation, signer.confirm("acme.photo", id, 5).unwrap(), "the same again");
    let grant = verifier.granted(&confirmation, "acme.photo", id, 8).unwrap();
    assert_eq!(grant.row, 5);
    assert!(verifier.grants(&confirmation, "acme.photo", id, grant));
    assert!(!verifier.grants(&confirmation, "acme.photo", installation(2), grant), "another device");
    assert!(!verifier.grants(&confirmation, "acme.video", id, grant), "another product");
    assert_eq!(verifier.granted(&confirmation, "acme.photo", id, 5), None, "a row that the table lacks");
    let other_vendor = ConfirmationVerifier::new(&signer.public(), "other").unwrap();
    assert_eq!(other_vendor.granted(&confirmation, "acme.photo", id, 8), None);
    let other_key = ConfirmationVerifier::new(&key(2).public(), "acme").unwrap();
    assert_eq!(other_key.granted(&confirmation, "acme.photo", id, 8), None);
}

#[test]
fn lines_are_told_apart_and_none_is_missing() {
    let lines = key(1).confirm("acme.photo", installation(3), 0).unwrap().lines().unwrap();
    let typed = |order: [usize; 4]| order.map(|at| lines[at].clone()).join("\n").parse::<Confirmation>();
    assert!(typed([0, 1, 2, 3]).is_ok());
    assert!(matches!(typed([1, 0, 2, 3]), Err(ConfirmationError::Line { line: 1, .. })));
    assert_eq!(lines[..3].join("\n").parse::<Confirmation>(), Err(ConfirmationError::Lines(3)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_confirmed_can_be_typed_and_released(number in 0u64..1_000_000, row in 0u8..240) {
        let (signer, id) = (key(3), installation(number));
        let confirmation = signer.confirm("acme.photo", id, row).unwrap();
        prop_assert_eq!(confirmation.lines().unwrap().join("\n").parse(), Ok(confirmation));
        let secret = OfflineSecret::of_confirmation(confirmation.as_bytes(), id);
        let code = secret.release(id).unwrap();
        prop_assert_eq!(code.to_string().parse(), Ok(code));
        prop_assert!(secret.proves(code, id));
        let stranger = OfflineSecret::of_confirmation(&[9; 48], id);
        let other = (number + 1..).map(installation).find(|other| *other != id).unwrap();
        prop_assert!(!stranger.proves(code, id) && !secret.proves(code, other));
    }

    #[test]
    fn any_installation_payload_is_read_as_it_was_written_or_refused(payload in 0u128..1 << 96) {
        if let Some(text) = typed_code::encode(Kind::InstallationId, payload)
            && let Ok(id) = text.parse::<InstallationId>()
        {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}

#[test]
fn a_longer_term_is_asked_for_and_confirmed_by_one_line() {
    let device_key = DevicePublicKey::Ed25519([7; 32]);
    let activation = ActivationId::from_bytes([3; 16]);
    let [ours, theirs] = [1, 2].map(|key| OfflineSecret::of_activation(&[key; 32], activation));
    let id = |term| {
        let asked = Prolongation { activation, device_key: &device_key, sequence: 4, term };
        let id = InstallationId::to_prolong(0x2a7, &asked).unwrap();
        assert!(id.asks_for(&asked) && !id.asks_for(&Prolongation { sequence: 5, ..asked }));
        id
    };
    assert!(id(0).prolongs() && !installation(1).prolongs());
    assert_eq!(id(0).to_string().parse(), Ok(id(0)));
    let line = ours.prolong(id(0)).unwrap();
    assert_eq!(line.to_string().to_lowercase().parse(), Ok(line));
    assert!(ours.confirms(line, id(0)));
    assert!(!ours.confirms(line, id(1)), "the next term needs another");
    assert!(!theirs.confirms(line, id(0)));
    assert_eq!(OfflineSecret::from_bytes(*ours.as_bytes()).prolong(id(0)), Some(line), "the same again");
    assert!(line.to_string().parse::<ReleaseCode>().is_err(), "it proves no release");
    let release = ours.release(id(0)).unwrap().to_string();
    assert!(release.parse::<ShortConfirmation>().is_err(), "and a release prolongs nothing");
}
