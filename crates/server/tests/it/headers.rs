//! Headers of every response, and the boundaries between requests.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use keystead_app::accounts::upstream_settings::UpstreamSettings;
use keystead_storage::Role;
use keystead_storage::testing::Database;
use keystead_testkit::{Browser, Exchange, PASSWORD};
use ureq::http::{HeaderMap, Request};

use crate::world::World;

/// One request to each kind of handler, one without a route, and one with an unsupported method.
const REQUESTS: [(&str, &str); 13] = [
    ("GET", "/sign-in"),
    ("GET", "/security"),
    ("GET", "/recover/reset?token=nonsense"),
    ("GET", "/assets/style.css"),
    ("GET", "/assets/key.js"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/v1/time"),
    ("GET", "/api/v1/account"),
    ("GET", "/id/keys"),
    ("POST", "/id/token"),
    ("GET", "/healthz"),
    ("GET", "/nowhere"),
    ("DELETE", "/sign-in"),
];

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
    config.allow_non_standard_methods(true).build().into()
}

fn headers(world: &World, method: &str, path: &str) -> (u16, HeaderMap) {
    let request = Request::builder().method(method).uri(format!("{}{path}", world.server));
    let answer = agent().run(request.header("origin", "https://evil.example").body(()).unwrap()).unwrap();
    (answer.status().as_u16(), answer.headers().clone())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn behind_tls() -> World {
    World::open(Database::sqlite(), |config| config.public_url = Some("https://shop.example".into()))
}

#[test]
fn every_answer_limits_what_a_browser_does_with_it() {
    let world = behind_tls();
    for (method, path) in REQUESTS {
        let (_, headers) = headers(&world, method, path);
        let policy = text(&headers, "content-security-policy");
        for directive in
            ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(directive), "{path}: {directive}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(text(&headers, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(text(&headers, "referrer-policy"), "same-origin", "{path}");
        assert_eq!(text(&headers, "cross-origin-resource-policy"), "same-origin", "{path}");
        let year = "max-age=31536000; includeSubDomains";
        assert_eq!(text(&headers, "strict-transport-security"), year, "{path}");
        assert_eq!(
            text(&headers, "access-control-allow-origin"),
            "",
            "{path}: no other origin reads answers"
        );
        assert_eq!(text(&headers, "server"), "", "{path}: what runs here is nobody's business");
    }
}

#[test]
fn every_text_names_its_charset() {
    let world = World::sqlite();
    for (method, path) in REQUESTS {
        let (_, headers) = headers(&world, method, path);
        let media_type = text(&headers, "content-type");
        if media_type.starts_with("text/") {
            assert!(media_type.ends_with("charset=utf-8"), "{path}: {media_type}");
        }
    }
}

#[test]
fn what_is_an_accounts_own_is_kept_in_no_cache() {
    let world = World::sqlite();
    let customer = world.customer();
    let cookie = customer.browser.cookie().unwrap();
    for path in ["/", "/security", "/privacy/export", "/sign-in/code", "/nowhere"] {
        let request = agent().get(format!("{}{path}", world.server)).header("cookie", &cookie);
        assert_eq!(text(request.call().unwrap().headers(), "cache-control"), "no-store", "{path}");
    }
    let request = agent().get(format!("{}/api/v1/account", world.server));
    let answer = request.header("authorization", format!("Bearer {}", customer.token())).call().unwrap();
    assert_eq!(text(answer.headers(), "cache-control"), "no-store");
}

#[test]
fn methods_that_nothing_serves_are_refused_and_a_request_is_never_sent_back() {
    let world = World::sqlite();
    for method in ["TRACE", "OPTIONS", "PUT", "PROPFIND"] {
        for path in ["/sign-in", "/api/v1/time", "/id/token", "/assets/style.css", "/healthz"] {
            assert_eq!(headers(&world, method, path).0, 405, "{method} {path}");
        }
    }
}

#[test]
fn the_cookie_of_a_session_is_for_this_host_tls_and_no_script() {
    let world = behind_tls();
    world.make_staff(Role::Support);
    let request = agent().post(format!("{}/sign-in", world.server)).header("sec-fetch-site", "same-origin");
    let answer = request.send_form([("email", "support@example.org"), ("password", PASSWORD)]).unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookies: Vec<&str> = cookies.collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-keystead=ksw_")), "{cookies:?}");
    for cookie in cookies {
        for attribute in ["__Host-", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="] {
            assert!(cookie.contains(attribute), "{attribute}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[test]
fn signing_out_has_the_browser_forget_what_it_kept() {
    let world = World::sqlite();
    let request = agent().post(format!("{}/sign-out", world.server)).header("sec-fetch-site", "same-origin");
    let answer = request.send_empty().unwrap();
    assert_eq!(text(answer.headers(), "clear-site-data"), "\"storage\"");
}

/// An upstream provider that knows the person may sign them in without asking.
#[test]
fn another_site_cannot_have_somebody_signed_in_by_a_link() {
    let world = World::open(Database::sqlite(), |config| {
        let (id, name, issuer) =
            ("example".to_owned(), "Example".to_owned(), "http://localhost:9".to_owned());
        let (client_id, client_secret, entra) = ("us".to_owned(), None, false);
        config.providers.push(UpstreamSettings { id, name, issuer, client_id, client_secret, entra });
    });
    let depart = |site: &str| {
        let request = agent().get(format!("{}/sign-in/with/example?next=/devices", world.server));
        let answer = request.header("sec-fetch-site", site).call().unwrap();
        (answer.status().as_u16(), text(answer.headers(), "location").to_owned())
    };
    assert_eq!(depart("cross-site"), (303, "/sign-in?next=%2Fdevices".to_owned()));
    // Nothing listens at the issuer's address, so the page reports that the provider is unreachable.
    assert_eq!(depart("same-origin").0, 401);
}

/// If duplicates were accepted, one component could check the first value and another could use the second.
#[test]
fn a_parameter_that_comes_twice_is_refused() {
    let world = World::sqlite();
    let browser = Browser::new(&world.server);
    for (path, fields) in [
        (
            "/id/token",
            vec![("grant_type", "x"), ("client_id", "keystead-cli"), ("client_id", "keystead-sdk")],
        ),
        ("/sign-in", vec![("email", "a@example.org"), ("email", "b@example.org"), ("password", "x")]),
    ] {
        let (status, answer) = browser.submit(path, &fields).unwrap();
        assert!(matches!(status, 400 | 422), "{path}: {status} {answer}");
    }
    let once = "/id/authorize?client_id=keystead-cli&client_id=keystead-sdk";
    assert_eq!(browser.open(once).unwrap().0, 400);
    let twice = r#"{"certificate":"x","certificate":"y"}"#;
    let exchange =
        Exchange { body: twice.into(), ..Exchange::post("/api/v1/validations").bearer(&world.token) };
    assert_eq!(world.send(&exchange).status, 400);
}

/// Sends `bytes` on one connection. Returns the responses up to the end of the connection.
fn exchange(world: &World, bytes: &str) -> String {
    let mut stream = TcpStream::connect(world.server.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    answers
}

/// If a proxy and the server use different headers for the length of a body, one customer can inject a request into another
/// customer's connection.
#[test]
fn a_request_whose_end_is_doubtful_is_refused_or_ends_where_its_chunks_end() {
    let world = World::sqlite();
    let next = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let both = "POST /id/revoke HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let answers = exchange(&world, &format!("{both}{next}"));
    let chunked = answers.matches("HTTP/1.1 ").count() == 2 && answers.ends_with("ok");
    assert!(chunked || answers.starts_with("HTTP/1.1 400"), "{answers}");
    for doubtful in [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: +3",
        "Content-Length: 0x3",
        "Content-Length : 3",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
    ] {
        let request = format!("POST /id/revoke HTTP/1.1\r\nHost: x\r\n{doubtful}\r\n\r\nabc{next}");
        let answers = exchange(&world, &request);
        assert!(answers.starts_with("HTTP/1.1 400"), "{doubtful}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{doubtful}: {answers}");
    }
}
