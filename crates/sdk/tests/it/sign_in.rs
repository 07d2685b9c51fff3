//! The three ways to sign in, and who tries to come between.

use std::thread;

use keystead::protocol::Code;
use keystead::{BrowserSignIn, Client, Error, Options, SignInPurpose, TypedSignIn};
use keystead_trials::{Browser, PASSWORD};

use crate::shop::{EMAIL, Shop};

/// What comes after the server's own part of an address.
fn query(address: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

fn decide(browser: &Browser, address: &str, decision: &str) -> String {
    let mut fields = query(address);
    fields.push(("decision".into(), decision.into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.redirected("/id/authorize", &fields).unwrap()
}

/// Opens an address of this device's.
fn come_back(to: &str) -> (u16, String) {
    let (server, path) = to.split_at(to.find("/callback").unwrap());
    Browser::new(server).open(path).unwrap()
}

fn waiting(client: &Client, pending: &BrowserSignIn, meanwhile: impl FnOnce() + Send) -> Result<(), Error> {
    thread::scope(|scope| {
        let wait = scope.spawn(|| client.wait_for_browser(pending, || false));
        meanwhile();
        wait.join().unwrap()
    })
}

#[test]
fn the_browser_of_this_device_comes_back() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let (client, browser) = (shop.client(folder.path()), shop.browser());
    let pending = client.begin_browser_sign_in(SignInPurpose::Use).unwrap();
    waiting(&client, &pending, || {
        let back = decide(&browser, &pending.address, "allow");
        let (status, page) = come_back(&back);
        assert!(status == 200 && page.contains("You are signed in"), "{page}");
    })
    .unwrap();
    assert_eq!(client.account().unwrap().email, EMAIL);
    assert_eq!(client.known_account().unwrap().unwrap().email, EMAIL);
    client.sign_out().unwrap();
    assert!(client.known_account().unwrap().is_none());
}

#[test]
fn whoever_did_not_begin_the_sign_in_is_sent_away_and_the_wait_goes_on() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let (client, browser) = (shop.client(folder.path()), shop.browser());
    let pending = client.begin_browser_sign_in(SignInPurpose::Use).unwrap();
    waiting(&client, &pending, || {
        let back = decide(&browser, &pending.address, "allow");
        let (base, answer) = back.split_once('?').unwrap();
        let changed = |name: &str| {
            let pairs = query(&back).into_iter().map(|(key, value)| {
                let value = if key == name { "another".to_owned() } else { value };
                (key, value)
            });
            format!("{base}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
        };
        for wrong in [changed("state"), changed("iss"), format!("{base}?code=x"), base.to_owned() + "/other"]
        {
            assert!(come_back(&wrong).0 >= 400, "{wrong}");
        }
        assert_eq!(come_back(&format!("{base}?{answer}")).0, 200);
    })
    .unwrap();
    assert!(client.is_signed_in().unwrap());
}

#[test]
fn a_no_in_the_browser_and_giving_up_are_told() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let (client, browser) = (shop.client(folder.path()), shop.browser());
    let pending = client.begin_browser_sign_in(SignInPurpose::Use).unwrap();
    let outcome = waiting(&client, &pending, || {
        come_back(&decide(&browser, &pending.address, "deny"));
    });
    assert_eq!(outcome.unwrap_err().code, Code::SignInDenied);
    let pending = client.begin_browser_sign_in(SignInPurpose::Use).unwrap();
    assert_eq!(client.wait_for_browser(&pending, || true).unwrap_err().code, Code::Cancelled);
    assert!(!client.is_signed_in().unwrap());
}

#[test]
fn typing_signs_in_where_the_vendor_allows_it() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.browser();
    let options = Options { client_id: "keystead-settings".into(), ..Options::default() };
    let client = shop.client_of(&shop.url, folder.path(), options);
    assert!(client.may_type_password().unwrap());
    let wrong = client.sign_in_by_typing(EMAIL, "not this one at all").map(drop).unwrap_err();
    assert_eq!(wrong.code, Code::CredentialsWrong);
    assert!(matches!(client.sign_in_by_typing(EMAIL, PASSWORD), Ok(TypedSignIn::Done)));
    assert_eq!(client.account().unwrap().email, EMAIL);

    let another = tempfile::tempdir().unwrap();
    let refused = shop.client(another.path()).sign_in_by_typing(EMAIL, PASSWORD).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::PermissionMissing, "an application that the vendor did not name");
}
