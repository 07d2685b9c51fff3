//! The operator's listener: metrics and health checks that customers cannot reach.

use std::net::TcpListener;

use keystead_app::config::MetricsListen;
use keystead_storage::testing::Database;
use keystead_testkit::{Exchange, Http};
use serde_json::Value;

use crate::logged_server::LoggedServer;
use crate::world::World;

fn metrics(world: &World) -> String {
    let reply = Http::new(&world.operations).send(&Exchange::get("/metrics")).unwrap();
    assert_eq!(reply.status, 200);
    String::from_utf8(reply.bytes).unwrap()
}

#[test]
fn metrics_are_on_the_operators_listener_and_not_on_the_customers() {
    let world = World::sqlite();
    assert_eq!(world.send(&Exchange::get("/metrics")).status, 404);
    assert!(metrics(&world).contains("keystead_request_seconds"));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(world.send(&Exchange::get(path)).status, 200);
        assert_eq!(Http::new(&world.operations).send(&Exchange::get(path)).unwrap().status, 200);
    }
    let pages = Http::new(&world.operations).send(&Exchange::get("/sign-in")).unwrap();
    assert_eq!((pages.status, pages.code()), (404, "not_found".to_owned()));
}

#[test]
fn a_server_whose_metrics_address_is_taken_serves_all_the_same() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let world = World::open(Database::sqlite(), |config| config.metrics_listen = MetricsListen::At(address));
    assert_eq!(world.operations, "");
    assert_eq!(world.send(&Exchange::get("/readyz")).status, 200);
    let off = World::open(Database::sqlite(), |config| config.metrics_listen = MetricsListen::Off);
    assert_eq!(off.operations, "");
}

#[test]
fn a_forwarding_header_without_a_trusted_proxy_is_counted_and_told_once() {
    let ask = |server: &LoggedServer, header: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        agent.get(format!("{}/sign-in", server.url())).header(header, "192.0.2.1").call().unwrap();
    };
    for (proxies, ignored) in [("0", 4), ("1", 0)] {
        let server = LoggedServer::start(&[("KEYSTEAD_TRUSTED_PROXIES", proxies)]);
        for header in ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-for"] {
            ask(&server, header);
        }
        let metrics = ureq::get(format!("http://{}/metrics", server.metrics_address()))
            .call()
            .and_then(|mut answer| answer.body_mut().read_to_string())
            .unwrap();
        let counted = format!("keystead_forwarding_headers_ignored_total {ignored}");
        assert_eq!(metrics.contains(&counted), ignored > 0, "{metrics}");
        let told: Vec<Value> = server.log();
        let told = told
            .iter()
            .filter(|line| line["level"] == "WARN" && line.to_string().contains("trusted_proxies"));
        assert_eq!(told.count(), usize::from(ignored > 0));
    }
}
