//! Slow clients and clients with many connections, simulated with raw sockets.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use keystead_app::config::Config;
use keystead_storage::testing::Database;
use keystead_testkit::Server;
use serde_json::Value;
use tokio::net::TcpSocket;

use crate::logged_server::LoggedServer;
use crate::world::World;

const ATTACKER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 1);
const CUSTOMER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const HALF_A_HEAD: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Padding: ";
const WHOLE: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
/// Read timeout of the test clients. It is longer than the limits that these tests set (1-2 s). If it is
/// reached, the server hangs.
const SOON: Duration = Duration::from_secs(15);

/// A server with a custom limit.
fn world(change: impl FnOnce(&mut Config)) -> World {
    World::open(Database::sqlite(), change)
}

fn address(server: &str) -> SocketAddr {
    let port = server.rsplit(':').next().unwrap().parse().unwrap();
    SocketAddr::from(([127, 0, 0, 1], port))
}

fn connect(server: &str, from: Ipv4Addr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        socket.connect(address(server)).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    stream.set_write_timeout(Some(SOON)).unwrap();
    stream
}

fn begin(server: &str, from: Ipv4Addr, text: &str) -> TcpStream {
    let mut stream = connect(server, from);
    // The server may already have closed the connection.
    let _ = stream.write_all(text.as_bytes());
    stream
}

/// Reads until the server ends the connection. Fails if the connection stays open.
fn until_ended(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    match stream.read_to_end(&mut said) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection is still open: {error}"),
    }
    String::from_utf8(said).unwrap()
}

/// Reads the response to one request; the connection stays open.
fn answer(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(b"\r\n\r\nok") {
        match stream.read(&mut byte) {
            Ok(1) => said.push(byte[0]),
            other => panic!("{other:?} after {:?}", String::from_utf8_lossy(&said)),
        }
    }
    String::from_utf8(said).unwrap()
}

fn is_served(server: &str, from: Ipv4Addr) -> bool {
    let mut stream = begin(server, from, WHOLE);
    answer(&mut stream).starts_with("HTTP/1.1 200")
}

