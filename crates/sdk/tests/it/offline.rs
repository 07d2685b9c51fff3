//! Activation without a network. The user types the Installation ID on another device, and the
//! confirmation on this one.

use std::fs;

use keystead::protocol::Code;
use keystead::{Client, Options, RefreshOutcome, ReleaseProof, State};
use serde_json::{Value, json};

use crate::sealed::{forge, value};
use crate::shop::{EMAIL, Shop};

/// Two devices of one owner: `away` has no network, and `here` has one. The license of `here` is
/// linked to the owner's account.
pub struct Pair {
    pub shop: Shop,
    pub away: Client,
    pub here: Client,
    pub folders: [tempfile::TempDir; 2],
    /// The owner's access token.
    owner: String,
}

impl Pair {
    pub fn new() -> Self {
        let mut shop = Shop::open();
        shop.add_seats();
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let away = shop.client_of("http://127.0.0.1:9", folders[0].path(), Options::default());
        let here = shop.client(folders[1].path());
        here.activate(&shop.keys[0], "Desk PC").unwrap();
        shop.sign_in(&here);
        here.link(here.linking_disclosure().unwrap().version).unwrap();
        let owner = shop.bearer_of(EMAIL);
        Self { shop, away, here, folders, owner }
    }

    fn confirm(&self, id: &str) -> (u16, Value) {
        self.ask(
            "/api/v1/offline/confirmations",
            json!({
                "license": self.here.license().unwrap(), "installation_id": id, "device_name": "Lab PC",
            }),
        )
    }

    pub fn ask(&self, path: &str, body: Value) -> (u16, Value) {
        self.shop.ask(path, body, &self.owner)
    }

    pub fn lines(&self, id: &str) -> String {
        let (status, answer) = self.confirm(id);
        assert_eq!(status, 200, "{answer}");
        let lines: Vec<String> = serde_json::from_value(answer["lines"].clone()).unwrap();
        lines.join("\n")
    }
}

#[test]
fn a_device_without_a_network_is_activated_by_what_is_typed() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    assert_eq!(pair.away.begin_offline(false).unwrap(), shown, "the same as long as it is not confirmed");
    let lines = pair.lines(&shown.installation_id);
    assert_eq!(pair.lines(&shown.installation_id.to_lowercase()), lines, "support reads the same again");
    pair.away.finish_offline(&lines.to_lowercase().replace('-', " ")).unwrap();
    let status = pair.away.status().unwrap();
    assert_eq!((status.state, status.has_feature("raw")), (State::Activated, true));
    assert_eq!(pair.here.details().unwrap().seats_used, 2);
}

#[test]
fn a_slip_is_told_with_its_line_and_another_devices_confirmation_is_refused() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    let lines = pair.lines(&shown.installation_id);
    let slip = if lines.as_bytes()[40] == b'B' { "C" } else { "B" };
    let error = pair.away.finish_offline(&format!("{}{slip}{}", &lines[..40], &lines[41..])).unwrap_err();
    assert_eq!(error.code, Code::ConfirmationMistyped);
    assert!(error.detail.unwrap().starts_with("line 2"));
    assert_eq!(pair.away.finish_offline("one line").unwrap_err().code, Code::ConfirmationMistyped);

    let folder = tempfile::tempdir().unwrap();
    let other = pair.shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    assert_eq!(other.finish_offline(&lines).unwrap_err().code, Code::InstallationUnknown);
    other.begin_offline(false).unwrap();
    assert_eq!(other.finish_offline(&lines).unwrap_err().code, Code::ConfirmationRefused);
    assert_eq!(other.status().unwrap().state, State::Unlicensed);
}

#[test]
fn what_is_kept_proves_nothing_on_another_device() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let thief = pair.shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    let file = "vendor/studio.offline.json";
    fs::copy(pair.folders[0].path().join(file), folder.path().join(file)).unwrap();
    assert_eq!(thief.status().unwrap().state, State::CertificateInvalid);
}

