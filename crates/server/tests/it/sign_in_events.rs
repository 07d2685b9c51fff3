//! The records of sign-ins and their retention, session timeouts, and the second factor of staff.

use keystead_protocol::tlog::Log;
use keystead_storage::{AuditRow, Role, testing::Database};
use keystead_testkit::{Browser, Exchange, PASSWORD};

use crate::authenticator::with_totp;
use crate::world::{DAY, HOUR, World};

const WRONG: &str = "a wrong password, surely";

/// The account's events, newest first.
fn events(world: &World, email: &str) -> Vec<AuditRow> {
    let email = email.parse().unwrap();
    world.read(move |connection| {
        let account = connection.account_by_email(&email)?.unwrap();
        connection.audit_events_of_subject(&account.id.to_string(), 0, 100)
    })
}

fn nobodys_events(world: &World) -> Vec<AuditRow> {
    world.read(|connection| connection.audit_events_of_subject("anybody", 0, 10_000))
}

fn guess(world: &World, email: &str, forwarded_for: &str) {
    let form = Exchange {
        body: format!("email={}&password={}", email.replace('@', "%40"), WRONG.replace(' ', "+"))
            .into_bytes(),
        content_type: "application/x-www-form-urlencoded",
        forwarded_for: Some(forwarded_for.to_owned()),
        ..Exchange::post("/sign-in")
    };
    assert!(matches!(world.send(&form).status, 401 | 429));
}

fn behind_a_proxy(database: Database) -> World {
    World::open(database, |config| config.trusted_proxies = 1)
}

#[test]
fn a_failed_sign_in_is_recorded_with_its_reason_and_address_and_shown_to_the_owner() {
    for world in Database::each().into_iter().map(behind_a_proxy) {
        let customer = world.customer();
        guess(&world, &customer.email, "192.0.2.7");
        guess(&world, "nobody@example.org", "192.0.2.8");
        let recorded = |event: &AuditRow| {
            let from = event.personal.as_ref().map(|from| from.address.clone());
            (event.action.clone(), event.detail.clone(), from)
        };
        let of = |address: &str, detail: &str| {
            ("sign_in.fail".to_owned(), detail.to_owned(), Some(address.to_owned()))
        };
        let known = events(&world, &customer.email);
        assert_eq!(recorded(&known[0]), of("192.0.2.7", "password: password_wrong"));
        let actions: Vec<&str> = known.iter().map(|event| event.action.as_str()).collect();
        assert!(actions.contains(&"sign_in.succeed"), "{actions:?}");
        let unknown = nobodys_events(&world);
        assert_eq!(recorded(&unknown[0]), of("192.0.2.8", "password: account_unknown"));
        assert!(!format!("{unknown:?}").contains("nobody@"), "what was typed is not recorded");
        let (_, page) = customer.browser.open("/security").unwrap();
        assert!(page.contains("Sign-in failed") && page.contains("192.0.2.7"), "{page}");
        let (_, archive) = customer.browser.open("/privacy/export").unwrap();
        assert!(archive.contains("192.0.2.7"));
    }
}

#[test]
fn a_lock_and_a_recovery_are_recorded() {
    for world in World::each() {
        let customer = world.customer();
        for _ in 0..10 {
            guess(&world, &customer.email, "192.0.2.7");
        }
        assert_eq!(events(&world, &customer.email)[0].action, "sign_in.lock");
        world.pass(HOUR);
        Browser::new(&world.server).submit("/recover", &[("email", &customer.email)]).unwrap();
        world.mailbox.next(&customer.email).unwrap();
        assert_eq!(events(&world, &customer.email)[0].action, "recovery.ask");
    }
}

#[test]
fn a_flood_of_failures_fills_no_log_but_is_counted() {
    for world in World::each() {
        for number in 0..130 {
            guess(&world, &format!("nobody{number}@example.org"), "192.0.2.7");
        }
        assert_eq!(nobodys_events(&world).len(), 100);
        world.pass(HOUR);
        world.prune();
        let summed_up = nobodys_events(&world).remove(0);
        assert_eq!(summed_up.action, "sign_in.sum_up");
        assert!(summed_up.detail.contains("\"failures\":130"), "{}", summed_up.detail);
    }
}

