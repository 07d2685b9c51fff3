//! A stalled database, and commits whose responses are lost: no caller waits forever or gets a wrong result.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use keystead_app::config::Config;
use keystead_storage::testing::{Database, Fault, Proxy};
use keystead_storage::{Location, Timeouts};
use keystead_testkit::{Device, Exchange, Http, Server, WITHOUT_LIMITS};
use serde_json::json;

use crate::world::{World, activation};

/// A server that reaches PostgreSQL through a proxy that can simulate network faults. `None` without a PostgreSQL server.
fn behind_a_proxy() -> Option<(Proxy, World)> {
    let database = Database::postgres()?;
    let proxy = Proxy::before(&database.location);
    let Location::Postgres(url) = proxy.location.clone() else { return None };
    let world = World::open(database, |config: &mut Config| {
        config.database_url = Some(url);
        config.database = Timeouts {
            connect: Duration::from_secs(2),
            lock: Duration::from_millis(1500),
            statement: Duration::from_millis(1800),
            idle_in_transaction: Duration::from_millis(500),
            answer: Duration::from_secs(2),
            queue: Duration::from_secs(3),
        };
    });
    Some((proxy, world))
}

fn wait_until_ready(world: &World) {
    while world.send(&Exchange::get("/readyz")).status != 200 {
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_node_that_cannot_write_is_not_ready_until_it_can_again() {
    for world in World::each() {
        wait_until_ready(&world);
        let gate = world.hold_writes();
        // The server caches the result of a probe for one second.
        while world.send(&Exchange::get("/readyz")).status == 200 {
            thread::sleep(Duration::from_millis(50));
        }
        let reply = world.send(&Exchange::get("/readyz"));
        assert_eq!((reply.status, reply.code().as_str()), (503, "overloaded"));
        assert_eq!(reply.content_type, "application/problem+json");
        assert_eq!(world.send(&Exchange::get("/healthz")).status, 200);
        gate.open();
        wait_until_ready(&world);
    }
}

#[test]
fn a_node_whose_network_swallows_everything_is_not_ready_until_it_can_again() {
    let Some((proxy, world)) = behind_a_proxy() else { return };
    proxy.set(Fault::Silence);
    while world.send(&Exchange::get("/readyz")).status == 200 {
        thread::sleep(Duration::from_millis(50));
    }
    proxy.set(Fault::Nothing);
    wait_until_ready(&world);
    world.one_key(1);
}

#[test]
fn an_activation_whose_commit_is_not_answered_is_kept_once_and_answered() {
    let Some((proxy, world)) = behind_a_proxy() else { return };
    let key = world.one_key(2);
    let device = Device::new(1);
    let request = activation(&device, &key);
    proxy.set(Fault::CutAfterCommit);
    let reply = world.send(&request);
    assert_eq!(reply.status, 201, "{}", reply.json());
    assert_eq!(world.send(&request).json(), reply.json(), "the same request gets the same answer");
    assert_eq!(world.license()["seats_used"], 1);
}

#[test]
fn a_commit_that_the_writer_cannot_ask_about_is_answered_from_what_was_kept() {
    let Some((proxy, world)) = behind_a_proxy() else { return };
    let key = world.one_key(2);
    let device = Device::new(1);
    proxy.set(Fault::CutAfterCommitForGood);
    let reply = world.send(&activation(&device, &key));
    assert_eq!(reply.status, 201, "{}", reply.json());
    proxy.set(Fault::Nothing);
    wait_until_ready(&world);
    assert_eq!(world.license()["seats_used"], 1);
}

#[test]
fn an_activation_that_may_have_been_kept_is_answered_when_it_is_sent_again() {
    let Some((proxy, world)) = behind_a_proxy() else { return };
    let key = world.one_key(2);
    let device = Device::new(1);
    let request = activation(&device, &key);
    proxy.set(Fault::CutAllAfterCommit);
    let reply = world.send(&request);
    assert_eq!((reply.status, reply.code().as_str()), (503, "outcome_unknown"), "{}", reply.json());
    proxy.set(Fault::Nothing);
    wait_until_ready(&world);
    let reply = world.send(&request);
    assert_eq!(reply.status, 201, "{}", reply.json());
    assert_eq!(world.license()["seats_used"], 1);
}

#[test]
fn a_change_whose_turn_does_not_come_is_turned_away_and_never_made() {
    for database in Database::each() {
        let world = World::open(database, |config| config.database.queue = Duration::from_millis(200));
        let product = json!({ "slug": "studio", "name": "Studio" });
        let request = || Exchange::post("/api/v1/products").json(&product).bearer(&world.token);
        let gate = world.hold_writes();
        let reply = world.send(&request());
        assert_eq!((reply.status, reply.code().as_str()), (503, "overloaded"));
        gate.open();
        wait_until_ready(&world);
        assert_eq!(world.send(&request()).status, 201, "another request finds the name free");
    }
}

#[test]
fn a_change_that_takes_too_long_is_neither_confirmed_nor_denied() {
    for database in Database::each() {
        let world = World::open(database, |config| config.limits.request_seconds = 1);
        let product = json!({ "slug": "studio", "name": "Studio" });
        let gate = world.hold_writes();
        let reply = world.send(&Exchange::post("/api/v1/products").json(&product).bearer(&world.token));
        assert_eq!((reply.status, reply.code().as_str()), (503, "outcome_unknown"));
        gate.open();
        wait_until_ready(&world);
    }
}

/// Two server processes on one database and keys folder, and an API token. `None` without a PostgreSQL server.
fn two_nodes(folder: &Path) -> Option<([Server; 2], String)> {
    let Location::Postgres(url) = Database::postgres()?.location else { return None };
    let limits =
        [("KEYSTEAD_DATABASE_URL", url.as_str()), ("KEYSTEAD_DATABASE__IDLE_IN_TRANSACTION_SECONDS", "0.5")];
    let settings = [&WITHOUT_LIMITS[..], &limits].concat();
    let program = Path::new(env!("CARGO_BIN_EXE_keystead-server"));
    let start = || Server::start(program, &folder.join("data"), &settings).unwrap();
    let nodes = [start(), start()];
    let token = nodes[0].token().unwrap();
    Some((nodes, token))
}

fn signal(node: &Server, name: &str) {
    let status = Command::new("kill").arg(name).arg(node.process_id().to_string()).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_node_that_is_stopped_among_its_writes_stops_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let Some((nodes, token)) = two_nodes(folder.path()) else { return };
    let made = AtomicU32::new(0);
    let make_product = |node: &Server| {
        let body = json!({ "slug": format!("p{}", made.fetch_add(1, Ordering::Relaxed)), "name": "Studio" });
        let exchange = Exchange::post("/api/v1/products").json(&body).bearer(&token);
        Http::new(&node.url()).send(&exchange).unwrap().status
    };
    let stop = Duration::from_millis(400);
    thread::scope(|scope| {
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        let writers = scope.spawn(|| {
            let is_done = is_done;
            while is_done.try_recv().is_err() {
                assert_eq!(make_product(&nodes[0]), 201);
            }
        });
        // A node that stops inside a transaction blocks other nodes. A node that stops between two
        // transactions does not.
        let held_up = (0..500).any(|_| {
            signal(&nodes[0], "-STOP");
            let began = Instant::now();
            assert_eq!(make_product(&nodes[1]), 201);
            signal(&nodes[0], "-CONT");
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
            began.elapsed() > stop
        });
        assert!(held_up, "the node was never stopped inside a transaction");
        done.send(()).unwrap();
        writers.join().unwrap();
    });
}
