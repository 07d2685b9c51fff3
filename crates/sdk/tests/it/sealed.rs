//! Editing, deleting or adding a file on the device never improves the activation state.

use std::fs;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead::protocol::text::to_base64url;
use keystead::{Client, Mode, Options, State, Status};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::offline::{Lapsed, Pair};
use crate::published::{publish, replace};
use crate::shop::Shop;

const FIFTY_YEARS: i64 = 50 * 365 * 24 * 60 * 60;

/// Every file below a folder, with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found
}

/// The sealed value of a vendor's file.
pub fn value(folder: &Path, name: &str) -> Value {
    let sealed: Value = serde_json::from_slice(&fs::read(folder.join("vendor").join(name)).unwrap()).unwrap();
    sealed["value"].clone()
}

/// Edits a sealed value in both folders and seals it again, as an attacker with the device key
/// would.
pub fn forge(folder: &Path, name: &str, edit: impl FnOnce(&mut Value)) {
    let keyed = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).unwrap();
    let path = folder.join("vendor").join(name);
    let mut sealed: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    edit(&mut sealed["value"]);
    let revision = sealed["revision"].as_u64().unwrap() + 1;
    let key = fs::read_to_string(folder.join("vendor/device.key")).unwrap();
    let key = keyed(key.trim().as_bytes()).chain_update("keystead sealed value v1").finalize().into_bytes();
    let mac = keyed(&key).chain_update(format!("{name}\n{revision}\n{}", sealed["value"])).finalize();
    sealed["revision"] = revision.into();
    sealed["mac"] = to_base64url(&mac.into_bytes()).into();
    for (other, _) in files(folder) {
        if other.file_name() == path.file_name() {
            fs::write(other, sealed.to_string()).unwrap();
        }
    }
}

/// Ranks a status by its state and its number of features.
fn worth(status: &Status) -> (u8, usize) {
    let rank = match status.state {
        State::Activated | State::ActivatedLinked => 3,
        State::LeaseOverdue | State::ClockSuspect => 2,
        _ if status.mode == Mode::Full => 1,
        _ => 0,
    };
    (rank, status.features.len())
}

/// Copies of the file, each with one number edited.
fn edited(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut edits = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(|letter: char| !letter.is_ascii_digit()) {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        // A number in JSON follows a space.
        let alone = at > 0 && text.as_bytes()[at - 1] == b' ' && !digits.is_empty();
        if let Some(number) = alone.then(|| digits.parse::<i64>().ok()).flatten() {
            for by in [FIFTY_YEARS, -FIFTY_YEARS, 1000 * FIFTY_YEARS, -1000 * FIFTY_YEARS, 1, -1] {
                let number = number.saturating_add(by);
                let edit = format!("{}{number}{}", &text[..at], &text[at + digits.len()..]);
                edits.push(edit.into_bytes());
            }
        }
        at += part.len();
    }
    edits
}

/// Attacks each file alone, and then all its copies together. No attack may improve the state.
fn nothing_wins(what: &str, client: &Client, folder: &Path, older: &[(PathBuf, Vec<u8>)]) {
    let untouched = files(folder);
    let restore = || {
        for (path, _) in files(folder) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &untouched {
            fs::write(path, bytes).unwrap();
        }
    };
    let before = client.status().unwrap();
    let judge = |attack: &str, path: &Path| {
        // An error unlocks nothing.
        if let Ok(after) = client.status() {
            let worse = worth(&after) <= worth(&before);
            assert!(worse, "{what}: {attack} {path:?}: {:?} became {:?}", before.state, after.state);
        }
        restore();
    };
    let mut attacks = 0;
    for (path, bytes) in &untouched {
        fs::remove_file(path).unwrap();
        judge("deleted", path);
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        judge("truncated", path);
        fs::write(path, "").unwrap();
        judge("emptied", path);
        for edit in edited(bytes) {
            fs::write(path, edit).unwrap();
            judge("edited", path);
            attacks += 1;
        }
        if let Some((_, old)) = older.iter().find(|(old, _)| old == path) {
            fs::write(path, old).unwrap();
            judge("older copy of", path);
        }
        for (other, _) in untouched.iter().filter(|(other, _)| other.file_name() == path.file_name()) {
            fs::remove_file(other).unwrap();
        }
        judge("deleted everywhere", path);
        for edit in edited(bytes) {
            for (other, _) in untouched.iter().filter(|(other, _)| other.file_name() == path.file_name()) {
                fs::write(other, &edit).unwrap();
            }
            judge("edited everywhere", path);
        }
    }
    for (path, old) in older.iter().filter(|(path, _)| untouched.iter().all(|(kept, _)| kept != path)) {
        fs::write(path, old).unwrap();
        judge("brought back", path);
    }
    assert!(attacks > 0, "{what}: there was nothing to edit");
}

