//! The root key is on another machine. The server warns before the root-signed statements about its issuing
//! key expire, and pauses signing afterwards. The statements are renewed on the other machine.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ed25519_dalek::SigningKey;
use keystead_app::keys::{KeyRequest, read_root};
use keystead_testkit::{Device, Exchange, Server, free_port};
use serde_json::json;

use crate::world::{DAY, World};

/// Moves the root key out of the keys folder and returns it.
fn move_root_away(world: &World) -> SigningKey {
    let (here, away) = (world.data().join("keys/root.key"), world.data().join("root.key"));
    fs::rename(&here, &away).unwrap();
    world.wait(world.app().keys.reload(&world.app().store)).unwrap();
    read_root(&away).unwrap()
}

fn request(world: &World) -> KeyRequest {
    let app = world.app();
    world.wait(app.keys.request(&app.store, None, world.now())).unwrap()
}

fn install(world: &World, request: &KeyRequest, root: &SigningKey) -> Result<(), String> {
    let (app, now) = (world.app(), world.now());
    let signed = request.sign(root, now).unwrap();
    world.wait(app.keys.install(&app.store, &signed, now)).map_err(|error| error.to_string())
}

#[test]
fn without_its_root_a_server_warns_for_thirty_days_then_pauses_and_a_ceremony_lets_it_go_on() {
    for world in World::each() {
        let key = world.one_key(4);
        let before = world.activated(&Device::new(1), &key);
        let root = move_root_away(&world);
        let warns = || world.app().keys.watch_signing_window(world.now());

        world.pass(59 * DAY);
        assert!(!warns(), "31 days are left");
        world.pass(DAY);
        assert!(warns() && !warns(), "it warns once a day");
        world.pass(DAY);
        assert!(warns());
        world.pass(29 * DAY);
        world.activated(&Device::new(2), &key);

        world.pass(1_000);
        let time =
            Exchange { query: "?nonce=AAAAAAAAAAAAAAAAAAAAAA".into(), ..Exchange::get("/api/v1/time") };
        for paused in [world.activate(&Device::new(3), &key), world.send(&time), ready(&world)] {
            assert_eq!((paused.status, paused.code().as_str()), (503, "signing_paused"));
        }
        install(&world, &request(&world), &root).unwrap();
        world.pass(5_000);
        assert_eq!(ready(&world).status, 200);
        world.activated(&Device::new(3), &key);
        let question = json!({ "certificate": before["token"] });
        let answer = world.vendor("/api/v1/validations", question);
        assert_eq!(answer["validation"]["state"], "activated", "what was signed before the pause counts");
    }
}

fn ready(world: &World) -> keystead_testkit::Reply {
    world.send(&Exchange::get("/readyz"))
}

#[test]
fn only_what_the_own_root_signed_for_the_newest_request_is_installed() {
    for world in World::each() {
        let root = move_root_away(&world);
        let asked = request(&world);
        let stranger = SigningKey::from_bytes(&[7; 32]);
        assert!(asked.sign(&stranger, world.now()).is_err(), "the offline tool notices another root");
        let public = keystead_protocol::text::to_base64url(stranger.verifying_key().as_bytes());
        let forged = KeyRequest { roots: vec![public], ..asked.clone() };
        assert!(install(&world, &forged, &stranger).unwrap_err().contains("not signed by a root"));
        let other_key = KeyRequest { issuing_key: forged.roots[0].clone(), ..asked.clone() };
        install(&world, &other_key, &root).unwrap();
        assert!(install(&world, &asked, &root).unwrap_err().contains("write a new request"));
        assert!(asked.sign(&root, world.now() + 8 * DAY).is_err(), "the clocks differ");
        install(&world, &request(&world), &root).unwrap();
    }
}

/// Waits until the server reports its signing window. Returns the window in seconds.
fn signing_window(metrics: &str) -> f64 {
    loop {
        let text = ureq::get(format!("http://{metrics}/metrics")).call().unwrap().body_mut().read_to_string();
        let text = text.unwrap();
        let value = text.lines().find_map(|line| line.strip_prefix("keystead_signing_window_seconds "));
        if let Some(value) = value {
            return value.parse().unwrap();
        }
        std::thread::yield_now();
    }
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keystead-server"));
    command.env_remove("KEYSTEAD_CONFIG").current_dir(data.parent().unwrap());
    command.arg("--data").arg(data).args(arguments).output().unwrap()
}

fn said(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_operator_renews_the_statements_of_a_running_server_with_four_commands() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let metrics = format!("127.0.0.1:{}", free_port().unwrap());
    let options = [("KEYSTEAD_METRICS_LISTEN", metrics.as_str())];
    let program = Path::new(env!("CARGO_BIN_EXE_keystead-server"));
    let _server = Server::start(program, &data, &options).unwrap();
    let days = signing_window(&metrics) / (24.0 * 60.0 * 60.0);
    assert!((89.9..=90.0).contains(&days), "{days}");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (root, request, signed) = (path("root.key"), path("request.json"), path("signed.json"));
    fs::rename(data.join("keys/root.key"), &root).unwrap();
    let status = said(&data, &["key", "status"]);
    assert!(status.contains("root.key      moved away") && status.contains("keyset        1"), "{status}");
    said(&data, &["key", "request", "--out", &request]);
    let elsewhere = folder.path().join("elsewhere");
    said(&elsewhere, &["key", "renew", "--root", &root, "--request", &request, "--out", &signed]);
    assert!(!elsewhere.exists(), "renew needs no data folder");
    assert!(said(&data, &["key", "install", &signed]).contains("keyset        2"));
    let again = run(&data, &["key", "install", &signed]);
    assert!(String::from_utf8(again.stderr).unwrap().contains("number 2 is installed"));
}
