use keystead_storage::testing::Database;
use keystead_testkit::{Browser, Device, Email, PASSWORD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::world::{DAY, World};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

#[test]
fn a_person_signs_up_in_and_out() {
    for world in World::each() {
        let browser = Browser::new(&world.server);
        assert_eq!(browser.open("/").unwrap().0, 303, "not signed in");
        browser.sign_up(&world.mailbox, "person@example.org").unwrap();
        assert!(browser.open("/").unwrap().1.contains("Hello, Person"));
        assert_eq!(browser.submit("/sign-out", &[]).unwrap().0, 303);
        assert_eq!(browser.open("/").unwrap().0, 303);
        let sign_in = |email, password| {
            browser.submit("/sign-in", &[("email", email), ("password", password)]).unwrap()
        };
        let unknown = sign_in("nobody@example.org", PASSWORD);
        let wrong = sign_in("person@example.org", "violet teapot on a roof!");
        assert_eq!((unknown.0, wrong.0), (401, 401));
        assert_eq!(unknown.1.replace("nobody", "person"), wrong.1, "both are answered alike");
        assert_eq!(sign_in("Person@Example.org", PASSWORD).0, 303);
        assert!(browser.open("/").unwrap().1.contains("Hello, Person"));
    }
}

#[test]
fn what_is_typed_wrong_is_told_on_the_page() {
    let world = World::sqlite();
    let browser = Browser::new(&world.server);
    let sign_up = |email, password| {
        browser.submit("/sign-up", &[("email", email), ("name", "Person"), ("password", password)]).unwrap()
    };
    let weak = sign_up("person@example.org", "short");
    assert!(weak.0 == 400 && weak.1.contains("password_too_weak") && weak.1.contains("15 characters"));
    let known = sign_up("some.person@example.org", "SomePerson@Example2026");
    assert!(
        known.0 == 400
            && known.1.contains("password_too_weak")
            && known.1.contains("mostly the email address")
    );
    assert!(sign_up("nonsense", PASSWORD).1.contains("this isn&#39;t a valid email address"));
    assert!(world.mailbox.take("person@example.org").unwrap().is_none(), "nobody was written to");
}

#[test]
fn a_password_from_a_breach_elsewhere_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("breached.txt");
    // The SHA-1 of "violet teapot on a ladder", between two neighboring hashes.
    let hash = "F5CFD2D783ED8D376A05DC5B50FC9250E1B887A6";
    std::fs::write(&file, format!("{:040X}:7\n{hash}:1\n{}:2\n", 1, "F".repeat(40))).unwrap();
    let world = World::open(keystead_storage::testing::Database::sqlite(), |config| {
        config.breached_passwords = Some(file.clone());
    });
    let fields = [("email", "person@example.org"), ("name", "Person"), ("password", PASSWORD)];
    let (status, page) = Browser::new(&world.server).submit("/sign-up", &fields).unwrap();
    assert!(status == 400 && page.contains("found in a data breach"), "{page}");
}

#[test]
fn whether_an_address_has_an_account_is_told_in_the_email_only() {
    for world in World::each() {
        let browser = Browser::new(&world.server);
        let ask = |path, email| {
            let fields = [("email", email), ("name", "Person"), ("password", PASSWORD)];
            let (status, page) = browser.submit(path, &fields).unwrap();
            (status, page.replace(email, "ADDRESS"))
        };
        let fresh = ask("/sign-up", "person@example.org");
        browser.confirm(&world.mailbox.next("person@example.org").unwrap()).unwrap();
        browser.submit("/sign-out", &[]).unwrap();
        assert_eq!(ask("/sign-up", "person@example.org"), fresh);
        let email = world.mailbox.next("person@example.org").unwrap();
        assert!(email.subject.contains("already have an account"), "{}", email.subject);
        assert_eq!(ask("/recover", "person@example.org"), ask("/recover", "nobody@example.org"));
        assert!(world.mailbox.next("person@example.org").unwrap().subject.contains("new password"));
        assert!(world.mailbox.take("nobody@example.org").unwrap().is_none());
    }
}

#[test]
fn a_link_serves_once_and_not_after_it_expired() {
    let world = World::sqlite();
    let browser = Browser::new(&world.server);
    let ask = || {
        let fields = [("email", "person@example.org"), ("name", "Person"), ("password", PASSWORD)];
        browser.submit("/sign-up", &fields).unwrap();
        world.mailbox.next("person@example.org").unwrap()
    };
    let press = |email: &Email| {
        let token = email.link().unwrap().split_once("token=").unwrap().1.to_owned();
        browser.submit("/sign-up/confirm", &[("token", &token), ("password", PASSWORD)]).unwrap()
    };
    let late = ask();
    world.pass(DAY);
    assert!(press(&late).1.contains("link_unknown"));
    let first = ask();
    assert_eq!(press(&first).0, 303);
    assert!(press(&first).1.contains("link_unknown"), "it was used");
    for token in ["", "kse_nonsense", "ksw_nonsense"] {
        let (status, page) = browser.submit("/sign-up/confirm", &[("token", token)]).unwrap();
        assert!(status == 404 && page.contains("link_unknown"));
    }
}

