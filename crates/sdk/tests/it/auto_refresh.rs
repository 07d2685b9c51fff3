//! No call waits for the network longer than its budget.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use keystead::{Mode, Options, State};
use serde_json::json;

use crate::shop::Shop;

#[test]
fn a_start_is_within_its_budget_however_dead_the_network_is() {
    let (mut shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.make_certificates_due();
    shop.client(folder.path()).activate(&shop.keys[0], "Desk PC").unwrap();
    // A listener that never calls accept. The loop fills its backlog, so the next connection hangs.
    let hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = hole.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(waiting) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        queue.push(waiting);
    }
    let patient = Options { timeout: Duration::from_secs(4), ..Options::default() };
    let client = Arc::new(shop.client_of(&format!("http://{address}"), folder.path(), patient));
    let began = Instant::now();
    let status = client.check(Duration::from_millis(300)).unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "it waited for {:?}", began.elapsed());
    assert_eq!(status.state, State::Activated);

    // While the first client's refresh hangs, a second client starts without waiting.
    let began = Instant::now();
    let second = shop.client_of(&format!("http://{address}"), folder.path(), Options::default());
    assert_eq!(second.status().unwrap().state, State::Activated);
    assert!(began.elapsed() < Duration::from_secs(2), "it waited for {:?}", began.elapsed());
}

#[test]
fn a_due_certificate_is_refreshed_within_the_budget() {
    let (mut shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.make_certificates_due();
    let client = Arc::new(shop.client(folder.path()));
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let before = std::fs::read(folder.path().join("vendor/studio.activation.json")).unwrap();
    client.check(Duration::from_secs(20)).unwrap();
    assert_ne!(std::fs::read(folder.path().join("vendor/studio.activation.json")).unwrap(), before);
}

#[test]
fn the_background_hears_of_a_suspension_and_says_so() {
    let (mut shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    shop.make_certificates_due();
    let client = Arc::new(shop.client(folder.path()));
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let license = client.license().unwrap();
    shop.vendor(&format!("/api/v1/licenses/{license}/suspend"), json!({ "reason": "test" }));
    let (tell, hear) = std::sync::mpsc::channel();
    let auto_refresh = client
        .keep_fresh(move |status| {
            let _ = tell.send(status.clone());
        })
        .unwrap();
    let status = hear.recv_timeout(Duration::from_secs(20)).unwrap();
    assert_eq!((status.state, status.mode), (State::Suspended, Mode::Limited));
    drop(auto_refresh);
}

#[test]
fn without_a_license_works_what_the_vendor_lets_work() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = shop.client(folder.path());
    let status = client.status().unwrap();
    assert_eq!(
        (status.mode, status.has_feature("view"), status.has_feature("raw")),
        (Mode::Limited, true, false)
    );
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let status = client.status().unwrap();
    assert_eq!(
        (status.mode, status.has_feature("view"), status.has_feature("raw")),
        (Mode::Full, true, true)
    );
}