#[test]
fn a_seat_is_given_back_by_a_code_that_proves_it_once() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    let lines = pair.lines(&shown.installation_id);
    pair.away.finish_offline(&lines).unwrap();
    let ReleaseProof { installation_id: id, code } = pair.away.release_offline().unwrap();
    let again = pair.away.release_proofs().unwrap();
    assert_eq!(
        (again[0].installation_id.as_str(), again[0].code.as_str()),
        (&*id, &*code),
        "it is shown again"
    );
    assert_eq!(pair.away.status().unwrap().state, State::Released);
    let error = pair.away.finish_offline(&lines).unwrap_err();
    assert_eq!(error.code, Code::InstallationUnknown, "the lines serve no more");

    let wrong = json!({ "installation_id": id, "code": "CPB28-WBKJK-MBGRY-RPG2C-F898X" });
    let (status, answer) = pair.ask("/api/v1/offline/releases", wrong);
    assert_eq!((status, answer["code"].as_str()), (403, Some("release_code_refused")));
    assert_eq!(pair.here.details().unwrap().seats_used, 2);
    let right = json!({ "installation_id": id, "code": code });
    let (status, answer) = pair.ask("/api/v1/offline/releases", right.clone());
    assert_eq!((status, answer["seats_freed"].as_u64()), (200, Some(1)));
    assert_eq!(pair.here.details().unwrap().seats_used, 1);
    assert_eq!(pair.ask("/api/v1/offline/releases", right).1["code"], "activation_released");
    assert_eq!(pair.confirm(&id).1["code"], "installation_used", "its confirmation has served");
    assert_ne!(pair.away.begin_offline(false).unwrap().installation_id, id, "a new one is drawn");
}

#[test]
fn online_for_the_first_time_it_becomes_an_activation_like_any_other() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let online = pair.shop.client(pair.folders[0].path());
    assert_eq!(online.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(online.status().unwrap().state, State::ActivatedLinked);
    let kept = value(pair.folders[0].path(), "studio.offline.json");
    assert!(kept["confirmed"].is_null(), "it has served");
    assert_eq!(online.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(pair.here.details().unwrap().seats_used, 2, "the same seat");
}

#[test]
fn only_the_owner_or_support_confirms_and_only_what_there_is_a_seat_for() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    let license = pair.here.license().unwrap();
    let asked =
        json!({ "license": license, "installation_id": shown.installation_id, "device_name": "Lab PC" });
    let path = "/api/v1/offline/confirmations";
    let (status, answer) = pair.shop.ask(path, asked.clone(), &pair.shop.token);
    assert_eq!((status, answer["code"].as_str()), (422, Some("value_not_allowed")), "the vendor says why");
    let mut with_reason = asked.clone();
    with_reason["reason"] = "called from the lab".into();
    assert_eq!(pair.shop.ask(path, with_reason.clone(), &pair.shop.token).0, 200);
    assert_eq!(pair.ask(path, with_reason).1["code"], "permission_missing", "customers give no reasons");

    let (stranger, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let third = pair.shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
    let id = third.begin_offline(false).unwrap().installation_id;
    assert_eq!(pair.confirm(&id).1["code"], "no_free_seat");
    let other = pair.shop.client(stranger.path());
    pair.shop.sign_in_as(&other, "other@example.org");
    let (status, answer) = pair.shop.ask(path, asked, &pair.shop.bearer_of("other@example.org"));
    assert_eq!(
        (status, answer["code"].as_str()),
        (404, Some("not_found")),
        "somebody else's license is none"
    );
}

#[test]
fn lines_that_are_typed_again_prolong_nothing() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    let lines = pair.lines(&shown.installation_id);
    pair.away.finish_offline(&lines).unwrap();
    let before = value(pair.folders[0].path(), "studio.offline.json");
    pair.away.finish_offline(&lines).unwrap();
    let after = value(pair.folders[0].path(), "studio.offline.json");
    assert_eq!(before["confirmed"]["since"], after["confirmed"]["since"]);
    let error = pair.away.begin_offline(false).unwrap_err();
    assert_eq!(error.code, Code::AlreadyActivated, "what works is not given up by looking at it");
}

#[test]
fn the_term_ends_and_a_clock_that_is_set_back_is_noticed() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let kept = value(pair.folders[0].path(), "studio.offline.json");
    let shift = |seconds: i64| {
        let mut moved = kept.clone();
        for (object, name) in [("/confirmed", "since"), ("/confirmed/floor", "at")] {
            let place = moved.pointer_mut(object).unwrap();
            place[name] = (place[name].as_i64().unwrap() + seconds).into();
        }
        forge(pair.folders[0].path(), "studio.offline.json", |value| *value = moved);
        pair.away.status().unwrap().state
    };
    assert_eq!(shift(-364 * 24 * 60 * 60), State::Activated);
    assert_eq!(shift(-366 * 24 * 60 * 60), State::LeaseLapsed);
    assert_eq!(shift(48 * 60 * 60), State::ClockSuspect, "it was typed the day after tomorrow");
    shift(-366 * 24 * 60 * 60);
    assert_ne!(pair.away.begin_offline(false).unwrap().installation_id, shown.installation_id);
    assert_eq!(pair.away.release_proofs().unwrap().len(), 1, "what ended can be given back");
}

#[test]
fn after_a_deactivation_nothing_of_a_confirmation_is_left() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let online = pair.shop.client(pair.folders[0].path());
    online.refresh().unwrap();
    online.deactivate().unwrap();
    assert_eq!(pair.away.status().unwrap().state, State::Unlicensed);
    assert_eq!(pair.here.details().unwrap().seats_used, 1);
}

