//! Activation with files, without a network.

use std::fs;
use std::path::PathBuf;

use keystead::protocol::Code;
use keystead::{Client, Options, RefreshOutcome, State};
use serde_json::{Value, json};

use crate::offline::Pair;
use crate::published::{publish, replace};
use crate::sealed::{forge, value};

/// A USB drive that carries files from the device `away` to the account page and back.
struct Stick {
    pair: Pair,
    away: Client,
    folder: tempfile::TempDir,
}

impl Stick {
    fn new() -> Self {
        let pair = Pair::new();
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), |_| {});
        let options = Options { published: folder.path().join("run"), ..Options::default() };
        let away = pair.shop.client_of("http://127.0.0.1:9", pair.folders[0].path(), options);
        Self { pair, away, folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn bring(&self, name: &str) -> (u16, Value) {
        let request = fs::read_to_string(self.file(name)).unwrap();
        let asked = json!({ "license": self.pair.here.license().unwrap(), "request": request });
        self.pair.ask("/api/v1/offline/files", asked)
    }

    fn answered(&self, name: &str) -> PathBuf {
        let (status, answer) = self.bring(name);
        assert_eq!(status, 200, "{answer}");
        fs::write(self.file("license.lic"), answer["file"].as_str().unwrap()).unwrap();
        self.file("license.lic")
    }

    fn seats_used(&self) -> u32 {
        self.pair.here.details().unwrap().seats_used
    }
}

#[test]
fn a_device_without_a_network_gets_a_certificate_by_files() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    let license = stick.answered("lab.req");
    stick.away.open_license_file(&license).unwrap();
    let status = stick.away.status().unwrap();
    assert_eq!((status.state, status.has_feature("raw")), (State::ActivatedLinked, true));
    assert_eq!(stick.seats_used(), 2);
    let answer = fs::read_to_string(&license).unwrap();
    assert_eq!(fs::read_to_string(stick.answered("lab.req")).unwrap(), answer, "a lost file is had again");
    let options = Options { published: stick.file("run"), ..Options::default() };
    let online = stick.pair.shop.client_of(&stick.pair.shop.url, stick.pair.folders[0].path(), options);
    assert_eq!(
        online.refresh().unwrap(),
        RefreshOutcome::Renewed,
        "online it is an activation like any other"
    );
    assert_eq!(stick.seats_used(), 2);
}

#[test]
fn a_license_file_serves_once_and_on_the_device_that_asked() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    let license = stick.answered("lab.req");
    let refused = |client: &Client| client.open_license_file(&license).unwrap_err().code;
    let folder = tempfile::tempdir().unwrap();
    let other = stick.pair.shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    assert_eq!(refused(&other), Code::LicenseFileRefused);
    other.save_request(&stick.file("other.req"), "Other PC").unwrap();
    assert_eq!(refused(&other), Code::LicenseFileRefused);
    let kept = "vendor/studio.offline.json";
    fs::copy(stick.pair.folders[0].path().join(kept), folder.path().join(kept)).unwrap();
    assert_eq!(refused(&other), Code::LicenseFileRefused, "a copied file is sealed with another key");
    stick.away.open_license_file(&license).unwrap();
    assert_eq!(refused(&stick.away), Code::LicenseFileRefused, "it has served");
    assert_eq!(
        stick.away.save_request(&stick.file("lab.req"), "x").unwrap_err().code,
        Code::AlreadyActivated
    );
}

#[test]
fn only_the_latest_request_is_answered() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("first.req"), "Lab PC").unwrap();
    stick.away.save_request(&stick.file("second.req"), "Lab PC").unwrap();
    let first = stick.answered("first.req");
    assert_eq!(stick.away.open_license_file(&first).unwrap_err().code, Code::LicenseFileRefused);
    let second = stick.answered("second.req");
    stick.away.open_license_file(&second).unwrap();
    assert_eq!(stick.seats_used(), 2, "one device, one seat");
}

