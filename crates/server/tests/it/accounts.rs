//! Account management: recovery, changes, second factor, sessions, export, deletion.

use std::collections::BTreeSet;

use keystead_testkit::{Browser, Device, PASSWORD, hidden};
use serde_json::json;

use crate::authenticator::{code, with_totp};
use crate::world::World;

const NEW: &str = "a green kettle under the stairs";

#[test]
fn a_forgotten_password_is_replaced_by_an_email_and_ends_all_sessions() {
    for world in World::each() {
        let customer = world.customer();
        let stranger = Browser::new(&world.server);
        stranger.submit("/recover", &[("email", &customer.email)]).unwrap();
        let link = world.mailbox.next(&customer.email).unwrap().link().unwrap();
        let token = link.split_once("token=").unwrap().1;
        let reset = |password| {
            stranger.submit("/recover/reset", &[("token", token), ("password", password)]).unwrap()
        };
        assert!(reset("short").1.contains("password_too_weak"));
        assert_eq!(reset(NEW).0, 303);
        assert!(reset(NEW).1.contains("link_unknown"), "used once");
        assert!(world.mailbox.next(&customer.email).unwrap().subject.contains("was changed"));
        assert_eq!(customer.browser.open("/").unwrap().0, 303, "signed out");
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
        assert_eq!(customer.browser.sign_in(&customer.email).unwrap().0, 401);
        let fields = [("email", customer.email.as_str()), ("password", NEW)];
        assert_eq!(customer.browser.submit("/sign-in", &fields).unwrap().0, 303);
    }
}

#[test]
fn a_password_is_changed_only_by_who_knows_it() {
    let world = World::sqlite();
    let customer = world.customer();
    let elsewhere = Browser::new(&world.server);
    assert_eq!(elsewhere.sign_in(&customer.email).unwrap().0, 303);
    let change = |old| customer.browser.submit("/security/password", &[("old", old), ("new", NEW)]).unwrap();
    assert!(change("a wrong password, surely").1.contains("password_wrong"));
    assert!(change(PASSWORD).1.contains("Password changed"));
    assert_eq!(customer.browser.open("/").unwrap().0, 200, "this browser stays signed in");
    assert_eq!(elsewhere.open("/").unwrap().0, 303, "the other one does not");
}

#[test]
fn an_address_changes_once_the_new_one_answers_and_the_old_one_is_told() {
    for world in World::each() {
        let customer = world.customer();
        let fields = |password| [("email", "new@example.org"), ("password", password)];
        let wrong = customer.browser.submit("/account/email", &fields(NEW)).unwrap();
        assert!(wrong.1.contains("password_wrong"));
        customer.browser.submit("/account/email", &fields(PASSWORD)).unwrap();
        let email = world.mailbox.next("new@example.org").unwrap();
        assert_eq!(Browser::new(&world.server).sign_in("new@example.org").unwrap().0, 401, "not yet");
        customer.browser.confirm(&email).unwrap();
        let told = world.mailbox.next(&customer.email).unwrap();
        assert!(told.text.contains("new@example.org"), "{}", told.text);
        assert_eq!(Browser::new(&world.server).sign_in("new@example.org").unwrap().0, 303);
        assert_eq!(Browser::new(&world.server).sign_in(&customer.email).unwrap().0, 401);
    }
}

#[test]
fn an_address_that_has_an_account_is_never_taken_over() {
    let world = World::sqlite();
    let (one, other) = (world.customer(), world.customer());
    let fields = [("email", other.email.as_str()), ("password", PASSWORD)];
    one.browser.submit("/account/email", &fields).unwrap();
    let email = world.mailbox.next(&other.email).unwrap();
    let token = email.link().unwrap().split_once("token=").unwrap().1.to_owned();
    let (status, page) = one.browser.submit("/account/email/confirm", &[("token", &token)]).unwrap();
    assert!(status == 409 && page.contains("email_not_available"), "{page}");
}

