//! Countersigned checkpoints, and the tampering that they reveal.

use std::fs;
use std::process::Command;

use ed25519_dalek::{SigningKey, VerifyingKey};
use keystead_app::audit::transparency_logs::{sequence_logs, verify_logs};
use keystead_app::keys::manage_keys::countersign_logs;
use keystead_app::keys::{KeyRequest, Rotation, SignedKeys, read_root};
use keystead_app::principal::Principal;
use keystead_protocol::api::LogCheckpoint;
use keystead_protocol::text::{array_from_base64url, to_base64url};
use keystead_protocol::tlog::{Log, TreeHead, countersignature};
use keystead_storage::testing::Session;
use keystead_testkit::{Device, Exchange};

use crate::world::World;

fn checkpoint(world: &World, log: Log) -> LogCheckpoint {
    let path = format!("/api/v1/logs/{log}/checkpoint");
    let reply = world.send(&Exchange::get(path).bearer(&world.token));
    assert_eq!(reply.status, 200, "{}", reply.json());
    serde_json::from_slice(&reply.bytes).unwrap()
}

/// The root that applications pin.
fn pinned_root(world: &World) -> VerifyingKey {
    let root = &world.app().keys.roots()[0];
    VerifyingKey::from_bytes(&array_from_base64url(root).unwrap()).unwrap()
}

/// The newest countersigned tree, verified with the pinned root.
fn countersigned(world: &World, log: Log) -> Option<TreeHead> {
    let note = checkpoint(world, log).countersigned?;
    let issuer = &world.app().keys.issuer;
    Some(countersignature::verify(&note, log, issuer, &pinned_root(world)).unwrap())
}

fn countersign(world: &World) -> Result<Vec<(Log, TreeHead)>, String> {
    world.wait(countersign_logs(world.app(), &Principal::Operator)).map_err(|error| error.to_string())
}

/// Issues four certificates, countersigns the logs, and returns a product key for one more device.
fn issue_and_countersign(world: &World) -> String {
    let key = world.one_key(5);
    for n in 1..5 {
        world.activated(&Device::new(n), &key);
    }
    world.tree(Log::Issue);
    countersign(world).unwrap();
    key
}

#[test]
fn the_root_countersigns_what_the_api_shows_then_and_the_log_grows_from_there() {
    for world in World::each() {
        world.tree(Log::Audit);
        assert_eq!(countersigned(&world, Log::Issue), None);
        let signed = countersign(&world).unwrap();
        assert_eq!(
            signed.iter().map(|(log, _)| *log).collect::<Vec<_>>(),
            [Log::Audit],
            "the other is empty"
        );
        let key = issue_and_countersign(&world);
        let first = world.tree(Log::Issue);
        assert_eq!((first.size, countersigned(&world, Log::Issue)), (4, Some(first)));
        world.activated(&Device::new(5), &key);
        world.tree(Log::Issue);
        assert_eq!(checkpoint(&world, Log::Issue).size, 5);
        assert_eq!(countersigned(&world, Log::Issue), Some(first), "until the root signs again");
        countersign(&world).unwrap();
        assert_eq!(countersigned(&world, Log::Issue), Some(world.tree(Log::Issue)));
    }
}

/// Deletes the tree of the issue log and its checkpoints, so that the sequencer builds and signs them again.
const FORGET_TREE: &str = "UPDATE issue_log SET log_index = NULL; DELETE FROM log_tile WHERE log = 'issue'; \
     DELETE FROM log_checkpoint WHERE log = 'issue'";
const EDIT: &str = "UPDATE issue_log SET actor = 'nobody', leaf = NULL WHERE log_index = 1";
const CUT: &str = "DELETE FROM issue_log WHERE log_index >= 3";

#[test]
fn whoever_writes_the_database_and_holds_the_log_key_but_not_the_root_cannot_rebuild_a_log_unseen() {
    let edited = "the checkpoint of 4 entries that the root signed has another root";
    for (tampering, defect) in [(EDIT, edited), (CUT, "the root signed 4 entries, 3 are there")] {
        for world in World::each() {
            issue_and_countersign(&world);
            let location = world.database().location.clone();
            Session::open(&location).unwrap().run(&format!("{tampering}; {FORGET_TREE}")).unwrap();
            // The server signs the new tree with the log's key.
            world.wait(sequence_logs(world.app())).unwrap();
            let found = world.wait(verify_logs(world.app(), &Principal::Operator)).unwrap_err().to_string();
            assert!(found.contains(defect), "{found}");
            let refused = countersign(&world).unwrap_err();
            assert!(refused.contains("the issue log does not begin with 4:"), "{refused}");
        }
    }
}