#[test]
fn a_seat_is_given_back_by_a_file_and_what_answered_it_serves_no_more() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    let license = stick.answered("lab.req");
    stick.away.open_license_file(&license).unwrap();
    let full = stick.file("no-such-folder/back.req");
    assert_eq!(stick.away.release_to_file(&full).unwrap_err().code, Code::StorageFailed);
    assert_eq!(stick.away.status().unwrap().state, State::ActivatedLinked, "nothing has ended");
    stick.away.release_to_file(&stick.file("lost.req")).unwrap();
    assert_eq!(stick.away.status().unwrap().state, State::Released);
    assert!(stick.away.has_release_file().unwrap());
    stick.away.release_to_file(&stick.file("back.req")).unwrap();
    let [lost, again] = ["lost.req", "back.req"].map(|name| fs::read(stick.file(name)).unwrap());
    assert_eq!(lost, again, "it is saved again");
    assert_eq!(stick.away.open_license_file(&license).unwrap_err().code, Code::LicenseFileRefused);
    assert_eq!(stick.seats_used(), 2);
    for turn in ["first", "again"] {
        let (status, answer) = stick.bring("back.req");
        assert_eq!((status, &answer["file"]), (200, &Value::Null), "{turn}: {answer}");
    }
    assert_eq!(stick.seats_used(), 1);
    assert_eq!(stick.bring("lab.req").1["code"], "request_file_used");
}

#[test]
fn a_seat_that_is_used_again_is_not_freed_by_an_older_file() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    stick.away.release_to_file(&stick.file("back.req")).unwrap();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    assert_eq!(stick.bring("back.req").1["code"], "release_file_void");
    assert_eq!(stick.seats_used(), 2);
}

#[test]
fn changed_hardware_is_asked_about_again() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    publish(stick.folder.path(), |published| replace(published, &["tpm", "uuid", "board"]));
    assert_eq!(stick.away.status().unwrap().state, State::HardwareChanged);
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    assert_eq!((stick.away.status().unwrap().state, stick.seats_used()), (State::ActivatedLinked, 2));
}

#[test]
fn what_is_no_file_of_a_device_is_refused_with_a_reason() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    let request = fs::read_to_string(stick.file("lab.req")).unwrap();
    let at = request.len() / 2;
    let changed = format!(
        "{}{}{}",
        &request[..at],
        if request.as_bytes()[at] == b'A' { "B" } else { "A" },
        &request[at + 1..]
    );
    for (name, text) in [("empty.req", ""), ("changed.req", &*changed), ("half.req", &request[..at])] {
        fs::write(stick.file(name), text).unwrap();
        assert_eq!(stick.bring(name).1["code"], "request_file_refused", "{name}");
    }
    let (status, answer) = stick.pair.ask("/api/v1/offline/files", json!({ "request": request }));
    assert_eq!((status, answer["code"].as_str()), (422, Some("value_not_allowed")));
    assert_eq!(stick.seats_used(), 1);
    for (name, bytes) in
        [("text.lic", b"hello".as_slice()), ("noise.lic", &[0xff; 100]), ("request.lic", request.as_bytes())]
    {
        fs::write(stick.file(name), bytes).unwrap();
        let error = stick.away.open_license_file(&stick.file(name)).unwrap_err();
        assert_eq!(error.code, Code::LicenseFileRefused, "{name}");
    }
    assert_eq!(stick.away.open_license_file(&stick.file("none")).unwrap_err().code, Code::StorageFailed);
}

#[test]
fn support_answers_a_file_with_a_reason_and_strangers_do_not() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    let (shop, license) = (&stick.pair.shop, stick.pair.here.license().unwrap());
    let mut asked =
        json!({ "license": license, "request": fs::read_to_string(stick.file("lab.req")).unwrap() });
    let path = "/api/v1/offline/files";
    let folder = tempfile::tempdir().unwrap();
    let stranger = shop.client(folder.path());
    shop.sign_in_as(&stranger, "other@example.org");
    let (status, answer) = shop.ask(path, asked.clone(), &shop.bearer_of("other@example.org"));
    assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")));
    assert_eq!(shop.ask(path, asked.clone(), &shop.token).0, 422, "the vendor says why");
    asked["reason"] = "a stick came by mail".into();
    assert_eq!(shop.ask(path, asked, &shop.token).0, 200);
}

