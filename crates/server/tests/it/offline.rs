//! Activation without a network: the server's endpoints, and the page on which a customer confirms an
//! installation.

use keystead_protocol::offline::{Commitment, InstallationId};
use keystead_testkit::{Device, Exchange};
use serde_json::{Value, json};

use crate::world::{Customer, DAY, World};

/// The Installation ID of a device that was never online, and the nonce from which it was computed.
fn installation(device: &Device) -> (String, String) {
    let key = device.public_key();
    let found = (0..).find_map(|nonce| {
        let commitment =
            Commitment { product: "studio", device_key: &key, fingerprint: &device.fingerprint, nonce };
        InstallationId::of(1, &commitment).map(|id| (id.to_string(), format!("{nonce:016x}")))
    });
    found.unwrap()
}

/// A customer and an activation on the customer's license. One of the license's two seats is in use.
fn owned(world: &World) -> (Customer, Value) {
    let (key, customer, device) = (world.one_key(2), world.customer(), Device::new(1));
    let activated = world.activated(&device, &key);
    assert_eq!(world.link(&device, &activated, &customer).status, 200);
    (customer, activated)
}

fn open(device: &Device, id: &str, nonce: &str) -> Value {
    json!({ "installation_id": id, "nonce": nonce, "device": device.description() })
}

#[test]
fn an_installation_is_confirmed_opened_and_opened_again_after_a_lost_answer() {
    for world in World::each() {
        let (customer, activated) = owned(&world);
        let (device, stranger) = (Device::new(2), Device::new(3));
        let (id, nonce) = installation(&device);
        let asked =
            json!({ "license": activated["license"], "installation_id": id, "device_name": "Lab PC" });
        let confirm = || {
            world.send(&Exchange::post("/api/v1/offline/confirmations").json(&asked).bearer(customer.token()))
        };
        let first = confirm();
        assert_eq!(first.status, 200, "{}", first.json());
        assert_eq!(confirm().json(), first.json(), "the same lines again");
        assert_eq!(world.license()["seats_used"], 2);

        let opening = |who: &Device, id: &str, nonce: &str| {
            world.send(&Exchange::post("/api/v1/offline/openings").json(&open(who, id, nonce)).signed(who))
        };
        assert_eq!(opening(&stranger, &id, &nonce).code(), "confirmation_refused", "somebody else's");
        assert_eq!(opening(&device, &id, "00000000000000ff").code(), "confirmation_refused", "another nonce");
        let (other, other_nonce) = installation(&stranger);
        assert_eq!(
            opening(&stranger, &other, &other_nonce).code(),
            "confirmation_refused",
            "never confirmed"
        );
        for turn in ["first", "again"] {
            let opened = opening(&device, &id, &nonce);
            assert_eq!(opened.status, 200, "{turn}: {}", opened.json());
            assert_eq!(opened.json()["activation"], first.json()["activation"]);
        }
        assert_eq!(world.license()["seats_used"], 2);
        let code = json!({ "installation_id": id, "code": "CPB28-WBKJK-MBGRY-RPG2C-F898X" });
        let release =
            world.send(&Exchange::post("/api/v1/offline/releases").json(&code).bearer(customer.token()));
        assert_eq!(release.code(), "release_code_refused");
    }
}