#[test]
fn a_no_that_lasts_is_heard_when_there_is_a_network() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let license = pair.here.license().unwrap();
    pair.shop.vendor(&format!("/api/v1/licenses/{license}/suspend"), json!({ "reason": "test" }));
    let online = pair.shop.client(pair.folders[0].path());
    assert_eq!(online.refresh().unwrap_err().code, Code::LicenseSuspended);
    assert_eq!(pair.away.status().unwrap().state, State::Suspended);
}

#[test]
fn an_opening_whose_answer_was_lost_is_answered_again() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    let folder = pair.folders[0].path();
    let kept = value(folder, "studio.offline.json");
    let online = pair.shop.client(folder);
    online.refresh().unwrap();
    forge(folder, "studio.activation.json", |value| *value = Value::Null);
    forge(folder, "studio.offline.json", |value| *value = kept);
    assert_eq!(online.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(pair.here.details().unwrap().seats_used, 2, "the same seat");
}

#[test]
fn an_installation_whose_activation_was_moved_takes_it_back_by_nothing() {
    let pair = Pair::new();
    let shown = pair.away.begin_offline(false).unwrap();
    let (status, answer) = pair.confirm(&shown.installation_id);
    assert_eq!(status, 200, "{answer}");
    pair.away.finish_offline(&pair.lines(&shown.installation_id)).unwrap();
    // The owner moves the activation to a third device.
    let moved = tempfile::tempdir().unwrap();
    let third = pair.shop.client(moved.path());
    pair.shop.sign_in_again(&third);
    third.reactivate(answer["activation"].as_str().unwrap().parse().unwrap(), "New PC").unwrap();
    let online = pair.shop.client(pair.folders[0].path());
    assert_eq!(online.refresh().unwrap_err().code, Code::ConfirmationRefused);
    let ReleaseProof { installation_id, code } = pair.away.release_offline().unwrap();
    let proof = json!({ "installation_id": installation_id, "code": code });
    assert_eq!(pair.ask("/api/v1/offline/releases", proof).1["code"], "release_code_refused");
    assert_eq!(third.refresh().unwrap(), RefreshOutcome::Renewed);
}

/// A device without a network. Its lease lapsed days ago.
pub struct Lapsed {
    shop: Shop,
    pub client: Client,
    pub folder: tempfile::TempDir,
}

impl Lapsed {
    pub fn new() -> Self {
        let mut shop = Shop::of_days_ago(10);
        shop.make_certificates_short();
        let folder = tempfile::tempdir().unwrap();
        shop.client(folder.path()).activate(&shop.keys[0], "Lab PC").unwrap();
        let client = shop.client_of("http://127.0.0.1:9", folder.path(), Options::default());
        assert_eq!(client.status().unwrap().state, State::LeaseLapsed);
        Self { shop, client, folder }
    }

    /// Requests a confirmation as support. Returns the status and the response.
    fn ask(&self, id: &str) -> (u16, Value) {
        let asked = json!({
            "license": self.client.license().unwrap(), "installation_id": id, "device_name": "-", "reason": "a call",
        });
        self.shop.ask("/api/v1/offline/confirmations", asked, &self.shop.token)
    }

    pub fn line(&self, id: &str) -> String {
        let (status, answer) = self.ask(id);
        assert_eq!((status, answer["days"].as_u64()), (200, Some(30)), "{answer}");
        let lines: Vec<String> = serde_json::from_value(answer["lines"].clone()).unwrap();
        lines.into_iter().next().unwrap()
    }

    /// Moves the start of the lease extension back by this many days.
    pub fn age(&self, days: i64) {
        forge(self.folder.path(), "studio.activation.json", |kept| {
            for (object, name) in [("/extension", "until"), ("/extension/floor", "at")] {
                let place = &mut kept.pointer_mut(object).unwrap()[name];
                *place = (place.as_i64().unwrap() - days * 24 * 60 * 60).into();
            }
        });
    }
}

#[test]
fn a_device_that_was_away_for_too_long_goes_on_by_one_line() {
    let lapsed = Lapsed::new();
    let shown = lapsed.client.begin_offline(false).unwrap();
    assert_eq!(shown.lines, 1);
    let line = lapsed.line(&shown.installation_id);
    assert_eq!(lapsed.line(&shown.installation_id), line, "support reads the same again");
    lapsed.client.finish_offline(&line.to_lowercase()).unwrap();
    let status = lapsed.client.status().unwrap();
    assert_eq!((status.state, status.has_feature("raw")), (State::Activated, true));
    let online = lapsed.shop.client(lapsed.folder.path());
    assert_eq!(online.details().unwrap().seats_used, 1, "the seat that it had");
}