/// Sends single bytes until the server ends the connection. Returns the server's response.
fn drip(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let (began, mut said) = (Instant::now(), Vec::new());
    loop {
        assert!(began.elapsed() < SOON, "the server waits for ever");
        let _ = stream.write_all(b"x");
        let mut some = [0; 4096];
        match stream.read(&mut some) {
            Ok(0) => break,
            Ok(count) => said.extend(&some[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    String::from_utf8(said).unwrap()
}

#[test]
fn hundreds_of_half_sent_requests_keep_nobody_from_the_server() {
    let world = world(|config| config.limits.header_seconds = 2);
    let mut attack: Vec<TcpStream> = (0..400).map(|_| begin(&world.server, ATTACKER, HALF_A_HEAD)).collect();
    assert!(is_served(&world.server, CUSTOMER));
    let said: Vec<String> = attack.iter_mut().map(until_ended).collect();
    assert!(said.iter().all(String::is_empty));
    assert!(is_served(&world.server, ATTACKER), "the address is not locked out for good");
}

#[test]
fn a_server_with_few_files_serves_others_while_one_address_attacks() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("server");
    let script =
        format!("#!/bin/sh\nulimit -n 160\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_keystead-server"));
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = Server::start(&program, &folder.path().join("data"), &[]).unwrap();
    let attack: Vec<TcpStream> = (0..400).map(|_| begin(&server.url(), ATTACKER, HALF_A_HEAD)).collect();
    assert!(is_served(&server.url(), CUSTOMER));
    drop(attack);
}

#[test]
fn a_server_that_has_no_file_for_a_connection_goes_on_when_it_has_one() {
    let server = LoggedServer::start(&[("KEYSTEAD_LIMITS__HEADER_SECONDS", "1")]);
    server.limit_open_files(5);
    let attack: Vec<TcpStream> = (0..20).map(|_| begin(&server.url(), ATTACKER, HALF_A_HEAD)).collect();
    assert!(is_served(&server.url(), CUSTOMER));
    let told = |line: &Value| line["fields"]["message"] == "a connection could not be accepted";
    assert!(server.log().iter().any(told));
    drop(attack);
}

#[test]
fn the_head_of_a_request_that_drips_is_cut() {
    let world = world(|config| config.limits.header_seconds = 1);
    let mut stream = begin(&world.server, ATTACKER, HALF_A_HEAD);
    assert_eq!(drip(&mut stream), "");
    let mut second = begin(&world.server, ATTACKER, WHOLE);
    answer(&mut second);
    second.write_all(HALF_A_HEAD.as_bytes()).unwrap();
    assert_eq!(drip(&mut second), "", "the limit is each request's");
}

#[test]
fn a_body_that_drips_is_answered_and_cut() {
    let world = world(|config| config.limits.body_seconds = 1);
    let head = "POST /api/v1/activations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 60000\r\n\r\n{";
    let said = drip(&mut begin(&world.server, ATTACKER, head));
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408"), "{said}");
    let problem: Value = serde_json::from_str(body).unwrap();
    assert_eq!(problem["code"], "request_too_slow");
}

#[test]
fn a_connection_without_requests_is_closed() {
    let world = world(|config| config.limits.idle_seconds = 1);
    let mut stream = begin(&world.server, ATTACKER, WHOLE);
    answer(&mut stream);
    stream.write_all(WHOLE.as_bytes()).unwrap();
    answer(&mut stream);
    assert_eq!(until_ended(&mut stream), "");
}

#[test]
fn a_client_that_takes_no_answers_is_cut() {
    let world = world(|config| config.limits.idle_seconds = 1);
    let mut stream = connect(&world.server, ATTACKER);
    let requests = "GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    let began = Instant::now();
    // The client does not read responses. The server therefore stops reading, and later resets the
    // connection.
    let cut = std::iter::repeat_with(|| stream.write_all(requests.as_bytes())).find_map(Result::err).unwrap();
    assert!(!matches!(cut.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{cut}");
    assert!(began.elapsed() < SOON);
}

#[test]
fn one_address_has_so_many_connections_and_no_more() {
    let world = world(|config| config.limits.connections_per_address = 3);
    let mut held: Vec<TcpStream> = (0..3).map(|_| begin(&world.server, ATTACKER, WHOLE)).collect();
    held.iter_mut().for_each(|stream| drop(answer(stream)));
    assert_eq!(until_ended(&mut connect(&world.server, ATTACKER)), "");
    assert!(is_served(&world.server, CUSTOMER));
    drop(held);
    let began = Instant::now();
    while until_ended_or_served(&world.server).is_empty() {
        assert!(began.elapsed() < SOON, "places are given back");
    }
}

fn until_ended_or_served(server: &str) -> String {
    let request = WHOLE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    until_ended(&mut begin(server, ATTACKER, &request))
}

#[test]
fn a_trusted_proxy_has_as_many_connections_as_it_needs() {
    let world = world(|config| {
        config.limits.connections_per_address = 3;
        config.trusted_proxies = 1;
    });
    let mut held: Vec<TcpStream> = (0..20).map(|_| begin(&world.server, ATTACKER, WHOLE)).collect();
    held.iter_mut().for_each(|stream| drop(answer(stream)));
}

#[test]
fn connections_beyond_the_limit_wait_for_others_to_end() {
    let world = world(|config| {
        config.limits.connections = 2;
        config.limits.connections_per_address = 0;
    });
    let mut held: Vec<TcpStream> = (0..2).map(|_| begin(&world.server, ATTACKER, WHOLE)).collect();
    held.iter_mut().for_each(|stream| drop(answer(stream)));
    let mut waiting = begin(&world.server, CUSTOMER, WHOLE);
    waiting.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let nothing = waiting.read(&mut [0]).unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    drop(held);
    waiting.set_read_timeout(Some(SOON)).unwrap();
    answer(&mut waiting);
}

#[test]
fn a_server_stops_in_time_while_half_sent_requests_hang() {
    let mut world = world(|config| {
        config.limits.header_seconds = 3600;
        config.limits.shutdown_seconds = 1;
    });
    let mut hanging: Vec<TcpStream> = (0..200).map(|_| begin(&world.server, ATTACKER, HALF_A_HEAD)).collect();
    assert!(is_served(&world.server, CUSTOMER));
    let began = Instant::now();
    world.stop();
    assert!(began.elapsed() < SOON);
    hanging.iter_mut().for_each(|stream| assert_eq!(until_ended(stream), ""));
}

#[test]
fn a_request_that_was_begun_is_answered_while_the_server_stops() {
    let mut world = world(|_| {});
    let server = world.server.clone();
    let body = "grant_type=nonsense";
    let head = format!(
        "POST /id/token HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = begin(&server, CUSTOMER, &head);
    let mut expected = [0; 25];
    stream.read_exact(&mut expected).unwrap();
    assert_eq!(&expected, b"HTTP/1.1 100 Continue\r\n\r\n");
    let mut idle = begin(&server, ATTACKER, WHOLE);
    answer(&mut idle);
    std::thread::scope(|scope| {
        let stopping = scope.spawn(move || world.stop());
        // The server closes idle connections when it begins to stop.
        assert_eq!(until_ended(&mut idle), "");
        stream.write_all(body.as_bytes()).unwrap();
        assert!(until_ended(&mut stream).starts_with("HTTP/1.1 400"));
        stopping.join().unwrap();
    });
}