#[test]
fn a_note_that_another_key_countersigned_is_found() {
    for world in World::each() {
        issue_and_countersign(&world);
        let location = world.database().location.clone();
        Session::open(&location).unwrap().run(&format!("{EDIT}; {FORGET_TREE}")).unwrap();
        world.wait(sequence_logs(world.app())).unwrap();
        let stranger = SigningKey::from_bytes(&[7; 32]);
        let (note, issuer) = (checkpoint(&world, Log::Issue).checkpoint, &world.app().keys.issuer);
        let forged = countersignature::sign(&note, Log::Issue, issuer, &stranger, 1).unwrap();
        let replace = format!("UPDATE log_countersignature SET note = '{forged}' WHERE log = 'issue'");
        Session::open(&location).unwrap().run(&replace).unwrap();
        let found = world.wait(verify_logs(world.app(), &Principal::Operator)).unwrap_err().to_string();
        assert!(found.contains("the checkpoint of 4 entries is not signed by the root"), "{found}");
        assert!(
            countersign(&world).unwrap_err().contains("no root countersigned the issue log at 4 entries")
        );
    }
}

#[test]
fn new_key_statements_come_with_a_countersignature() {
    for world in World::each() {
        world.activated(&Device::new(1), &world.one_key(1));
        let tree = world.tree(Log::Issue);
        let (app, now) = (world.app(), world.now());
        world.wait(app.keys.rotate(&app.store, Rotation::Nonce, now)).unwrap();
        assert_eq!(countersigned(&world, Log::Issue), None, "the root signed nothing");
        world.wait(app.keys.rotate(&app.store, Rotation::Issuing, now)).unwrap();
        assert_eq!(countersigned(&world, Log::Issue), Some(tree));
    }
}

#[test]
fn a_damaged_log_is_not_countersigned_and_keeps_nobody_from_renewing_the_key_statements() {
    for world in World::each() {
        issue_and_countersign(&world);
        let location = world.database().location.clone();
        Session::open(&location).unwrap().run("DELETE FROM log_tile WHERE log = 'issue'").unwrap();
        let (app, now) = (world.app(), world.now());
        let before = world.app().keys.signer(now).unwrap().keys.clone();
        world.wait(app.keys.rotate(&app.store, Rotation::Issuing, now)).unwrap();
        assert_ne!(app.keys.signer(now).unwrap().keys, before);
        assert!(countersign(&world).is_err());
    }
}

#[test]
fn a_root_on_another_machine_countersigns_with_the_key_statements() {
    for world in World::each() {
        let key = issue_and_countersign(&world);
        world.activated(&Device::new(5), &key);
        let tree = world.tree(Log::Issue);
        let (here, away) = (world.data().join("keys/root.key"), world.data().join("root.key"));
        fs::rename(&here, &away).unwrap();
        let (app, now) = (world.app(), world.now());
        world.wait(app.keys.reload(&app.store)).unwrap();
        assert!(countersign(&world).unwrap_err().contains("key request"));

        let request = world.wait(app.keys.request(&app.store, None, now)).unwrap();
        assert!(request.tree_heads().unwrap().contains(&(Log::Issue, tree)));
        let stranger = SigningKey::from_bytes(&[7; 32]);
        let public = to_base64url(stranger.verifying_key().as_bytes());
        let forged = KeyRequest { roots: vec![public], ..request.clone() }.sign(&stranger, now).unwrap();
        let root = read_root(&away).unwrap();
        let signed = request.sign(&root, now).unwrap();
        let mixed = SignedKeys { countersigned: forged.countersigned, ..signed.clone() };
        let refused = world.wait(app.keys.install(&app.store, &mixed, now)).unwrap_err().to_string();
        assert!(refused.contains("no root of this server countersigned"), "{refused}");
        assert_eq!(countersigned(&world, Log::Issue).unwrap().size, 4);

        world.wait(app.keys.install(&app.store, &signed, now)).unwrap();
        assert_eq!(countersigned(&world, Log::Issue), Some(tree));
        let damaged = request.checkpoints.iter().map(|(log, note)| (*log, note.replace('\n', " "))).collect();
        assert!(KeyRequest { checkpoints: damaged, ..request }.sign(&root, now).is_err());
    }
}

#[test]
fn an_operator_countersigns_by_command_and_sees_how_far() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keystead-server"));
        command.env_remove("KEYSTEAD_CONFIG").current_dir(folder.path());
        let output = command.arg("--data").arg(folder.path()).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    };
    let (_, empty) = run(&["log", "countersign"]);
    assert!(empty.contains("both logs are empty"), "{empty}");
    for name in ["desk", "shop"] {
        assert!(run(&["token", "create", "--name", name, "--scopes", "read"]).0);
    }
    let (is_signed, signed) = run(&["log", "countersign"]);
    assert!(is_signed && signed.contains("Its verifier key: keystead/"), "{signed}");
    let noted = signed.split_whitespace().find(|word| word.starts_with("audit=2:")).unwrap();
    assert!(run(&["token", "create", "--name", "till", "--scopes", "read"]).0);
    let (is_whole, whole) = run(&["log", "verify", "--noted", noted]);
    assert!(is_whole, "{whole}");
    assert!(
        whole.contains("Countersigned by the root key: issue 0 of 0 entries, audit 2 of 3 entries"),
        "{whole}"
    );
}
