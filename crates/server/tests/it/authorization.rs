//! Signing an application in through the browser: the consent page, the tokens, and attacks on both.

use keystead_app::oauth::oauth_client::{Client, Grant};
use keystead_protocol::text::{to_base64, to_base64url};
use keystead_storage::Role;
use keystead_storage::testing::Database;
use keystead_testkit::{Browser, Exchange, PASSWORD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::authenticator::with_totp;
use crate::world::{Customer, DAY, World};

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
const REDIRECT: &str = "http://127.0.0.1:4711/callback";

fn challenge() -> String {
    to_base64url(&Sha256::digest(VERIFIER))
}

pub fn wish() -> Vec<(&'static str, String)> {
    vec![
        ("client_id", "keystead-sdk".into()),
        ("redirect_uri", REDIRECT.into()),
        ("response_type", "code".into()),
        ("scope", "openid email licenses nonsense".into()),
        ("state", "a state".into()),
        ("nonce", "a nonce".into()),
        ("code_challenge", challenge()),
        ("code_challenge_method", "S256".into()),
    ]
}

fn with(name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut wish = wish();
    wish.retain(|(known, _)| *known != name);
    wish.push((name, value.to_owned()));
    wish
}

fn address(wish: &[(&str, String)]) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(wish).finish();
    format!("/id/authorize?{query}")
}