#[test]
fn a_second_factor_is_asked_for_and_its_codes_serve_once() {
    for world in World::each() {
        let customer = world.customer();
        let (setup, recovery) = with_totp(&world, &customer.browser);
        let browser = Browser::new(&world.server);
        let begin = || {
            let (status, page) = browser.sign_in(&customer.email).unwrap();
            assert_eq!(status, 200);
            hidden(&page, "name=\"secret\" value").unwrap()
        };
        let finish = |secret: &str, code: &str| {
            browser.submit("/sign-in/code", &[("secret", secret), ("code", code)]).unwrap()
        };
        let secret = begin();
        assert_eq!(browser.open("/").unwrap().0, 303, "the password alone opens nothing");
        assert!(finish(&secret, &code(&setup, &world)).1.contains("code_wrong"), "used while setting up");
        world.pass(30_000);
        assert_eq!(finish(&secret, &code(&setup, &world)).0, 303);
        assert!(finish(&secret, &code(&setup, &world)).1.contains("token_expired"), "the sign-in is over");
        assert!(finish(&begin(), &code(&setup, &world)).1.contains("code_wrong"), "the code was used");
        let spoken = recovery[0].to_lowercase().replace('-', " ");
        assert_eq!(finish(&begin(), &spoken).0, 303);
        assert!(finish(&begin(), &recovery[0]).1.contains("code_wrong"), "used once");
        let guessed = begin();
        for _ in 0..4 {
            assert!(finish(&guessed, "000000").1.contains("code_wrong"));
        }
        assert!(finish(&guessed, "000000").1.contains("too_many_attempts"), "five guesses are enough");
        let subjects = [(); 2].map(|()| world.mailbox.next(&customer.email).unwrap().subject);
        assert_eq!(subjects, ["Your sign-in options were changed", "Someone may know your password"]);
        world.pass(30_000 - 1);
        assert!(
            finish(&begin(), &code(&setup, &world)).1.contains("too_many_attempts"),
            "right ones wait, too"
        );
        let remove = |code: &str| {
            let fields = [("password", PASSWORD), ("code", code)];
            customer.browser.submit("/security/totp/remove", &fields).unwrap()
        };
        assert_eq!(remove(&recovery[2]).0, 303, "a recovery code is never locked out");
        assert_eq!(browser.sign_in(&customer.email).unwrap().0, 303, "no code is asked for");
    }
}

#[test]
fn password_and_address_change_only_with_the_second_factor_where_there_is_one() {
    for world in World::each() {
        let customer = world.customer();
        let (setup, recovery) = with_totp(&world, &customer.browser);
        let browser = &customer.browser;
        assert!(browser.open("/account").unwrap().1.contains("name=\"code\""), "it is asked for");
        let address = |code: &str| {
            let fields = [("email", "new@example.org"), ("password", PASSWORD), ("code", code)];
            browser.submit("/account/email", &fields).unwrap()
        };
        assert!(address("").1.contains("code_wrong"));
        assert!(world.mailbox.take("new@example.org").unwrap().is_none());
        assert_eq!(address(&recovery[0]).0, 200);
        world.mailbox.next("new@example.org").unwrap();
        let password = |code: &str| {
            let fields = [("old", PASSWORD), ("new", NEW), ("code", code)];
            browser.submit("/security/password", &fields).unwrap()
        };
        assert!(password("").1.contains("code_wrong") && password("000000").1.contains("code_wrong"));
        world.pass(30_000);
        assert_eq!(password(&code(&setup, &world)).0, 200);
    }
}

