//! Every operation is tried by everybody who may not do it. An operation that the API's description has and this
//! table lacks fails the test.

use std::collections::BTreeSet;

use keystead_trials::{Device, Exchange};
use serde_json::{Value, json};

use crate::world::World;

/// Who may do something.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// A customer's sign-in.
    Account,
    /// A token with this scope.
    Scope(&'static str),
    /// The device's own signature.
    Device,
    /// Nothing: it tells what every application needs, or its body decides.
    Nothing,
}

const TABLE: &[(&str, &str, Needs)] = &[
    ("get", "/api/v1/account", Needs::Account),
    ("get", "/api/v1/activations/{activation}", Needs::Nothing),
    ("get", "/api/v1/devices", Needs::Account),
    ("get", "/api/v1/licenses", Needs::Account),
    ("get", "/api/v1/linking-disclosure", Needs::Nothing),
    ("get", "/api/v1/products", Needs::Scope("read")),
    ("get", "/api/v1/products/{product}/editions", Needs::Scope("read")),
    ("get", "/api/v1/products/{product}/policies", Needs::Scope("read")),
    ("get", "/api/v1/products/{product}/profile", Needs::Nothing),
    ("get", "/api/v1/time", Needs::Nothing),
    ("patch", "/api/v1/devices/{device}", Needs::Account),
    ("post", "/api/v1/activations", Needs::Nothing),
    ("post", "/api/v1/activations/{activation}/rebind", Needs::Account),
    ("post", "/api/v1/activations/{activation}/refresh", Needs::Device),
    ("post", "/api/v1/activations/{activation}/release", Needs::Device),
    ("post", "/api/v1/devices/{device}/deactivate", Needs::Account),
    ("post", "/api/v1/licenses/{license}/link", Needs::Account),
    ("post", "/api/v1/licenses/{license}/reissue-key", Needs::Scope("keys")),
    ("post", "/api/v1/licenses/{license}/resume", Needs::Scope("licenses")),
    ("post", "/api/v1/licenses/{license}/revoke", Needs::Scope("licenses")),
    ("post", "/api/v1/licenses/{license}/suspend", Needs::Scope("licenses")),
    ("post", "/api/v1/licenses/{license}/unlink", Needs::Account),
    ("post", "/api/v1/products", Needs::Scope("catalog")),
    ("post", "/api/v1/products/{product}/editions", Needs::Scope("catalog")),
    ("post", "/api/v1/products/{product}/key-batches", Needs::Scope("keys")),
    ("post", "/api/v1/products/{product}/policies", Needs::Scope("catalog")),
    ("post", "/api/v1/validations", Needs::Scope("validate")),
];

#[test]
fn the_table_names_every_operation_of_the_description() {
    let description = serde_json::to_value(keystead_server::openapi()).unwrap();
    let described: BTreeSet<(String, String)> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, operations)| {
            operations.as_object().unwrap().keys().map(|method| (method.clone(), path.clone()))
        })
        .collect();
    let table: BTreeSet<(String, String)> =
        TABLE.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, table);
}

#[test]
fn whoever_lacks_the_right_is_refused_before_the_body_is_read() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let (device, customer) = (Device::new(1), world.customer());
    let activated = world.activated(&device, &key);
    let before = state(&world);
    for (method, path, needs) in TABLE {
        let path = fill(path, &activated);
        let request = |bearer: Option<&str>| {
            let method = if *method == "get" {
                "GET"
            } else if *method == "patch" {
                "PATCH"
            } else {
                "POST"
            };
            let exchange = Exchange { method, ..Exchange::post(&path).json(&json!("nonsense")) };
            let reply = world.send(&match bearer {
                Some(token) => exchange.bearer(token),
                None => exchange,
            });
            (reply.status, reply.code())
        };
        match needs {
            Needs::Nothing => {}
            Needs::Device => {
                let unsigned = world.send(&Exchange::post(&path).json(&json!({
                    "ratchet": { "r": activated["ratchet"], "x": activated["ratchet"] }, "fingerprint": device.fingerprint
                })));
                assert_eq!((unsigned.status, unsigned.code().as_str()), (401, "proof_missing"), "{path}");
            }
            Needs::Account => {
                assert_eq!(request(None), (401, "sign_in_required".into()), "{method} {path}");
                if path != "/api/v1/licenses" {
                    assert_eq!(
                        request(Some(&world.token)),
                        (403, "permission_missing".into()),
                        "{method} {path}"
                    );
                }
            }
            Needs::Scope(_) => {
                assert_eq!(request(None), (401, "sign_in_required".into()), "{method} {path}");
                assert_eq!(
                    request(Some(customer.token())),
                    (403, "permission_missing".into()),
                    "{method} {path}"
                );
            }
        }
        for forged in ["kst_x", "nonsense", &customer.token().replace("ksa_", "kst_")] {
            if matches!(needs, Needs::Account | Needs::Scope(_)) {
                assert_eq!(request(Some(forged)), (401, "token_expired".into()), "{method} {path}");
            }
        }
    }
    assert_eq!(state(&world), before, "nothing changed");
}