#[test]
fn nobody_gets_an_account_at_an_address_by_having_its_owner_press_a_button() {
    let world = World::sqlite();
    let browser = Browser::new(&world.server);
    let of_a_stranger = "the password of a stranger";
    let fields = [("email", "person@example.org"), ("name", "Person"), ("password", of_a_stranger)];
    browser.submit("/sign-up", &fields).unwrap();
    let link = world.mailbox.next("person@example.org").unwrap().link().unwrap();
    let token = link.split_once("token=").unwrap().1;
    let (status, page) =
        browser.submit("/sign-up/confirm", &[("token", token), ("password", PASSWORD)]).unwrap();
    assert!(status == 401 && page.contains("password_wrong"), "{page}");
    let fields = [("email", "person@example.org"), ("password", of_a_stranger)];
    assert_eq!(browser.submit("/sign-in", &fields).unwrap().0, 401, "there is no account");
}

#[test]
fn a_form_sent_from_another_site_changes_nothing() {
    let world = World::sqlite();
    let customer = world.customer();
    for site in ["cross-site", "same-site"] {
        assert_eq!(customer.browser.submit_from(site, "/sign-out", &[]).unwrap().0, 403);
    }
    assert!(customer.browser.open("/").unwrap().1.contains("Hello"));
}

#[test]
fn a_name_cannot_bring_markup_into_a_page() {
    let world = World::sqlite();
    let browser = Browser::new(&world.server);
    let fields =
        [("email", "person@example.org"), ("name", "<script>alert(1)</script>"), ("password", PASSWORD)];
    browser.submit("/sign-up", &fields).unwrap();
    browser.confirm(&world.mailbox.next("person@example.org").unwrap()).unwrap();
    let page = browser.open("/").unwrap().1;
    assert!(!page.contains("<script>") && page.contains("alert(1)"));
}

#[test]
fn an_application_signs_in_only_after_somebody_allowed_it() {
    for world in World::each() {
        let customer = world.customer();
        let browser = &customer.browser;
        let client = ("client_id", "keystead-cli");
        let (_, started) =
            browser.submit("/id/device_authorization", &[client, ("device_name", "Desk PC")]).unwrap();
        let started = json(&started);
        let (user_code, device_code) =
            (started["user_code"].as_str().unwrap(), started["device_code"].as_str().unwrap());
        let poll = || {
            let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
            let (_, answer) =
                browser.submit("/id/token", &[grant, client, ("device_code", device_code)]).unwrap();
            json(&answer)
        };
        assert_eq!(poll()["error"], "authorization_pending");
        assert_eq!(poll()["error"], "slow_down");
        let complete = format!("/device?code={user_code}");
        assert!(
            browser.open(&complete).unwrap().1.contains("Enter the code"),
            "the address alone allows nothing"
        );
        world.pass(5_000);
        assert_eq!(poll()["error"], "authorization_pending");

        let (status, page) = browser.submit("/device", &[("code", &user_code.to_lowercase())]).unwrap();
        assert!(status == 200 && page.contains("Is this you?") && page.contains("Desk PC"));
        let decide = |decision| {
            browser.submit("/device/decide", &[("code", user_code), ("decision", decision)]).unwrap()
        };
        assert!(decide("approve").1.contains("is signed in"));
        assert!(decide("deny").1.contains("user_code_unknown"), "decided once");
        world.pass(5_000);
        let tokens = poll();
        assert!(tokens["access_token"].is_string());
        assert_eq!(poll()["error"], "invalid_grant", "tokens are given out once");
        let account = world.get("/api/v1/account", tokens["access_token"].as_str().unwrap());
        assert_eq!(account.status, 200);
    }
}

#[test]
fn a_denied_or_late_sign_in_gives_no_tokens() {
    let world = World::sqlite();
    let customer = world.customer();
    let client = ("client_id", "keystead-cli");
    let start = || json(&customer.browser.submit("/id/device_authorization", &[client]).unwrap().1);
    let poll = |started: &Value| {
        let code = started["device_code"].as_str().unwrap();
        let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        json(&customer.browser.submit("/id/token", &[grant, client, ("device_code", code)]).unwrap().1)
    };
    let denied = start();
    let code = denied["user_code"].as_str().unwrap();
    customer.browser.submit("/device/decide", &[("code", code), ("decision", "deny")]).unwrap();
    assert_eq!(poll(&denied)["error"], "access_denied");
    let late = start();
    world.pass(10 * 60 * 1000);
    assert_eq!(poll(&late)["error"], "expired_token");
    let code = late["user_code"].as_str().unwrap();
    let (status, _) = customer.browser.submit("/device", &[("code", code)]).unwrap();
    assert_eq!(status, 404);
}

