use keystead_testkit::{Device, Exchange};
use serde_json::json;

use crate::world::{DAY, World, activation, refresh};

#[test]
fn a_key_activates_one_device_and_a_second_is_refused_with_the_seats() {
    for world in World::each() {
        let key = world.one_key(1);
        let answer = world.activated(&Device::new(1), &key);
        assert_eq!(answer["state"], "activated");
        let refused = world.activate(&Device::new(2), &key);
        assert_eq!((refused.status, refused.code().as_str()), (409, "no_free_seat"));
        assert_eq!(refused.json()["facts"], json!({ "seats": { "limit": 1, "used": 1 } }));
        assert_eq!(refused.content_type, "application/problem+json");
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn activating_again_keeps_the_seat_and_the_activation() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let (first, second) = (world.activated(&device, &key), world.activated(&device, &key));
        assert_eq!((&first["activation"], &first["device"]), (&second["activation"], &second["device"]));
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn a_reinstalled_device_gets_its_license_back_without_being_asked() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        let again = world.activated(&device.reinstalled(), &key);
        assert_eq!(first["license"], again["license"]);
        let license = world.license();
        assert_eq!((&license["seats_used"], &license["reinstalls_left"]), (&json!(1), &json!(5)));
        let old = world.refresh(&device.reinstalled(), &first, 1);
        assert_eq!((old.status, old.code().as_str()), (409, "different_device"));
    }
}

#[test]
fn a_released_seat_is_free_and_stays_released() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let answer = world.activated(&device, &key);
        assert_eq!(world.release(&device, &answer).status, 200);
        assert_eq!(world.release(&device, &answer).code(), "activation_released");
        assert_eq!(world.refresh(&device, &answer, 1).code(), "activation_released");
        world.activated(&Device::new(2), &key);
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn the_same_request_again_gets_the_same_bytes_and_does_nothing() {
    for world in World::each() {
        let key = world.one_key(5);
        let device = Device::new(1);
        let nonce = Some(world.http.nonce().unwrap());
        let request = Exchange { nonce, ..activation(&device, &key) };
        let (first, second) = (world.send(&request), world.send(&request));
        assert_eq!((first.status, &first.bytes), (201, &second.bytes));
        assert_eq!(second.status, 201);
        let other = Exchange {
            idempotency_key: request.idempotency_key.clone(),
            ..refresh(&device, &first.json(), 1)
        };
        let first_refresh = world.send(&other);
        assert_eq!(first_refresh.status, 200, "another principal's key is another key");
        let reused =
            Exchange { idempotency_key: other.idempotency_key.clone(), ..refresh(&device, &first.json(), 2) };
        assert_eq!(world.send(&reused).code(), "idempotency_key_reused");
    }
}

#[test]
fn a_lost_refresh_answer_is_given_again_and_an_old_copy_is_noticed() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        let second = world.refresh(&device, &first, 1).json();
        let lost = world.refresh(&device, &first, 1).json();
        assert_eq!(second["ratchet"], lost["ratchet"], "the answer was lost, the device repeats");
        assert_eq!(world.refresh(&device, &first, 2).status, 200, "a copy of the first state: followed");
        let original = world.refresh(&device, &second, 3);
        assert_eq!((original.status, original.json()), (202, json!({ "state": "forked" })));
        assert_eq!(world.refresh(&device, &second, 4).code(), "fork_detected");
    }
}

#[test]
fn nothing_is_issued_while_a_license_is_suspended_expired_or_revoked() {
    for world in World::each() {
        world.product("studio", json!({ "seats": 2, "term": { "days": 30 } }));
        let key = world.keys("studio", 1).remove(0);
        let device = Device::new(1);
        let answer = world.activated(&device, &key);
        let path = format!("/api/v1/licenses/{}", answer["license"].as_str().unwrap());
        let reason = json!({ "reason": "a chargeback" });
        let both = |code: &str| {
            assert_eq!(world.refresh(&device, &answer, 1).code(), code);
            assert_eq!(world.activate(&Device::new(2), &key).code(), code);
        };
        world.vendor(&format!("{path}/suspend"), reason.clone());
        both("license_suspended");
        world.vendor(&format!("{path}/resume"), reason.clone());
        assert_eq!(world.refresh(&device, &answer, 1).status, 200);
        world.pass(30 * DAY);
        both("license_expired");
        world.vendor(&format!("{path}/revoke"), reason.clone());
        both("license_revoked");
        let resumed =
            world.send(&Exchange::post(format!("{path}/resume")).json(&reason).bearer(&world.token));
        assert_eq!(resumed.code(), "license_revoked");
    }
}

#[test]
fn a_state_is_shown_to_its_device_and_not_to_strangers() {
    let world = World::sqlite();
    let key = world.one_key(2);
    let (device, stranger) = (Device::new(1), Device::new(2));
    let answer = world.activated(&device, &key);
    world.activated(&stranger, &key);
    let path = format!("/api/v1/activations/{}", answer["activation"].as_str().unwrap());
    let seen = world.send(&Exchange::get(&path).signed(&device)).json();
    assert_eq!(seen["sentence"], "Studio is activated with a digital license");
    assert_eq!(world.send(&Exchange::get(&path)).status, 404);
    assert_eq!(world.send(&Exchange::get(&path).signed(&stranger)).status, 409);
    assert_eq!(world.get(&path, &world.token).status, 200);
    assert_eq!(world.get(&path, world.customer().token()).status, 404);
}
