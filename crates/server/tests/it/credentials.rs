//! A thief has a session or the old password. The thief's request is in progress while the owner recovers the
//! account.

use std::thread;

use keystead_app::accounts::manage_accounts::AccountChange;
use keystead_testkit::{Browser, Device, Exchange, PASSWORD, hidden};
use serde_json::Value;

use crate::authenticator::{code, with_totp};
use crate::world::{Customer, World};

const NEW: &str = "a green kettle under the stairs";
const THIEFS: &str = "another sentence of fifteen letters";

/// The thief's response: the status and the page.
type Outcome = (u16, String);

/// The thief's request passes its first checks, then the owner's recovery commits, and then the request continues.
fn overtaken_by_recovery(
    world: &World,
    owner: &str,
    code: &str,
    thief: impl FnOnce() -> Outcome + Send,
) -> Outcome {
    let browser = Browser::new(&world.server);
    browser.submit("/recover", &[("email", owner)]).unwrap();
    let emails = std::iter::repeat_with(|| world.mailbox.next(owner).unwrap().link().unwrap());
    let link = emails.into_iter().find(|link| link.starts_with("/recover/reset")).unwrap();
    let token = link.split_once("token=").unwrap().1;
    let gate = world.hold_writes();
    thread::scope(|scope| {
        let recovery = scope.spawn(|| {
            let fields = [("token", token), ("password", NEW), ("code", code)];
            browser.submit("/recover/reset", &fields).unwrap()
        });
        world.wait_for_writes(1);
        let thief = scope.spawn(thief);
        world.wait_for_writes(2);
        gate.open();
        let (status, page) = recovery.join().unwrap();
        assert_eq!(status, 303, "the owner recovers: {page}");
        thief.join().unwrap()
    })
}

fn started(customer: &Customer) -> Value {
    let client = [("client_id", "keystead-cli")];
    serde_json::from_str(&customer.browser.submit("/id/device_authorization", &client).unwrap().1).unwrap()
}

fn once(browser: &Browser, path: &str) -> String {
    hidden(&browser.open(path).unwrap().1, "name=\"once\" value").unwrap()
}

/// A form that a thief submits from the owner's browser: its name, path and fields.
type Form = (&'static str, String, Vec<(&'static str, String)>);

fn forms(world: &World, customer: &Customer, activated: &Value, key: &str) -> Vec<Form> {
    let browser = &customer.browser;
    let password = || ("password", PASSWORD.to_owned());
    let license = activated["license"].as_str().unwrap();
    let device = activated["device"].as_str().unwrap();
    let (unlink, removal) = (format!("/licenses/{license}/unlink"), format!("/devices/{device}/remove"));
    let (_, setup) = browser.open("/security/totp").unwrap();
    let started = started(customer);
    let user_code = started["user_code"].as_str().unwrap().to_owned();
    let allow = crate::authorization::wish().into_iter().chain([("decision", "allow".to_owned())]);
    vec![
        ("password", "/security/password".into(), vec![("old", PASSWORD.into()), ("new", THIEFS.into())]),
        ("address", "/account/email".into(), vec![("email", "thief@example.org".into()), password()]),
        ("second factor", "/security/totp".into(), vec![password(), ("code", code(&setup, world))]),
        (
            "transfer",
            format!("/licenses/{license}/transfer"),
            vec![("email", "thief@example.org".into()), password()],
        ),
        ("unlink", unlink.clone(), vec![("once", once(browser, &unlink)), password()]),
        ("remove a device", removal.clone(), vec![("once", once(browser, &removal))]),
        (
            "link a key",
            "/link".into(),
            vec![
                ("once", once(browser, "/link")),
                ("product_key", key.to_owned()),
                ("agree", "true".to_owned()),
            ],
        ),
        ("name", "/account".into(), vec![("name", "Thief".into())]),
        (
            "approve a device",
            "/device/decide".into(),
            vec![("code", user_code), ("decision", "approve".into())],
        ),
        ("allow an application", "/id/authorize".into(), allow.collect()),
        ("delete", "/privacy/delete".into(), vec![password()]),
    ]
}

#[test]
fn nothing_that_was_under_way_from_a_stolen_session_outlives_the_owners_recovery() {
    for world in World::each() {
        let first = world.one_key(1);
        let mut keys = world.keys("studio", 22).into_iter();
        let names: Vec<&str> = {
            let customer = world.customer();
            let activated = linked(&world, &customer, &first, 1);
            forms(&world, &customer, &activated, &first).into_iter().map(|(name, ..)| name).collect()
        };
        for (at, name) in names.into_iter().enumerate() {
            let customer = world.customer();
            let activated = linked(&world, &customer, &keys.next().unwrap(), at as u32 + 2);
            let fresh = keys.next().unwrap();
            let (_, path, fields) = forms(&world, &customer, &activated, &fresh).remove(at);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let thief = || customer.browser.submit(&path, &fields).unwrap();
            let (status, page) = overtaken_by_recovery(&world, &customer.email, "", thief);
            assert_eq!(status, 401, "{name}: {page}");
            assert!(page.contains("token_expired"), "{name}: {page}");

            let owner = Browser::new(&world.server);
            let fields = [("email", customer.email.as_str()), ("password", NEW)];
            assert_eq!(
                owner.submit("/sign-in", &fields).unwrap().0,
                303,
                "{name}: the owner's password stays"
            );
            let (_, devices) = owner.open("/devices").unwrap();
            assert!(devices.contains(activated["device"].as_str().unwrap()), "{name}: the device stays");
            assert!(!devices.contains(&fresh[fresh.len() - 5..]), "{name}: no license was added");
        }
        assert!(world.mailbox.take("thief@example.org").unwrap().is_none(), "the thief is not written to");
    }
}

