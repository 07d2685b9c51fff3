//! Signing an application in by the browser: what the person sees, what the application gets, and what a thief does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keystead_protocol::text::to_base64url;
use keystead_trials::{Browser, Exchange};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::world::{Customer, World};

const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
const REDIRECT: &str = "http://127.0.0.1:4711/callback";

fn challenge() -> String {
    to_base64url(&Sha256::digest(VERIFIER))
}

fn wish() -> Vec<(&'static str, String)> {
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

/// What the application is told, out of the address that the browser is sent to.
fn told(location: &str) -> Vec<(String, String)> {
    let (to, query) = location.split_once('?').unwrap();
    assert_eq!(to, REDIRECT);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn value(told: &[(String, String)], name: &str) -> String {
    told.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The person allows it; the code.
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
            status == 200 && page.contains("Allow Application?") && page.contains("e-mail address"),
            "{page}"
        );
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
        [("email", customer.email.as_str()), ("password", keystead_trials::PASSWORD), ("next", &next)];
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
            .header("Authorization", &format!("Basic {}", STANDARD.encode(basic)))
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
    assert_eq!(ask("keystead-sdk:a secret", ""), (400, "invalid_client".into()));
    assert_eq!(ask("somebody:", ""), (400, "invalid_client".into()));
}
