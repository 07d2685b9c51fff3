//! Guessing of secrets. The database counts the failures per `Door` (a place where a secret can be guessed).
//! All nodes share the counts, and the counts survive restarts.

use keystead_testkit::{Browser, PASSWORD, hidden};

use crate::authenticator::{code, with_totp};
use crate::nodes::two_nodes;
use crate::world::{DAY, World};

const WRONG: &str = "a wrong password, surely";
const NEW: &str = "a green kettle under the stairs";

fn guess(server: &str, email: &str) -> String {
    Browser::new(server).submit("/sign-in", &[("email", email), ("password", WRONG)]).unwrap().1
}

/// Signs in with the password and returns the secret of the MFA challenge.
fn half_way(server: &str, email: &str) -> String {
    let (status, page) = Browser::new(server).sign_in(email).unwrap();
    assert_eq!(status, 200, "{page}");
    hidden(&page, "name=\"secret\" value").unwrap()
}

fn type_code(server: &str, secret: &str, code: &str) -> (u16, String) {
    Browser::new(server).submit("/sign-in/code", &[("secret", secret), ("code", code)]).unwrap()
}

/// Sets a new password through the link in an email.
fn recover(world: &World, email: &str, code: &str) -> (u16, String) {
    let browser = Browser::new(&world.server);
    browser.submit("/recover", &[("email", email)]).unwrap();
    let email = loop {
        let email = world.mailbox.next(email).unwrap();
        if email.subject.contains("new password") {
            break email;
        }
    };
    let link = email.link().unwrap();
    let token = link.split_once("token=").unwrap().1;
    browser.submit("/recover/reset", &[("token", token), ("password", NEW), ("code", code)]).unwrap()
}

#[test]
fn five_wrong_codes_on_two_nodes_and_through_a_restart_are_five_and_the_sixth_is_refused() {
    let Some(([one, mut other], world)) = two_nodes(|_| {}) else { return };
    let customer = world.customer();
    let (setup, recovery) = with_totp(&world, &customer.browser);
    let secret = half_way(&one.url, &customer.email);
    for round in 0..5 {
        let server = if round % 2 == 0 { &one.url } else { &other.url };
        assert!(type_code(server, &secret, "000000").1.contains("code_wrong"), "{round}");
        if round == 2 {
            other.restart();
        }
    }
    assert!(type_code(&other.url, &secret, "000000").1.contains("token_expired"), "this sign-in is over");
    let again = half_way(&one.url, &customer.email);
    world.pass(30_000 - 1);
    for server in [&one.url, &other.url] {
        let right = code(&setup, &world);
        assert!(type_code(server, &again, &right).1.contains("too_many_attempts"), "so is the next");
    }
    assert_eq!(type_code(&other.url, &again, &recovery[0]).0, 303, "a recovery code is never locked out");
}

#[test]
fn wrong_passwords_on_two_nodes_and_through_a_restart_count_together() {
    let Some(([one, mut other], world)) = two_nodes(|_| {}) else { return };
    let customer = world.customer();
    for round in 0..10 {
        let server = if round % 2 == 0 { &one.url } else { &other.url };
        assert!(guess(server, &customer.email).contains("credentials_wrong"), "{round}");
        if round == 6 {
            other.restart();
        }
    }
    for server in [&one.url, &other.url] {
        let (status, page) = Browser::new(server).sign_in(&customer.email).unwrap();
        assert!(status == 429 && page.contains("too_many_attempts"), "{page}");
    }
    world.pass(30_000);
    assert_eq!(Browser::new(&other.url).sign_in(&customer.email).unwrap().0, 303, "for a while");
    assert!(guess(&one.url, &customer.email).contains("credentials_wrong"), "success begins anew");
}

#[test]
fn a_link_that_was_used_on_one_node_is_dead_on_the_other() {
    let Some(([one, other], world)) = two_nodes(|_| {}) else { return };
    let email = "person@example.org";
    let fields = [("email", email), ("name", "Person"), ("password", PASSWORD)];
    Browser::new(&one.url).submit("/sign-up", &fields).unwrap();
    let link = world.mailbox.next(email).unwrap().link().unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    let press = |server: &str| {
        let fields = [("token", token.as_str()), ("password", PASSWORD)];
        Browser::new(server).submit("/sign-up/confirm", &fields).unwrap()
    };
    assert_eq!(press(&other.url).0, 303);
    assert!(press(&one.url).1.contains("link_unknown"));
    assert!(press(&other.url).1.contains("link_unknown"));
}

#[test]
fn strangers_who_guess_lock_neither_the_owners_browser_nor_the_recovery() {
    for world in World::each() {
        let customer = world.customer();
        customer.browser.submit("/sign-out", &[]).unwrap();
        for _ in 0..10 {
            assert!(guess(&world.server, &customer.email).contains("credentials_wrong"));
        }
        let stranger = Browser::new(&world.server).sign_in(&customer.email).unwrap();
        assert!(stranger.1.contains("too_many_attempts"), "a right guess is not looked at either");
        assert_eq!(customer.browser.sign_in(&customer.email).unwrap().0, 303, "the owner's own browser");
        assert_eq!(recover(&world, &customer.email, "").0, 303);
        let fields = [("email", customer.email.as_str()), ("password", NEW)];
        let (status, _) = Browser::new(&world.server).submit("/sign-in", &fields).unwrap();
        assert_eq!(status, 303, "a new password opens the door");
    }
}