fn linked(world: &World, customer: &Customer, key: &str, device: u32) -> Value {
    let device = Device::new(device);
    let activated = world.activated(&device, key);
    assert_eq!(world.link(&device, &activated, customer).status, 200);
    activated
}

#[test]
fn a_sign_in_with_the_old_password_that_is_under_way_ends_with_the_recovery() {
    for world in World::each() {
        let customer = world.customer();
        let thief = Browser::new(&world.server);
        let sign_in = || thief.sign_in(&customer.email).unwrap();
        let (status, page) = overtaken_by_recovery(&world, &customer.email, "", sign_in);
        assert!(status == 401 && page.contains("credentials_wrong"), "{page}");
        assert_eq!(thief.open("/").unwrap().0, 303, "signed out");

        let customer = world.customer();
        let (_, recovery_codes) = with_totp(&world, &customer.browser);
        let sign_in = || thief.sign_in(&customer.email).unwrap();
        let (status, page) = overtaken_by_recovery(&world, &customer.email, &recovery_codes[0], sign_in);
        assert!(status == 401, "the old password does not even lead to the second factor: {page}");
    }
}

#[test]
fn a_request_of_an_application_that_is_under_way_ends_with_the_recovery() {
    for world in World::each() {
        let key = world.one_key(1);
        let customer = world.customer();
        let activated = linked(&world, &customer, &key, 1);
        let device = activated["device"].as_str().unwrap();
        let thief = || {
            let path = format!("/api/v1/devices/{device}/deactivate");
            let reply = world.send(&Exchange::post(path).bearer(customer.token()));
            (reply.status, reply.code())
        };
        let outcome = overtaken_by_recovery(&world, &customer.email, "", thief);
        assert_eq!(outcome, (401, "token_expired".into()));
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn signing_in_again_ends_the_session_that_the_browser_had() {
    for world in World::each() {
        let customer = world.customer();
        let stolen = customer.browser.cookie().unwrap();
        let opened = |cookie: &str| {
            let agent: ureq::Agent =
                ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into();
            let request = agent.get(format!("{}/security", world.server)).header("cookie", cookie);
            request.call().unwrap().status().as_u16()
        };
        assert_eq!(opened(&stolen), 200);
        assert_eq!(customer.browser.sign_in(&customer.email).unwrap().0, 303);
        assert_eq!((opened(&stolen), opened(&customer.browser.cookie().unwrap())), (303, 200));
    }
}

#[test]
fn a_license_leaves_an_account_with_a_second_factor_only_with_a_code() {
    for world in World::each() {
        let key = world.one_key(1);
        let customer = world.customer();
        let activated = linked(&world, &customer, &key, 1);
        let (_, codes) = with_totp(&world, &customer.browser);
        let license = activated["license"].as_str().unwrap();
        let (unlink, transfer) =
            (format!("/licenses/{license}/unlink"), format!("/licenses/{license}/transfer"));
        let browser = &customer.browser;
        let password = ("password", PASSWORD);
        let once = once(browser, &unlink);
        let page = browser.open(&unlink).unwrap().1;
        assert!(page.contains("name=\"code\""), "the page asks for it: {page}");
        let without = [("once", once.as_str()), password];
        assert!(browser.submit(&unlink, &without).unwrap().1.contains("code_wrong"));
        let without = [("email", "friend@example.org"), password];
        assert!(browser.submit(&transfer, &without).unwrap().1.contains("code_wrong"));
        let with = [("email", "friend@example.org"), password, ("code", codes[0].as_str())];
        assert_eq!(browser.submit(&transfer, &with).unwrap().0, 200);
        let with = [("once", once.as_str()), password, ("code", codes[1].as_str())];
        assert_eq!(browser.submit(&unlink, &with).unwrap().0, 200);
    }
}

#[test]
fn links_that_were_sent_before_an_account_was_signed_out_everywhere_are_dead() {
    for world in World::each() {
        let key = world.one_key(1);
        let customer = world.customer();
        let activated = linked(&world, &customer, &key, 1);
        let transfer = format!("/licenses/{}/transfer", activated["license"].as_str().unwrap());
        let offer = [("email", "thief@example.org"), ("password", PASSWORD)];
        assert_eq!(customer.browser.submit(&transfer, &offer).unwrap().0, 200);
        let fields = [("email", "thiefs@example.org"), ("password", PASSWORD)];
        assert_eq!(customer.browser.submit("/account/email", &fields).unwrap().0, 200);
        let link = |address: &str| world.mailbox.next(address).unwrap().link().unwrap();
        let (offered, address) = (link("thief@example.org"), link("thiefs@example.org"));
        world.change_account(&customer.email, AccountChange::SignOut);

        let thief = world.customer();
        assert!(thief.browser.open(&offered).unwrap().1.contains("link_unknown"));
        let token = address.split_once("token=").unwrap().1;
        let confirmed = thief.browser.submit("/account/email/confirm", &[("token", token)]).unwrap();
        assert!(confirmed.1.contains("link_unknown"), "{}", confirmed.1);
    }
}

#[test]
fn a_copied_session_ends_with_the_password_although_the_owners_stays() {
    for world in World::each() {
        let customer = world.customer();
        let copied = customer.browser.cookie().unwrap();
        let change = [("old", PASSWORD), ("new", NEW)];
        assert_eq!(customer.browser.submit("/security/password", &change).unwrap().0, 200);
        assert_eq!(customer.browser.open("/account").unwrap().0, 200, "the owner stays signed in");
        let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).build().into();
        let request = agent.get(format!("{}/account", world.server)).header("cookie", &copied);
        assert_eq!(request.call().unwrap().status().as_u16(), 303, "the copy opens nothing");
    }
}
