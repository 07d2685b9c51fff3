//! A seat belongs to one machine. The machine's users and operating systems share the seat. Copies and too
//! many new device keys are refused.

use keystead_protocol::fingerprint::Component;
use keystead_testkit::{Device, Exchange, Reply};
use serde_json::{Value, json};

use crate::world::{Customer, DAY, START, World, activation, rebind};

/// Validates a certificate as the vendor's backend does. Returns whether it is valid, and the code.
fn validation(world: &World, activated: &Value) -> (bool, Option<String>) {
    let told = world.vendor("/api/v1/validations", json!({ "certificate": activated["token"] }));
    let code = told["validation"]["code"].as_str().map(str::to_owned);
    (told["validation"]["valid"].as_bool().unwrap(), code)
}

fn superseded() -> (bool, Option<String>) {
    (false, Some("activation_superseded".to_owned()))
}

/// Devices with the same hardware and different device keys, one for each user of the machine.
fn users(machine: &Device, count: u32) -> Vec<Device> {
    (0..count).map(|user| machine.with_key_of(100 + user)).collect()
}

fn activate_as(world: &World, device: &Device, key: &str, who: &Customer) -> Reply {
    world.send(&activation(device, key).bearer(who.token()))
}

#[test]
fn one_seat_serves_three_of_twelve_keys_at_once_and_seven_in_a_window() {
    for world in World::each() {
        world.product("studio", json!({ "reinstall_window_days": 60 }));
        let key = world.keys("studio", 1).remove(0);
        let devices = users(&Device::new(1), 12);
        let activate = |device| {
            world.pass(1);
            world.activate(device, &key)
        };
        let replies: Vec<Reply> = devices.iter().map(activate).collect();
        let accepted: Vec<(&Device, Value)> = devices
            .iter()
            .zip(&replies)
            .filter(|(_, reply)| reply.status == 201)
            .map(|(device, reply)| (device, reply.json()))
            .collect();
        assert_eq!(accepted.len(), 7, "the first one and six reinstalls");
        for refused in &replies[7..] {
            assert_eq!((refused.status, refused.code().as_str()), (403, "reinstall_budget_exhausted"));
            assert_eq!(refused.json()["facts"], json!({ "budget": { "next_at": START + 2 + 60 * DAY } }));
        }
        let license = world.license();
        assert_eq!((&license["seats_used"], &license["reinstalls_left"]), (&json!(1), &json!(0)));
        assert_eq!(license["rebinds_left"], 4, "whoever has the key alone gets at no other budget");
        let (ended, live) = accepted.split_at(4);
        for (device, activated) in ended {
            assert_eq!(validation(&world, activated), superseded());
            let refresh = world.refresh(device, activated, 1);
            assert_eq!((refresh.status, refresh.code().as_str()), (409, "activation_superseded"));
            assert_eq!(world.activate(device, &key).code(), "reinstall_budget_exhausted");
        }
        for (device, activated) in live {
            assert_eq!(validation(&world, activated), (true, None));
            assert_eq!(world.refresh(device, activated, 1).status, 200);
        }
        world.pass(60 * DAY);
        assert_eq!(world.activate(&devices[11], &key).status, 201);
    }
}

#[test]
fn two_users_and_two_systems_of_one_machine_refresh_in_turns_for_months() {
    for world in World::each() {
        let key = world.one_key(1);
        let machine = Device::new(1);
        let mut other_system = machine.with_key_of(102);
        other_system.replace(&[Component::Osid, Component::Vol]);
        let devices = [machine.with_key_of(100), machine.with_key_of(101), other_system];
        let mut states: Vec<Value> = devices.iter().map(|device| world.activated(device, &key)).collect();
        for turn in 0..40 {
            world.pass(2 * DAY);
            for (device, state) in devices.iter().zip(&mut states) {
                let refreshed = world.refresh(device, state, turn);
                assert_eq!(refreshed.status, 200, "turn {turn}: {}", refreshed.json());
                *state = refreshed.json();
            }
        }
        assert_eq!(world.license()["seats_used"], 1);
        assert!(states.iter().all(|state| validation(&world, state) == (true, None)));
    }
}