#[test]
fn a_longer_term_ends_and_the_third_is_the_last() {
    let lapsed = Lapsed::new();
    let mut lines: Vec<String> = Vec::new();
    for term in 0..3 {
        let line = lapsed.line(&lapsed.client.begin_offline(false).unwrap().installation_id);
        if let Some(before) = lines.last() {
            assert_eq!(
                lapsed.client.finish_offline(before).unwrap_err().code,
                Code::ConfirmationRefused,
                "{term}"
            );
        }
        lapsed.client.finish_offline(&line).unwrap();
        lines.push(line);
        lapsed.age(29);
        assert_eq!(lapsed.client.status().unwrap().state, State::Activated);
        lapsed.age(2);
        assert_eq!(lapsed.client.status().unwrap().state, State::LeaseLapsed, "{term}");
    }
    assert_eq!(lapsed.client.begin_offline(false).unwrap().lines, 4, "from here on only a new activation");
}

#[test]
fn a_line_is_for_one_device_and_for_as_long_as_it_may_be_used() {
    let (lapsed, other) = (Lapsed::new(), Lapsed::new());
    let shown = lapsed.client.begin_offline(false).unwrap();
    let theirs = other.line(&other.client.begin_offline(false).unwrap().installation_id);
    assert_eq!(lapsed.client.finish_offline(&theirs).unwrap_err().code, Code::ConfirmationRefused);
    assert_eq!(lapsed.client.finish_offline("BBBBB").unwrap_err().code, Code::ConfirmationMistyped);
    assert_eq!(other.ask(&shown.installation_id).1["code"], "prolongation_unknown");
    let license = lapsed.client.license().unwrap();
    lapsed.shop.vendor(&format!("/api/v1/licenses/{license}/suspend"), json!({ "reason": "test" }));
    assert_eq!(lapsed.ask(&shown.installation_id).1["code"], "license_suspended");
    assert_eq!(lapsed.client.status().unwrap().state, State::LeaseLapsed);
}

#[test]
fn online_again_the_terms_begin_anew() {
    let lapsed = Lapsed::new();
    let shown = lapsed.client.begin_offline(false).unwrap();
    lapsed.client.finish_offline(&lapsed.line(&shown.installation_id)).unwrap();
    let online = lapsed.shop.client(lapsed.folder.path());
    assert_eq!(online.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(lapsed.client.status().unwrap().state, State::LeaseLapsed, "the server lives ten days ago");
    let next = lapsed.client.begin_offline(false).unwrap();
    assert_ne!(next.installation_id, shown.installation_id);
    lapsed.client.finish_offline(&lapsed.line(&next.installation_id)).unwrap();
    assert_eq!(
        lapsed.ask(&shown.installation_id).0,
        200,
        "as long as an answer to a refresh may have been lost"
    );
}

#[test]
fn a_clock_that_is_set_back_wins_no_longer_term() {
    let lapsed = Lapsed::new();
    let shown = lapsed.client.begin_offline(false).unwrap();
    lapsed.client.finish_offline(&lapsed.line(&shown.installation_id)).unwrap();
    // Set the floor of the extension 40 days ahead of this machine's clock, and end the extension
    // there.
    lapsed.age(-40);
    forge(lapsed.folder.path(), "studio.activation.json", |kept| {
        kept["extension"]["until"] = kept["extension"]["floor"]["at"].clone();
    });
    assert_eq!(lapsed.client.status().unwrap().state, State::LeaseLapsed);
}

#[test]
fn a_device_that_was_removed_meanwhile_can_ask_for_a_new_activation() {
    let lapsed = Lapsed::new();
    let activation = lapsed.client.activation().unwrap().unwrap();
    let online = lapsed.shop.client(lapsed.folder.path());
    let kept = value(lapsed.folder.path(), "studio.activation.json");
    online.deactivate().unwrap();
    forge(lapsed.folder.path(), "studio.activation.json", |value| *value = kept);
    assert_eq!(lapsed.client.activation().unwrap(), Some(activation));
    let shown = lapsed.client.begin_offline(false).unwrap();
    assert_eq!(lapsed.ask(&shown.installation_id).1["code"], "prolongation_unknown");
    let anew = lapsed.client.begin_offline(true).unwrap();
    assert_eq!(anew.lines, 4);
    let (status, answer) = lapsed.ask(&anew.installation_id);
    assert_eq!(status, 200, "{answer}");
    let lines: Vec<String> = serde_json::from_value(answer["lines"].clone()).unwrap();
    lapsed.client.finish_offline(&lines.join("\n")).unwrap();
    assert_eq!(lapsed.client.status().unwrap().state, State::Activated);
}