#[test]
fn a_seat_is_given_back_by_a_file_though_the_answer_to_a_refresh_was_lost() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    let (folder, file) = (stick.pair.folders[0].path(), "studio.activation.json");
    assert_eq!(stick.away.refresh().unwrap_err().code, Code::ConnectionRefused);
    let before = value(folder, file);
    let options = Options { published: stick.file("run"), ..Options::default() };
    let online = stick.pair.shop.client_of(&stick.pair.shop.url, folder, options);
    assert_eq!(online.refresh().unwrap(), RefreshOutcome::Renewed);
    forge(folder, file, |value| *value = before);
    stick.away.release_to_file(&stick.file("back.req")).unwrap();
    assert_eq!(stick.bring("back.req").0, 200);
    assert_eq!(stick.seats_used(), 1);
}

#[test]
fn machines_that_look_the_same_are_moves_and_moves_are_limited() {
    let stick = Stick::new();
    let folders: Vec<_> = (0..6).map(|_| tempfile::tempdir().unwrap()).collect();
    let mut codes = Vec::new();
    for folder in &folders {
        let options = Options { published: stick.file("run"), ..Options::default() };
        let clone = stick.pair.shop.client_of("http://127.0.0.1:9", folder.path(), options);
        clone.save_request(&stick.file("clone.req"), "Clone").unwrap();
        let (status, answer) = stick.bring("clone.req");
        codes.push(if status == 200 {
            "answered".to_owned()
        } else {
            answer["code"].as_str().unwrap().to_owned()
        });
    }
    assert_eq!(codes[..5], ["answered"; 5], "a seat and four moves");
    assert_eq!(codes[5], "rebind_budget_exhausted");
}

#[test]
fn a_request_whose_seat_moved_on_is_answered_no_more() {
    let stick = Stick::new();
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.answered("lab.req");
    for newer in 0..3 {
        assert_eq!(stick.bring("lab.req").0, 200, "{newer} of the two that fit beside it");
        let folder = tempfile::tempdir().unwrap();
        let options = Options { published: stick.file("run"), ..Options::default() };
        let clone = stick.pair.shop.client_of("http://127.0.0.1:9", folder.path(), options);
        clone.save_request(&stick.file("clone.req"), "Clone").unwrap();
        stick.answered("clone.req");
    }
    assert_eq!(stick.bring("lab.req").1["code"], "request_file_used");
}

#[test]
fn a_machine_without_hardware_of_its_own_gets_a_certificate_that_lasts() {
    let stick = Stick::new();
    publish(stick.folder.path(), |published| published["fingerprint"]["fp"] = json!({ "osid": "f1d7" }));
    stick.away.save_request(&stick.file("lab.req"), "Lab PC").unwrap();
    stick.away.open_license_file(&stick.answered("lab.req")).unwrap();
    let status = stick.away.status().unwrap();
    let days = (status.works_offline_until.unwrap() - status.refresh_after.unwrap()) / 86_400_000;
    assert_eq!(days, 180, "a lease of 180 days that wants to be refreshed after 30, and 30 more of grace");
}

#[test]
fn what_was_confirmed_by_typing_can_still_be_proven_when_files_came_after_it() {
    let stick = Stick::new();
    let shown = stick.away.begin_offline(false).unwrap();
    let asked = json!({
        "license": stick.pair.here.license().unwrap(), "installation_id": shown.installation_id, "device_name": "Lab PC",
    });
    let (status, answer) = stick.pair.ask("/api/v1/offline/confirmations", asked);
    assert_eq!(status, 200, "{answer}");
    let lines: Vec<String> = serde_json::from_value(answer["lines"].clone()).unwrap();
    stick.away.finish_offline(&lines.join("\n")).unwrap();
    assert_eq!(
        stick.away.release_to_file(&stick.file("back.req")).unwrap_err().code,
        Code::NotActivated,
        "by a code"
    );
    let online = Options { published: stick.file("run"), ..Options::default() };
    let online = stick.pair.shop.client_of(&stick.pair.shop.url, stick.pair.folders[0].path(), online);
    // This activation takes a new seat. It does not exchange the confirmation.
    let full = online.activate(&stick.pair.shop.keys[1], "Lab PC");
    full.unwrap();
    let proofs = online.release_proofs().unwrap();
    assert_eq!(proofs.last().unwrap().installation_id, shown.installation_id);
    let proof = json!({ "installation_id": proofs[0].installation_id, "code": proofs[0].code });
    assert_eq!(stick.pair.ask("/api/v1/offline/releases", proof).0, 200);
    assert_eq!(stick.seats_used(), 1);
}
