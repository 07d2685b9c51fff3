//! Access tables: the expected result of every endpoint and every page for every kind of caller. A test fails
//! if an endpoint or a page is missing from its table.

use std::collections::BTreeSet;

use keystead_storage::Role;
use keystead_testkit::{Browser, Device, Exchange, Http, Reply};
use serde_json::{Value, json};

use crate::authenticator::with_totp;
use crate::world::{Customer, World};

/// The callers, in the order of the columns below.
const EVERYBODY: [&str; 6] =
    ["anybody", "another customer", "the owner", "support", "an admin", "a token with too little"];

/// The result for a caller.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Gets {
    /// Access is granted; the response depends on the request.
    In,
    /// 401, `sign_in_required`.
    SignIn,
    /// 403, `permission_missing`.
    Permission,
    /// 404, `not_found`: the resource belongs to another account.
    Nothing,
    /// 401, `proof_missing`: only the device itself may access it.
    Proof,
}
use Gets::{In, Nothing, Permission, Proof, SignIn};

type Row = [Gets; 6];

/// For every caller: the data is public, or the body contains the credential.
const OPEN: Row = [In; 6];
/// For every account, because the account uses only its own data.
const ACCOUNT: Row = [SignIn, In, In, In, In, Permission];
/// For the account that owns the resource in the path.
const OWNER: Row = [SignIn, Nothing, In, Nothing, Nothing, Permission];
/// For the account that owns the resource in the path, and for principals with the vendor's `read` permission.
const SEE: Row = [Nothing, Nothing, In, In, In, Nothing];
/// For accounts, with the proof of a device that uses the resource in the path.
const HOLDER: Row = [SignIn, Proof, In, Proof, Proof, Permission];
/// For the device that owns the resource in the path.
const DEVICE: Row = [Proof; 6];
/// For principals with the vendor's `read` permission.
const LOOK: Row = [SignIn, Permission, Permission, In, In, Permission];
/// For principals with the vendor's permissions to make changes.
const CHANGE: Row = [SignIn, Permission, Permission, Permission, In, Permission];
/// For applications with the scope `openid`, which none of these callers has.
const OPENID: Row = [SignIn, Permission, Permission, Permission, Permission, SignIn];
/// For applications with the scope `ownership`, which none of these callers has.
const OWNERSHIP: Row = [SignIn, Permission, Permission, Permission, Permission, Permission];
/// For accounts, and for principals with the vendor's `read` permission.
const LIST: Row = [SignIn, In, In, In, In, Permission];

const TABLE: &[(&str, &str, Row)] = &[
    ("get", "/api/v1/account", ACCOUNT),
    ("get", "/api/v1/activations/{activation}", SEE),
    ("get", "/api/v1/devices", ACCOUNT),
    ("get", "/api/v1/licenses", LIST),
    ("get", "/api/v1/linking-disclosure", OPEN),
    ("get", "/api/v1/logs/{log}/checkpoint", LOOK),
    ("get", "/api/v1/logs/{log}/consistency-proof", LOOK),
    ("get", "/api/v1/logs/{log}/inclusion-proof", LOOK),
    ("get", "/api/v1/products", LOOK),
    ("get", "/api/v1/products/{product}/editions", LOOK),
    ("get", "/api/v1/products/{product}/policies", LOOK),
    ("get", "/api/v1/products/{product}/profile", OPEN),
    ("get", "/api/v1/time", OPEN),
    ("patch", "/api/v1/devices/{device}", OWNER),
    ("post", "/api/v1/accounts/sign-out", CHANGE),
    ("post", "/api/v1/activations", OPEN),
    ("post", "/api/v1/activations/{activation}/rebind", OWNER),
    ("post", "/api/v1/activations/{activation}/refresh", DEVICE),
    ("post", "/api/v1/activations/{activation}/release", DEVICE),
    ("post", "/api/v1/devices/{device}/deactivate", OWNER),
    ("post", "/api/v1/licenses/{license}/link", HOLDER),
    ("post", "/api/v1/licenses/{license}/reissue-key", CHANGE),
    ("post", "/api/v1/licenses/{license}/resume", CHANGE),
    ("post", "/api/v1/licenses/{license}/revoke", CHANGE),
    ("post", "/api/v1/licenses/{license}/suspend", CHANGE),
    ("post", "/api/v1/licenses/{license}/unlink", OWNERSHIP),
    ("post", "/api/v1/offline/confirmations", LIST),
    ("post", "/api/v1/offline/files", LIST),
    ("post", "/api/v1/offline/openings", OPEN),
    ("post", "/api/v1/offline/releases", LIST),
    ("post", "/api/v1/products", CHANGE),
    ("post", "/api/v1/products/{product}/editions", CHANGE),
    ("post", "/api/v1/products/{product}/key-batches", CHANGE),
    ("post", "/api/v1/products/{product}/policies", CHANGE),
    ("post", "/api/v1/validations", LOOK),
];

