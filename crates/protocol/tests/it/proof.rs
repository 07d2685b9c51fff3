use keystead_protocol::device_key::DeviceSigner as _;
use keystead_protocol::proof::{Proof, ProofError, Request};

use crate::support::signing_key;

const REQUEST: Request = Request { method: "POST", path: "/api/v1/activations", body: b"{}" };

fn header() -> String {
    Proof::sign(&signing_key(3), REQUEST, "bm9uY2U", 1_795_238_400).unwrap().to_header()
}

#[test]
fn a_proof_fits_the_request_it_was_made_for_and_no_other() {
    let key = signing_key(3).public_key();
    let proof: Proof = header().parse().unwrap();
    assert_eq!(proof.verify(&key, REQUEST), Ok(()));
    for other in [
        Request { method: "PUT", ..REQUEST },
        Request { path: "/api/v1/activations/x", ..REQUEST },
        Request { body: b"{ }", ..REQUEST },
    ] {
        assert_eq!(proof.verify(&key, other), Err(ProofError::Signature));
    }
    assert_eq!(proof.verify(&signing_key(4).public_key(), REQUEST), Err(ProofError::OtherKey));
}

#[test]
fn nonce_and_time_are_signed_along() {
    let key = signing_key(3).public_key();
    for (from, to) in [("bm9uY2U", "bm9uY2V"), ("1795238400", "1795238401")] {
        let proof: Proof = header().replace(from, to).parse().unwrap();
        assert_eq!(proof.verify(&key, REQUEST), Err(ProofError::Signature));
    }
}

#[test]
fn a_header_of_another_form_is_refused() {
    assert_eq!("".parse::<Proof>(), Err(ProofError::Malformed));
    assert_eq!(header().replace("v=1", "v=2").parse::<Proof>(), Err(ProofError::Malformed));
    assert_eq!(header().replace("Ed25519", "none").parse::<Proof>(), Err(ProofError::Algorithm));
    assert_eq!(format!("{}; x=1", header()).parse::<Proof>(), Err(ProofError::Malformed));
}
