use ed25519_dalek::SigningKey;
use keystead_protocol::certificate::{
    CertificateError, KeyId, KeyRing, KeyStatement, Keyset, LicenseClaims, Link, PinnedRoots, Purpose,
    ServerTime, UntrustedCertificate, seal,
};
use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::id::{ActivationId, LicenseId};
use proptest::prelude::*;

use crate::support::{bytes, signing_key, vectors};

const ISSUED: i64 = 1_795_238_400;

fn file() -> serde_json::Value {
    vectors(include_str!("../../vectors/certificate.json"))
}

fn roots() -> PinnedRoots {
    PinnedRoots { issuer: "acme".into(), keys: vec![signing_key(1).verifying_key()] }
}

fn statement() -> KeyStatement {
    KeyStatement {
        issuer: "acme".into(),
        purpose: Purpose::License,
        key: signing_key(2).verifying_key(),
        not_before: 0x6afd_86c0,
        sign_until: 0x6b77_98c0,
        verify_until: 0x6ebe_d480,
        products: vec!["acme.photo".into()],
        max_lease: 0x01e1_3380,
    }
}

pub fn ring() -> KeyRing {
    KeyRing::open(&roots(), &[statement().seal(&signing_key(1))]).unwrap()
}

pub fn claims() -> LicenseClaims {
    let tags = [0x3905, 0x5e4b, 0xd0fe, 0x4528, 0xd3a1, 0xf1d7, 0xdc82];
    let fp = Component::ALL
        .into_iter()
        .zip(tags)
        .map(|(component, tag): (_, u16)| (component, Tags::new([Tag(tag.to_be_bytes())]).unwrap()))
        .collect();
    LicenseClaims {
        issuer: "acme".into(),
        product: "acme.photo".into(),
        issued_at: ISSUED,
        lease_until: 1_797_830_400,
        token_id: [0x11; 16],
        device_key: signing_key(3).public_key(),
        license: LicenseId::from_bytes([0x22; 16]),
        activation: ActivationId::from_bytes([0x33; 16]),
        edition: "pro".into(),
        features: vec!["batch".into(), "export".into(), "raw".into()],
        refresh_after: 1_796_448_000,
        grace_until: 1_799_040_000,
        license_expiry: None,
        fingerprint: Fingerprint { class: MachineClass::Phys, fp, unreadable: Vec::new() },
        sequence: 4,
        policy: 7,
        link: Link::Account,
    }
}

pub fn verify(bytes: &[u8]) -> Result<LicenseClaims, CertificateError> {
    Ok(UntrustedCertificate::parse(bytes)?.verify(&ring(), "acme.photo")?.claims().clone())
}

#[test]
fn sealing_reproduces_the_named_objects_byte_for_byte() {
    assert_eq!(statement().seal(&signing_key(1)), bytes(&file()["key_statement"]));
    assert_eq!(claims().seal(&signing_key(2)), bytes(&file()["license"]));
    let revoked = vec![KeyId::of(&signing_key(9).verifying_key())];
    let keyset = Keyset { issuer: "acme".into(), sequence: 7, revoked };
    assert_eq!(keyset.seal(&signing_key(1)), bytes(&file()["keyset"]));
}

#[test]
fn the_named_certificate_opens_to_its_claims() {
    assert_eq!(verify(&bytes(&file()["license"])), Ok(claims()));
}

#[test]
fn a_statement_by_anyone_but_a_pinned_root_is_refused() {
    let forged = statement().seal(&signing_key(9));
    assert_eq!(KeyRing::open(&roots(), &[forged]).unwrap_err(), CertificateError::UnknownKey);
    let other = KeyStatement { issuer: "other".into(), ..statement() }.seal(&signing_key(1));
    assert_eq!(KeyRing::open(&roots(), &[other]).unwrap_err(), CertificateError::Audience);
}

#[test]
fn a_certificate_is_refused_outside_of_what_its_key_may_sign() {
    let late = LicenseClaims { issued_at: 0x6b77_98c1, ..claims() };
    let long = LicenseClaims { lease_until: ISSUED + 0x01e1_3381, ..claims() };
    let other = LicenseClaims { product: "acme.video".into(), ..claims() };
    for refused in [late, long, other] {
        assert_eq!(verify(&refused.seal(&signing_key(2))), Err(CertificateError::KeyNotEntitled));
    }
    assert_eq!(verify(&claims().seal(&signing_key(5))), Err(CertificateError::UnknownKey));
}

#[test]
fn another_product_or_issuer_is_another_audience() {
    let bytes = claims().seal(&signing_key(2));
    let verdict = UntrustedCertificate::parse(&bytes).unwrap().verify(&ring(), "acme.video");
    assert_eq!(verdict.unwrap_err(), CertificateError::Audience);
    let foreign = LicenseClaims { issuer: "other".into(), ..claims() }.seal(&signing_key(2));
    assert_eq!(verify(&foreign), Err(CertificateError::Audience));
}

#[test]
fn an_object_signed_for_one_purpose_is_refused_under_another() {
    let SealedParts { payload } = parts(&claims().seal(&signing_key(2)));
    for purpose in [Purpose::Time, Purpose::Key, Purpose::Validation] {
        let bytes = seal(purpose, &signing_key(2), payload.clone());
        assert_eq!(verify(&bytes), Err(CertificateError::Signature));
    }
}

struct SealedParts {
    payload: Vec<u8>,
}

/// The payload of a sealed object. It follows the array head (1 byte), the protected header (14), the empty map (1)
/// and the length (2), and precedes the signature (66).
fn parts(sealed: &[u8]) -> SealedParts {
    SealedParts { payload: sealed[1 + 14 + 1 + 2..sealed.len() - 66].to_vec() }
}

