//! Raw hardware values never leave the process. The test checks everything that a device sends,
//! stores and prints.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use keystead::{Client, Profile};
use serde_json::json;

use crate::shop::Shop;

const RAW: [(&str, &str); 7] = [
    ("tpm", "ek-5f1d77aa90"),
    ("uuid", "4c4c4544-0051-3510-8052-b4c04f4e3632"),
    ("board", "CN129636AB01CD"),
    ("disk", "S4EWNX0R123456"),
    ("mac", "a4:bb:6d:11:22:33"),
    ("osid", "3d1219c7c4c5404aaa1f6d2a48adfda4"),
    ("vol", "0f9c1d0e-1111-4222-8333-123456789abc"),
];

/// Starts a TCP proxy in front of the server. Returns its address and the recorded bytes that
/// devices send.
fn tap(server: String) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
    let keep = Arc::clone(&heard);
    thread::spawn(move || {
        for device in listener.incoming().flatten() {
            let upstream = TcpStream::connect(&server).unwrap();
            let (mut from, mut to) = (device.try_clone().unwrap(), upstream.try_clone().unwrap());
            let keep = Arc::clone(&keep);
            thread::spawn(move || {
                let mut part = [0; 4096];
                while let Ok(read @ 1..) = from.read(&mut part) {
                    keep.lock().unwrap().extend_from_slice(&part[..read]);
                    if to.write_all(&part[..read]).is_err() {
                        break;
                    }
                }
                let _ = to.shutdown(Shutdown::Both);
            });
            let (mut from, mut to) = (upstream, device);
            thread::spawn(move || std::io::copy(&mut from, &mut to));
        }
    });
    (address, heard)
}

/// Acts as a device, in a process with simulated hardware.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn the_device() {
    let [profile, folder, key] = ["PROFILE", "FOLDER", "KEY"].map(|name| std::env::var(name).unwrap());
    let client = Client::open(Profile::from_json(profile.as_bytes()).unwrap(), folder).unwrap();
    client.activate(&key, "Desk PC").unwrap();
    client.refresh().unwrap();
    client.details().unwrap();
    client.diagnose();
    let diagnostics = serde_json::to_string(&client.diagnose()).unwrap();
    std::fs::write(client.folder().join("diagnostics.json"), diagnostics).unwrap();
    client.deactivate().unwrap();
    client.begin_offline(false).unwrap();
}

fn files(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        all.extend(if path.is_dir() { files(&path) } else { std::fs::read(path).unwrap() });
    }
    all
}

#[test]
#[cfg_attr(not(feature = "simulated-hardware"), ignore = "hardware is described in a file")]
fn no_raw_value_is_sent_or_kept() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let (address, heard) = tap(shop.url.strip_prefix("http://").unwrap().to_owned());
    let hardware = folder.path().join("hardware.json");
    let components: serde_json::Map<_, _> =
        RAW.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
    std::fs::write(&hardware, json!({ "class": "phys", "components": components }).to_string()).unwrap();
    let device = folder.path().join("device");
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "capture::the_device", "--ignored", "--nocapture"])
        .env("KEYSTEAD_SIMULATED_HARDWARE", &hardware)
        .env("PROFILE", shop.profile_at(&address))
        .env("FOLDER", &device)
        .env("KEY", &shop.keys[0])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
    let sent = heard.lock().unwrap().clone();
    for (name, _) in RAW {
        let tag = format!("\"{name}\":\"");
        assert!(sent.windows(tag.len()).any(|part| part == tag.as_bytes()), "a tag of the {name} was sent");
    }
    for (what, bytes) in
        [("sent", sent), ("kept", files(&device)), ("printed", [ran.stdout, ran.stderr].concat())]
    {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for (name, value) in RAW {
            let value = value.to_lowercase();
            for form in [value.clone(), value.replace([':', '-'], "")] {
                assert!(!text.contains(&form), "the {name} was {what}");
            }
        }
    }
}
