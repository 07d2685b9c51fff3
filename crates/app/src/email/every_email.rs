//! Snapshots of every email in every language.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use keystead_storage::Account;
use zeroize::Zeroizing;

use super::draft::Draft;
use super::notifications::{self, SignInChange};
use crate::accounts::sign_up::{self, NewAccount};
use crate::accounts::{change_email, delete_account, recover};
use crate::i18n::{LANGUAGES, Texts};
use crate::licensing::transfer_license::{self, TransferRequest};
use crate::security::origin::Origin;
use crate::testing::{Device, Email, PASSWORD, World, on_sqlite};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Compares the emails that `write` enqueues with `snapshots/NAME.snap`. `write` returns the random values in
/// the emails, which the snapshot replaces.
fn check(name: &str, write: impl AsyncFn(&World, &'static Texts) -> Vec<String>) {
    on_sqlite(async |world| {
        let mut shown = String::new();
        for (tag, _) in LANGUAGES {
            let before = world.emails().await.len();
            let secrets = write(&world, Texts::of(tag)).await;
            for email in world.emails().await.drain(before..) {
                writeln!(shown, "=== {tag}\n{}", rendered(email, &secrets)).unwrap();
            }
        }
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name, shown));
    });
}

fn rendered(email: Email, secrets: &[String]) -> String {
    let token = email.text.contains("token=").then(|| email.link_token().to_owned());
    let mut text = email.text.clone();
    for secret in token.iter().chain(secrets) {
        text = text.replace(secret, "[random]");
    }
    format!("To: {}\nSubject: {}\n\n{}", email.to, email.subject, text.trim_end())
}

/// Enqueues the notification `draft` to a new account.
async fn notify(world: &World, texts: &Texts, draft: impl Fn(&World, &Account) -> Draft) -> Vec<String> {
    let customer = world.customer_who_speaks(texts.tag).await;
    let draft = draft(world, &customer.person.account);
    world.app.write_emails(move |tx| Ok(draft.enqueue(tx)?)).await.unwrap();
    Vec::new()
}

async fn sign_up(world: &World, texts: &'static Texts, email: String) -> Vec<String> {
    let (name, password) = ("Robin".to_owned(), Zeroizing::new(PASSWORD.to_owned()));
    let typed = NewAccount { email, name, password, work: String::new() };
    sign_up::ask(&world.app, HERE, texts, typed, "/devices").await.unwrap();
    Vec::new()
}

#[test]
fn sign_up_confirms_the_address() {
    check("sign_up", async |world, texts| sign_up(world, texts, "new@example.org".to_owned()).await);
}

#[test]
fn sign_up_with_a_known_address_tells_its_owner() {
    check("sign_up_known", async |world, texts| {
        let known = world.customer().await.person.account.email;
        sign_up(world, texts, known).await
    });
}

#[test]
fn recovery_sends_a_link() {
    check("recover", async |world, texts| {
        let (address, before) = (world.customer().await.person.account.email, world.emails().await.len());
        let origin = Origin { address: HERE, browser: String::new(), known_to: Vec::new() };
        recover::ask(&world.app, &origin, texts, &address).await.unwrap();
        // The response does not wait for the email.
        while world.emails().await.len() == before {
            tokio::task::yield_now().await;
        }
        Vec::new()
    });
}

#[test]
fn new_address_is_confirmed() {
    check("change_email", async |world, texts| {
        let customer = world.customer().await;
        let (principal, credentials) = (customer.principal(), customer.credentials());
        change_email::ask(&world.app, &principal, texts, "new@example.org", credentials).await.unwrap();
        Vec::new()
    });
}

#[test]
fn previous_address_is_told_of_the_new_one() {
    check("email_changed", async |world, texts| {
        let draft = |world: &World, account: &Account| {
            notifications::email_changed(&world.app, account, "new@example.org", world.now())
        };
        notify(world, texts, draft).await
    });
}

#[test]
fn password_change_is_told() {
    check("password_changed", async |world, texts| {
        let draft = |world: &World, account: &Account| {
            notifications::password_changed(&world.app, account, world.now())
        };
        notify(world, texts, draft).await
    });
}

#[test]
fn every_change_of_the_ways_to_sign_in_is_told() {
    check("sign_in_changed", async |world, texts| {
        for change in [
            SignInChange::AppAdded,
            SignInChange::AppRemoved,
            SignInChange::PasskeyAdded,
            SignInChange::PasskeyRemoved,
            SignInChange::UpstreamAdded,
            SignInChange::UpstreamRemoved,
        ] {
            let draft = |world: &World, account: &Account| {
                notifications::sign_in_changed(&world.app, account, change, world.now())
            };
            notify(world, texts, draft).await;
        }
        Vec::new()
    });
}

#[test]
fn wrong_codes_after_the_right_password_are_told() {
    check("codes_failed", async |world, texts| {
        let draft =
            |world: &World, account: &Account| notifications::codes_failed(&world.app, account, world.now());
        notify(world, texts, draft).await
    });
}

#[test]
fn owner_is_told_that_another_person_has_the_key() {
    check("key_claimed", async |world, texts| {
        let draft = |world: &World, account: &Account| {
            notifications::key_claimed(&world.app, account, "DWY6M", world.now())
        };
        notify(world, texts, draft).await
    });
}

#[test]
fn unlinked_license_is_told() {
    check("unlinked", async |world, texts| {
        let draft =
            |world: &World, account: &Account| notifications::unlinked(&world.app, account, world.now());
        notify(world, texts, draft).await
    });
}

#[test]
fn license_is_offered_with_a_link() {
    check("transfer", async |world, texts| {
        let (owner, key) = (world.customer().await, world.key().await);
        let license = world.linked(&Device::new(1), &key, &owner).await.license;
        let asked = TransferRequest { license, recipient: "friend@example.org", texts };
        transfer_license::offer(&world.app, &owner.principal(), asked, owner.credentials()).await.unwrap();
        Vec::new()
    });
}

#[test]
fn transferred_license_is_told() {
    check("transferred", async |world, texts| {
        let draft =
            |world: &World, account: &Account| notifications::transferred(&world.app, account, world.now());
        notify(world, texts, draft).await
    });
}

#[test]
fn last_email_carries_the_keys_of_the_licenses() {
    check("account_deleted", async |world, texts| {
        let mut keys = Vec::new();
        for licenses in 0..3 {
            let customer = world.customer_who_speaks(texts.tag).await;
            for _ in 0..licenses {
                world.owned(&customer, |_| {}).await;
            }
            let (principal, credentials) = (customer.principal(), customer.credentials());
            keys.extend(delete_account::delete_account(&world.app, &principal, credentials).await.unwrap());
        }
        keys
    });
}

#[test]
fn every_email_has_a_snapshot() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/email/snapshots");
    let mut shown = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        shown.extend(text.lines().filter_map(|line| line.strip_prefix("Subject: ")).map(str::to_owned));
    }
    for (tag, _) in LANGUAGES {
        for line in include_str!("../../texts/en-US.ftl").lines() {
            let Some((name, _)) = line.split_once(" =") else { continue };
            if name.starts_with("email-") && name.ends_with("-subject") {
                let subject = Texts::of(tag).say(name).with("vendor", "Acme").to_string();
                assert!(shown.contains(&subject), "{tag}: {name} is in no snapshot");
            }
        }
    }
}