#[test]
fn whoever_found_an_open_browser_cannot_add_a_factor_unlink_or_keep_a_way_in() {
    for world in World::each() {
        let key = world.one_key(1);
        let customer = world.customer();
        let device = Device::new(1);
        let activated = world.activated(&device, &key);
        world.link(&device, &activated, &customer);
        let (_, setup) = customer.browser.open("/security/totp").unwrap();
        let add = [("password", NEW), ("code", &code(&setup, &world))];
        assert!(customer.browser.submit("/security/totp", &add).unwrap().1.contains("password_wrong"));
        world.pass(10 * 60 * 1000);
        let (_, again) = customer.browser.open("/security/totp").unwrap();
        let secret = |page: &str| page.split("<p class=\"keys\">").nth(1).unwrap()[..39].to_owned();
        assert_ne!(
            secret(&setup),
            secret(&again),
            "a secret that was seen before is not taken into use later"
        );

        let path = format!("/licenses/{}/unlink", activated["license"].as_str().unwrap());
        let once = hidden(&customer.browser.open(&path).unwrap().1, "name=\"once\" value").unwrap();
        let unlink =
            |password| customer.browser.submit(&path, &[("once", &once), ("password", password)]).unwrap();
        assert!(unlink(NEW).1.contains("password_wrong"));

        let client = ("client_id", "keystead-cli");
        let (_, started) = customer.browser.submit("/id/device_authorization", &[client]).unwrap();
        let started: serde_json::Value = serde_json::from_str(&started).unwrap();
        let allow = [("code", started["user_code"].as_str().unwrap()), ("decision", "approve")];
        assert_eq!(customer.browser.submit("/device/decide", &allow).unwrap().0, 200);
        let owner = Browser::new(&world.server);
        owner.sign_in(&customer.email).unwrap();
        let change = [("old", PASSWORD), ("new", NEW)];
        assert!(owner.submit("/security/password", &change).unwrap().1.contains("Password changed"));
        let poll = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            client,
            ("device_code", started["device_code"].as_str().unwrap()),
        ];
        let (_, answer) = customer.browser.submit("/id/token", &poll).unwrap();
        assert!(answer.contains("invalid_grant"), "what was allowed before the change is void: {answer}");
    }
}

#[test]
fn recovery_by_email_does_not_get_around_the_second_factor() {
    let world = World::sqlite();
    let customer = world.customer();
    let (_, recovery) = with_totp(&world, &customer.browser);
    world.mailbox.next(&customer.email).unwrap();
    customer.browser.submit("/recover", &[("email", &customer.email)]).unwrap();
    let link = world.mailbox.next(&customer.email).unwrap().link().unwrap();
    let token = link.split_once("token=").unwrap().1;
    let reset = |code| {
        let fields = [("token", token), ("password", NEW), ("code", code)];
        Browser::new(&world.server).submit("/recover/reset", &fields).unwrap()
    };
    let (status, page) = reset("");
    assert!(
        status == 401 && page.contains("authenticator app") && !page.contains("role=\"alert\""),
        "{page}"
    );
    assert!(reset("000000").1.contains("code_wrong"));
    assert_eq!(reset(&recovery[0]).0, 303);
}

#[test]
fn a_session_is_ended_from_the_list_by_its_owner_only() {
    for world in World::each() {
        let (customer, stranger) = (world.customer(), world.customer());
        let (_, page) = customer.browser.open("/security").unwrap();
        assert!(page.contains("Keystead command line") && page.contains("Desk PC"));
        let action = hidden(&page, "action").unwrap();
        assert_eq!(stranger.browser.submit(&action, &[]).unwrap().0, 404);
        assert_eq!(world.get("/api/v1/account", customer.token()).status, 200);
        assert_eq!(customer.browser.submit(&action, &[]).unwrap().0, 303);
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
    }
}

#[test]
fn who_knows_the_password_signs_out_everywhere_else_at_once() {
    for world in World::each() {
        let customer = world.customer();
        let other = Browser::new(&world.server);
        assert_eq!(other.sign_in(&customer.email).unwrap().0, 303);
        let end = |password| {
            customer.browser.submit("/security/sessions/end-others", &[("password", password)]).unwrap().0
        };
        assert_eq!(end("violet teapot on a roof!"), 401);
        assert_eq!(
            (other.open("/").unwrap().0, world.get("/api/v1/account", customer.token()).status),
            (200, 200)
        );
        assert_eq!(end(PASSWORD), 303);
        assert_eq!((customer.browser.open("/").unwrap().0, other.open("/").unwrap().0), (200, 303));
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
    }
}

