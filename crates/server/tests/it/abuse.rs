//! Attackers and broken clients: bad input changes nothing and never causes a 500.

use keystead_storage::testing::Database;
use keystead_testkit::{Device, Exchange, Http};
use serde_json::json;

use crate::world::{DAY, World, activation, refresh};

#[test]
fn malformed_bodies_get_a_problem_that_says_what_is_wrong() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = Device::new(1);
    let good = activation(&device, &key);
    let with_body = |body: &[u8]| Exchange { body: body.to_vec(), ..good.clone() };
    for body in [&b"{"[..], b"[]", b"null", b"\xff\xfe", b"{\"product\": 1}", b"{\"unknown\": true}"] {
        let reply = world.send(&with_body(body));
        assert_eq!((reply.status, reply.code().as_str()), (400, "malformed_request"));
        assert!(reply.json()["detail"].is_string() && reply.json()["next_action"].is_string());
    }
    let reply = world.send(&with_body(&vec![b' '; 70_000]));
    assert_eq!((reply.status, reply.code().as_str()), (413, "body_too_large"));
    let reply = world.send(&Exchange { content_type: "text/plain", ..good.clone() });
    assert_eq!((reply.status, reply.code().as_str()), (415, "media_type_unsupported"));
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(world.send(&with_body(deep.as_bytes())).status, 400);
    assert_eq!(world.send(&good).status, 201);
}

#[test]
fn a_change_without_an_idempotency_key_is_refused() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = Device::new(1);
    for idempotency_key in [None, Some(String::new()), Some("nonsense".into())] {
        let reply = world.send(&Exchange { idempotency_key, ..activation(&device, &key) });
        assert_eq!((reply.status, reply.code().as_str()), (400, "idempotency_key_missing"));
    }
}

#[test]
fn unknown_ids_paths_and_methods_are_not_found_or_not_allowed() {
    let world = World::sqlite();
    world.one_key(1);
    let customer = world.customer();
    for path in [
        "/api/v1/activations/act_00000000000000000000000000000000",
        "/api/v1/activations/x",
        "/api/v1/nothing",
        "/x",
    ] {
        let reply = world.get(path, customer.token());
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{path}");
        assert_eq!(reply.content_type, "application/problem+json");
    }
    let reply = world.send(&Exchange { method: "DELETE", ..Exchange::get("/api/v1/account") });
    assert_eq!((reply.status, reply.code().as_str()), (405, "method_not_allowed"));
    let bad_page =
        Exchange { query: "?after=%00".into(), ..Exchange::get("/api/v1/devices").bearer(customer.token()) };
    assert_eq!(world.send(&bad_page).status, 422);
}

#[test]
fn a_captured_request_cannot_be_used_again_or_for_something_else() {
    for world in World::each() {
        let key = world.one_key(5);
        let device = Device::new(1);
        let nonce = world.http.nonce().unwrap();
        let request = Exchange { nonce: Some(nonce.clone()), ..activation(&device, &key) };
        let answer = world.send(&request).json();
        let under_new_key =
            Exchange { idempotency_key: Exchange::post("/").idempotency_key, ..request.clone() };
        assert_eq!(world.send(&under_new_key).code(), "nonce_stale", "a nonce serves once");
        let other_request = Exchange { nonce: Some(nonce), ..refresh(&device, &answer, 1) };
        assert_eq!(world.send(&other_request).code(), "nonce_stale");
        let late = world.http.nonce().unwrap();
        world.pass(121_000);
        let late = Exchange { nonce: Some(late), ..refresh(&device, &answer, 1) };
        assert_eq!(world.send(&late).code(), "nonce_stale");
        let made_up = Exchange {
            nonce: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into()),
            ..refresh(&device, &answer, 1)
        };
        assert_eq!(world.send(&made_up).code(), "nonce_stale");
        assert_eq!(world.license()["seats_used"], 1);
    }
}

#[test]
fn a_request_signed_by_another_device_is_refused() {
    let world = World::sqlite();
    let key = world.one_key(2);
    let (device, thief) = (Device::new(1), Device::new(2));
    let answer = world.activated(&device, &key);
    let stolen = Exchange { device: Some(&thief), ..refresh(&device, &answer, 1) };
    assert_eq!(world.send(&stolen).code(), "different_device");
    let pretended = Exchange { device: Some(&thief), ..activation(&device, &key) };
    assert_eq!(world.send(&pretended).code(), "different_device");
}

#[test]
fn a_server_clock_that_jumps_by_years_loses_nothing() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let answer = world.activated(&device, &key);
        world.pass(3650 * DAY);
        assert_eq!(world.license()["seats_used"], 1);
        world.pass(-3650 * DAY);
        assert_eq!(world.refresh(&device, &answer, 1).status, 200);
    }
}

