use keystead_protocol::fingerprint::Component;
use keystead_testkit::{Device, Exchange};
use serde_json::json;

use crate::world::{DAY, HOUR, World, rebind};

const BOARD: [Component; 3] = [Component::Tpm, Component::Uuid, Component::Board];

#[test]
fn a_new_motherboard_asks_the_owner_who_moves_the_seat_without_the_key() {
    for world in World::each() {
        let key = world.one_key(1);
        let (mut device, owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        world.link(&device, &answer, &owner);
        device.replace(&[Component::Disk]);
        let refreshed = world.refresh(&device, &answer, 1);
        assert_eq!(refreshed.status, 200);
        device.replace(&BOARD);
        let changed = world.refresh(&device, &refreshed.json(), 2);
        assert_eq!(changed.status, 202, "{}", changed.json());
        let changed = changed.json();
        assert_eq!(changed["comparison"]["similarity"], "significant");
        assert_eq!(changed["comparison"]["changed"], json!(["tpm", "uuid", "board"]));
        assert_eq!(world.license()["seats_used"], 1, "the seat is kept");

        let reinstalled = device.reinstalled();
        let moved = world.send(&rebind(&reinstalled, &answer, &owner));
        assert_eq!(moved.status, 200, "{}", moved.json());
        for field in ["activation", "device", "license"] {
            assert_eq!(moved.json()[field], answer[field]);
        }
        assert_eq!(world.license()["seats_used"], 1);
        assert_eq!(world.refresh(&reinstalled, &moved.json(), 1).status, 200);
        assert_eq!(world.refresh(&device, &answer, 3).code(), "different_device");
    }
}

#[test]
fn only_the_owner_moves_an_activation_and_must_say_so() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let (device, owner, stranger) = (Device::new(1), world.customer(), world.customer());
    let answer = world.activated(&device, &key);
    assert_eq!(world.send(&rebind(&device, &answer, &owner)).status, 404, "not linked yet");
    world.link(&device, &answer, &owner);
    assert_eq!(world.send(&rebind(&device, &answer, &stranger)).status, 404);
    let anonymous = Exchange { bearer: None, ..rebind(&device, &answer, &owner) };
    assert_eq!(world.send(&anonymous).code(), "sign_in_required");
    let unsaid =
        rebind(&device, &answer, &owner).json(&json!({ "device": device.description(), "confirm": "yes" }));
    assert_eq!(world.send(&unsaid).code(), "confirmation_missing");
}

#[test]
fn moves_are_limited_in_a_rolling_window_and_the_refusal_says_until_when() {
    for world in World::each() {
        world.product("studio", json!({ "rebinds": 2, "rebind_window_days": 50 }));
        let key = world.keys("studio", 1).remove(0);
        let (device, mut owner) = (Device::new(1), world.customer());
        let answer = world.activated(&device, &key);
        world.link(&device, &answer, &owner);
        let first = world.now();
        for _ in 0..2 {
            assert_eq!(world.send(&rebind(&device, &answer, &owner)).status, 200);
            world.pass(10 * DAY);
            owner.renew();
        }
        assert_eq!(world.license()["rebinds_left"], 0);
        let refused = world.send(&rebind(&device, &answer, &owner));
        assert_eq!((refused.status, refused.code().as_str()), (403, "rebind_budget_exhausted"));
        assert_eq!(refused.json()["facts"], json!({ "budget": { "next_at": first + 50 * DAY } }));
        world.pass(30 * DAY);
        owner.renew();
        assert_eq!(world.send(&rebind(&device, &answer, &owner)).status, 200);
    }
}

#[test]
fn typing_the_key_again_on_changed_hardware_counts_as_a_move() {
    let world = World::sqlite();
    world.product("studio", json!({ "rebinds": 1 }));
    let key = world.keys("studio", 1).remove(0);
    let mut device = Device::new(1);
    world.activated(&device, &key);
    device.replace(&BOARD);
    world.activated(&device, &key);
    assert_eq!(world.license()["rebinds_left"], 0);
    device.replace(&[Component::Disk, Component::Mac, Component::Osid, Component::Vol]);
    assert_eq!(world.activate(&device, &key).code(), "rebind_budget_exhausted");
}

#[test]
fn a_device_without_any_readable_hardware_is_known_by_its_key() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let mut device = Device::new(1);
    device.fingerprint.fp.clear();
    let answer = world.activated(&device, &key);
    assert_eq!(world.refresh(&device, &answer, 1).status, 200);
    assert_eq!(world.activate(&Device::new(2), &key).code(), "no_free_seat");
}

/// A container. Its fingerprint contains only the id of the operating system.
fn container(number: u32) -> Device {
    let mut device = Device::new(number);
    device.fingerprint.fp.retain(|component, _| *component == Component::Osid);
    device
}

#[test]
fn a_containers_seat_is_anothers_once_it_has_shown_no_sign_of_life_for_a_day() {
    for world in World::each() {
        let key = world.one_key(1);
        let (first, second) = (container(1), container(2));
        let answer = world.activated(&first, &key);
        assert_eq!(world.activate(&second, &key).code(), "no_free_seat");
        world.pass(20 * HOUR);
        let kept = world.refresh(&first, &answer, 1);
        assert_eq!(kept.status, 200);
        world.pass(20 * HOUR);
        assert_eq!(world.activate(&second, &key).code(), "no_free_seat", "it is in use");
        world.pass(4 * HOUR);
        world.activated(&second, &key);
        assert_eq!(world.license()["seats_used"], 1);
        assert_eq!(world.refresh(&first, &kept.json(), 2).code(), "activation_released");
        assert_eq!(world.activate(&first, &key).code(), "no_free_seat");
    }
}

