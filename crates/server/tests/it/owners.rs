//! A license moves to another account. Its earlier devices and events stay with the former owner in pages,
//! lists and the exported archive.

use keystead_testkit::{Device, Exchange, PASSWORD, hidden};
use serde_json::Value;

use crate::world::{Customer, HOUR, World};

/// A license of the first owner with one active device and one released device.
struct Before {
    owner: Customer,
    license: String,
    used: Value,
    ended: Value,
}

fn before(world: &World) -> Before {
    let key = world.one_key(2);
    let (owner, devices) = (world.customer(), [Device::new(1), Device::new(2)]);
    let [used, ended] = devices.each_ref().map(|device| world.activated(device, &key));
    assert_eq!(world.link(&devices[0], &used, &owner).status, 200);
    for activated in [&used, &ended] {
        let path = format!("/devices/{}", activated["device"].as_str().unwrap());
        let once = hidden(&owner.browser.open(&path).unwrap().1, "name=\"once\" value").unwrap();
        let fields = [("once", once.as_str()), ("name", "Workshop PC")];
        assert_eq!(owner.browser.submit(&format!("{path}/name"), &fields).unwrap().0, 303);
    }
    assert_eq!(world.release(&devices[1], &ended).status, 200);
    world.pass(HOUR / 4);
    let license = used["license"].as_str().unwrap().to_owned();
    Before { owner, license, used, ended }
}

fn given(world: &World, before: &Before) -> Customer {
    let heir = world.customer();
    let path = format!("/licenses/{}/transfer", before.license);
    let offer = [("email", heir.email.as_str()), ("password", PASSWORD)];
    assert_eq!(before.owner.browser.submit(&path, &offer).unwrap().0, 200);
    let link = world.mailbox.next(&heir.email).unwrap().link().unwrap();
    let token = link.split_once("token=").unwrap().1;
    assert_eq!(heir.browser.submit("/transfer", &[("token", token), ("agree", "true")]).unwrap().0, 303);
    heir
}

fn unlinked_and_linked(world: &World, before: &Before) -> Customer {
    let path = format!("/licenses/{}/unlink", before.license);
    let browser = &before.owner.browser;
    let once = hidden(&browser.open(&path).unwrap().1, "name=\"once\" value").unwrap();
    let (status, page) = browser.submit(&path, &[("once", &once), ("password", PASSWORD)]).unwrap();
    assert_eq!(status, 200, "{page}");
    let key = page.split("<p class=\"keys big\">").nth(1).unwrap()[..29].to_owned();
    let heir = world.customer();
    let once = hidden(&heir.browser.open("/link").unwrap().1, "name=\"once\" value").unwrap();
    let fields = [("once", once.as_str()), ("product_key", &key), ("agree", "true")];
    assert_eq!(heir.browser.submit("/link", &fields).unwrap().0, 303);
    heir
}

fn account_id(world: &World, customer: &Customer) -> String {
    let account = world.get("/api/v1/account", customer.token()).json();
    account["id"].as_str().unwrap().to_owned()
}

fn archive(customer: &Customer) -> Value {
    serde_json::from_str(&customer.browser.open("/privacy/export").unwrap().1).unwrap()
}

#[test]
fn a_new_owner_sees_nothing_of_what_was_before() {
    for hand_over in [given, unlinked_and_linked] {
        for world in World::each() {
            let before = before(&world);
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            assert!(archive(&before.owner).to_string().contains(&text(&before.ended["device"])));
            let heir = hand_over(&world, &before);

            let listed = world.get("/api/v1/devices", heir.token()).json();
            let devices = listed["items"].as_array().unwrap();
            assert_eq!(devices.len(), 1, "{listed}");
            assert_eq!(devices[0]["id"], before.used["device"]);
            let shown = |path: String| heir.browser.open(&path).unwrap();
            assert!(!shown("/devices".into()).1.contains(&text(&before.ended["device"])));
            assert_eq!(shown(format!("/devices/{}", text(&before.ended["device"]))).0, 404);
            let of_license = shown(format!("/licenses/{}", before.license)).1;
            let of_device = shown(format!("/devices/{}", text(&before.used["device"]))).1;
            let events = |page: &str| page.matches("<li><span>").count();
            assert_eq!((events(&of_license), events(&of_device)), (1, 0), "{of_license} {of_device}");

            let activation = format!("/api/v1/activations/{}", text(&before.ended["activation"]));
            assert_eq!(world.get(&activation, heir.token()).code(), "not_found");
            let rebind = serde_json::json!({
                "device": Device::new(3).description(), "confirm": "this_is_that_device",
            });
            let device = Device::new(3);
            let path = format!("{activation}/rebind");
            let moved = world.send(&Exchange::post(path).json(&rebind).bearer(heir.token()).signed(&device));
            assert_eq!(moved.code(), "not_found");

            let archive = archive(&heir);
            assert_eq!(archive["devices"].as_array().unwrap().len(), 1);
            let events = archive["devices"][0]["events"].as_array().unwrap();
            assert!(events.is_empty(), "{events:?}");
            for former in [account_id(&world, &before.owner), text(&before.ended["device"])] {
                assert!(!archive.to_string().contains(&former), "{former} in {archive}");
            }
        }
    }
}

#[test]
fn whoever_gave_a_license_away_has_that_in_the_archive_and_not_who_has_it() {
    for world in World::each() {
        let before = before(&world);
        let heir = given(&world, &before);
        let archive = archive(&before.owner);
        let events = archive["account"]["events"].as_array().unwrap();
        let gave = events.iter().find(|event| event["action"] == "account.gave_license").unwrap();
        assert_eq!(gave["detail"], before.license);
        assert!(!archive.to_string().contains(&account_id(&world, &heir)));
        let heirs = self::archive(&heir);
        assert_eq!(heirs["licenses"][0]["events"][0]["action"], "license.transfer");
    }
}
