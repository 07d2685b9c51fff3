//! The customer's journeys through the Settings window, played with intents and views.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use keystead::protocol::Code;
use keystead::settings::{Intent, Settings, SignInStep, Tone, View};
use keystead::{Options, State};
use keystead_testkit::PASSWORD;

use crate::shop::{EMAIL, Shop};

/// A user of the window.
struct User {
    settings: Settings,
    bell: Arc<(Mutex<u64>, Condvar)>,
}

impl User {
    fn of(shop: &Shop, server: &str, folder: &Path) -> Self {
        let options = Options { client_id: "keystead-settings".into(), ..Options::default() };
        let client = Arc::new(shop.client_of(server, folder, options));
        let bell: Arc<(Mutex<u64>, Condvar)> = Arc::default();
        let ring = Arc::clone(&bell);
        let settings = Settings::open(client, move || {
            *ring.0.lock().unwrap() += 1;
            ring.1.notify_all();
        });
        Self { settings, bell }
    }

    fn wait_until(&self, what: &str, seen: impl Fn(&View) -> bool) -> View {
        let (mut count, mut view) = (self.bell.0.lock().unwrap(), self.settings.view());
        while !seen(&view) {
            let (next, waited) = self.bell.1.wait_timeout(count, Duration::from_secs(20)).unwrap();
            assert!(!waited.timed_out(), "{what} was not seen, but {view:?}");
            (count, view) = (next, self.settings.view());
        }
        view
    }

    fn does(&self, intent: Intent) -> View {
        self.settings.send(intent);
        self.wait_until("the end", |view| view.work.is_none())
    }

    fn state(&self) -> State {
        self.settings.view().status.unwrap().state
    }
}

#[test]
fn a_product_is_activated_linked_and_seen() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let browser = shop.browser();
    let user = User::of(&shop, &shop.url, folder.path());
    assert_eq!(user.state(), State::Unlicensed);

    let view = user.does(Intent::Activate { key: shop.keys[0].to_lowercase() });
    assert_eq!(view.notice.unwrap().tone, Tone::Done);
    assert_eq!((user.state(), view.details.unwrap().seats_used), (State::Activated, 1));

    user.settings.send(Intent::SignInByCode);
    let view = user.wait_until("the code", |view| view.sign_in.is_some());
    let Some(SignInStep::Code { user_code, .. }) = view.sign_in else { panic!("{:?}", view.sign_in) };
    browser.approve(&user_code).unwrap();
    let view = user.wait_until("the sign-in", |view| view.work.is_none());
    assert_eq!((view.account.unwrap().email.as_str(), view.sign_in), (EMAIL, None));

    let disclosure = user.does(Intent::ReadDisclosure).disclosure.unwrap();
    let view = user.does(Intent::Link { agreed_version: disclosure.version });
    assert_eq!((user.state(), view.disclosure), (State::ActivatedLinked, None));
    let devices = user.does(Intent::ListDevices).devices.unwrap();
    assert_eq!(devices.len(), 1);
    let view = user.does(Intent::SignOut);
    assert!(view.account.is_none() && view.devices.is_none());
    assert_eq!(user.state(), State::ActivatedLinked, "signing out leaves the activation alone");
}

#[test]
fn being_offline_is_a_state_and_changes_nothing() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    let user = User::of(&shop, "http://127.0.0.1:9", folder.path());
    for intent in [Intent::CheckNow, Intent::SignInByCode, Intent::ReadDisclosure] {
        let notice = user.does(intent).notice.unwrap();
        assert_eq!((notice.tone, notice.code), (Tone::Offline, Some(Code::ConnectionRefused)));
    }
    assert!(user.does(Intent::Load).notice.is_none(), "nobody asked, so nothing is said");
    assert_eq!(user.state(), State::Activated);
}

#[test]
fn what_takes_long_can_be_given_up_and_begun_again() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let user = User::of(&shop, &shop.url, folder.path());
    user.settings.send(Intent::SignInByBrowser);
    user.wait_until("the browser", |view| matches!(view.sign_in, Some(SignInStep::Browser { .. })));
    user.settings.send(Intent::Cancel);
    let view = user.wait_until("the end", |view| view.work.is_none());
    assert!(view.sign_in.is_none() && view.notice.is_none());
    user.settings.send(Intent::SignInByCode);
    user.wait_until("the code", |view| matches!(view.sign_in, Some(SignInStep::Code { .. })));
}

#[test]
fn typed_credentials_are_taken_with_and_without_a_slip() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.browser();
    let user = User::of(&shop, &shop.url, folder.path());
    assert!(user.does(Intent::Load).allows_password_sign_in);
    let typed =
        |password: &str| Intent::SignInWithPassword { email: EMAIL.into(), password: password.into() };
    assert_eq!(user.does(typed("wrong wrong wrong")).notice.unwrap().code, Some(Code::CredentialsWrong));
    assert_eq!(user.does(typed(PASSWORD)).account.unwrap().email, EMAIL);
}

#[test]
fn hardware_is_changed_and_the_owner_says_which_device_it_is() {
    let (shop, old, new) = (Shop::open(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = shop.client(old.path());
    first.activate(&shop.keys[0], "Desk PC").unwrap();
    shop.sign_in(&first);
    first.link(first.linking_disclosure().unwrap().version).unwrap();
    // The repaired device has a new folder and a new key. The user signs in again.
    let user = User::of(&shop, &shop.url, new.path());
    shop.sign_in_again(&shop.client(new.path()));
    let choices = user.does(Intent::ListChoices).choices.unwrap();
    assert_eq!((choices.len(), choices[0].device_name.as_str(), choices[0].here), (1, "Desk PC", false));
    user.does(Intent::Reactivate { activation: choices[0].activation });
    assert_eq!(user.state(), State::ActivatedLinked);
}
