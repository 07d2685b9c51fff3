//! Log verification by the vendor's backend, and tampering that it must detect.

use std::fs;

use keystead_app::audit::transparency_logs::{prove_certificate, sequence_logs, verify_logs};
use keystead_app::clock::Clock;
use keystead_app::context::App;
use keystead_app::principal::Principal;
use keystead_protocol::api::{ConsistencyProof, InclusionProof, LogCheckpoint};
use keystead_protocol::certificate::{LicenseClaims, UntrustedCertificate};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url, to_hex};
use keystead_protocol::tlog::{Hash, Log, TreeHead, merkle::leaf_hash, verify_consistency, verify_inclusion};
use keystead_storage::testing::Session;
use keystead_testkit::{Device, Exchange, Reply};
use serde_json::{Value, json};

use crate::world::World;

fn get(world: &World, path: &str, query: &str) -> Reply {
    let request = Exchange::get(format!("/api/v1/logs/{path}")).bearer(&world.token);
    world.send(&Exchange { query: query.to_owned(), ..request })
}

fn read<T: serde::de::DeserializeOwned>(reply: &Reply) -> T {
    assert_eq!(reply.status, 200, "{}", reply.json());
    serde_json::from_slice(&reply.bytes).unwrap()
}

fn hash(text: &str) -> Hash {
    array_from_base64url(text).unwrap()
}

fn hashes(proof: &[String]) -> Vec<Hash> {
    proof.iter().map(|text| hash(text)).collect()
}

fn head(checkpoint: &LogCheckpoint) -> TreeHead {
    TreeHead { size: checkpoint.size, root: hash(&checkpoint.root) }
}

fn certificate(activated: &Value) -> Vec<u8> {
    from_base64url(activated["token"].as_str().unwrap()).unwrap()
}

#[test]
fn the_vendors_backend_verifies_that_a_certificate_is_in_the_log_and_that_the_log_only_grew() {
    for world in World::each() {
        let key = world.one_key(4);
        let empty: LogCheckpoint = read(&get(&world, "issue/checkpoint", ""));
        let devices: Vec<_> = (1..4).map(|n| world.activated(&Device::new(n), &key)).collect();
        world.tree(Log::Issue);
        let old: LogCheckpoint = read(&get(&world, "issue/checkpoint", ""));
        assert_eq!((empty.size, old.size), (0, 3));
        assert!(old.checkpoint.starts_with(&format!("keystead/{}/issue\n3\n", world.app().keys.issuer)));
        for activated in &devices {
            let claimed = UntrustedCertificate::parse(&certificate(activated)).unwrap();
            let id = to_hex(&claimed.claimed_id().unwrap());
            let proof: InclusionProof = read(&get(&world, "issue/inclusion-proof", &format!("?entry={id}")));
            let entry = from_base64url(&proof.entry).unwrap();
            assert_eq!(proof.checkpoint, old.checkpoint);
            assert!(verify_inclusion(&head(&old), proof.index, &leaf_hash(&entry), &hashes(&proof.proof)));
        }
        world.activated(&Device::new(4), &key);
        world.tree(Log::Issue);
        let new: LogCheckpoint = read(&get(&world, "issue/checkpoint", ""));
        let grown: ConsistencyProof = read(&get(&world, "issue/consistency-proof", "?from=3"));
        assert_eq!((grown.to, hash(&grown.to_root)), (4, head(&new).root));
        assert!(verify_consistency(&head(&old), &head(&new), &hashes(&grown.proof)));
    }
}

#[test]
fn proofs_of_what_is_not_there_are_refused() {
    let world = World::sqlite();
    world.tree(Log::Audit);
    let refused = |path: &str, query: &str| {
        let reply = get(&world, path, query);
        (reply.status, reply.code())
    };
    let not_found = (404, "not_found".to_owned());
    for entry in ["?entry=00000000000070008000000000000001", "?entry=nonsense"] {
        assert_eq!(refused("issue/inclusion-proof", entry), not_found);
    }
    assert_eq!(refused("audit/inclusion-proof", "?entry=evt_00000000000070008000000000000001"), not_found);
    assert_eq!(refused("other/checkpoint", ""), not_found);
    assert_eq!(refused("audit/consistency-proof", "?from=1&to=9999").1, "value_not_allowed");
    assert_eq!(refused("audit/consistency-proof", "?from=9999").1, "value_not_allowed");
}

#[test]
fn a_certificate_that_somebody_else_signed_with_the_servers_key_has_no_entry() {
    for world in World::each() {
        let key = world.one_key(1);
        let genuine = certificate(&world.activated(&Device::new(1), &key));
        world.tree(Log::Issue);
        let app = world.app();
        let prove = |bytes: &[u8]| world.wait(prove_certificate(app, &Principal::Operator, bytes)).is_ok();
        let valid = |bytes: &[u8]| {
            let body = json!({ "certificate": to_base64url(bytes) });
            world.vendor("/api/v1/validations", body)["validation"]["valid"] == true
        };
        assert!(prove(&genuine) && valid(&genuine));
        let parsed = UntrustedCertificate::parse(&genuine).unwrap();
        let claims = parsed.verify(&app.keys.ring(), "studio").unwrap().claims().clone();
        let signer = app.keys.signer(world.now()).unwrap();
        let unknown = LicenseClaims { token_id: [9; 16], ..claims.clone() };
        let longer = LicenseClaims { features: vec!["everything".into()], ..claims };
        for forged in [unknown, longer] {
            let forged = forged.seal(&signer.key);
            assert!(!prove(&forged) && !valid(&forged));
        }
    }
}

#[test]
fn a_deleted_entry_and_a_checkpoint_by_another_key_are_found() {
    let cases = [
        ("DELETE FROM issue_log WHERE log_index = 0", "the entry 0 is missing"),
        (
            "UPDATE log_checkpoint SET note = replace(note, '— keystead', '— keystaed')",
            "not signed by the log's key",
        ),
    ];
    for (tampering, defect) in cases {
        for world in World::each() {
            let key = world.one_key(2);
            for n in 1..3 {
                world.activated(&Device::new(n), &key);
            }
            world.tree(Log::Issue);
            let location = world.database().location.clone();
            Session::open(&location).unwrap().run(tampering).unwrap();
            let found = world.wait(verify_logs(world.app(), &Principal::Operator)).unwrap_err().to_string();
            assert!(found.contains(defect), "{found}");
        }
    }
}

#[test]
fn a_keys_folder_from_before_there_were_checkpoints_gets_a_log_key() {
    let mut world = World::sqlite();
    world.stop();
    let path = world.app().keys.folder().join("secrets.json");
    let mut secrets: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    secrets.as_object_mut().unwrap().remove("log");
    fs::write(&path, secrets.to_string()).unwrap();
    let forget = "DELETE FROM secret_check WHERE kind = 'log'; DELETE FROM log_checkpoint; DELETE FROM log_tile; \
         UPDATE audit SET log_index = NULL";
    Session::open(&world.database().location).unwrap().run(forget).unwrap();
    let clock = Clock::Manual(std::sync::Arc::new(world.now().into()));
    let config = world.app().config.clone();
    let reopened = world.wait(App::open(config, clock)).unwrap();
    world.wait(sequence_logs(&reopened)).unwrap();
    world.wait(verify_logs(&reopened, &Principal::Operator)).unwrap();
    let drawn: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(drawn["log"].as_array().unwrap().len(), 1);
}