#[test]
fn a_device_that_has_a_seat_already_keeps_one() {
    for world in World::each() {
        let (customer, activated) = owned(&world);
        let device = Device::new(1);
        let (id, nonce) = installation(&device);
        let asked =
            json!({ "license": activated["license"], "installation_id": id, "device_name": "Desk PC" });
        let confirm = Exchange::post("/api/v1/offline/confirmations").json(&asked).bearer(customer.token());
        assert_eq!(world.send(&confirm).status, 200);
        let opened = world.send(
            &Exchange::post("/api/v1/offline/openings").json(&open(&device, &id, &nonce)).signed(&device),
        );
        assert_eq!(opened.status, 200, "{}", opened.json());
        assert_eq!(opened.json()["activation"], activated["activation"]);
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn the_page_tells_a_slip_and_shows_the_lines() {
    let world = World::sqlite();
    let (customer, activated) = owned(&world);
    let (id, _) = installation(&Device::new(2));
    let browser = &customer.browser;
    let (_, page) = browser.open(&format!("/offline?id={id}")).unwrap();
    let once = keystead_testkit::hidden(&page, "name=\"once\" value").unwrap();
    let license = activated["license"].as_str().unwrap();
    let typed = |id: &str| {
        [
            ("once", once.clone()),
            ("license", license.into()),
            ("installation_id", id.into()),
            ("device_name", "Lab PC".into()),
        ]
    };
    let send = |id: &str| {
        let fields = typed(id);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.submit("/offline", &fields).unwrap()
    };
    let slip = format!("{}{}", if id.starts_with('B') { "C" } else { "B" }, &id[1..]);
    let (status, page) = send(&slip);
    assert!(status == 400 && page.contains("installation_id_mistyped"), "{page}");
    let (status, page) = send(&id);
    assert_eq!((status, page.matches("<li class=\"keys\">").count()), (200, 4), "{page}");
}

#[test]
fn the_page_answers_a_devices_file_and_tells_what_is_none() {
    let world = World::sqlite();
    let (customer, activated) = owned(&world);
    let browser = &customer.browser;
    let (_, page) = browser.open("/offline/file").unwrap();
    let once = keystead_testkit::hidden(&page, "name=\"once\" value").unwrap();
    let license = activated["license"].as_str().unwrap();
    let send = |request: &str| {
        let fields = [("once", once.as_str()), ("license", license), ("request", request)];
        browser.submit("/offline/file", &fields).unwrap()
    };
    let (status, page) = send("a shopping list");
    assert!(status == 400 && page.contains("request_file_refused"), "{page}");
    assert!(page.contains("a shopping list"), "what was brought is still there");
    let device = Device::with_chip(2);
    let (status, page) = send(&device.request("vendor", "studio"));
    assert!(status == 200 && page.contains("-----BEGIN LICENCE-----"), "{page}");
    assert!(page.contains("href=\"data:application/octet-stream,-----BEGIN%20LICENCE-----"), "{page}");
    assert_eq!(world.license()["seats_used"], 2);
    assert!(send(&device.request("another", "studio")).1.contains("request_file_refused"));
}

#[test]
fn whoever_opens_an_installation_again_settles_nothing_for_the_owner() {
    for world in World::each() {
        let (customer, activated) = owned(&world);
        let device = Device::new(2);
        let (id, nonce) = installation(&device);
        let asked =
            json!({ "license": activated["license"], "installation_id": id, "device_name": "Lab PC" });
        let confirm = Exchange::post("/api/v1/offline/confirmations").json(&asked).bearer(customer.token());
        assert_eq!(world.send(&confirm).status, 200);
        let opening = || {
            let request = Exchange::post("/api/v1/offline/openings").json(&open(&device, &id, &nonce));
            world.send(&request.signed(&device))
        };
        let opened = opening().json();
        let refreshed = world.refresh(&device, &opened, 1).json();
        assert_eq!(world.refresh(&device, &opened, 2).status, 200, "a copy of the installation is followed");
        assert_eq!(world.refresh(&device, &refreshed, 3).status, 202, "and found when the first comes back");
        let left = world.license()["rebinds_left"].clone();
        assert_eq!(opening().code(), "fork_detected");
        assert_eq!(world.license()["rebinds_left"], left, "the owner's moves are the owner's");
    }
}

#[test]
fn an_installation_that_is_opened_again_instead_of_refreshing_runs_out_of_reinstalls() {
    for world in World::each() {
        let (customer, activated) = owned(&world);
        let device = Device::new(2);
        let (id, nonce) = installation(&device);
        let asked =
            json!({ "license": activated["license"], "installation_id": id, "device_name": "Lab PC" });
        let confirm = Exchange::post("/api/v1/offline/confirmations").json(&asked).bearer(customer.token());
        assert_eq!(world.send(&confirm).status, 200);
        let opening = || {
            let request = Exchange::post("/api/v1/offline/openings").json(&open(&device, &id, &nonce));
            world.send(&request.signed(&device))
        };
        assert_eq!(opening().json()["ratchet"], opening().json()["ratchet"], "the lost answer again");
        let codes: Vec<String> = (0..7)
            .map(|_| {
                world.pass(25 * DAY);
                opening().code()
            })
            .collect();
        assert_eq!(codes, ["", "", "", "", "", "", "reinstall_budget_exhausted"]);
    }
}
