//! Runs random histories on the real server and on a small model. After every step, checks the invariants of
//! the protocol.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use keystead_testkit::{Device, Exchange};
use proptest::collection;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

use crate::world::World;

/// Number of device keys. Some of them are on the same machine.
const DEVICES: u32 = 6;
const MACHINES: u32 = 4;
const SEATS: usize = 2;

/// The state of the model.
#[derive(Default)]
struct Model {
    live: BTreeSet<u32>,
    linked: bool,
    suspended: bool,
    revoked: bool,
    answers: BTreeMap<u32, Value>,
}

impl Model {
    /// The machines that have a seat.
    fn machines(&self) -> BTreeSet<u32> {
        self.live.iter().map(|number| number % MACHINES).collect()
    }
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Activate,
    /// A refresh. All bytes of its random value have this value.
    Refresh(u8),
    Release,
    Link,
    Unlink,
    Vendor(&'static str),
}

/// A device and an action on it.
type Step = (u32, Action);

fn step() -> impl Strategy<Value = Step> {
    let vendor = prop_oneof![4 => Just("suspend"), 7 => Just("resume"), 1 => Just("revoke")];
    let action = prop_oneof![
        2 => Just(Action::Activate),
        2 => (0..200_u8).prop_map(Action::Refresh),
        1 => Just(Action::Release),
        1 => Just(Action::Link),
        1 => Just(Action::Unlink),
        1 => vendor.prop_map(Action::Vendor),
    ];
    (0..DEVICES, action)
}

#[test]
fn random_histories_keep_the_invariants() {
    for world in World::each() {
        let token = world.owner_token(&world.customer());
        world.product("studio", json!({ "seats": SEATS, "rebinds": 1000, "reinstalls": 1000, "forks": 15 }));
        let histories = Cell::new(0);
        // The seed is fixed, so every run has the same histories. Each history, including shrunk ones, has its own key and
        // devices. All licenses fit on one page of the list.
        let config = Config {
            cases: 25,
            failure_persistence: None,
            max_shrink_iters: 60,
            rng_seed: RngSeed::Fixed(1),
            ..Config::default()
        };
        let outcome = TestRunner::new(config).run(&collection::vec(step(), 1..=60), |history| {
            let base = 100 * histories.replace(histories.get() + 1);
            let key = &world.keys("studio", 1)[0];
            let mut play = Play { world: &world, owner: &token, key, base, license: None };
            let mut model = Model::default();
            for (number, action) in history {
                play.step(&mut model, number, action);
                play.check(&model);
            }
            Ok(())
        });
        outcome.unwrap();
        let issued = world.get("/api/v1/licenses", &world.token).json();
        assert!(!issued["items"].as_array().unwrap().is_empty());
    }
}

struct Play<'a> {
    world: &'a World,
    owner: &'a str,
    key: &'a str,
    base: u32,
    license: Option<String>,
}