/// The authorization server's endpoints. They report other errors in OAuth's format, so the table covers only
/// the check of the bearer token.
const IDENTITY: &[(&str, &str, Row)] = &[
    ("get", "/id/.well-known/openid-configuration", OPEN),
    ("get", "/.well-known/oauth-authorization-server/id", OPEN),
    ("get", "/id/keys", OPEN),
    ("get", "/id/userinfo", OPENID),
    ("post", "/id/challenge", OPEN),
    ("post", "/id/device_authorization", OPEN),
    ("post", "/id/introspect", LOOK),
    ("post", "/id/revoke", OPEN),
    ("post", "/id/token", OPEN),
];

#[test]
fn the_table_names_every_operation_of_the_description() {
    let description = keystead_server::openapi("https://keystead.example");
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
fn the_table_names_every_endpoint_of_the_authorization_server() {
    let routes: BTreeSet<&str> = keystead_server::OAUTH_PATHS.iter().copied().collect();
    assert_eq!(routes, IDENTITY.iter().map(|(_, path, _)| *path).collect());
}

/// A world in which a customer owns a device and a license. Also contains the credentials of the callers.
struct Cast {
    world: World,
    activated: Value,
    owner: Customer,
    other: Customer,
    support: Customer,
    admin: Customer,
    little: [String; 2],
}

/// The caller, method, path, bearer token and expected result.
type Cell<'a> = (&'static str, &'static str, String, Option<&'a str>, Gets);

impl Cast {
    fn gather() -> Self {
        let world = World::sqlite();
        let key = world.one_key(1);
        let (device, owner, other) = (Device::new(1), world.customer(), world.customer());
        let activated = world.activated(&device, &key);
        assert_eq!(world.link(&device, &activated, &owner).status, 200);
        let (support, admin) = (world.staff(Role::Support), world.staff(Role::Admin));
        let little = ["validate", "catalog"].map(|scope| world.api_token(scope));
        Self { world, activated, owner, other, support, admin, little }
    }

    fn bearers(&self, path: &str) -> [Option<&str>; 6] {
        let little = usize::from(path.ends_with("/validations"));
        let [other, owner] = [&self.other, &self.owner].map(|customer| Some(customer.token()));
        let [support, admin] = [&self.support, &self.admin].map(|staff| Some(staff.token()));
        [None, other, owner, support, admin, Some(&self.little[little])]
    }

    /// Every endpoint with every caller.
    fn cells(&self) -> Vec<Cell<'_>> {
        let mut cells = Vec::new();
        for (method, path, row) in TABLE.iter().chain(IDENTITY) {
            let path = fill(path, &self.activated);
            for ((who, bearer), expected) in EVERYBODY.into_iter().zip(self.bearers(&path)).zip(row) {
                cells.push((who, *method, path.clone(), bearer, *expected));
            }
        }
        cells
    }

    fn browsers(&self) -> [&Browser; 4] {
        [&self.other, &self.owner, &self.support, &self.admin].map(|customer| &customer.browser)
    }

    fn state(&self) -> (Value, Value) {
        (self.world.license(), self.world.get("/api/v1/products/studio/policies", &self.world.token).json())
    }
}

fn got(status: u16, code: &str) -> Gets {
    match (status, code) {
        (401, "sign_in_required") => SignIn,
        (403, "permission_missing") => Permission,
        (404, "not_found") => Nothing,
        (401, "proof_missing") => Proof,
        (401 | 403 | 500, other) => panic!("{status} {other}"),
        _ => In,
    }
}

/// Sends a valid request for callers that must be refused. For the others, sends an invalid request, which
/// changes nothing.
fn ask(cast: &Cast, method: &str, path: &str, bearer: Option<&str>, expected: Gets) -> Reply {
    let stranger = Device::new(2);
    let mut exchange = match method {
        "get" => Exchange::get(path),
        _ if expected == In => Exchange::post(path).json(&json!("nonsense")),
        _ => Exchange::post(path).json(&fitting(path, &cast.activated)),
    };
    if method == "patch" {
        exchange.method = "PATCH";
    }
    if path.ends_with("/rebind") {
        exchange = exchange.signed(&stranger);
    }
    // Use a new connection, because the server closes a connection if it did not read the body.
    let sent = Http::new(&cast.world.server).send(&match bearer {
        Some(token) => exchange.bearer(token),
        None => exchange,
    });
    sent.unwrap()
}

