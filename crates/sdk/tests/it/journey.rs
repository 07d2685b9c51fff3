use std::fs;
use std::path::{Path, PathBuf};

use keystead::protocol::Code;
use keystead::protocol::state::State;
use keystead::{Options, RefreshOutcome, needs_ownership_sign_in};
use serde_json::json;

use crate::sealed::{forge, value};
use crate::shop::Shop;

fn activation_file(folder: &Path) -> PathBuf {
    folder.join("vendor/studio.activation.json")
}

#[test]
fn a_product_is_activated_linked_and_given_back() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    assert_eq!(client.status().unwrap().state, State::Unlicensed);
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let status = client.status().unwrap();
    assert_eq!(
        (status.state, status.features.as_slice()),
        (State::Activated, &["raw".to_owned(), "view".to_owned()][..])
    );

    shop.sign_in(&client);
    let version = client.linking_disclosure().unwrap().version;
    assert_eq!(client.link(version).unwrap(), RefreshOutcome::Renewed);
    assert_eq!(client.status().unwrap().state, State::ActivatedLinked);
    assert_eq!(client.devices().unwrap().len(), 1);

    client.deactivate().unwrap();
    assert_eq!(client.status().unwrap().state, State::Unlicensed);
    client.activate_by_sign_in("Desk PC").unwrap();
    assert_eq!(client.status().unwrap().state, State::ActivatedLinked);
}

#[test]
fn the_key_of_an_unlinked_license_is_not_lost_when_the_license_is_suspended() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    shop.sign_in(&client);
    client.link(1).unwrap();
    let license = client.license().unwrap();
    shop.vendor(&format!("/api/v1/licenses/{license}/suspend"), json!({ "reason": "a test" }));
    let refused = client.unlink(license).err().unwrap();
    assert!(needs_ownership_sign_in(&refused), "an everyday sign-in gives no license away: {refused}");
    shop.sign_in_as_owner(&client);
    let key = client.unlink(license).unwrap();
    assert_eq!(key.product_key.len(), 29);
    assert_eq!(client.status().unwrap().state, State::Suspended, "the refresh's refusal is remembered");
    shop.vendor(&format!("/api/v1/licenses/{license}/resume"), json!({ "reason": "a test" }));
    client.activate(&key.product_key, "Desk PC").unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated);
}

#[test]
fn a_certificate_of_a_revoked_key_does_not_count_once_the_device_knows() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let file = "studio.activation.json";
    let before = value(folder.path(), file);

    shop.revoke_issuing_key();

    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(client.status().unwrap().state, State::Activated);
    let renewed = value(folder.path(), file);
    // The older keyset in the older certificate must not undo the revocation.
    forge(folder.path(), file, |value| *value = before);
    assert_eq!(client.status().unwrap().state, State::CertificateInvalid);
    assert_eq!(shop.client(folder.path()).status().unwrap().state, State::CertificateInvalid);
    forge(folder.path(), file, |value| *value = renewed);
    assert_eq!(client.status().unwrap().state, State::Activated);
}

#[test]
fn many_refreshes_and_looks_at_once_never_look_like_a_copy() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let client = shop.client(folder.path());
                for _ in 0..8 {
                    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
                    assert_eq!(client.status().unwrap().state, State::Activated);
                }
            });
        }
    });
}

#[test]
fn devices_that_start_together_agree_on_one_key() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let started: Vec<String> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    shop.client(folder.path()).begin_offline(false).unwrap();
                    fs::read_to_string(folder.path().join("vendor/device.key")).unwrap()
                })
            })
            .collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert!(started.iter().all(|key| *key == started[0]));
}

#[test]
fn damaged_files_are_told_and_lose_nothing_else() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    fs::write(folder.path().join("vendor/clock.json"), "nonsense").unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated, "the clock's file is no reason to fail");

    let path = activation_file(folder.path());
    let good = fs::read_to_string(&path).unwrap();
    fs::write(&path, &good[..good.len() / 2]).unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated, "there is another copy");
    fs::write(&path, &good).unwrap();
    let token = value(folder.path(), "studio.activation.json")["token"].as_str().unwrap().to_owned();
    let forged = token.replacen(&token[60..64], if &token[60..64] == "AAAA" { "BBBB" } else { "AAAA" }, 1);
    forge(folder.path(), "studio.activation.json", |value| value["token"] = forged.into());
    assert_eq!(client.status().unwrap().state, State::CertificateInvalid);
    client.refresh().unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated, "a refresh mends it");
}

#[test]
fn files_copied_without_the_device_key_prove_nothing() {
    let (shop, folder, other) = (Shop::open(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    let thief = shop.client(other.path());
    fs::copy(activation_file(folder.path()), activation_file(other.path())).unwrap();
    assert_eq!(thief.status().unwrap().state, State::DeviceKeyMissing);
    assert_eq!(thief.refresh().unwrap_err().code, Code::DeviceKeyMissing);
    let own = other.path().join("a-key-of-its-own");
    shop.client(&own).begin_offline(false).unwrap();
    fs::copy(own.join("vendor/device.key"), other.path().join("vendor/device.key")).unwrap();
    assert_eq!(thief.status().unwrap().state, State::DeviceKeyMissing);
    assert_eq!(thief.refresh().unwrap_err().code, Code::DeviceKeyMissing);
}

#[test]
fn mistakes_in_a_key_are_found_before_anything_is_sent() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    let key = &shop.keys[0];
    let wrong = if key.starts_with('B') { "C" } else { "B" };
    let error = client.activate(&format!("{wrong}{}", &key[1..]), "Desk PC").unwrap_err();
    assert_eq!(error.code, Code::ProductKeyMistyped);
    assert!(error.detail.unwrap().contains("group 1") && error.next_action.contains(key));
    let other_product = client.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6M", "Desk PC").unwrap_err();
    assert_eq!(other_product.code, Code::ProductKeyOtherProduct);
}

#[test]
fn the_key_of_an_activated_device_may_be_typed_as_often_as_one_likes() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    for _ in 0..9 {
        let client = shop.client(folder.path());
        client.activate(&shop.keys[0], "Desk PC").unwrap();
        assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    }
    let client = shop.client(folder.path());
    client.activate(&shop.keys[1], "Desk PC").unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated, "another key is another license");
}

#[test]
fn a_product_key_repairs_a_damaged_activation_and_a_lost_device_key() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    forge(folder.path(), "studio.activation.json", |value| value["token"] = json!("damaged"));
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated);
    fs::remove_file(folder.path().join("vendor/device.key")).unwrap();
    let client = shop.client(folder.path());
    // Use another product key: the test machine may have too little hardware to be recognized.
    client.activate(&shop.keys[1], "Desk PC").unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated);
}

#[test]
fn a_sign_in_activates_the_same_device_as_often_as_one_likes() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    shop.sign_in(&client);
    client.link(1).unwrap();
    for _ in 0..14 {
        client.activate_by_sign_in("Desk PC").unwrap();
        assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    }
    assert_eq!(client.licenses().unwrap()[0].reinstalls_left, 5);
}