#[test]
fn a_devices_seat_stays_its_own_however_long_it_is_away() {
    let world = World::sqlite();
    let key = world.one_key(1);
    world.activated(&Device::new(1), &key);
    world.pass(1_000 * DAY);
    assert_eq!(world.activate(&container(2), &key).code(), "no_free_seat");
    assert_eq!(world.activate(&Device::new(3), &key).code(), "no_free_seat");
}

#[test]
fn a_vendor_may_have_containers_keep_their_seats() {
    let world = World::sqlite();
    world.product("studio", json!({ "floating_hours": 0 }));
    let key = world.keys("studio", 1).remove(0);
    world.activated(&container(1), &key);
    world.pass(1_000 * DAY);
    assert_eq!(world.activate(&container(2), &key).code(), "no_free_seat");
}

#[test]
fn hardware_that_may_not_be_read_is_there_all_the_same() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let mut device = container(1);
    device.fingerprint.unreadable = vec![Component::Uuid, Component::Board];
    world.activated(&device, &key);
    world.pass(1_000 * DAY);
    assert_eq!(world.activate(&container(2), &key).code(), "no_free_seat", "it is no container");
}

#[test]
fn where_containers_keep_their_seats_releases_are_counted() {
    let world = World::sqlite();
    world.product("studio", json!({ "floating_hours": 0 }));
    let key = world.keys("studio", 1).remove(0);
    let released = |number| {
        let device = container(number);
        let answer = world.activated(&device, &key);
        world.release(&device, &answer)
    };
    assert!((0..10).all(|number| released(number).status == 200));
    assert_eq!(released(10).code(), "rebind_budget_exhausted");
}

#[test]
fn containers_give_their_seats_back_as_often_as_they_come_and_go() {
    let world = World::sqlite();
    let key = world.one_key(1);
    for number in 0..30 {
        let device = container(number);
        let answer = world.activated(&device, &key);
        assert_eq!(world.release(&device, &answer).status, 200, "{number}");
    }
}

#[test]
fn containers_that_give_their_seats_back_a_thousand_times_a_day_wait_for_the_lease_to_end() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let released = |number: u32| {
        let device = container(number);
        let answer = world.activated(&device, &key);
        world.release(&device, &answer)
    };
    assert!((0..1_000).all(|number| released(number).status == 200));
    assert_eq!(released(1_000).code(), "rebind_budget_exhausted");
    assert_eq!(world.activate(&container(1_001), &key).code(), "no_free_seat");
    world.pass(DAY);
    world.activated(&container(1_001), &key);
}

#[test]
fn a_container_that_was_killed_and_starts_a_day_later_costs_nothing() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = container(1);
    for _ in 0..20 {
        world.activated(&device, &key);
        world.pass(2 * DAY);
    }
    assert_eq!(world.license()["reinstalls_left"], 6);
}

#[test]
fn a_clone_that_was_found_out_costs_a_move_to_settle() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = Device::new(1);
    let first = world.activated(&device, &key);
    let second = world.refresh(&device, &first, 1).json();
    world.refresh(&device, &first, 2);
    assert_eq!(world.refresh(&device, &second, 3).json()["state"], "forked");
    assert_eq!(world.license()["rebinds_left"], 4);
    world.activated(&device, &key);
    assert_eq!(world.license()["rebinds_left"], 3);
}

#[test]
fn a_key_that_cannot_be_copied_keeps_the_seat_when_all_else_changed() {
    for world in World::each() {
        let key = world.one_key(1);
        let mut device = Device::with_chip(1);
        let answer = world.activated(&device, &key);
        let refreshed = world.refresh(&device, &answer, 1);
        assert_eq!(refreshed.status, 200, "{}", refreshed.json());
        device.replace(&Component::ALL);
        let changed = world.refresh(&device, &refreshed.json(), 2);
        assert_eq!((changed.status, changed.json()["state"].as_str()), (202, Some("hardware_changed")));

        let mut copied = Device::new(2);
        let answer = world.activated(&copied, &world.keys("studio", 1).remove(0));
        copied.replace(&Component::ALL);
        assert_eq!(world.refresh(&copied, &answer, 1).code(), "different_device");
    }
}

#[test]
fn a_device_with_a_chip_is_itself_only_by_its_own_signature() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = Device::with_chip(1);
    let answer = world.activated(&device, &key);
    let same_hardware = Device::new(1);
    assert_eq!(world.refresh(&same_hardware, &answer, 1).code(), "different_device");
    assert_eq!(world.refresh(&Device::with_chip(2), &answer, 1).code(), "different_device");
    // The key was lost with the chip, but the remaining hardware identifies the machine.
    let again = world.activated(&device.reinstalled(), &key);
    assert_ne!(again["activation"], answer["activation"]);
    assert_eq!(world.license()["seats_used"], 1);
    assert_eq!(world.refresh(&device, &again, 1).code(), "different_device");
}
