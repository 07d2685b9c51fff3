//! Tests of Merkle trees, proofs and checkpoints, with the vectors of the Certificate Transparency project and with
//! properties.

use ed25519_dalek::VerifyingKey;
use keystead_protocol::id::{ActivationId, AuditEventId};
use keystead_protocol::text::from_hex;
use keystead_protocol::tlog::checkpoint::{self, CheckpointError};
use keystead_protocol::tlog::{
    AuditEntry, Covers, Hash, IssueEntry, Log, TreeHead, merkle, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{bytes, hex, signing_key, vectors};

fn file() -> Value {
    vectors(include_str!("../../vectors/tlog.json"))
}

fn leaves() -> Vec<Hash> {
    file()["entries"].as_array().unwrap().iter().map(|entry| merkle::leaf_hash(&bytes(entry))).collect()
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hex).collect()
}

fn head(leaves: &[Hash], size: u64) -> TreeHead {
    let Ok(root) = merkle::root(&mut &leaves[..], size);
    TreeHead { size, root }
}

#[test]
fn the_roots_of_the_named_trees_are_as_published() {
    let leaves = leaves();
    for (size, root) in hashes(&file()["roots"]).into_iter().enumerate() {
        assert_eq!(merkle::tree_hash(&leaves[..size]), root);
        assert_eq!(head(&leaves, size as u64).root, root);
    }
}

#[test]
fn inclusion_proofs_are_as_published_and_verify() {
    let leaves = leaves();
    for case in file()["inclusion"].as_array().unwrap() {
        let (index, size) = (case["index"].as_u64().unwrap(), case["size"].as_u64().unwrap());
        let Ok(proof) = merkle::inclusion_proof(&mut &leaves[..], index, size);
        assert_eq!(proof, hashes(&case["proof"]));
        assert!(verify_inclusion(&head(&leaves, size), index, &leaves[index as usize], &proof));
    }
}

#[test]
fn consistency_proofs_are_as_published_and_verify() {
    let leaves = leaves();
    for case in file()["consistency"].as_array().unwrap() {
        let (old, size) = (case["old_size"].as_u64().unwrap(), case["size"].as_u64().unwrap());
        let Ok(proof) = merkle::consistency_proof(&mut &leaves[..], old, size);
        assert_eq!(proof, hashes(&case["proof"]));
        assert!(verify_consistency(&head(&leaves, old), &head(&leaves, size), &proof));
    }
}

/// The example of RFC 6962, section 2.1.3: three trees that grow into a tree of seven leaves.
#[test]
fn the_proofs_of_the_rfcs_example_have_the_nodes_that_it_names() {
    let leaf: Vec<Hash> = (0..7u8).map(|n| merkle::leaf_hash(&[n])).collect();
    let node = merkle::node_hash;
    let [a, b, c, d, e, f, j] = leaf[..] else { unreachable!() };
    let (g, h, i) = (node(&a, &b), node(&c, &d), node(&e, &f));
    let (k, l) = (node(&g, &h), node(&i, &j));
    let inclusion = |index| merkle::inclusion_proof(&mut &leaf[..], index, 7).unwrap();
    assert_eq!(inclusion(0), [b, h, l]);
    assert_eq!(inclusion(3), [c, g, l]);
    assert_eq!(inclusion(4), [f, j, k]);
    assert_eq!(inclusion(6), [i, k]);
    let consistency = |old| merkle::consistency_proof(&mut &leaf[..], old, 7).unwrap();
    assert_eq!(consistency(3), [c, d, g, l]);
    assert_eq!(consistency(4), [l]);
    assert_eq!(consistency(6), [i, j, k]);
}

fn any_tree() -> impl Strategy<Value = (Vec<Hash>, usize)> {
    prop::collection::vec(any::<Hash>(), 1..300).prop_flat_map(|leaves| {
        let size = leaves.len();
        (Just(leaves), 0..size)
    })
}

