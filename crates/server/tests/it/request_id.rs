//! The request id in a response finds all log lines about the request.

use keystead_storage::testing::Database;
use keystead_testkit::Browser;
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::logged_server::LoggedServer;
use crate::world::World;

const HEADER: &str = "x-request-id";

fn agent() -> Agent {
    Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

fn get(world: &World, path: &str, given: &str) -> Response<Body> {
    agent().get(format!("{}{path}", world.server)).header(HEADER, given).call().unwrap()
}

fn create_product(server: &str, token: &str, slug: &str, key: &str) -> (u16, String, String) {
    let mut answer = agent()
        .post(format!("{server}/api/v1/products"))
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
        .send_json(json!({ "slug": slug, "name": "Studio" }))
        .unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), id_of(&answer), body)
}

fn id_of(answer: &Response<Body>) -> String {
    answer.headers()[HEADER].to_str().unwrap().to_owned()
}

fn is_made(id: &str) -> bool {
    uuid::Uuid::parse_str(id).is_ok_and(|id| id.get_version_num() == 7)
}

#[test]
fn the_id_of_an_answer_is_in_every_line_of_the_log_from_the_request_to_the_store() {
    for database in Database::each() {
        let server = LoggedServer::on(&database);
        let key = "00000000-0000-4000-8000-000000000001";
        let (status, id, _) = create_product(&server.url(), &server.token(), "studio", key);
        assert_eq!(status, 201);
        let log = server.log();
        let of_request = |line: &&Value| {
            let spans = line["spans"].as_array().into_iter().flatten();
            spans.into_iter().any(|span| span["request_id"] == id.as_str())
        };
        let lines: Vec<&Value> = log.iter().filter(of_request).collect();
        let said = |target: &str, message: &str| {
            lines.iter().any(|line| line["target"] == target && line["fields"]["message"] == message)
        };
        assert!(said("keystead_server::middleware", "answered"), "{lines:#?}");
        assert!(said("keystead_storage::store", "a write ended"), "{lines:#?}");
        let span = &lines[0]["span"];
        assert_eq!((&span["method"], &span["route"]), (&json!("POST"), &json!("/api/v1/products")));
    }
}

#[test]
fn an_id_is_taken_from_a_trusted_proxy_and_from_nobody_else() {
    let direct = World::sqlite();
    assert!(is_made(&id_of(&get(&direct, "/healthz", "made-up"))));
    let behind = World::open(Database::sqlite(), |config| config.trusted_proxies = 1);
    assert_eq!(id_of(&get(&behind, "/healthz", "Root=1-67891233-abc")), "Root=1-67891233-abc");
    for malformed in ["two words", "<script>", &"x".repeat(65)] {
        assert!(is_made(&id_of(&get(&behind, "/healthz", malformed))), "{malformed}");
    }
}

#[test]
fn a_problem_and_its_answer_have_the_same_id() {
    let world = World::sqlite();
    for path in ["/api/v1/nowhere", "/api/v1/licenses", "/nowhere"] {
        let mut answer = get(&world, path, "");
        let length: usize = answer.headers()["content-length"].to_str().unwrap().parse().unwrap();
        let body = answer.body_mut().read_to_vec().unwrap();
        assert_eq!(body.len(), length);
        let problem: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem["request_id"], id_of(&answer).as_str(), "{path}");
    }
}

#[test]
fn a_repeated_request_has_an_id_of_its_own_and_the_same_answer() {
    let world = World::sqlite();
    let create = |slug, key| create_product(&world.server, &world.token, slug, key);
    let key = "00000000-0000-4000-8000-000000000001";
    let (first, again) = (create("studio", key), create("studio", key));
    assert_eq!((first.0, &first.2), (again.0, &again.2));
    assert_ne!(first.1, again.1);
    let key = "00000000-0000-4000-8000-000000000002";
    for _ in 0..2 {
        let (status, id, body) = create("studio", key);
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, problem["request_id"].as_str()), (409, Some(id.as_str())));
    }
}

#[test]
fn a_page_about_the_servers_mistake_shows_the_id() {
    let world = World::open(Database::sqlite(), |config| config.limits.request_seconds = 0);
    let mut answer = agent()
        .post(format!("{}/sign-in", world.server))
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .send("email=person%40example.org&password=correct+horse+battery")
        .unwrap();
    assert_eq!(answer.status(), 503);
    let page = answer.body_mut().read_to_string().unwrap();
    assert!(page.contains("<h1>") && page.contains(&id_of(&answer)), "{page}");
    let mut missing =
        agent().get(format!("{}/nowhere", world.server)).header("accept", "text/html").call().unwrap();
    let page = missing.body_mut().read_to_string().unwrap();
    assert!(!page.contains(&id_of(&missing)), "a mistake of one's own needs no operator");
}

#[test]
fn who_tried_what_they_may_not_is_in_the_log() {
    let server = LoggedServer::start(&[]);
    let browser = Browser::new(&server.url());
    browser.sign_up(&server.mailbox(), "person@example.org").unwrap();
    let tokens = browser.sign_in_application().unwrap();
    let key = "00000000-0000-4000-8000-000000000001";
    let token = tokens["access_token"].as_str().unwrap();
    let (status, id, body) = create_product(&server.url(), token, "studio", key);
    assert!(status == 403 && body.contains("permission_missing"), "{body}");
    let log = server.log();
    let refused = log.iter().find(|line| line["fields"]["message"] == "a request was not allowed").unwrap();
    assert_eq!(
        (&refused["level"], &refused["fields"]["code"]),
        (&json!("INFO"), &json!("permission_missing"))
    );
    let span = &refused["span"];
    assert_eq!((&span["request_id"], &span["route"]), (&json!(id), &json!("/api/v1/products")));
    assert!(span["actor"].as_str().unwrap().starts_with("account:acc_"), "{span}");
}
