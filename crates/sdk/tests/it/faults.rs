//! What stands between a device and its server: each fault has its own code, none is "invalid key", nothing is changed.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use keystead::protocol::Code;
use keystead::protocol::state::State;

use crate::shop::Shop;

/// Something that answers every connection with the same bytes; its address.
fn something_that_answers(bytes: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(bytes.as_bytes());
        }
    });
    format!("http://{address}")
}

fn assert_fault(server: &str, expected: Code) {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    let client = shop.client_of(server, folder.path());
    for error in [client.refresh().unwrap_err(), client.activate(&shop.keys[1], "Desk PC").unwrap_err()] {
        assert_eq!(error.code, expected, "{error}");
        assert!(!error.next_action.is_empty());
    }
    assert_eq!(client.status().unwrap().state, State::Activated, "the product goes on");
    shop.client(folder.path()).refresh().unwrap();
}

#[test]
fn nobody_listens() {
    assert_fault("http://127.0.0.1:9", Code::ServerUnavailable);
}

#[test]
fn a_name_that_does_not_exist() {
    let expected = [Code::ServerNotFound, Code::Offline];
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client_of("http://keystead.invalid", folder.path());
    let code = client.activate(&shop.keys[0], "Desk PC").unwrap_err().code;
    assert!(expected.contains(&code), "{code}");
}

#[test]
fn a_captive_portal() {
    let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<p>Welcome</p";
    assert_fault(&something_that_answers(page), Code::NotTheServer);
    let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    assert_fault(&something_that_answers(elsewhere), Code::NotTheServer);
}

#[test]
fn something_that_speaks_no_http() {
    assert_fault(&something_that_answers("SSH-2.0-OpenSSH_9.2\r\n"), Code::NotTheServer);
}

#[test]
fn a_server_that_hangs_up() {
    assert_fault(&something_that_answers(""), Code::ServerUnavailable);
}

#[test]
fn a_secure_address_that_is_not_secure() {
    let server = something_that_answers("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    assert_fault(&server.replace("http://", "https://"), Code::TlsFailed);
}