/// Who may open a page.
#[derive(Clone, Copy, PartialEq)]
enum Opens {
    /// Everybody.
    Anybody,
    /// Whoever is signed in, for their own account.
    SignedIn,
    /// The owner of what the path names; for others it is not there.
    Owner,
}

const PAGES: &[(&str, Opens)] = &[
    ("/", Opens::SignedIn),
    ("/sign-up", Opens::Anybody),
    ("/sign-up/confirm", Opens::Anybody),
    ("/sign-in", Opens::Anybody),
    ("/sign-in/code", Opens::Anybody),
    ("/sign-in/passkey", Opens::Anybody),
    ("/sign-in/passkey/options", Opens::Anybody),
    ("/sign-in/with/{provider}", Opens::Anybody),
    ("/sign-in/from/{provider}", Opens::Anybody),
    ("/sign-out", Opens::Anybody),
    ("/recover", Opens::Anybody),
    ("/recover/reset", Opens::Anybody),
    ("/account", Opens::SignedIn),
    ("/account/email", Opens::Anybody),
    ("/account/email/confirm", Opens::Anybody),
    ("/security", Opens::SignedIn),
    ("/security/password", Opens::SignedIn),
    ("/security/sessions/{session}/end", Opens::SignedIn),
    ("/security/totp", Opens::SignedIn),
    ("/security/totp/remove", Opens::SignedIn),
    ("/security/passkeys", Opens::SignedIn),
    ("/security/passkeys/options", Opens::SignedIn),
    ("/security/passkeys/{passkey}/remove", Opens::SignedIn),
    ("/security/providers/{provider}", Opens::SignedIn),
    ("/security/identities/{identity}/remove", Opens::SignedIn),
    ("/devices", Opens::SignedIn),
    ("/devices/{device}", Opens::Owner),
    ("/devices/{device}/name", Opens::SignedIn),
    ("/devices/{device}/remove", Opens::Owner),
    ("/licenses/{license}", Opens::Owner),
    ("/licenses/{license}/unlink", Opens::Owner),
    ("/licenses/{license}/transfer", Opens::Owner),
    ("/transfer", Opens::SignedIn),
    ("/link", Opens::SignedIn),
    ("/link/check", Opens::SignedIn),
    ("/privacy", Opens::SignedIn),
    ("/privacy/export", Opens::SignedIn),
    ("/privacy/delete", Opens::SignedIn),
    ("/id/authorize", Opens::Anybody),
    ("/device", Opens::SignedIn),
    ("/device/decide", Opens::SignedIn),
    ("/assets/style.css", Opens::Anybody),
    ("/assets/key.js", Opens::Anybody),
    ("/assets/passkey.js", Opens::Anybody),
];

#[test]
fn the_table_names_every_page() {
    let routes = include_str!("../../src/web/mod.rs").split(".route(\"").skip(1);
    let routes: BTreeSet<&str> = routes.filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(routes, PAGES.iter().map(|(path, _)| *path).collect());
}

#[test]
fn a_page_opens_for_those_whose_it_is() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let (device, owner, stranger) = (Device::new(1), world.customer(), world.customer());
    let activated = world.activated(&device, &key);
    assert_eq!(world.link(&device, &activated, &owner).status, 200);
    let anybody = keystead_trials::Browser::new(&world.server);
    for (path, opens) in PAGES {
        let path = fill(path, &activated).replace("{session}", "ses_00000000000000000000000000000000");
        let open = |browser: &keystead_trials::Browser| browser.open(&path).unwrap().0;
        let post = |browser: &keystead_trials::Browser| browser.submit(&path, &[]).unwrap().0;
        let (out, other, mine) = (open(&anybody), open(&stranger.browser), open(&owner.browser));
        match opens {
            // No provider is configured.
            Opens::Anybody if path == "/sign-in/with/{provider}" => {
                assert_eq!((out, mine), (404, 404), "{path}");
            }
            Opens::Anybody => assert!(!matches!(out, 303 | 404 | 500), "{path}: {out}"),
            Opens::SignedIn => {
                // 405: there is only a form's target.
                // 404: a link that nobody sent.
                assert!(matches!(out, 303 | 405) && matches!(mine, 200 | 404 | 405), "{path}: {out} {mine}");
                assert!(matches!(post(&anybody), 303 | 405), "{path}");
            }
            Opens::Owner => {
                assert_eq!((out, other, mine), (303, 404, 200), "{path}");
                assert!(matches!(post(&anybody), 303 | 405), "{path}");
            }
        }
        for browser in [&anybody, &stranger.browser] {
            if !path.starts_with("/sign-out") {
                assert!(post(browser) != 500, "{path}");
            }
        }
    }
    assert_eq!(world.license()["seats_used"], 1, "nothing changed");
}

fn state(world: &World) -> (Value, Value) {
    (world.license(), world.get("/api/v1/products/studio/policies", &world.token).json())
}

fn fill(path: &str, activated: &Value) -> String {
    let text = |name: &str| activated[name].as_str().unwrap();
    path.replace("{activation}", text("activation"))
        .replace("{device}", text("device"))
        .replace("{license}", text("license"))
        .replace("{product}", "studio")
}
