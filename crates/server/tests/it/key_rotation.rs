//! Rotation and revocation of keys, and the next root.

use ed25519_dalek::VerifyingKey;
use keystead_app::keys::{Rotation, read_root};
use keystead_protocol::certificate::{KeyId, KeyRing, PinnedRoots, UntrustedCertificate};
use keystead_protocol::text::{array_from_base64url, from_base64url};
use keystead_testkit::{Device, Exchange};
use serde_json::{Value, json};

use crate::world::World;

fn rotate(world: &World, rotation: Rotation) {
    let (app, now) = (world.app(), world.now());
    world.wait(app.keys.rotate(&app.store, rotation, now)).unwrap();
}

fn signing_key_id(world: &World) -> KeyId {
    KeyId::of(&world.app().keys.signer(world.now()).unwrap().key.verifying_key())
}

fn bytes(texts: &Value) -> Vec<Vec<u8>> {
    texts.as_array().unwrap().iter().map(|text| from_base64url(text.as_str().unwrap()).unwrap()).collect()
}

/// The roots that an application pins, from the product's profile.
fn pinned(world: &World) -> PinnedRoots {
    let profile = world.send(&Exchange::get("/api/v1/products/studio/profile")).json();
    let root =
        |text: &Value| VerifyingKey::from_bytes(&array_from_base64url(text.as_str().unwrap()).unwrap());
    let keys = profile["roots"].as_array().unwrap().iter().map(|text| root(text).unwrap()).collect();
    PinnedRoots { issuer: profile["issuer"].as_str().unwrap().into(), keys }
}

fn verifies(roots: &PinnedRoots, activated: &Value) -> bool {
    let Ok(ring) = KeyRing::open(roots, &bytes(&activated["keys"])) else { return false };
    let token = from_base64url(activated["token"].as_str().unwrap()).unwrap();
    UntrustedCertificate::parse(&token).unwrap().verify(&ring, "studio").is_ok()
}

fn validity(world: &World, activated: &Value) -> Value {
    let answer = world.vendor("/api/v1/validations", json!({ "certificate": activated["token"] }));
    answer["validation"]["code"].clone()
}

#[test]
fn what_was_made_before_a_rotation_of_everything_goes_on_after_it() {
    for world in World::each() {
        let old_key = world.one_key(3);
        let device = Device::new(1);
        let before = world.activated(&device, &old_key);
        let mut customer = world.customer();
        let sealed = world.app().keys.seal("test", &[1; 16], b"Hello");
        let (nonce, code) = (world.app().keys.nonce(), start_grant(&world));
        let kids = key_set(&world);
        let repeated = customer.tokens.clone();
        customer.renew();
        let renewed = customer.tokens.clone();

        rotate(&world, Rotation::All);

        assert_ne!(world.app().keys.nonce(), nonce);
        assert_eq!(world.app().keys.open_sealed("test", &[1; 16], &sealed).unwrap(), b"Hello");
        assert_eq!(validity(&world, &before), Value::Null, "the old certificate counts");
        let refreshed = world.refresh(&device, &before, 1).json();
        assert_eq!(refreshed["offline_secret"], before["offline_secret"], "devices keep it");
        assert!(verifies(&pinned(&world), &before) && verifies(&pinned(&world), &refreshed));
        world.activated(&Device::new(2), &old_key);
        let new_key = world.keys("studio", 1).remove(0);
        world.activated(&Device::new(3), &new_key);
        let epoch = |key: &str| key.parse::<keystead_protocol::ProductKey>().unwrap().kid();
        assert_eq!((epoch(&old_key), epoch(&new_key)), (0, 1));
        assert!(key_set(&world).ends_with(&kids) && key_set(&world).len() == 2);
        customer.browser.approve(&code).unwrap();
        // The response with the renewed tokens was lost, so the server returns the same tokens again.
        customer.tokens = repeated;
        customer.renew();
        assert_eq!(customer.tokens["refresh_token"], renewed["refresh_token"]);
    }
}

#[test]
fn a_second_rotation_ends_what_a_thief_makes_with_short_lived_keys() {
    let world = World::sqlite();
    let (stolen, kids) = (world.app().keys.nonce(), key_set(&world));
    let key = world.one_key(2);
    let signed = world.activated(&Device::new(1), &key);
    rotate(&world, Rotation::All);
    assert!(world.app().keys.nonces().contains(&stolen) && key_set(&world).contains(&kids[0]));
    rotate(&world, Rotation::All);
    assert!(!world.app().keys.nonces().contains(&stolen) && !key_set(&world).contains(&kids[0]));
    assert_eq!(validity(&world, &signed), Value::Null);
    assert_eq!(world.activate(&Device::new(2), &key).code(), "nonce_stale");
    world.activated(&Device::new(2), &key);
}