#[test]
fn addresses_are_erased_after_ninety_days_and_the_log_stays_whole() {
    for world in World::each() {
        let customer = world.customer();
        guess(&world, &customer.email, "192.0.2.7");
        let has_addresses = || events(&world, &customer.email).iter().any(|event| event.personal.is_some());
        assert!(has_addresses());
        let before = world.tree(Log::Audit);
        world.pass(91 * DAY);
        assert!(world.prune().addresses > 0 && !has_addresses());
        assert_eq!(events(&world, &customer.email)[0].action, "sign_in.fail", "that it happened stays");
        assert_eq!(world.tree(Log::Audit), before);
    }
}

#[test]
fn a_browser_that_is_not_used_is_signed_out() {
    for world in World::each() {
        let customer = world.customer();
        world.pass(7 * DAY - 1);
        assert_eq!(customer.browser.open("/").unwrap().0, 200);
        world.pass(7 * DAY - 1);
        assert_eq!(customer.browser.open("/").unwrap().0, 200);
        assert_eq!(customer.browser.sign_in(&customer.email).unwrap().0, 303);
        world.pass(7 * DAY);
        assert_eq!(customer.browser.open("/").unwrap().0, 303);
        let staff = world.staff(Role::Support);
        world.pass(12 * HOUR - 1);
        assert_eq!(staff.browser.open("/").unwrap().0, 200);
        world.pass(12 * HOUR);
        assert_eq!(staff.browser.open("/").unwrap().0, 303);
    }
}

#[test]
fn staff_can_do_nothing_but_set_up_a_second_factor_until_they_have_one() {
    for world in World::each() {
        let email = world.make_staff(Role::Admin);
        let browser = world.sign_in(&email);
        for path in ["/", "/devices", "/account", "/privacy/export", "/device", "/link"] {
            assert_eq!(browser.location(path).unwrap(), "/security", "{path}");
        }
        let (status, page) = browser.open("/security").unwrap();
        assert!(status == 200 && page.contains("second_factor_required"), "{page}");
        let profile = [("name", "Other"), ("language", "")];
        assert_eq!(browser.submit("/account", &profile).unwrap().0, 403);
        let tokens = browser.sign_in_application_for("console", "licenses vendor").unwrap();
        assert!(tokens["access_token"].is_null(), "nothing can be approved: {tokens}");
        let (_, recovery) = with_totp(&world, &browser);
        assert_eq!(browser.open("/").unwrap().0, 200);
        let tokens = browser.sign_in_application_for("console", "licenses vendor").unwrap();
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        assert_eq!(world.get("/api/v1/products", &token).status, 200);
        let remove = [("password", PASSWORD), ("code", recovery[0].as_str())];
        assert_eq!(browser.submit("/security/totp/remove", &remove).unwrap().0, 303);
        assert_eq!(browser.location("/").unwrap(), "/security", "without it, everything ends");
        assert_eq!(world.get("/api/v1/products", &token).code(), "permission_missing");
        let again = Browser::new(&world.server);
        assert_eq!(again.sign_in(&email).unwrap().0, 303);
        assert_eq!(again.location("/").unwrap(), "/security");
    }
}

#[test]
fn an_operator_may_do_without_a_second_factor_of_staff() {
    let world = World::open(Database::sqlite(), |config| config.sign_in.staff_second_factor = false);
    let browser = world.sign_in(&world.make_staff(Role::Admin));
    assert_eq!(browser.open("/").unwrap().0, 200);
}

#[test]
fn a_browser_is_signed_out_after_two_weeks() {
    let world = World::sqlite();
    let customer = world.customer();
    for _ in 0..13 {
        world.pass(DAY);
        assert_eq!(customer.browser.open("/").unwrap().0, 200);
    }
    world.pass(DAY - 1);
    assert_eq!(customer.browser.open("/").unwrap().0, 200);
    world.pass(1);
    assert_eq!(customer.browser.open("/").unwrap().0, 303);
}