#[test]
fn the_owner_confirms_a_new_key_when_the_reinstalls_are_spent() {
    for world in World::each() {
        world.product("studio", json!({ "reinstalls": 0, "rebinds": 2 }));
        let key = world.keys("studio", 1).remove(0);
        let (device, owner, stranger) = (Device::new(1), world.customer(), world.customer());
        let first = world.activated(&device, &key);
        let again = device.reinstalled();
        for signed_in in [None, Some(&stranger)] {
            let refused = match signed_in {
                None => world.activate(&again, &key),
                Some(somebody) => activate_as(&world, &again, &key, somebody),
            };
            assert_eq!(refused.code(), "reinstall_budget_exhausted", "the key alone is not enough");
        }
        world.link(&device, &first, &owner);
        assert_eq!(activate_as(&world, &again, &key, &stranger).code(), "owner_only");
        let moved = world.send(&rebind(&again, &first, &owner));
        assert_eq!(moved.status, 200, "{}", moved.json());
        assert_eq!(validation(&world, &first), superseded(), "its key is no longer the activation's");
        assert_eq!(validation(&world, &moved.json()), (true, None));
        assert_eq!(world.license()["rebinds_left"], 1);
        let third = device.with_key_of(7);
        assert_eq!(
            activate_as(&world, &third, &key, &owner).status,
            201,
            "the owner's word counts as a move"
        );
        assert_eq!(world.license()["rebinds_left"], 0);
        let refused = activate_as(&world, &device.with_key_of(8), &key, &owner);
        assert_eq!(refused.code(), "rebind_budget_exhausted");
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn a_seat_is_free_when_the_last_key_of_its_machine_has_left() {
    for world in World::each() {
        let key = world.one_key(1);
        let devices = users(&Device::new(1), 2);
        let states: Vec<Value> = devices.iter().map(|device| world.activated(device, &key)).collect();
        for (at, freed) in [(0, 0), (1, 1)] {
            assert_eq!(world.license()["seats_used"], 1);
            let released = world.release(&devices[at], &states[at]);
            assert_eq!((released.status, released.json()["seats_freed"].clone()), (200, json!(freed)));
        }
        assert_eq!(world.license()["seats_used"], 0);
        world.activated(&Device::new(2), &key);
    }
}

#[test]
fn removing_a_device_ends_every_key_of_its_machine() {
    for world in World::each() {
        let key = world.one_key(2);
        let (owner, other) = (world.customer(), Device::new(2));
        let devices = users(&Device::new(1), 3);
        let states: Vec<Value> = devices.iter().map(|device| world.activated(device, &key)).collect();
        let elsewhere = world.activated(&other, &key);
        world.link(&other, &elsewhere, &owner);
        let device = states[1]["device"].as_str().unwrap();
        let (_, page) = owner.browser.open(&format!("/devices/{device}/remove")).unwrap();
        assert!(page.contains("2 other installations on the same computer"), "{page}");
        let path = format!("/api/v1/devices/{device}/deactivate");
        let removed = world.send(&Exchange::post(path).bearer(owner.token()));
        assert_eq!((removed.status, removed.json()["seats_freed"].clone()), (200, json!(1)));
        assert_eq!(world.license()["seats_used"], 1);
        for (device, state) in devices.iter().zip(&states) {
            assert_eq!(world.refresh(device, state, 1).code(), "activation_released");
        }
        assert_eq!(world.refresh(&other, &elsewhere, 1).status, 200);
    }
}

#[test]
fn a_seat_that_is_moved_to_another_machine_leaves_the_old_ones_keys_behind() {
    for world in World::each() {
        let key = world.one_key(1);
        let owner = world.customer();
        let devices = users(&Device::new(1), 2);
        let states: Vec<Value> = devices.iter().map(|device| world.activated(device, &key)).collect();
        world.link(&devices[0], &states[0], &owner);
        let machine = Device::new(2);
        let moved = world.send(&rebind(&machine, &states[0], &owner));
        assert_eq!(moved.status, 200, "{}", moved.json());
        for state in &states {
            assert_eq!(validation(&world, state), superseded());
        }
        assert_eq!(validation(&world, &moved.json()), (true, None));
        // The same happens when a copy of the device key on another machine activates with the product key.
        let mut copy = machine.clone();
        let beside = world.activated(&machine.with_key_of(9), &world.keys("studio", 1).remove(0));
        assert_eq!(validation(&world, &beside), (true, None), "a license of its own");
        copy.replace(&Component::ALL);
        let third = activate_as(&world, &machine.with_key_of(10), &key, &owner).json();
        assert_eq!(activate_as(&world, &copy, &key, &owner).status, 201);
        assert_eq!(validation(&world, &third), superseded());
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn a_new_key_that_comes_by_a_file_joins_the_seat_and_is_a_move() {
    for world in World::each() {
        world.product("studio", json!({ "rebinds": 1, "keys_per_seat": 1 }));
        let key = world.keys("studio", 1).remove(0);
        let (device, owner) = (Device::new(1), world.customer());
        let first = world.activated(&device, &key);
        world.link(&device, &first, &owner);
        let body = |device: &Device| json!({ "license": first["license"], "request": device.request("vendor", "studio") });
        let answer = |device: &Device| {
            world.send(&Exchange::post("/api/v1/offline/files").json(&body(device)).bearer(owner.token()))
        };
        let second = device.with_key_of(7);
        assert_eq!(answer(&second).status, 200);
        assert_eq!(validation(&world, &first), superseded());
        let license = world.license();
        assert_eq!((&license["seats_used"], &license["rebinds_left"]), (&json!(1), &json!(0)));
        assert_eq!(license["reinstalls_left"], 6);
        assert_eq!(answer(&second).status, 200, "the same file again");
        let third = activate_as(&world, &device.with_key_of(8), &key, &owner);
        assert_eq!(third.status, 201);
        assert_eq!(answer(&second).code(), "request_file_used");
    }
}

#[test]
fn three_copies_of_an_activation_are_found_when_the_first_one_comes_back() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let start = world.activated(&device, &key);
        let mut copies = Vec::new();
        for x in 1..=3 {
            let refreshed = world.refresh(&device, &start, x);
            assert_eq!((refreshed.status, refreshed.json()["state"].clone()), (200, json!("activated")));
            copies.push(refreshed.json());
        }
        let back = world.refresh(&device, &copies[0], 4);
        assert_eq!((back.status, back.json()["state"].clone()), (202, json!("forked")));
        for (x, copy) in (5..).zip(&copies) {
            assert_eq!(world.refresh(&device, copy, x).code(), "fork_detected");
            assert_eq!(validation(&world, copy), (false, Some("fork_detected".to_owned())));
        }
    }
}

#[test]
fn a_machine_that_is_reset_to_a_snapshot_asks_its_owner_past_the_rule_only() {
    for world in World::each() {
        world.product("studio", json!({ "forks": 2, "fork_window_days": 10 }));
        let key = world.keys("studio", 1).remove(0);
        let device = Device::new(1);
        let snapshot = world.activated(&device, &key);
        for x in 1..=10 {
            assert_eq!(world.refresh(&device, &snapshot, x).status, 200, "two forks within ten days");
            world.pass(5 * DAY);
        }
        assert_eq!(world.refresh(&device, &snapshot, 11).status, 200);
        assert_eq!(world.refresh(&device, &snapshot, 12).json()["state"], "forked");
    }
}

#[test]
fn the_budgets_are_on_the_page_of_the_license() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let (device, owner) = (Device::new(1), world.customer());
    let first = world.activated(&device, &key);
    world.link(&device, &first, &owner);
    world.activate(&device.reinstalled(), &key);
    activate_as(&world, &device.reinstalled(), &key, &owner);
    let page = format!("/licenses/{}", first["license"].as_str().unwrap());
    let (_, page) = owner.browser.open(&page).unwrap();
    assert!(page.contains("<dt>Reinstalls left this year</dt><dd>5</dd>"), "{page}");
}

#[test]
fn small_changes_add_up_although_the_key_is_typed_again_each_time() {
    for world in World::each() {
        world.product("studio", json!({ "seats": 1, "rebinds": 0 }));
        let key = world.keys("studio", 1).remove(0);
        let mut device = Device::new(1);
        world.activated(&device, &key);
        let mut outcomes = Vec::new();
        for part in [Component::Disk, Component::Mac, Component::Uuid] {
            device.replace(&[part]);
            outcomes.push(world.activate(&device, &key).code());
        }
        assert_eq!(
            outcomes,
            ["", "", "rebind_budget_exhausted"],
            "17 and 12 points are followed, 18 more are a move"
        );
    }
}

/// The time until which the product works without a refresh, in UTC seconds.
fn served_until(world: &World, activated: &Value) -> i64 {
    let activation = activated["activation"].as_str().unwrap().parse().unwrap();
    let found = world.read(move |connection| connection.activation_by_id(activation)).unwrap();
    found.activation.serves_until / 1000
}

#[test]
fn copies_of_a_key_that_activate_again_instead_of_refreshing_run_out_of_reinstalls() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        world.activated(&device, &key);
        let mut leases = 0;
        for _ in 0..12 {
            world.pass(25 * DAY);
            let again = world.activate(&device, &key);
            if again.status == 201 {
                leases += 1;
            } else {
                assert_eq!(again.code(), "reinstall_budget_exhausted");
            }
        }
        assert_eq!(leases, 6, "a new lease without the ratchet is a reinstallation");
    }
}