fn key_set(world: &World) -> Vec<Value> {
    let keys = world.send(&Exchange::get("/id/keys")).json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect()
}

/// Starts a sign-in on a device and returns its code.
fn start_grant(world: &World) -> String {
    let browser = keystead_testkit::Browser::new(&world.server);
    let fields = [("client_id", "keystead-cli"), ("scope", "profile licenses"), ("device_name", "Laptop")];
    let (status, body) = browser.submit("/id/device_authorization", &fields).unwrap();
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["user_code"].as_str().unwrap().to_owned()
}

#[test]
fn the_certificates_of_a_revoked_key_count_nowhere_and_devices_get_new_ones() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let before = world.activated(&device, &key);
        let (app, stolen) = (world.app(), signing_key_id(&world));

        world.wait(app.keys.revoke(&app.store, stolen, world.now())).unwrap();

        assert_ne!(signing_key_id(&world), stolen);
        assert_eq!(validity(&world, &before), "certificate_invalid");
        let after = world.refresh(&device, &before, 1).json();
        assert_eq!(validity(&world, &after), Value::Null);
        let ring = KeyRing::open(&pinned(&world), &bytes(&after["keys"])).unwrap();
        assert!(ring.revokes(stolen) && verifies(&pinned(&world), &after));
        let again = world.wait(app.keys.revoke(&app.store, KeyId([1; 8]), world.now()));
        assert!(again.unwrap_err().to_string().contains("not the id of an issuing key"));
    }
}

#[test]
fn a_revoked_key_stays_revoked_when_its_statements_are_renewed_or_another_is_revoked() {
    let world = World::sqlite();
    let (app, first) = (world.app(), signing_key_id(&world));
    world.wait(app.keys.revoke(&app.store, first, world.now())).unwrap();
    let second = signing_key_id(&world);
    world.wait(app.keys.revoke(&app.store, second, world.now())).unwrap();
    world.pass(60 * crate::world::DAY);
    let ring = app.keys.ring();
    assert!(ring.revokes(first) && ring.revokes(second) && !ring.revokes(signing_key_id(&world)));
    assert!(ring.keyset().unwrap().0.sequence >= 4);
}

#[test]
fn a_stolen_key_is_revoked_by_a_root_on_another_machine() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let before = world.activated(&device, &key);
        let (app, stolen) = (world.app(), signing_key_id(&world));
        let away = world.data().join("root.key");
        std::fs::rename(world.data().join("keys/root.key"), &away).unwrap();
        world.wait(app.keys.reload(&app.store)).unwrap();
        let refused = world.wait(app.keys.revoke(&app.store, stolen, world.now())).unwrap_err();
        assert!(refused.to_string().contains(&format!("key request --revoke {}", stolen.to_hex())));

        let request = world.wait(app.keys.request(&app.store, Some(stolen), world.now())).unwrap();
        assert_eq!(signing_key_id(&world), stolen, "the new key waits for the root's signature");
        let signed = request.sign(&read_root(&away).unwrap(), world.now()).unwrap();
        world.wait(app.keys.install(&app.store, &signed, world.now())).unwrap();
        assert_ne!(signing_key_id(&world), stolen);
        assert_eq!(validity(&world, &before), "certificate_invalid");
        assert_eq!(validity(&world, &world.refresh(&device, &before, 1).json()), Value::Null);
    }
}

#[test]
fn statements_of_the_next_root_are_believed_where_both_are_pinned() {
    for world in World::each() {
        let key = world.one_key(1);
        let (app, before) = (world.app(), pinned(&world));
        world.wait(app.keys.draw_next_root(&app.store, world.now())).unwrap();
        let both = pinned(&world);
        assert_eq!((before.keys.len(), both.keys.len()), (1, 2));
        assert!(world.wait(app.keys.draw_next_root(&app.store, world.now())).is_err());

        let request = world.wait(app.keys.request(&app.store, None, world.now())).unwrap();
        let next = read_root(&world.data().join("keys/root-next.key")).unwrap();
        let signed = request.sign(&next, world.now()).unwrap();
        world.wait(app.keys.install(&app.store, &signed, world.now())).unwrap();
        let activated = world.activated(&Device::new(1), &key);
        assert!(verifies(&both, &activated) && !verifies(&before, &activated));
        assert_eq!(validity(&world, &activated), Value::Null);
    }
}