#[test]
fn everybody_gets_what_the_table_says_from_every_endpoint() {
    let cast = Cast::gather();
    let before = cast.state();
    let (refused, let_in): (Vec<_>, Vec<_>) = cast.cells().into_iter().partition(|cell| cell.4 != In);
    let mut wrong = Vec::new();
    let mut look = |(who, method, path, bearer, expected): &Cell<'_>| {
        let reply = ask(&cast, method, path, *bearer, *expected);
        let got = got(reply.status, &reply.code());
        if got != *expected {
            wrong.push(format!(
                "{who}: {method} {path}: {} {}, not {expected:?}",
                reply.status,
                reply.code()
            ));
        }
    };
    refused.iter().for_each(&mut look);
    assert_eq!(cast.state(), before, "nothing changed");
    let_in.iter().for_each(&mut look);
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_forged_token_is_nobodys() {
    let cast = Cast::gather();
    for (method, path, row) in TABLE.iter().chain(IDENTITY).filter(|(_, _, row)| row[0] == SignIn) {
        let path = fill(path, &cast.activated);
        for forged in ["kst_x", "nonsense", &cast.owner.token().replace("ksa_", "kst_")] {
            let reply = ask(&cast, method, &path, Some(forged), row[0]);
            assert_eq!((reply.status, reply.code().as_str()), (401, "token_expired"), "{method} {path}");
        }
    }
}

/// A body that would make a change for a permitted caller.
fn fitting(path: &str, activated: &Value) -> Value {
    let device = Device::new(1);
    match path.rsplit('/').next().unwrap() {
        "refresh" | "release" => json!({
            "ratchet": { "r": activated["ratchet"], "x": activated["ratchet"] }, "fingerprint": device.fingerprint
        }),
        "rebind" => json!({ "device": Device::new(2).description(), "confirm": "this_is_that_device" }),
        "link" => {
            json!({ "activation": activated["activation"], "consent": { "version": 1, "agreed": true } })
        }
        "deactivate" | "unlink" => json!({}),
        _ => json!({ "name": "Mine now" }),
    }
}

/// Who may open a page.
#[derive(Clone, Copy, PartialEq)]
enum Opens {
    /// Every visitor.
    Anybody,
    /// Signed-in persons, for their own account.
    SignedIn,
    /// The owner of the resource in the path; others get 404.
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
    ("/security/sessions/end-others", Opens::SignedIn),
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
    ("/offline", Opens::SignedIn),
    ("/offline/release", Opens::SignedIn),
    ("/offline/file", Opens::SignedIn),
    ("/find", Opens::SignedIn),
    ("/privacy", Opens::SignedIn),
    ("/privacy/export", Opens::SignedIn),
    ("/privacy/delete", Opens::SignedIn),
    ("/id/authorize", Opens::Anybody),
    ("/device", Opens::SignedIn),
    ("/device/decide", Opens::SignedIn),
    ("/assets/style.css", Opens::Anybody),
    ("/assets/key.js", Opens::Anybody),
    ("/assets/file.js", Opens::Anybody),
    ("/assets/passkey.js", Opens::Anybody),
    ("/assets/work.js", Opens::Anybody),
];

#[test]
fn the_table_names_every_page() {
    let routes: BTreeSet<&str> = keystead_server::PAGE_PATHS.iter().copied().collect();
    assert_eq!(routes, PAGES.iter().map(|(path, _)| *path).collect());
}

#[test]
fn a_page_opens_for_those_whose_it_is() {
    let cast = Cast::gather();
    let (world, activated) = (&cast.world, &cast.activated);
    // The other customer gets a second factor, like the staff accounts.
    with_totp(world, &cast.other.browser);
    let anybody = Browser::new(&world.server);
    for (path, opens) in PAGES {
        let path = fill(path, activated).replace("{session}", "ses_00000000000000000000000000000000");
        let open = |browser: &Browser| browser.open(&path).unwrap().0;
        let post = |browser: &Browser| browser.submit(&path, &[]).unwrap().0;
        let (out, [other, mine, support, admin]) = (open(&anybody), cast.browsers().map(open));
        assert_eq!(
            (support, admin),
            (other, other),
            "{path}: whoever works for the vendor is another customer here"
        );
        match opens {
            // No provider is configured.
            Opens::Anybody if path == "/sign-in/with/{provider}" => {
                assert_eq!((out, mine), (404, 404), "{path}");
            }
            Opens::Anybody => assert!(!matches!(out, 303 | 404 | 500), "{path}: {out}"),
            Opens::SignedIn => {
                // 405: the path accepts only forms.
                // 404: the link was never sent.
                assert!(matches!(out, 303 | 405) && matches!(mine, 200 | 404 | 405), "{path}: {out} {mine}");
                assert!(matches!(post(&anybody), 303 | 405), "{path}");
            }
            Opens::Owner => {
                assert_eq!((out, other, mine), (303, 404, 200), "{path}");
                assert!(matches!(post(&anybody), 303 | 405), "{path}");
            }
        }
        for browser in [&anybody, &cast.other.browser, &cast.support.browser, &cast.admin.browser] {
            if !path.starts_with("/sign-out") {
                assert!(post(browser) != 500, "{path}");
            }
        }
    }
    assert_eq!(world.license()["seats_used"], 1, "nothing changed");
}

fn fill(path: &str, activated: &Value) -> String {
    let text = |name: &str| activated[name].as_str().unwrap();
    path.replace("{activation}", text("activation"))
        .replace("{device}", text("device"))
        .replace("{license}", text("license"))
        .replace("{log}", "issue")
        .replace("{product}", "studio")
}