impl Play<'_> {
    fn device(&self, number: u32) -> Device {
        Device::new(self.base + number % MACHINES).with_key_of(self.base + number)
    }

    fn step(&mut self, model: &mut Model, number: u32, action: Action) {
        match action {
            Action::Activate => self.activate(model, number),
            Action::Refresh(x) => self.refresh(model, number, x),
            Action::Release => self.release(model, number),
            Action::Link => self.link(model, number),
            Action::Unlink => self.unlink_is_for_the_owner(model),
            Action::Vendor(action) => self.vendor(model, action),
        }
    }

    fn usable(model: &Model) -> bool {
        !model.suspended && !model.revoked
    }

    fn activate(&mut self, model: &mut Model, number: u32) {
        let device = self.device(number);
        let by_key = json!({ "product": "studio", "product_key": self.key, "device": device.description() });
        let request = Exchange::post("/api/v1/activations").json(&by_key).signed(&device);
        let reply = self.world.send(&if model.linked { request.bearer(self.owner) } else { request });
        let machines = model.machines();
        let fits = machines.contains(&(number % MACHINES)) || machines.len() < SEATS;
        if Self::usable(model) && fits {
            assert_eq!(reply.status, 201, "{}", reply.json());
            let answer = reply.json();
            self.license = answer["license"].as_str().map(str::to_owned);
            if model.live.contains(&number) {
                assert_eq!(
                    model.answers[&number]["activation"], answer["activation"],
                    "I2: one live activation"
                );
            }
            model.live.insert(number);
            model.answers.insert(number, answer);
        } else {
            assert!(matches!(reply.status, 403 | 409), "I1, I5: {}", reply.json());
        }
    }

    fn refresh(&self, model: &mut Model, number: u32, x: u8) {
        let Some(answer) = model.answers.get(&number).cloned() else { return };
        let reply = self.world.refresh(&self.device(number), &answer, x);
        if !Self::usable(model) {
            assert_eq!(
                reply.status,
                if model.live.contains(&number) { 403 } else { 409 },
                "I5: {}",
                reply.json()
            );
        } else if model.live.contains(&number) {
            assert_eq!(reply.status, 200, "{}", reply.json());
            let state = if model.linked { "activated_linked" } else { "activated" };
            assert_eq!(reply.json()["state"], state);
            model.answers.insert(number, reply.json());
        } else {
            assert_eq!(reply.code(), "activation_released");
        }
    }

    fn release(&self, model: &mut Model, number: u32) {
        let Some(answer) = model.answers.get(&number) else { return };
        let path = format!("/api/v1/activations/{}/release", answer["activation"].as_str().unwrap());
        let device = self.device(number);
        let reply = self.world.send(&Exchange::post(path).signed(&device));
        let expected = if model.live.remove(&number) { 200 } else { 409 };
        assert_eq!(reply.status, expected, "{}", reply.json());
    }

    fn link(&self, model: &mut Model, number: u32) {
        let (Some(license), Some(answer)) = (&self.license, model.answers.get(&number)) else { return };
        let body = json!({ "activation": answer["activation"], "consent": { "version": 1, "agreed": true } });
        let device = self.device(number);
        let request = Exchange::post(format!("/api/v1/licenses/{license}/link"));
        let reply = self.world.send(&request.json(&body).bearer(self.owner).signed(&device));
        let vouched = model.live.contains(&number);
        if vouched && (model.linked || Self::usable(model)) {
            assert_eq!(reply.status, 200, "{}", reply.json());
            model.linked = true;
        } else {
            assert!(reply.status >= 400);
        }
    }

    fn unlink_is_for_the_owner(&self, model: &Model) {
        let Some(license) = &self.license else { return };
        let stranger = self
            .world
            .send(&Exchange::post(format!("/api/v1/licenses/{license}/unlink")).bearer(&self.world.token));
        assert_eq!(stranger.status, 403);
        if !model.linked {
            let owner = self
                .world
                .send(&Exchange::post(format!("/api/v1/licenses/{license}/unlink")).bearer(self.owner));
            assert_eq!(owner.status, 404);
        }
    }

    fn vendor(&self, model: &mut Model, action: &str) {
        let Some(license) = &self.license else { return };
        let request = Exchange::post(format!("/api/v1/licenses/{license}/{action}"));
        let reply = self.world.send(&request.json(&json!({ "reason": "a test" })).bearer(&self.world.token));
        match (model.revoked, action) {
            (true, "suspend" | "resume") => {
                assert_eq!(reply.code(), "license_revoked", "I8: revoked is for good")
            }
            (_, "revoke") => model.revoked = true,
            (false, action) => model.suspended = action == "suspend",
            (true, _) => unreachable!("revoking twice is the case above"),
        }
    }

    fn check(&self, model: &Model) {
        let Some(license) = &self.license else { return };
        let listed = self.world.get("/api/v1/licenses", &self.world.token).json();
        let found = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == license.as_str())
            .unwrap()
            .clone();
        assert_eq!(found["seats_used"], model.machines().len(), "I1: seats in use are the machines");
        assert_eq!(found["linked"], model.linked);
    }
}
