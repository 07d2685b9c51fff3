use keystead_testkit::{Device, Exchange};
use serde_json::json;

use crate::world::{World, activation, rebind};

#[test]
fn a_linked_license_is_the_accounts_and_its_key_has_no_power() {
    for world in World::each() {
        let key = world.one_key(2);
        let (device, owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        let linked = world.link(&device, &answer, &owner);
        assert_eq!((linked.status, linked.json()["linked"].clone()), (200, json!(true)));
        assert_eq!(world.refresh(&device, &answer, 1).json()["state"], "activated_linked");

        let laptop = Device::new(2);
        assert_eq!(world.activate(&laptop, &key).code(), "product_key_not_accepted");
        let stranger = world.customer();
        let with_key = activation(&laptop, &key).bearer(stranger.token());
        assert_eq!(world.send(&with_key).code(), "owner_only");
        assert_eq!(world.link(&device, &answer, &stranger).code(), "already_linked");

        let second = Device::new(3);
        let by_sign_in = json!({ "product": "studio", "device": second.description() });
        let request = Exchange::post("/api/v1/activations").json(&by_sign_in).signed(&second);
        assert_eq!(world.send(&request.clone().bearer(owner.token())).status, 201);
        assert_eq!(world.send(&request.clone().bearer(stranger.token())).code(), "no_license");
        assert_eq!(world.send(&request).code(), "sign_in_required");
    }
}

#[test]
fn linking_needs_the_device_or_the_key_and_consent() {
    for world in World::each() {
        let key = world.one_key(1);
        let (device, owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        let path = format!("/api/v1/licenses/{}/link", answer["license"].as_str().unwrap());
        let body = |agreed, version| json!({ "activation": answer["activation"], "consent": { "version": version, "agreed": agreed } });
        let link = |body| Exchange::post(&path).json(&body).bearer(owner.token());
        assert_eq!(world.send(&link(body(true, 1))).code(), "proof_missing");
        assert_eq!(world.send(&link(body(true, 1)).signed(&Device::new(2))).code(), "different_device");
        assert_eq!(world.send(&link(body(false, 1)).signed(&device)).code(), "consent_missing");
        assert_eq!(world.send(&link(body(true, 0)).signed(&device)).code(), "consent_missing");
        let by_key = json!({ "product_key": key, "consent": { "version": 1, "agreed": true } });
        assert_eq!(world.send(&link(by_key.clone())).status, 200);
        let other = Exchange::post("/api/v1/licenses/lic_00000000000000000000000000000000/link");
        assert_eq!(world.send(&other.json(&by_key).bearer(owner.token())).status, 404);
    }
}

#[test]
fn unlinking_gives_a_new_key_and_the_old_one_stays_dead() {
    for world in World::each() {
        let key = world.one_key(1);
        let (device, owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        world.link(&device, &answer, &owner);
        let path = format!("/api/v1/licenses/{}/unlink", answer["license"].as_str().unwrap());
        let (trusted, stranger) = (world.owner_token(&owner), world.customer());
        let request = Exchange::post(&path).bearer(&trusted);
        let strangers = world.owner_token(&stranger);
        assert_eq!(world.send(&Exchange::post(&path).bearer(&strangers)).status, 404);
        let (first, again) = (world.send(&request), world.send(&request));
        assert_eq!(
            (first.status, &first.bytes),
            (200, &again.bytes),
            "a repeated request shows the same key"
        );
        let new_key = first.json()["product_key"].as_str().unwrap().to_owned();
        assert_eq!(world.activate(&device, &key).code(), "product_key_not_accepted");
        assert_eq!(world.activated(&device, &new_key)["activation"], answer["activation"]);
        assert_eq!(world.license()["linked"], false);
    }
}

#[test]
fn a_token_alone_gives_no_license_away() {
    for world in World::each() {
        let key = world.one_key(1);
        let (device, owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        world.link(&device, &answer, &owner);
        let path = format!("/api/v1/licenses/{}/unlink", answer["license"].as_str().unwrap());
        let unlink = |token: &str| world.send(&Exchange::post(&path).bearer(token));
        assert_eq!(unlink(owner.token()).code(), "permission_missing", "it was not asked for");
        let token = world.owner_token(&owner);
        world.pass(10 * 60 * 1000 + 1);
        let refused = unlink(&token);
        assert_eq!((refused.status, refused.code()), (401, "reauthentication_required".into()));
        let challenge = refused.header("www-authenticate").unwrap();
        assert!(challenge.contains("error=\"insufficient_user_authentication\""), "{challenge}");
        assert!(challenge.contains("max_age=600"), "{challenge}");

        let renewed = world.application(&owner, "ownership licenses", None);
        assert_eq!(unlink(&renewed).code(), "reauthentication_required", "approving is not signing in");
        let approval = world.device_code(&owner, "ownership licenses", Some(600));
        let decide = [("code", approval["user_code"].as_str().unwrap()), ("decision", "approve")];
        let asked = owner.browser.redirected("/device/decide", &decide).unwrap();
        assert!(asked.starts_with("/sign-in?next=%2Fdevice"), "the person signs in again first: {asked}");
        assert_eq!(owner.browser.sign_in(&owner.email).unwrap().0, 303);
        let token = world.owner_token(&owner);
        assert_eq!(unlink(&token).status, 200);
    }
}

#[test]
fn a_leaked_key_is_replaced_without_losing_license_or_devices() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let answer = world.activated(&device, &key);
        let path = format!("/api/v1/licenses/{}/reissue-key", answer["license"].as_str().unwrap());
        let new =
            world.vendor(&path, json!({ "reason": "leaked" }))["product_key"].as_str().unwrap().to_owned();
        assert_eq!(world.activate(&Device::new(2), &key).code(), "product_key_not_accepted");
        assert_eq!(world.refresh(&device, &answer, 1).status, 200);
        assert_eq!(world.activated(&device, &new)["license"], answer["license"]);
    }
}

#[test]
fn an_owner_sees_renames_and_deactivates_devices_and_nobody_else_does() {
    for world in World::each() {
        let key = world.one_key(1);
        let (device, owner, stranger) = (Device::new(1), world.customer(), world.customer());
        let answer = world.activated(&device, &key);
        world.link(&device, &answer, &owner);
        let devices = world.get("/api/v1/devices", owner.token()).json();
        assert_eq!(devices["items"][0]["id"], answer["device"]);
        assert_eq!(world.get("/api/v1/devices", stranger.token()).json()["items"], json!([]));

        let path = format!("/api/v1/devices/{}", answer["device"].as_str().unwrap());
        let rename = |token: &str| Exchange {
            method: "PATCH",
            ..Exchange::post(&path).json(&json!({ "name": "Studio PC" })).bearer(token)
        };
        assert_eq!(world.send(&rename(stranger.token())).status, 404);
        assert_eq!(world.send(&rename(owner.token())).json()["name"], "Studio PC");

        let deactivate = |token: &str| Exchange::post(format!("{path}/deactivate")).bearer(token);
        assert_eq!(world.send(&deactivate(stranger.token())).status, 404);
        assert_eq!(world.send(&deactivate(owner.token())).json()["seats_freed"], 1);
        assert_eq!(world.send(&deactivate(owner.token())).json()["seats_freed"], 0);
        assert_eq!(world.license()["seats_used"], 0);
        assert_eq!(world.refresh(&device, &answer, 1).code(), "activation_released");
    }
}

#[test]
fn lists_are_paged_by_key_and_each_entry_appears_once() {
    let world = World::sqlite();
    world.product("studio", json!({ "seats": 1 }));
    let owner = world.customer();
    for (number, key) in world.keys("studio", 7).iter().enumerate() {
        let device = Device::new(number as u32);
        let answer = world.activated(&device, key);
        assert_eq!(world.link(&device, &answer, &owner).status, 200);
        world.pass(1);
    }
    for path in ["/api/v1/licenses", "/api/v1/devices"] {
        let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
        loop {
            let page = world
                .send(&Exchange { query: query.clone(), ..Exchange::get(path).bearer(owner.token()) })
                .json();
            seen.extend(
                page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
            );
            match page["next"].as_str() {
                Some(next) => query = format!("?limit=3&after={next}"),
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        sorted.reverse();
        assert_eq!((seen.len(), &seen), (7, &sorted), "{path}");
    }
}

#[test]
fn a_device_that_two_owners_share_is_moved_for_one_and_left_alone_for_the_other() {
    for world in World::each() {
        world.product("studio", json!({ "seats": 1 }));
        let keys = world.keys("studio", 2);
        let shared = Device::new(1);
        let (alice, bob) = (world.customer(), world.customer());
        let (hers, his) = (world.activated(&shared, &keys[0]), world.activated(&shared, &keys[1]));
        assert_eq!(hers["device"], his["device"]);
        assert_eq!(world.link(&shared, &hers, &alice).status, 200);
        assert_eq!(world.link(&shared, &his, &bob).status, 200);

        let moved = world.send(&rebind(&Device::new(2), &hers, &alice));
        assert_eq!(moved.status, 200, "{}", moved.json());
        assert_eq!(moved.json()["activation"], hers["activation"]);
        assert_eq!(world.refresh(&shared, &his, 1).status, 200, "his activation stays where it is");
        assert_eq!(world.refresh(&Device::new(2), &moved.json(), 1).status, 200);
        assert_eq!(world.refresh(&shared, &hers, 1).code(), "different_device");

        let path = format!("/api/v1/devices/{}", his["device"].as_str().unwrap());
        let rename = Exchange {
            method: "PATCH",
            ..Exchange::post(path).json(&json!({ "name": "Mine" })).bearer(alice.token())
        };
        assert_eq!(world.send(&rename).status, 404, "it is no device of hers any more");
    }
}

#[test]
fn an_activation_moves_to_a_machine_that_is_known_for_another_license() {
    let world = World::sqlite();
    world.product("studio", json!({ "seats": 1 }));
    let keys = world.keys("studio", 2);
    let (old, known, owner) = (Device::new(1), Device::new(2), world.customer());
    let answer = world.activated(&old, &keys[0]);
    world.activated(&known, &keys[1]);
    world.link(&old, &answer, &owner);
    let moved = world.send(&rebind(&known, &answer, &owner));
    assert_eq!((moved.status, &moved.json()["activation"]), (200, &answer["activation"]), "{}", moved.json());
}

#[test]
fn an_expired_license_does_not_stand_before_a_good_one() {
    let world = World::sqlite();
    world.product("studio", json!({ "seats": 1, "term": { "days": 30 } }));
    let keys = world.keys("studio", 2);
    let (device, mut owner) = (Device::new(1), world.customer());
    let first = world.activated(&device, &keys[0]);
    world.link(&device, &first, &owner);
    world.pass(31 * crate::world::DAY);
    owner.renew();
    let other = Device::new(2);
    let second = world.activated(&other, &keys[1]);
    assert_eq!(world.link(&other, &second, &owner).status, 200);
    let path = format!("/api/v1/activations/{}/release", second["activation"].as_str().unwrap());
    assert_eq!(world.send(&Exchange::post(path).signed(&other)).status, 200);
    let body = json!({ "product": "studio", "device": device.description() });
    let reply =
        world.send(&Exchange::post("/api/v1/activations").json(&body).bearer(owner.token()).signed(&device));
    assert_eq!((reply.status, &reply.json()["license"]), (201, &second["license"]), "{}", reply.json());
}

#[test]
fn seats_are_freed_from_afar_only_so_often() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let owner = world.customer();
    let device = Device::new(0);
    let answer = world.activated(&device, &key);
    world.link(&device, &answer, &owner);
    let mut codes = Vec::new();
    for number in 0..8 {
        let listed = world.get("/api/v1/devices", owner.token()).json();
        let live = listed["items"].as_array().unwrap().iter().find(|device| {
            device["activations"]
                .as_array()
                .unwrap()
                .iter()
                .any(|activation| activation["state"] == "activated_linked")
        });
        let Some(live) = live else { break };
        let path = format!("/api/v1/devices/{}/deactivate", live["id"].as_str().unwrap());
        let reply = world.send(&Exchange::post(path).bearer(owner.token()));
        codes.push(reply.code());
        if reply.status != 200 {
            break;
        }
        let next = Device::new(number + 1);
        let body = json!({ "product": "studio", "device": next.description() });
        world.send(&Exchange::post("/api/v1/activations").json(&body).bearer(owner.token()).signed(&next));
    }
    assert_eq!(codes, ["", "", "", "", "", "", "rebind_budget_exhausted"]);
    assert_eq!(world.license()["seats_used"], 1, "a refused deactivation frees nothing");
}