#[test]
fn impossible_values_are_refused_with_the_field() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let device = Device::new(1);
    let with = |field: &str, value: serde_json::Value| {
        let mut description = device.description();
        description[field] = value;
        let body = json!({ "product": "studio", "product_key": key, "device": description });
        world.send(&Exchange::post("/api/v1/activations").json(&body).signed(&device))
    };
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("a\u{0}b")),
        ("name", json!("x".repeat(101))),
        ("key", json!({ "alg": "none", "pk": device.description()["key"]["pk"] })),
        ("key", json!({ "alg": "ESP256", "pk": device.description()["key"]["pk"] })),
        ("key", json!({ "alg": "Ed25519", "pk": "AAAA" })),
    ] {
        let reply = with(field, value.clone());
        assert_eq!((reply.status, reply.code().as_str()), (422, "value_not_allowed"), "{field} {value}");
        assert!(reply.json()["detail"].as_str().unwrap().starts_with("device."));
    }
    assert_eq!(with("fp", json!({ "mac": [] })).status, 400);
    assert_eq!(world.license(), serde_json::Value::Null);
}

#[test]
fn control_characters_are_refused_before_they_reach_a_database() {
    for world in World::each() {
        let key = world.one_key(1);
        let device = Device::new(1);
        let answer = world.activated(&device, &key);
        let body = json!({ "product": "stu\u{0}dio", "product_key": key, "device": device.description() });
        assert_eq!(
            world.send(&Exchange::post("/api/v1/activations").json(&body).signed(&device)).status,
            404
        );
        let path = format!("/api/v1/licenses/{}/suspend", answer["license"].as_str().unwrap());
        let reply =
            world.send(&Exchange::post(path).json(&json!({ "reason": "a\u{0}b" })).bearer(&world.token));
        assert_eq!(reply.status, 422);
        let batch = json!({ "edition": "pro", "policy": "retail", "count": 1, "note": "\u{0}" });
        let path = "/api/v1/products/studio/key-batches";
        assert_eq!(world.send(&Exchange::post(path).json(&batch).bearer(&world.token)).status, 422);
    }
}

#[test]
fn an_account_is_not_guessed_from_many_addresses() {
    let world = World::open(Database::sqlite(), |config| {
        config.limits.sign_ins_per_minute = 3;
        config.trusted_proxies = 1;
    });
    let tries = (0..60).map(|number| {
        let form = Exchange {
            body: b"email=person%40example.org&password=x".to_vec(),
            content_type: "application/x-www-form-urlencoded",
            forwarded_for: Some(format!("192.0.2.{number}")),
            ..Exchange::post("/sign-in")
        };
        world.send(&form).status
    });
    let tries: Vec<u16> = tries.collect();
    assert_eq!(tries[..10], [401; 10]);
    assert_eq!(tries[10..], [429; 50], "wherever they come from");
}

#[test]
fn a_browser_is_told_on_a_page_and_an_application_in_json() {
    let world = World::open(Database::sqlite(), |config| config.limits.requests_per_second = 1);
    let page = world.browse("/nowhere", "text/html,application/xhtml+xml;q=0.9");
    assert!(page.0 == 404 && page.1.contains("<h1>") && page.1.contains("not_found"), "{page:?}");
    assert!(world.browse("/nowhere", "application/json").1.starts_with('{'));
    assert!(world.browse("/api/v1/nowhere", "text/html").1.starts_with('{'));
    let pages: Vec<_> = (0..20).map(|_| world.browse("/sign-in", "text/html")).collect();
    let turned_away = pages.iter().find(|(status, _)| *status == 429).unwrap();
    assert!(turned_away.1.contains("<h1>") && turned_away.1.contains("too_many_requests"));
}

#[test]
fn an_address_that_asks_too_often_has_to_wait() {
    let world = World::open(Database::sqlite(), |config| config.limits.requests_per_second = 2);
    let statuses: Vec<u16> =
        (0..40).map(|_| world.send(&Exchange::get("/api/v1/linking-disclosure")).status).collect();
    assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    assert_eq!(world.send(&Exchange::get("/healthz")).status, 200, "the operator's checks are not limited");
}

#[test]
fn no_secret_reaches_a_problem_or_the_metrics() {
    let world = World::sqlite();
    let key = world.one_key(1);
    let customer = world.customer();
    world.activated(&Device::new(1), &key);
    let refused = world.activate(&Device::new(2), &key);
    let metrics = Http::new(&world.operations).send(&Exchange::get("/metrics")).unwrap();
    assert_eq!(metrics.status, 200);
    for text in [String::from_utf8(refused.bytes).unwrap(), String::from_utf8(metrics.bytes).unwrap()] {
        assert!(!text.contains(&key) && !text.contains(customer.token()) && !text.contains("example.org"));
    }
}
