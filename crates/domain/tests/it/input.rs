use keystead_domain::account::{Email, InputError, check_name, check_password, check_slug};
use keystead_domain::context_words;
use keystead_domain::device_grant::{
    Approver, DecisionError, DeviceGrant, GrantStatus, INTERVAL, LIFETIME, Poll,
};
use keystead_protocol::id::GrantId;

use crate::support::{NOW, account};

#[test]
fn an_address_is_compared_without_case_and_spaces() {
    assert_eq!(" Person@Example.ORG ".parse::<Email>().unwrap().to_string(), "person@example.org");
    for typed in
        ["", "person", "@example.org", "person@", "person@example", "a b@example.org", "a@b@example.org"]
    {
        assert_eq!(typed.parse::<Email>(), Err(InputError::Email), "{typed}");
    }
}

#[test]
fn a_password_is_judged_by_length_and_by_being_well_known() {
    let email: Email = "person@example.org".parse().unwrap();
    assert_eq!(check_password("violet teapot on a ladder", &email), Ok(()));
    for good in
        ["abcdefgh and then more", "my password is a secret", "kE9#vq82Lp0!xtRz", "718293 teapots, 4 cups"]
    {
        assert_eq!(check_password(good, &email), Ok(()), "{good}");
    }
    for weak in [
        "short",
        "aaaaaaaaaaaaaaaaaaa",
        "PasswordPassword",
        "letmeinletmeinl",
        "qwertyuiopasdfgh",
        "0987654321098765",
        "person@example.org",
        "Password123456789",
        "12345 P@ssw0rd 2024!",
        "letmein!!!!!!!!!!!",
        "$un$h1ne-$un$h1ne",
        "trustno1-1234567890",
        "asdfghjkl-20242025",
        "Correct Horse Battery Staple",
    ] {
        assert_eq!(check_password(weak, &email), Err(InputError::Password), "{weak}");
    }
}

#[test]
fn names_and_short_names_are_checked() {
    assert_eq!(check_name("  Desk PC "), Ok("Desk PC".into()));
    assert_eq!(check_name("a\u{7}b"), Err(InputError::Name));
    assert_eq!(check_slug("acme.photo-2"), Ok("acme.photo-2".into()));
    for slug in ["", "-x", "Ä", "a b", "UPPER"] {
        assert_eq!(check_slug(slug), Err(InputError::Slug), "{slug}");
    }
}

fn approver() -> Approver {
    Approver { account: account(1), authenticated_at: NOW }
}

fn grant(status: GrantStatus) -> DeviceGrant {
    DeviceGrant {
        id: GrantId::from_bytes([1; 16]),
        client: "cli".into(),
        device_name: "Desk PC".into(),
        scope: String::new(),
        max_age: None,
        status,
        expires_at: NOW + LIFETIME,
        polled_at: Some(NOW),
    }
}

#[test]
fn a_poll_is_answered_by_where_the_grant_stands() {
    assert_eq!(grant(GrantStatus::Pending).exchange(NOW + 1), Err(Poll::SlowDown));
    assert_eq!(grant(GrantStatus::Pending).exchange(NOW + INTERVAL), Err(Poll::Pending));
    assert_eq!(grant(GrantStatus::Pending).exchange(NOW + LIFETIME), Err(Poll::Expired));
    assert_eq!(grant(GrantStatus::Denied { at: NOW }).exchange(NOW + INTERVAL), Err(Poll::Denied));
    assert_eq!(
        grant(GrantStatus::Approved { by: approver(), at: NOW }).exchange(NOW + INTERVAL),
        Ok((approver(), GrantStatus::Consumed { at: NOW + INTERVAL }))
    );
    assert_eq!(grant(GrantStatus::Consumed { at: NOW }).exchange(NOW + INTERVAL), Err(Poll::Consumed));
}

#[test]
fn a_grant_is_decided_once_and_in_time() {
    let decided = grant(GrantStatus::Denied { at: NOW });
    assert_eq!(decided.approve(approver(), NOW), Err(DecisionError::Closed));
    assert_eq!(grant(GrantStatus::Pending).deny(NOW + LIFETIME), Err(DecisionError::Closed));
    let approved = grant(GrantStatus::Pending).approve(approver(), NOW + 1);
    assert_eq!(approved, Ok(GrantStatus::Approved { by: approver(), at: NOW + 1 }));
}

#[test]
fn a_password_is_more_than_the_words_that_a_guesser_knows() {
    let email = "jo.example-smith@acme.example".parse().unwrap();
    let words = context_words::of(&email, &["Acme Optics GmbH", "acme"]);
    for guessable in
        ["AcmeOpticsGmbH2026!", "keystead-keystead-1", "example.smith@acme 24", "optics optics optics"]
    {
        assert!(context_words::are_most_of(&words, guessable), "{guessable}");
    }
    for good in ["violet teapot on a ladder", "smith rides a green horse", "1234 5678 90123 4"] {
        assert!(!context_words::are_most_of(&words, good), "{good}");
    }
}