#[test]
fn no_file_of_an_activation_makes_its_state_better() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let run = tempfile::tempdir().unwrap();
    publish(run.path(), |_| {});
    let options = Options { published: run.path().join("run"), ..Options::default() };
    let client = shop.client_of(&shop.url, folder.path(), options);
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    client.status().unwrap();
    let first = files(folder.path());
    nothing_wins("activated", &client, folder.path(), &first);

    client.refresh().unwrap();
    nothing_wins("refreshed", &client, folder.path(), &first);

    publish(run.path(), |published| replace(published, &["tpm", "uuid", "board"]));
    assert!(client.status().unwrap().in_grace, "it goes on for a while");
    nothing_wins("hardware changed", &client, folder.path(), &first);
    forge(folder.path(), "studio.activation.json", |value| value["grace_until"] = json!(0));
    assert!(!client.status().unwrap().in_grace);
    nothing_wins("hardware changed long ago", &client, folder.path(), &first);
    publish(run.path(), |_| {});

    let license = client.license().unwrap();
    shop.vendor(&format!("/api/v1/licenses/{license}/suspend"), json!({ "reason": "a test" }));
    client.refresh().unwrap_err();
    assert_eq!(client.status().unwrap().state, State::Suspended);
    nothing_wins("suspended", &client, folder.path(), &first);

    shop.vendor(&format!("/api/v1/licenses/{license}/resume"), json!({ "reason": "a test" }));
    client.refresh().unwrap();
    client.deactivate().unwrap();
    assert_eq!(client.status().unwrap().state, State::Unlicensed);
    nothing_wins("given back", &client, folder.path(), &first);
}

#[test]
fn a_clock_set_back_wins_nothing_whatever_becomes_of_the_floors_files() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let first = files(folder.path());
    // Set the floor a year ahead of this machine's clock, so that the lease has lapsed.
    let year = 365 * 24 * 60 * 60;
    forge(folder.path(), "clock.json", |floor| floor["at"] = json!(floor["at"].as_i64().unwrap() + year));
    assert_eq!(client.status().unwrap().state, State::LeaseLapsed);
    nothing_wins("set back", &client, folder.path(), &first);
    for (path, _) in files(folder.path()).iter().filter(|(path, _)| path.ends_with("clock.json")) {
        fs::remove_file(path).unwrap();
    }
    assert_eq!(client.status().unwrap().state, State::LeaseLapsed, "a time that was lost is no earlier time");
    client.refresh().unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated, "the server says what time it is");
}

#[test]
fn no_file_of_a_confirmation_without_a_network_makes_its_state_better() {
    let pair = Pair::new();
    let folder = pair.folders[0].path();
    let shown = pair.away.begin_offline(false).unwrap();
    let asked = files(folder);
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let confirmed = files(folder);
    nothing_wins("confirmed", &pair.away, folder, &asked);
    forge(folder, "studio.offline.json", |kept| {
        for (object, name) in [("/confirmed", "since"), ("/confirmed/floor", "at")] {
            let place = &mut kept.pointer_mut(object).unwrap()[name];
            *place = json!(place.as_i64().unwrap() - 366 * 24 * 60 * 60);
        }
    });
    assert_eq!(pair.away.status().unwrap().state, State::LeaseLapsed);
    nothing_wins("the term is over", &pair.away, folder, &confirmed);
    pair.away.release_offline().unwrap();
    nothing_wins("given back without a network", &pair.away, folder, &confirmed);
}

#[test]
fn no_file_of_a_longer_term_makes_its_state_better() {
    let lapsed = Lapsed::new();
    let folder = lapsed.folder.path();
    let first = files(folder);
    nothing_wins("lapsed", &lapsed.client, folder, &first);
    let line = lapsed.line(&lapsed.client.begin_offline(false).unwrap().installation_id);
    lapsed.client.finish_offline(&line).unwrap();
    let longer = files(folder);
    nothing_wins("a longer term", &lapsed.client, folder, &first);
    lapsed.age(31);
    assert_eq!(lapsed.client.status().unwrap().state, State::LeaseLapsed);
    nothing_wins("the longer term is over", &lapsed.client, folder, &longer);
}