#[test]
fn refresh_tokens_rotate_survive_a_lost_answer_and_betray_a_thief() {
    for world in World::each() {
        let mut customer = world.customer();
        let first = customer.tokens["refresh_token"].as_str().unwrap().to_owned();
        let rotate = |token: &str| {
            let fields =
                [("grant_type", "refresh_token"), ("client_id", "keystead-cli"), ("refresh_token", token)];
            json(&customer.browser.submit("/id/token", &fields).unwrap().1)
        };
        let second = rotate(&first);
        assert_eq!(rotate(&first), second, "the answer was lost and is given again");
        world.pass(61_000);
        assert_eq!(rotate(&first)["error"], "invalid_grant");
        assert_eq!(
            rotate(second["refresh_token"].as_str().unwrap())["error"],
            "invalid_grant",
            "the session is over"
        );
        let access = second["access_token"].as_str().unwrap();
        assert_eq!(world.get("/api/v1/account", access).code(), "token_expired");
        customer.tokens = customer.browser.sign_in_application().unwrap();
        let first = customer.tokens["refresh_token"].as_str().unwrap().to_owned();
        let third = rotate(rotate(&first)["refresh_token"].as_str().unwrap());
        assert!(third["access_token"].is_string());
        assert_eq!(rotate(&first)["error"], "invalid_grant", "a thief is found out however quick they are");
        assert_eq!(rotate(third["refresh_token"].as_str().unwrap())["error"], "invalid_grant");
        customer.tokens = customer.browser.sign_in_application().unwrap();
        world.pass(DAY);
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
        customer.renew();
        assert_eq!(world.get("/api/v1/account", customer.token()).status, 200);
        customer.browser.submit("/id/revoke", &[("token", customer.token())]).unwrap();
        assert_eq!(world.get("/api/v1/account", customer.token()).code(), "token_expired");
    }
}

/// Solves the proof of work on the page, as a browser does.
fn work(page: &str) -> String {
    let value = |name: &str| page.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
    let bits: u32 = value("data-bits").parse().unwrap();
    let mut proofs = (0_u64..).map(|number| format!("{}:{number}", value("data-challenge")));
    let zeros =
        |proof: &String| u64::from_be_bytes(Sha256::digest(proof)[..8].try_into().unwrap()).leading_zeros();
    proofs.find(|proof| zeros(proof) >= bits).unwrap()
}

#[test]
fn in_a_flood_of_sign_ups_each_costs_work_once() {
    let world = World::open(Database::sqlite(), |config| config.limits.sign_ups_per_minute = 2);
    let browser = Browser::new(&world.server);
    let sign_up = |number: u32, work: &str| {
        let email = format!("flood{number}@example.org");
        let fields = [("email", email.as_str()), ("name", "Flood"), ("password", PASSWORD), ("work", work)];
        browser.submit("/sign-up", &fields).unwrap()
    };
    assert!(!browser.open("/sign-up").unwrap().1.contains("data-challenge"));
    assert_eq!([1, 2, 3].map(|number| sign_up(number, "").0), [200; 3]);
    let (status, page) = sign_up(4, "");
    assert_eq!(status, 403);
    assert!(page.contains("work_missing"), "{page}");
    let proof = work(&page);
    let lazy = format!("{}:nothing", proof.rsplit_once(':').unwrap().0);
    let harder = page.replace("data-challenge=\"", "data-challenge=\"A");
    assert_eq!(sign_up(4, &lazy).0, 403, "no work");
    assert_eq!(sign_up(4, &work(&harder)).0, 403, "work on a challenge of one's own");
    assert_eq!(sign_up(4, &proof).0, 200);
    assert_eq!(sign_up(5, &proof).0, 403, "one proof is for one sign-up");
    world.pass(11 * 60_000);
    assert_eq!(sign_up(5, "").0, 200, "the flood is over");
}

#[test]
fn nothing_that_a_stranger_typed_is_in_an_email_to_an_unproven_address() {
    let world = World::sqlite();
    let lure = "Claim your prize at https://evil.example/now";
    let browser = Browser::new(&world.server);
    let fields = [("email", "victim@example.org"), ("name", lure), ("password", PASSWORD)];
    assert_eq!(browser.submit("/sign-up", &fields).unwrap().0, 200);

    let key = world.one_key(1);
    let (device, customer) = (Device::new(1), world.customer());
    let activated = world.activated(&device, &key);
    world.link(&device, &activated, &customer);
    assert_eq!(customer.browser.submit("/account", &[("name", lure), ("language", "")]).unwrap().0, 303);
    let fields = [("email", "second@example.org"), ("password", PASSWORD)];
    assert_eq!(customer.browser.submit("/account/email", &fields).unwrap().0, 200);
    let path = format!("/licenses/{}/transfer", activated["license"].as_str().unwrap());
    let fields = [("email", "third@example.org"), ("password", PASSWORD)];
    assert_eq!(customer.browser.submit(&path, &fields).unwrap().0, 200);

    for address in ["victim@example.org", "second@example.org", "third@example.org"] {
        let email = world.mailbox.next(address).unwrap();
        let text = format!("{} {}", email.subject, email.text);
        assert!(!text.contains("prize") && !text.contains("evil.example"), "{address}: {text}");
    }
}