#[test]
fn an_activation_that_is_asked_for_again_at_once_is_answered_alike_and_costs_nothing() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        let until = served_until(&world, &first);
        for _ in 0..8 {
            world.pass(2 * 3_600_000);
            let again = world.activated(&device, &key);
            assert_eq!((&again["activation"], &again["ratchet"]), (&first["activation"], &first["ratchet"]));
            assert_eq!(served_until(&world, &again), until);
        }
        assert_eq!(world.license()["reinstalls_left"], 6);
    }
}

#[test]
fn a_device_that_goes_on_after_another_activated_again_with_its_key_tells_that_there_are_two() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        let original = world.refresh(&device, &first, 1).json();
        let copy = world.activated(&device, &key);
        assert_ne!(copy["ratchet"], original["ratchet"]);
        assert_eq!(world.license()["reinstalls_left"], 5);
        assert_eq!(world.refresh(&device, &copy, 2).status, 200);
        let found = world.refresh(&device, &original, 3);
        assert_eq!((found.status, found.json()["state"].clone()), (202, json!("forked")));
        assert_eq!(world.refresh(&device, &copy, 4).code(), "fork_detected");
    }
}

#[test]
fn a_refresh_that_is_repeated_does_not_prolong_what_it_gave() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        world.pass(10 * DAY);
        let until = served_until(&world, &world.refresh(&device, &first, 1).json());
        world.pass(10 * DAY);
        let repeated = world.refresh(&device, &first, 1);
        assert_eq!(repeated.status, 200);
        assert_eq!(served_until(&world, &repeated.json()), until);
        let next = world.refresh(&device, &repeated.json(), 2).json();
        assert_eq!(served_until(&world, &next), until + 10 * DAY / 1000);
    }
}

