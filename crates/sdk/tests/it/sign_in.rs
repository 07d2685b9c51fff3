//! The three ways to sign in, and attacks on them.

use std::path::Path;
use std::{fs, thread};

use ed25519_dalek::SigningKey;
use keystead::protocol::Code;
use keystead::protocol::text::{array_from_base64url, to_base64url};
use keystead::{BrowserSignIn, Client, Error, Options, PasswordSignIn, SignInPurpose};
use keystead_testkit::{Browser, PASSWORD};
use serde_json::{Value, json};

use crate::shop::{EMAIL, Shop};

/// The decoded query of an address.
fn query(address: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

fn decide(browser: &Browser, address: &str, decision: &str) -> String {
    let mut fields = query(address);
    fields.push(("decision".into(), decision.into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.redirected("/id/authorize", &fields).unwrap()
}

/// Opens the redirect address, as the browser of this device does.
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
        assert!(status == 200 && page.contains("You're signed in"), "{page}");
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
    assert!(client.allows_password_sign_in().unwrap());
    let wrong = client.sign_in_with_password(EMAIL, "not this one at all").map(drop).unwrap_err();
    assert_eq!(wrong.code, Code::CredentialsWrong);
    assert!(matches!(client.sign_in_with_password(EMAIL, PASSWORD), Ok(PasswordSignIn::Done)));
    assert_eq!(client.account().unwrap().email, EMAIL);

    let another = tempfile::tempdir().unwrap();
    let refused = shop.client(another.path()).sign_in_with_password(EMAIL, PASSWORD).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::PermissionMissing, "an application that the vendor did not name");
}

fn kept_sign_in(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("vendor/sign-in.json")).unwrap()).unwrap()
}

#[test]
fn tokens_stolen_from_a_devices_files_are_nothing_without_its_key() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    shop.sign_in(&client);
    let stolen = kept_sign_in(folder.path());
    let token = |name: &str| stolen[name].as_str().unwrap().to_owned();
    let asked = json!({ "license": "x", "installation_id": "x", "device_name": "x" });
    let (status, answer) = shop.ask("/api/v1/offline/confirmations", asked, &token("access_token"));
    assert_eq!((status, answer["code"].as_str()), (401, Some("token_expired")), "as a bearer token");

    let other = tempfile::tempdir().unwrap();
    let thief = shop.client(other.path());
    thief.begin_offline(false).unwrap();
    let steal = |sign_in: &Value| {
        fs::write(other.path().join("vendor/sign-in.json"), sign_in.to_string()).unwrap();
        let refused = thief.account().unwrap_err().code;
        assert!(!thief.is_signed_in().unwrap());
        refused
    };
    assert_eq!(steal(&stolen), Code::TokenExpired, "without the key");
    let seed = fs::read_to_string(other.path().join("vendor/device.key")).unwrap();
    let own = SigningKey::from_bytes(&array_from_base64url(seed.trim()).unwrap());
    let mut with_own_key = stolen.clone();
    with_own_key["key"] = to_base64url(own.verifying_key().as_bytes()).into();
    assert_eq!(steal(&with_own_key), Code::TokenExpired, "with proofs by the thief's key");
    assert_eq!(client.account().unwrap().email, EMAIL, "and it costs the owner nothing");
}

#[test]
fn a_sign_in_whose_device_key_is_gone_ends_and_another_begins() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    shop.sign_in(&client);
    fs::remove_file(folder.path().join("vendor/device.key")).unwrap();
    let ended = client.account().unwrap_err();
    assert_eq!(ended.code, Code::TokenExpired);
    assert!(ended.detail.unwrap().contains("device key"));
    assert!(!client.is_signed_in().unwrap());
    shop.sign_in_again(&client);
    assert_eq!(client.account().unwrap().email, EMAIL);
}

#[test]
fn an_expired_access_token_is_renewed_by_whoever_holds_the_key() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    shop.sign_in(&client);
    let mut kept = kept_sign_in(folder.path());
    let before = kept["refresh_token"].clone();
    kept["access_token"] = "unknown".into();
    fs::write(folder.path().join("vendor/sign-in.json"), kept.to_string()).unwrap();
    assert_eq!(client.account().unwrap().email, EMAIL);
    assert_ne!(kept_sign_in(folder.path())["refresh_token"], before);
}