#[test]
fn a_key_is_linked_on_the_page_and_a_second_claim_is_told_to_its_owner() {
    for world in World::each() {
        let key = world.one_key(2);
        let (customer, stranger) = (world.customer(), world.customer());
        let link = |browser: &Browser, key: &str, agree| {
            let once = hidden(&browser.open("/link").unwrap().1, "name=\"once\" value").unwrap();
            let fields = [("once", once.as_str()), ("product_key", key), ("agree", agree)];
            browser.submit("/link", &fields).unwrap()
        };
        let mistyped = format!("{}-XXXXX", &key[..23]);
        assert!(link(&customer.browser, &mistyped, "true").1.contains("product_key_mistyped"));
        assert!(link(&customer.browser, &key, "false").1.contains("consent_missing"));
        let spoken = key.to_lowercase().replace('-', " ");
        assert_eq!(link(&customer.browser, &spoken, "true").0, 303);
        assert!(customer.browser.open("/devices").unwrap().1.contains("0 of 2 seats in use"));
        assert!(link(&stranger.browser, &key, "true").1.contains("already_linked"));
        assert!(world.mailbox.next(&customer.email).unwrap().text.contains(&key[24..]));
    }
}

#[test]
fn a_device_is_renamed_and_removed_on_the_page_by_its_owner_only() {
    for world in World::each() {
        let key = world.one_key(1);
        let (customer, stranger) = (world.customer(), world.customer());
        let device = Device::new(1);
        let activated = world.activated(&device, &key);
        assert_eq!(world.link(&device, &activated, &customer).status, 200);
        let page = format!("/devices/{}", activated["device"].as_str().unwrap());
        let once = |browser: &Browser, path: &str| {
            let (_, page) = browser.open(path).unwrap();
            let at = page.find("name=\"once\" value=\"").map(|at| at + 19)?;
            page[at..].split('"').next().map(str::to_owned)
        };
        for path in [page.clone(), format!("{page}/remove")] {
            assert_eq!(stranger.browser.open(&path).unwrap().0, 404);
        }
        let key = once(&customer.browser, &page).unwrap();
        let rename = [("once", key.as_str()), ("name", "Workshop PC")];
        assert_eq!(stranger.browser.submit(&format!("{page}/name"), &rename).unwrap().0, 404);
        assert_eq!(customer.browser.submit(&format!("{page}/name"), &rename).unwrap().0, 303);
        assert!(customer.browser.open("/devices").unwrap().1.contains("Workshop PC"));
        let remove = format!("{page}/remove");
        let key = once(&customer.browser, &remove).unwrap();
        for _ in 0..2 {
            let (status, said) = customer.browser.submit(&remove, &[("once", &key)]).unwrap();
            assert!(status == 200 && said.contains("One seat is free again"), "twice is once: {said}");
        }
        assert_eq!(world.license()["seats_used"], 0);
    }
}

#[test]
fn an_account_is_exported_without_secrets_and_deleted_with_its_licenses_kept() {
    for world in World::each() {
        let key = world.one_key(1);
        let customer = world.customer();
        let device = Device::new(1);
        let activated = world.activated(&device, &key);
        world.link(&device, &activated, &customer);
        let (_, archive) = customer.browser.open("/privacy/export").unwrap();
        let archive: serde_json::Value = serde_json::from_str(&archive).unwrap();
        assert_eq!(archive["account"]["email"], json!(customer.email));
        assert_eq!(archive["devices"][0]["name"], "Device 1");
        assert_eq!(archive["consents"][0]["purpose"], "linking");
        assert_eq!(archive["licenses"][0]["events"][0]["action"], "license.link");
        assert_eq!(archive["licenses"].as_array().unwrap().len(), 1);
        assert!(!archive.to_string().contains("argon2") && !archive.to_string().contains(&key));
        let delete =
            |password| customer.browser.submit("/privacy/delete", &[("password", password)]).unwrap();
        assert!(delete(NEW).1.contains("password_wrong"));
        assert!(delete(PASSWORD).1.contains("Account deleted"));
        assert_eq!(customer.browser.sign_in(&customer.email).unwrap().0, 401);
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
        let email = world.mailbox.next(&customer.email).unwrap().text;
        let new_key = email.lines().find(|line| line.len() == 29 && line.contains('-')).unwrap();
        let heir = world.customer();
        let once = hidden(&heir.browser.open("/link").unwrap().1, "name=\"once\" value").unwrap();
        let fields = [("once", once.as_str()), ("product_key", new_key), ("agree", "true")];
        assert_eq!(heir.browser.submit("/link", &fields).unwrap().0, 303);
        assert_eq!(world.license()["seats_used"], 1, "the device goes on");
    }
}