#[test]
fn a_thief_of_a_session_locks_neither_the_recovery_nor_the_sign_in() {
    for world in World::each() {
        let customer = world.customer();
        let (setup, _) = with_totp(&world, &customer.browser);
        let change = || {
            let fields = [("old", WRONG), ("new", NEW)];
            customer.browser.submit("/security/password", &fields).unwrap().1
        };
        for _ in 0..10 {
            assert!(change().contains("password_wrong"));
        }
        assert!(change().contains("too_many_attempts"));
        world.pass(30_000);
        let secret = half_way(&world.server, &customer.email);
        assert_eq!(type_code(&world.server, &secret, &code(&setup, &world)).0, 303);
        world.pass(30_000);
        assert_eq!(recover(&world, &customer.email, &code(&setup, &world)).0, 303);
    }
}

#[test]
fn whoever_knows_the_password_does_not_lock_the_recovery_by_wrong_codes() {
    for world in World::each() {
        let customer = world.customer();
        let (setup, _) = with_totp(&world, &customer.browser);
        world.pass(30_000);
        let secret = half_way(&world.server, &customer.email);
        for _ in 0..5 {
            assert!(type_code(&world.server, &secret, "000000").1.contains("code_wrong"));
        }
        world.pass(29_000);
        let again = half_way(&world.server, &customer.email);
        assert!(type_code(&world.server, &again, "000000").1.contains("too_many_attempts"));
        assert_eq!(recover(&world, &customer.email, &code(&setup, &world)).0, 303);
    }
}

#[test]
fn an_address_without_an_account_is_locked_like_one_with() {
    for world in World::each() {
        let customer = world.customer();
        let answers = |email: &str| -> Vec<String> {
            (0..12).map(|_| guess(&world.server, email).replace(email, "ADDRESS")).collect()
        };
        let known = answers(&customer.email);
        assert!(known[9].contains("credentials_wrong") && known[10].contains("too_many_attempts"));
        assert_eq!(answers("nobody@example.org"), known);
    }
}

#[test]
fn after_forty_wrong_passwords_only_a_recovery_opens_the_door() {
    for world in World::each() {
        let customer = world.customer();
        for _ in 0..40 {
            world.pass(DAY);
            assert!(guess(&world.server, &customer.email).contains("credentials_wrong"));
        }
        world.pass(200 * DAY);
        let (_, page) = Browser::new(&world.server).sign_in(&customer.email).unwrap();
        assert!(page.contains("too_many_attempts"), "{page}");
        assert_eq!(recover(&world, &customer.email, "").0, 303);
        let fields = [("email", customer.email.as_str()), ("password", NEW)];
        assert_eq!(Browser::new(&world.server).submit("/sign-in", &fields).unwrap().0, 303);
    }
}

#[test]
fn guesses_that_come_all_at_once_are_counted_one_by_one() {
    for world in World::each() {
        let customer = world.customer();
        let answers: Vec<String> = std::thread::scope(|scope| {
            let guesses: Vec<_> =
                (0..30).map(|_| scope.spawn(|| guess(&world.server, &customer.email))).collect();
            guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
        });
        let looked_at = answers.iter().filter(|page| page.contains("credentials_wrong")).count();
        assert_eq!(looked_at, 10);
    }
}

#[test]
fn codes_of_devices_cannot_be_tried_one_after_another() {
    for world in World::each() {
        let customer = world.customer();
        let type_code = |code: &str| customer.browser.submit("/device", &[("code", code)]).unwrap().1;
        for number in 0..10 {
            let letter = char::from(b"BCDFGHJKLM"[number]);
            assert!(type_code(&format!("WXYZ-WXY{letter}")).contains("user_code_unknown"));
        }
        assert!(type_code("WXYZ-WXYZ").contains("too_many_attempts"));
        assert_eq!(customer.browser.open("/devices").unwrap().0, 200, "nothing else is locked");
    }
}

#[test]
fn a_sign_up_link_is_dead_after_ten_wrong_passwords() {
    for world in World::each() {
        let (browser, email) = (Browser::new(&world.server), "person@example.org");
        let fields = [("email", email), ("name", "Person"), ("password", PASSWORD)];
        browser.submit("/sign-up", &fields).unwrap();
        let link = world.mailbox.next(email).unwrap().link().unwrap();
        let token = link.split_once("token=").unwrap().1;
        let press = |password| {
            browser.submit("/sign-up/confirm", &[("token", token), ("password", password)]).unwrap().1
        };
        for _ in 0..10 {
            assert!(press(WRONG).contains("password_wrong"));
        }
        assert!(press(PASSWORD).contains("link_unknown"));
    }
}