#[test]
fn a_device_whose_answer_to_an_activation_was_lost_goes_on_as_before() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let first = world.activated(&device, &key);
        let known = world.refresh(&device, &first, 1).json();
        world.activated(&device, &key);
        let refreshed = world.refresh(&device, &known, 2);
        assert_eq!((refreshed.status, refreshed.json()["state"].clone()), (200, json!("activated")));
    }
}

#[test]
fn one_paid_lease_answers_ten_copies_and_no_more() {
    for world in World::each() {
        world.product("studio", json!({ "reinstalls": 0 }));
        let key = world.keys("studio", 1).remove(0);
        let device = Device::new(1);
        world.activated(&device, &key);
        let codes: Vec<String> = (0..11).map(|_| world.activate(&device, &key).code()).collect();
        assert_eq!(codes.iter().filter(|code| code.is_empty()).count(), 10);
        assert_eq!(codes[10], "reinstall_budget_exhausted");
    }
}

#[test]
fn each_request_file_of_a_device_whose_lease_is_not_nearly_over_is_a_move() {
    for world in World::each() {
        world.product("studio", json!({ "rebinds": 2, "lease_days": 20, "refresh_days": 5 }));
        let key = world.keys("studio", 1).remove(0);
        let (device, mut owner) = (Device::new(1), world.customer());
        let first = world.activated(&device, &key);
        world.link(&device, &first, &owner);
        let mut answer = |number| {
            world.pass(2 * DAY);
            owner.renew();
            let request = device.numbered_request(number, "vendor", "studio");
            let body = json!({ "license": first["license"], "request": request });
            world.send(&Exchange::post("/api/v1/offline/files").json(&body).bearer(owner.token()))
        };
        assert_eq!([answer(1), answer(2)].map(|reply| reply.status), [200, 200]);
        assert_eq!(answer(3).code(), "rebind_budget_exhausted");
        world.pass(14 * DAY);
        assert_eq!(answer(4).status, 200, "a renewal in time costs nothing");
    }
}