proptest! {
    #[test]
    fn every_inclusion_proof_verifies_and_no_changed_one_does(
        (leaves, index) in any_tree(), at in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        let size = leaves.len() as u64;
        let head = head(&leaves, size);
        let Ok(proof) = merkle::inclusion_proof(&mut &leaves[..], index as u64, size);
        prop_assert!(verify_inclusion(&head, index as u64, &leaves[index], &proof));
        let mut changed = [&[leaves[index], head.root], &proof[..]].concat();
        let at = at.index(changed.len() * 32);
        changed[at / 32][at % 32] ^= 1 << bit;
        let [leaf, root, rest @ ..] = &changed[..] else { unreachable!() };
        let forged = TreeHead { size, root: *root };
        prop_assert!(!verify_inclusion(&forged, index as u64, leaf, rest));
        let longer = [&proof[..], &[[0; 32]]].concat();
        prop_assert!(!verify_inclusion(&head, index as u64, &leaves[index], &longer));
        if let Some((_, shorter)) = proof.split_last() {
            prop_assert!(!verify_inclusion(&head, index as u64, &leaves[index], shorter));
            prop_assert!(!verify_inclusion(&head, index as u64 ^ 1, &leaves[index], &proof));
        }
    }

    #[test]
    fn every_consistency_proof_verifies_and_no_changed_one_does(
        (leaves, old_size) in any_tree(), at in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        let (old, new) = (head(&leaves, old_size as u64), head(&leaves, leaves.len() as u64));
        let Ok(proof) = merkle::consistency_proof(&mut &leaves[..], old.size, new.size);
        prop_assert!(verify_consistency(&old, &new, &proof));
        prop_assert!(!verify_consistency(&old, &new, &[&proof[..], &[[0; 32]]].concat()));
        let mut changed = [&[old.root, new.root], &proof[..]].concat();
        let at = if old_size == 0 { at.index(32) } else { at.index(changed.len() * 32) };
        changed[at / 32][at % 32] ^= 1 << bit;
        let [old_root, new_root, rest @ ..] = &changed[..] else { unreachable!() };
        let (old, new) = (TreeHead { root: *old_root, ..old }, TreeHead { root: *new_root, ..new });
        prop_assert!(!verify_consistency(&old, &new, rest));
    }

    #[test]
    fn a_changed_byte_of_a_checkpoint_is_found(at in any::<prop::sample::Index>(), bit in 0u8..7) {
        let origin = Log::Issue.origin("acme");
        let signed = checkpoint::sign(&origin, &TreeHead { size: 8, root: [7; 32] }, &signing_key(4));
        let mut bytes = signed.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
        // The signatures stay valid without the last newline.
        prop_assume!(changed.trim_end() != signed.trim_end());
        prop_assert!(checkpoint::verify(&changed, &origin, &signing_key(4).verifying_key()).is_err());
    }
}

#[test]
fn a_checkpoint_opens_to_its_tree_head_for_its_log_and_key_only() {
    let (issue, audit) = (Log::Issue.origin("acme"), Log::Audit.origin("acme"));
    let head = TreeHead { size: 182_736, root: [7; 32] };
    let key = signing_key(4).verifying_key();
    let signed = checkpoint::sign(&issue, &head, &signing_key(4));
    assert!(signed.starts_with("keystead/acme/issue\n182736\nBwcH"), "{signed}");
    assert_eq!(checkpoint::verify(&signed, &issue, &key), Ok(head));
    assert_eq!(checkpoint::verify(&signed, &audit, &key), Err(CheckpointError::Origin));
    let other = signing_key(5).verifying_key();
    assert_eq!(checkpoint::verify(&signed, &issue, &other), Err(CheckpointError::Signature));
    let witnessed = format!("{signed}— witness.example AAAA\n");
    assert_eq!(checkpoint::verify(&witnessed, &issue, &key), Ok(head));
    assert_eq!(head.to_string().parse(), Ok(head));
}

/// The key is the example of https://pkg.go.dev/golang.org/x/mod/sumdb/note.
#[test]
fn a_verifier_key_is_written_as_signed_note_tools_read_it() {
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let public = from_hex("1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6").unwrap();
    let key = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
    assert_eq!(checkpoint::verifier_key("PeterNeumann", &key), text);
}

#[test]
fn every_field_of_an_entry_changes_its_leaf() {
    let issue = IssueEntry {
        token_id: [1; 16],
        covers: Covers::Claims,
        hash: [2; 32],
        activation: ActivationId::from_bytes([3; 16]),
        actor: "device".into(),
        reason: "activate".into(),
        issued_at: 5,
    };
    let audit = AuditEntry {
        id: AuditEventId::from_bytes([1; 16]),
        at: 5,
        actor: "operator".into(),
        action: "a".into(),
        subject: "bc".into(),
        detail: "d".into(),
        personal: None,
    };
    let leaves = [
        issue.leaf(),
        IssueEntry { token_id: [9; 16], ..issue.clone() }.leaf(),
        IssueEntry { covers: Covers::Token, ..issue.clone() }.leaf(),
        IssueEntry { hash: [9; 32], ..issue.clone() }.leaf(),
        IssueEntry { activation: ActivationId::from_bytes([9; 16]), ..issue.clone() }.leaf(),
        IssueEntry { actor: "deviceactivate".into(), reason: String::new(), ..issue.clone() }.leaf(),
        IssueEntry { reason: "refresh".into(), ..issue.clone() }.leaf(),
        IssueEntry { issued_at: 6, ..issue }.leaf(),
        audit.leaf(),
        AuditEntry { id: AuditEventId::from_bytes([9; 16]), ..audit.clone() }.leaf(),
        AuditEntry { at: 6, ..audit.clone() }.leaf(),
        AuditEntry { actor: "server".into(), ..audit.clone() }.leaf(),
        AuditEntry { action: "ab".into(), subject: "c".into(), ..audit.clone() }.leaf(),
        AuditEntry { subject: "b".into(), detail: "cd".into(), ..audit.clone() }.leaf(),
        AuditEntry { personal: Some([0; 32]), ..audit }.leaf(),
    ];
    let different: std::collections::BTreeSet<_> = leaves.iter().collect();
    assert_eq!(different.len(), leaves.len());
}