/// The parameters of the redirect to the application.
fn told(location: &str) -> Vec<(String, String)> {
    let (to, query) = location.split_once('?').unwrap();
    assert_eq!(to, REDIRECT);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn value(told: &[(String, String)], name: &str) -> String {
    told.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Allows the application as the person does, and returns the code.
fn code(customer: &Customer) -> String {
    let mut fields = wish();
    fields.push(("decision", "allow".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = told(&customer.browser.redirected("/id/authorize", &fields).unwrap());
    assert_eq!(value(&told, "state"), "a state");
    assert!(value(&told, "iss").ends_with("/id"));
    value(&told, "code")
}

fn exchange(browser: &Browser, code: &str, change: (&str, &str)) -> Value {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "keystead-sdk"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    fields.retain(|(name, _)| *name != change.0);
    fields.push(change);
    serde_json::from_str(&browser.submit("/id/token", &fields).unwrap().1).unwrap()
}

#[test]
fn a_person_allows_an_application_and_it_gets_tokens_once() {
    for world in World::each() {
        let customer = world.customer();
        let (status, page) = customer.browser.open(&address(&wish())).unwrap();
        assert!(
            status == 200 && page.contains("Allow Application?") && page.contains("email address"),
            "{page}"
        );
        assert!(page.contains("up to 180 days"), "for how long is said, too: {page}");
        let code = code(&customer);
        let tokens = exchange(&customer.browser, &code, ("x", ""));
        assert_eq!(tokens["scope"], "openid email licenses", "what is not known is left out");
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(world.get("/api/v1/licenses", access).status, 200);
        assert_eq!(
            world.get("/api/v1/account", access).code(),
            "permission_missing",
            "no profile was asked for"
        );
        let info = world.get("/id/userinfo", access).json();
        assert_eq!(info["email"], customer.email.as_str());
        assert!(info.get("name").is_none(), "the profile was not asked for");
        let id_token = tokens["id_token"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims = keystead_protocol::text::from_base64url(id_token).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["nonce"], &claims["aud"]), (&"a nonce".into(), &"keystead-sdk".into()));
        assert_eq!(exchange(&customer.browser, &code, ("x", ""))["error"], "invalid_grant");
        assert_eq!(
            world.get("/api/v1/licenses", access).code(),
            "token_expired",
            "a code that is shown twice was stolen: its session is over"
        );
    }
}

#[test]
fn an_application_does_only_what_it_was_allowed() {
    let world = World::sqlite();
    let customer = world.customer();
    let mut fields = with("scope", "openid");
    fields.push(("decision", "allow".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let code = value(&told(&customer.browser.redirected("/id/authorize", &fields).unwrap()), "code");
    let tokens = exchange(&customer.browser, &code, ("x", ""));
    let access = tokens["access_token"].as_str().unwrap();
    assert!(world.get("/id/userinfo", access).json().get("email").is_none());
    for path in ["/api/v1/account", "/api/v1/licenses", "/api/v1/devices"] {
        assert_eq!(world.get(path, access).code(), "permission_missing", "{path}");
    }
}

#[test]
fn a_code_is_of_no_use_to_a_thief() {
    let world = World::sqlite();
    let customer = world.customer();
    let thief = Browser::new(&world.server);
    for change in [
        ("code_verifier", "another-verifier-of-forty-three-characters-or"),
        ("redirect_uri", "http://127.0.0.1:4712/callback"),
        ("client_id", "keystead-cli"),
        ("code", "ksc_nonsense"),
    ] {
        assert_eq!(exchange(&thief, &code(&customer), change)["error"], "invalid_grant", "{change:?}");
    }
    assert_eq!(exchange(&thief, &code(&customer), ("code_verifier", "short"))["error"], "invalid_request");
    assert_eq!(exchange(&thief, &code(&customer), ("client_id", "unknown"))["error"], "invalid_client");
    let late = code(&customer);
    world.pass(60_000);
    assert_eq!(exchange(&thief, &late, ("x", ""))["error"], "invalid_grant");
}

#[test]
fn who_is_not_the_application_gets_no_answer_at_all() {
    let world = World::sqlite();
    let customer = world.customer();
    for change in [
        with("client_id", "unknown"),
        with("redirect_uri", "https://attacker.example/callback"),
        with("redirect_uri", "http://127.0.0.1:4711/other"),
        with("redirect_uri", ""),
    ] {
        let (status, page) = customer.browser.open(&address(&change)).unwrap();
        assert!(status == 400 && !page.contains("<form method=\"post\" action=\"/id/"), "{change:?} {page}");
    }
    for (change, error) in [
        (with("response_type", "token"), "unsupported_response_type"),
        (with("code_challenge_method", "plain"), "invalid_request"),
        (with("code_challenge", ""), "invalid_request"),
        (with("prompt", "none"), "consent_required"),
    ] {
        let location = customer.browser.location(&address(&change)).unwrap();
        assert_eq!(value(&told(&location), "error"), error);
    }
}

#[test]
fn somebody_who_is_not_signed_in_signs_in_first_and_comes_back() {
    let world = World::sqlite();
    let customer = world.customer();
    let stranger = Browser::new(&world.server);
    let to = stranger.location(&address(&wish())).unwrap();
    let next =
        form_urlencoded::parse(to.split_once('?').unwrap().1.as_bytes()).next().unwrap().1.into_owned();
    let fields =
        [("email", customer.email.as_str()), ("password", keystead_testkit::PASSWORD), ("next", &next)];
    let back = stranger.redirected("/sign-in", &fields).unwrap();
    assert_eq!(back, address(&wish()));
    assert!(stranger.open(&back).unwrap().1.contains("Allow Application?"));
    let mut fields = wish();
    fields.push(("decision", "deny".into()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = told(&stranger.redirected("/id/authorize", &fields).unwrap());
    assert_eq!(value(&told, "error"), "access_denied");
    let (status, _) = stranger.submit_from("cross-site", "/id/authorize", &fields).unwrap();
    assert_eq!(status, 403, "another site cannot press the button");
}

#[test]
fn only_the_vendor_asks_what_a_token_is() {
    let world = World::sqlite();
    let customer = world.customer();
    let ask = |bearer: &str, token: &str| {
        let body = format!("token={token}").into_bytes();
        let content_type = "application/x-www-form-urlencoded";
        let request = Exchange { body, content_type, ..Exchange::post("/id/introspect") };
        world.send(&request.bearer(bearer))
    };
    assert_eq!(ask(customer.token(), customer.token()).status, 403);
    let answer = ask(&world.token, customer.token()).json();
    assert_eq!((&answer["active"], &answer["client_id"]), (&true.into(), &"keystead-cli".into()));
    for text in ["nonsense", world.token.as_str()] {
        assert_eq!(ask(&world.token, text).json(), serde_json::json!({ "active": false }));
    }
}

#[test]
fn an_application_may_name_itself_by_basic_but_has_no_secret() {
    let world = World::sqlite();
    let ask = |basic: &str, client_id: &str| {
        let request = ureq::post(format!("{}/id/device_authorization", world.server))
            .header("Authorization", &format!("Basic {}", to_base64(basic.as_bytes())))
            .config()
            .http_status_as_error(false)
            .build();
        let fields: &[(&str, &str)] = if client_id.is_empty() { &[] } else { &[("client_id", client_id)] };
        let mut answer = request.send_form(fields.iter().copied()).unwrap();
        let body: Value = answer.body_mut().read_json().unwrap();
        (answer.status().as_u16(), body["error"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(ask("keystead-sdk:", ""), (200, String::new()));
    assert_eq!(ask("keystead-sdk:", "keystead-sdk"), (200, String::new()));
    assert_eq!(ask("keystead-sdk:", "keystead-cli"), (400, "invalid_request".into()));
    assert_eq!(ask("keystead-sdk:a secret", ""), (401, "invalid_client".into()));
    assert_eq!(ask("somebody:", ""), (401, "invalid_client".into()));
}

#[test]
fn an_application_signs_in_as_the_operator_named_it_and_for_no_more() {
    let world = World::open(Database::sqlite(), |config| {
        let (grants, scopes) = (vec![Grant::DeviceCode], vec!["profile".to_owned()]);
        let redirect_uris = || vec![REDIRECT.to_owned()];
        config.clients.push(Client {
            grants,
            scopes,
            redirect_uris: redirect_uris(),
            ..Client::new("kiosk", "Kiosk")
        });
        let grants = vec![Grant::AuthorizationCode];
        config.clients.push(Client { grants, redirect_uris: redirect_uris(), ..Client::new("site", "Site") });
    });
    let customer = world.customer();
    let tokens = customer.browser.sign_in_application_for("kiosk", "profile licenses openid").unwrap();
    assert_eq!(tokens["scope"], "profile", "what it may not have is left out");
    let address = address(&with("client_id", "kiosk"));
    assert_eq!(value(&told(&customer.browser.location(&address).unwrap()), "error"), "unauthorized_client");
    let started = customer.browser.submit("/id/device_authorization", &[("client_id", "site")]).unwrap();
    assert!(started.0 == 400 && started.1.contains("unauthorized_client"), "{started:?}");
}

fn own_application() -> Client {
    Client { vendor: true, first_party: true, ..Client::new("studio", "Studio") }
}

/// A server whose operator allows the vendor's application to take passwords.
fn with_first_party() -> World {
    World::open(Database::sqlite(), |config| {
        config.clients.push(own_application());
    })
}

fn typed(browser: &Browser, change: &[(&str, &str)]) -> (u16, Value) {
    let challenge = challenge();
    let mut fields = vec![
        ("client_id", "studio"),
        ("password", PASSWORD),
        ("scope", "licenses"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| change.iter().all(|(changed, _)| changed != name));
    fields.extend(change);
    let (status, answer) = browser.submit("/id/challenge", &fields).unwrap();
    (status, serde_json::from_str(&answer).unwrap())
}

#[test]
fn the_vendors_own_application_may_take_a_password_where_the_operator_allows_it() {
    let world = with_first_party();
    let (customer, app) = (world.customer(), Browser::new(&world.server));
    let email = ("username", customer.email.as_str());
    for (change, error) in [
        (("client_id", "keystead-sdk"), "unauthorized_client"),
        (("password", "not the password at all"), "insufficient_authorization"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "vendor"), "redirect_to_web"),
        (("auth_session", "ksh_nonsense"), "invalid_session"),
    ] {
        let (status, answer) = typed(&app, &[email, change]);
        assert_eq!((status, answer["error"].as_str()), (400, Some(error)), "{change:?}");
        assert!(answer.get("auth_session").is_none());
    }
    let unknown = typed(&app, &[("username", "nobody@example.org")]);
    assert_eq!(
        unknown,
        typed(&app, &[email, ("password", "not the password at all")]),
        "nobody is told apart"
    );
    let (_, answer) = typed(&app, &[email]);
    let code = answer["authorization_code"].as_str().unwrap();
    let exchange = |verifier: &str, redirect: Option<&str>| {
        let mut fields = vec![("grant_type", "authorization_code"), ("client_id", "studio"), ("code", code)];
        fields.push(("code_verifier", verifier));
        fields.extend(redirect.map(|uri| ("redirect_uri", uri)));
        serde_json::from_str::<Value>(&app.submit("/id/token", &fields).unwrap().1).unwrap()
    };
    assert_eq!(exchange(&"x".repeat(43), None)["error"], "invalid_grant");
    assert_eq!(exchange(VERIFIER, Some(REDIRECT))["error"], "invalid_grant");
    let tokens = exchange(VERIFIER, None);
    assert_eq!(world.get("/api/v1/licenses", tokens["access_token"].as_str().unwrap()).status, 200);
    let metadata = |world: &World| world.get("/id/.well-known/openid-configuration", "").json();
    assert!(metadata(&world)["authorization_challenge_endpoint"].is_string());
    assert!(metadata(&World::sqlite()).get("authorization_challenge_endpoint").is_none(), "off by default");
}

#[test]
fn the_second_factor_is_asked_for_in_the_vendors_own_application_too() {
    let world = with_first_party();
    let (customer, app) = (world.customer(), Browser::new(&world.server));
    let (_, recovery) = with_totp(&world, &customer.browser);
    let (_, answer) = typed(&app, &[("username", &customer.email)]);
    assert_eq!(answer["wanted"], "otp");
    let session = answer["auth_session"].as_str().unwrap().to_owned();
    let (_, again) = typed(&app, &[("auth_session", &session), ("otp", "000000")]);
    assert_eq!(
        (&again["error"], &again["auth_session"]),
        (&"insufficient_authorization".into(), &session.clone().into())
    );
    let (status, done) = typed(&app, &[("auth_session", &session), ("otp", &recovery[0])]);
    assert_eq!(status, 200, "{done}");
    assert!(done["authorization_code"].is_string());
    let (_, used) = typed(&app, &[("auth_session", &session), ("otp", &recovery[1])]);
    assert_eq!(used["error"], "invalid_session");
}

#[test]
fn whoever_guesses_is_sent_to_the_browser() {
    let world = World::open(Database::sqlite(), |config| {
        config.clients.push(own_application());
        config.limits.sign_ins_per_minute = 3;
    });
    let app = Browser::new(&world.server);
    let answers: Vec<Value> =
        (0..5).map(|_| typed(&app, &[("username", "nobody@example.org")]).1["error"].clone()).collect();
    assert_eq!(answers[0], "insufficient_authorization");
    assert_eq!(answers[4], "redirect_to_web");
}

#[test]
fn only_applications_that_the_operator_named_act_for_the_vendor() {
    let world = World::sqlite();
    let admin = world.staff(Role::Admin);
    let tokens = |client: &str| {
        admin.browser.sign_in_application_for(client, "licenses vendor").unwrap()["access_token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(world.get("/api/v1/products", &tokens("console")).status, 200);
    assert_eq!(world.get("/api/v1/products", &tokens("keystead-cli")).code(), "permission_missing");
}

#[test]
fn a_code_of_before_a_change_of_password_is_void() {
    let world = with_first_party();
    let (customer, app) = (world.customer(), Browser::new(&world.server));
    let (_, answer) = typed(&app, &[("username", &customer.email)]);
    let change = [("old", PASSWORD), ("new", "a green kettle under the stairs")];
    assert_eq!(customer.browser.submit("/security/password", &change).unwrap().0, 200);
    let code = answer["authorization_code"].as_str().unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "studio"),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    assert!(app.submit("/id/token", &fields).unwrap().1.contains("invalid_grant"));
}

#[test]
fn an_application_that_nobody_uses_for_sixty_days_is_signed_out() {
    for world in World::each() {
        let mut used = world.customer();
        let unused = world.customer();
        for _ in 0..2 {
            world.pass(45 * DAY);
            used.renew();
        }
        assert_eq!(world.get("/api/v1/account", used.token()).status, 200);
        let refresh = unused.tokens["refresh_token"].as_str().unwrap();
        let fields =
            [("grant_type", "refresh_token"), ("client_id", "keystead-cli"), ("refresh_token", refresh)];
        assert!(unused.browser.submit("/id/token", &fields).unwrap().1.contains("invalid_grant"));
    }
}
