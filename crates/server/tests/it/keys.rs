use keystead_trials::{Device, Exchange};
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
