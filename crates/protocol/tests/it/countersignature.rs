//! Tests of checkpoints that the root countersigned.

use keystead_protocol::certificate::{Keyset, Purpose, seal};
use keystead_protocol::text::{from_base64, to_base64};
use keystead_protocol::tlog::checkpoint::{self, CheckpointError};
use keystead_protocol::tlog::{Log, TreeHead, countersignature};
use proptest::prelude::*;

use crate::support::signing_key;

const HEAD: TreeHead = TreeHead { size: 182_736, root: [7; 32] };
const SIGNED_AT: u64 = 1_795_238_400;
/// Created by another program that follows the tlog-cosignature specification. The seed of the log's key is 32 times
/// the byte 4, the seed of the root is 32 times the byte 1.
const VECTOR: &str = "keystead/acme/issue\n182736\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\n\
    — keystead/acme/issue saFu99WBC75WlF6XvjvYzRMFcEtHFlSuMY+9buz4aD2lklRxSziRZ6+vMBYw4bc3Xuf5JquJxKkvE5LX4oH+sRESSwo=\n\
    — keystead/acme/root P8j7DQAAAABrASoABH82udCPJ+GHX6mY16pgsK8PH9FrXAuKsvSfkTItlNnZOSJdgnw5SLsA74AcnrEcxekkk4TQT4rauqfVvvOSCQ==\n";

fn checkpoint_of(log: Log) -> String {
    checkpoint::sign(&log.origin("acme"), &HEAD, &signing_key(4))
}

fn countersigned() -> String {
    let checkpoint = checkpoint_of(Log::Issue);
    countersignature::sign(&checkpoint, Log::Issue, "acme", &signing_key(1), SIGNED_AT).unwrap()
}

fn opened(note: &str, seed: u8) -> Result<TreeHead, CheckpointError> {
    countersignature::verify(note, Log::Issue, "acme", &signing_key(seed).verifying_key())
}

#[test]
fn a_countersigned_checkpoint_is_written_as_other_programs_write_it() {
    assert_eq!(countersigned(), VECTOR);
    assert_eq!(
        countersignature::verifier_key("acme", &signing_key(1).verifying_key()),
        "keystead/acme/root+3fc8fb0d+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
    );
}

#[test]
fn a_countersigned_checkpoint_has_the_signatures_of_both_keys() {
    let note = countersigned();
    let log_key = signing_key(4).verifying_key();
    assert_eq!(checkpoint::verify(&note, &Log::Issue.origin("acme"), &log_key), Ok(HEAD));
    assert_eq!(opened(&note, 1), Ok(HEAD));
}

#[test]
fn only_the_root_countersigns_and_only_checkpoints_of_the_named_log() {
    let note = countersigned();
    assert_eq!(opened(&note, 2), Err(CheckpointError::Signature));
    assert_eq!(opened(&checkpoint_of(Log::Issue), 4), Err(CheckpointError::Signature));
    let root = signing_key(1);
    let audit = countersignature::verify(&note, Log::Audit, "acme", &root.verifying_key());
    assert_eq!(audit, Err(CheckpointError::Origin));
    let sign = |text: &str, log| countersignature::sign(text, log, "acme", &root, SIGNED_AT);
    let other = checkpoint_of(Log::Audit);
    assert_eq!(sign(&other, Log::Issue), Err(CheckpointError::Origin));
    assert_eq!(sign(other.trim_end(), Log::Audit), Err(CheckpointError::Malformed));
    assert_eq!(sign("lic/keyset/v1", Log::Audit), Err(CheckpointError::Malformed));
}

#[test]
fn a_signature_that_the_root_made_for_another_purpose_is_no_countersignature() {
    let root = signing_key(1);
    let note = countersigned();
    let (checkpoint, line) = note.trim_end().rsplit_once('\n').unwrap();
    let body = checkpoint.split("\n\n").next().unwrap().to_owned() + "\n";
    let signed_text = format!("cosignature/v1\ntime {SIGNED_AT}\n{body}");
    let keyset = Keyset { issuer: "acme".into(), sequence: 1, revoked: Vec::new() }.seal(&root);
    let text_as_payload = seal(Purpose::Keyset, &root, signed_text.into_bytes());
    let log_line_by_root = checkpoint::sign(&Log::Issue.origin("acme"), &HEAD, &root);
    assert_eq!(opened(&log_line_by_root, 1), Err(CheckpointError::Signature));
    for object in [keyset, text_as_payload] {
        let foreign = with_signature(line, &object[object.len() - 64..]);
        assert_eq!(opened(&format!("{checkpoint}\n{foreign}\n"), 1), Err(CheckpointError::Signature));
    }
}

/// Replaces the signature in a signature line. The key id (4 bytes) and the time (8) stay.
fn with_signature(line: &str, signature: &[u8]) -> String {
    let (name, signed) = line.rsplit_once(' ').unwrap();
    let signed = from_base64(signed).unwrap();
    format!("{name} {}", to_base64(&[&signed[..12], signature].concat()))
}

proptest! {
    #[test]
    fn a_changed_byte_of_the_text_or_of_the_roots_line_is_found(at in any::<prop::sample::Index>(), bit in 0u8..7) {
        let note = countersigned();
        let log_line = note.find("— keystead/acme/issue").unwrap()..note.find("— keystead/acme/root").unwrap();
        let mut bytes = note.clone().into_bytes();
        let at = at.index(bytes.len() - 1);
        prop_assume!(!log_line.contains(&at));
        bytes[at] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        prop_assert!(opened(&changed, 1).is_err());
    }
}