fn resealed(change: impl FnOnce(&mut Vec<u8>), key: &SigningKey) -> Vec<u8> {
    let mut payload = parts(&claims().seal(&signing_key(2))).payload;
    change(&mut payload);
    seal(Purpose::License, key, payload)
}

#[test]
fn payloads_in_any_but_their_one_encoding_are_refused() {
    let long_integer = resealed(|p| *p = [&[0xb2, 0x18, 0x01][..], &p[2..]].concat(), &signing_key(2));
    let duplicate = resealed(|p| *p = [&[0xb3, 0x01, 0x61, b'x'][..], &p[1..]].concat(), &signing_key(2));
    let trailing = resealed(|p| p.push(0), &signing_key(2));
    let indefinite = resealed(|p| *p = [&[0xbf][..], &p[1..], &[0xff]].concat(), &signing_key(2));
    for bytes in [long_integer, duplicate, trailing, indefinite] {
        assert_eq!(verify(&bytes), Err(CertificateError::Malformed));
    }
}

#[test]
fn other_algorithms_extra_headers_and_trailing_bytes_are_refused() {
    let good = claims().seal(&signing_key(2));
    let eddsa = {
        let mut bytes = good.clone();
        bytes[4] = 0x27;
        bytes
    };
    let unprotected = [&good[..15], &[0xa1, 0x01, 0x01], &good[16..]].concat();
    let tagged = [&[0xd2][..], &good].concat();
    let trailing = [&good[..], &[0]].concat();
    for bytes in [eddsa, unprotected, tagged, trailing] {
        assert!(verify(&bytes).is_err());
    }
}

#[test]
fn an_unknown_claim_is_ignored_unless_it_is_critical() {
    let unknown = |critical: bool| {
        resealed(
            |payload| {
                // The map grows by one unknown claim and, if critical, by the list that names it.
                payload[0] += 1 + u8::from(critical);
                if critical {
                    payload.extend([0x3a, 0x00, 0x01, 0x00, 0x0d, 0x81, 0x3a, 0x00, 0x01, 0x00, 0xff]);
                }
                payload.extend([0x3a, 0x00, 0x01, 0x00, 0xff, 0x01]);
            },
            &signing_key(2),
        )
    };
    assert_eq!(verify(&unknown(false)), Ok(claims()));
    assert_eq!(verify(&unknown(true)), Err(CertificateError::Unsupported));
}

#[test]
fn a_revoked_key_stays_revoked_when_an_older_keyset_comes_along() {
    let keyset = |sequence, revoked: &[u8]| {
        let revoked = revoked.iter().map(|key| KeyId::of(&signing_key(*key).verifying_key())).collect();
        Keyset { issuer: "acme".into(), sequence, revoked }.seal(&signing_key(1))
    };
    let verify_with = |keysets: &[Vec<u8>]| {
        let signed = [&[statement().seal(&signing_key(1))], keysets].concat();
        let ring = KeyRing::open(&roots(), &signed).unwrap();
        let parsed = UntrustedCertificate::parse(&claims().seal(&signing_key(2))).unwrap();
        parsed.verify(&ring, "acme.photo").map(drop)
    };
    assert_eq!(verify_with(&[keyset(1, &[])]), Ok(()));
    for keysets in [[keyset(2, &[2]), keyset(1, &[])], [keyset(1, &[]), keyset(2, &[2])]] {
        assert_eq!(verify_with(&keysets), Err(CertificateError::KeyRevoked));
    }
}

#[test]
fn a_keyset_by_anyone_but_a_pinned_root_is_refused_and_either_root_signs() {
    let keyset = Keyset { issuer: "acme".into(), sequence: 1, revoked: vec![KeyId([7; 8])] };
    let both = PinnedRoots {
        issuer: "acme".into(),
        keys: vec![signing_key(1).verifying_key(), signing_key(6).verifying_key()],
    };
    for root in [1, 6] {
        let signed = [keyset.seal(&signing_key(root)), statement().seal(&signing_key(6))];
        assert_eq!(KeyRing::open(&both, &signed).unwrap().keyset().unwrap().0, &keyset);
    }
    let forged = keyset.seal(&signing_key(9));
    assert_eq!(KeyRing::open(&both, &[forged]).unwrap_err(), CertificateError::UnknownKey);
    let other = Keyset { issuer: "other".into(), ..keyset.clone() }.seal(&signing_key(1));
    assert_eq!(KeyRing::open(&both, &[other]).unwrap_err(), CertificateError::Audience);
    let license = seal(Purpose::License, &signing_key(1), vec![0xa0]);
    assert_eq!(KeyRing::open(&both, &[license]).unwrap_err(), CertificateError::Signature);
}

#[test]
fn the_servers_time_answers_only_the_nonce_it_was_asked_with() {
    let statement = KeyStatement { purpose: Purpose::Time, products: vec![], ..statement() };
    let ring = KeyRing::open(&roots(), &[statement.seal(&signing_key(1))]).unwrap();
    let sealed = ServerTime::seal("acme", ISSUED, &[4; 16], &signing_key(2));
    assert_eq!(ServerTime::open(&sealed, &[4; 16], &ring), Ok(ServerTime { at: ISSUED }));
    assert_eq!(ServerTime::open(&sealed, &[5; 16], &ring), Err(CertificateError::Audience));
}

proptest! {
    #[test]
    fn one_flipped_bit_anywhere_is_found(at in 0usize..336, bit in 0u8..8) {
        let mut sealed = claims().seal(&signing_key(2));
        sealed[at] ^= 1 << bit;
        prop_assert!(verify(&sealed).is_err());
    }

    #[test]
    fn no_bytes_whatever_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(verify(&bytes).is_err());
    }
}