#[test]
fn an_archive_has_every_device_however_many_there_are() {
    const DEVICES: u32 = 401;
    for world in World::each() {
        let key = world.one_key(DEVICES);
        let customer = world.customer();
        let devices: Vec<_> = (1..=DEVICES).map(Device::new).collect();
        let activated: Vec<_> = devices.iter().map(|device| world.activated(device, &key)).collect();
        world.link(&devices[0], &activated[0], &customer);
        let (_, archive) = customer.browser.open("/privacy/export").unwrap();
        let archive: serde_json::Value = serde_json::from_str(&archive).unwrap();
        let listed = archive["devices"].as_array().unwrap();
        let names: BTreeSet<_> = listed.iter().map(|device| device["name"].as_str().unwrap()).collect();
        assert_eq!((listed.len(), names.len()), (DEVICES as usize, DEVICES as usize));
    }
}

#[test]
fn a_license_is_given_by_its_owner_and_taken_once_by_whoever_reads_the_email() {
    for world in World::each() {
        let key = world.one_key(1);
        let (owner, heir, stranger) = (world.customer(), world.customer(), world.customer());
        let device = Device::new(1);
        let activated = world.activated(&device, &key);
        world.link(&device, &activated, &owner);
        let path = format!("/licenses/{}/transfer", activated["license"].as_str().unwrap());
        let give = |browser: &Browser, password| {
            browser.submit(&path, &[("email", &heir.email), ("password", password)]).unwrap()
        };
        assert_eq!(give(&stranger.browser, PASSWORD).0, 404, "not theirs");
        assert!(give(&owner.browser, NEW).1.contains("password_wrong"));
        assert!(give(&owner.browser, PASSWORD).1.contains("Email sent"));
        let link = world.mailbox.next(&heir.email).unwrap().link().unwrap();
        let token = link.split_once("token=").unwrap().1.to_owned();
        assert!(heir.browser.open(&link).unwrap().1.contains("Accept Studio?"));
        let take = |browser: &Browser, agree| {
            browser.submit("/transfer", &[("token", &token), ("agree", agree)]).unwrap()
        };
        assert!(take(&heir.browser, "false").1.contains("consent_missing"));
        assert!(take(&owner.browser, "true").1.contains("already_linked"));
        assert_eq!(take(&heir.browser, "true").0, 303);
        assert!(take(&stranger.browser, "true").1.contains("link_unknown"), "taken once");
        assert!(heir.browser.open("/devices").unwrap().1.contains("1 of 1 seats in use"));
        assert!(owner.browser.open("/devices").unwrap().1.contains("No licenses yet"));
        let place = format!("{}.dev_{}", activated["license"].as_str().unwrap(), "f".repeat(32));
        let listed = |browser: &Browser| browser.open(&format!("/devices?devices={place}")).unwrap().1;
        assert!(listed(&heir.browser).contains("Device 1"));
        assert!(
            !listed(&owner.browser).contains("Device 1"),
            "a place in a list that is another's now shows nothing"
        );
        assert!(world.mailbox.next(&owner.email).unwrap().subject.contains("was transferred"));
        assert_eq!(world.refresh(&device, &activated, 1).status, 200, "the device goes on");
    }
}

#[test]
fn pages_and_emails_speak_the_language_that_was_chosen() {
    let world = World::sqlite();
    let customer = world.customer();
    let fields = [("name", "Person"), ("language", "de-DE")];
    assert_eq!(customer.browser.submit("/account", &fields).unwrap().0, 303);
    assert!(customer.browser.open("/devices").unwrap().1.contains("Geräte und Lizenzen"));
    customer.browser.submit("/security/password", &[("old", PASSWORD), ("new", NEW)]).unwrap();
    let email = world.mailbox.next(&customer.email).unwrap();
    assert!(email.subject.contains("geändert") && email.text.contains("Guten Tag"), "{email:?}");
}
