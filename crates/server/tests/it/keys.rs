use std::time::{Duration, Instant};

use keystead_protocol::ProductKey;
use keystead_protocol::product_key::MacKey;
use keystead_testkit::{Device, Exchange};
use serde_json::json;

use crate::world::World;

#[test]
fn a_batch_is_streamed_and_every_key_works_once_stored() {
    for world in World::each() {
        world.product("studio", json!({}));
        let keys = world.keys("studio", 1200);
        let mut unique = keys.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((keys.len(), unique.len()), (1200, 1200));
        for (number, key) in [(1, &keys[0]), (2, &keys[599]), (3, &keys[1199])] {
            world.activated(&Device::new(number), key);
        }
    }
}

#[test]
fn a_key_of_another_product_is_told_apart_and_a_made_up_one_is_not_accepted() {
    let world = World::sqlite();
    world.product("studio", json!({}));
    world.product("editor", json!({}));
    let other = world.keys("editor", 1).remove(0);
    let device = Device::new(1);
    assert_eq!(world.activate(&device, &other).code(), "product_key_other_product");
    assert_eq!(world.activate(&device, "H7XV7-TFPGT-CQWWX-FF29K-DWY6M").code(), "product_key_not_accepted");
    let mistyped = world.activate(&device, "H7XV7-TFPGT-CQWWX-FF29K-DWY6C");
    assert_eq!((mistyped.status, mistyped.code().as_str()), (400, "product_key_mistyped"));
}

#[test]
fn too_many_bad_keys_from_one_address_have_to_wait() {
    let world = World::open(keystead_storage::testing::Database::sqlite(), |config| {
        config.limits.bad_keys_per_minute = 3;
    });
    let key = world.one_key(1);
    let device = Device::new(1);
    for _ in 0..4 {
        assert_eq!(
            world.activate(&device, "H7XV7-TFPGT-CQWWX-FF29K-DWY6M").code(),
            "product_key_not_accepted"
        );
    }
    assert_eq!(world.activate(&device, &key).code(), "too_many_requests");
    world.pass(61_000);
    world.activated(&device, &key);
}

/// A well-formed key from another vendor's server.
fn unknown_key() -> String {
    let foreign = MacKey::derive(&[7; 16], &[7; 32]);
    (0..).find_map(|random| ProductKey::mint(&foreign, 0, 1, random)).unwrap().to_string()
}

#[test]
fn strangers_are_told_the_same_of_every_product_key() {
    for world in World::each() {
        world.product("studio", json!({ "seats": 1 }));
        world.vendor("/api/v1/products", json!({ "slug": "sketch", "name": "Sketch" }));
        let keys: [String; 3] = world.keys("studio", 3).try_into().unwrap();
        let [linked, replaced, unused] = keys;
        let (owner, devices) = (world.customer(), [Device::new(1), Device::new(2)]);
        let activated = world.activated(&devices[0], &linked);
        world.link(&devices[0], &activated, &owner);
        let leaked = world.activated(&devices[1], &replaced);
        let path = format!("/api/v1/licenses/{}/reissue-key", leaked["license"].as_str().unwrap());
        world.vendor(&path, json!({ "reason": "leaked" }));
        let path = format!("/api/v1/licenses/{}/suspend", activated["license"].as_str().unwrap());
        world.vendor(&path, json!({ "reason": "a chargeback" }));

        let guesser = Device::new(3);
        let asked = |key: &str, product: &str| {
            let body = json!({ "product": product, "product_key": key, "device": guesser.description() });
            Exchange::post("/api/v1/activations").json(&body)
        };
        let told = |exchange: &Exchange<'_>| {
            let began = Instant::now();
            let reply = world.send(exchange);
            (reply.status, reply.code(), reply.json()["detail"].clone(), began.elapsed())
        };
        let unknown = unknown_key();
        for key in [&unknown, &linked, &replaced, &unused] {
            let (status, code, detail, _) = told(&asked(key, "studio"));
            assert_eq!((status, code.as_str(), detail), (401, "proof_missing", json!(null)));
            let (status, code, ..) = told(&asked(key, "nothing").signed(&guesser));
            assert_eq!((status, code.as_str()), (404, "not_found"));
        }
        for key in [&unknown, &linked, &replaced] {
            for product in ["studio", "sketch"] {
                let (status, code, detail, took) = told(&asked(key, product).signed(&guesser));
                assert_eq!((status, code.as_str(), detail), (403, "product_key_not_accepted", json!(null)));
                assert!(took >= Duration::from_millis(50), "no answer comes earlier than another: {took:?}");
            }
        }
        let other_product = told(&asked(&unused, "sketch").signed(&guesser));
        assert_eq!(other_product.1, "product_key_other_product", "whoever has the key of nobody's license");
    }
}

#[test]
fn definitions_are_checked_and_names_are_taken_once() {
    let world = World::sqlite();
    world.product("studio", json!({}));
    let post = |path: &str, body| world.send(&Exchange::post(path).json(&body).bearer(&world.token));
    assert_eq!(
        post("/api/v1/products", json!({ "slug": "studio", "name": "Again" })).code(),
        "already_exists"
    );
    assert_eq!(
        post("/api/v1/products", json!({ "slug": "No Slug", "name": "x" })).code(),
        "value_not_allowed"
    );
    let rules = post("/api/v1/products/studio/policies", json!({ "slug": "p", "rules": { "seats": 0 } }));
    assert_eq!(
        (rules.status, rules.json()["detail"].as_str()),
        (422, Some("seats must be from 1 to 100,000"))
    );
    assert_eq!(
        post("/api/v1/products/none/editions", json!({ "slug": "e", "name": "E", "features": [] })).status,
        404
    );
    let keys = json!({ "edition": "none", "policy": "retail", "count": 1 });
    assert_eq!(post("/api/v1/products/studio/key-batches", keys).status, 404);
    let listed = world.get("/api/v1/products/studio/editions", &world.token).json();
    assert_eq!(listed[0]["features"], json!(["batch", "raw"]));
}
