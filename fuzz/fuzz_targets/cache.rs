//! The files that are kept on a device, as somebody or something left them: a state is told in any case, and never that it is activated.
#![no_main]

use std::cell::RefCell;
use std::path::PathBuf;

use keystead::{Client, Profile};
use libfuzzer_sys::fuzz_target;

const PROFILE: &[u8] = include_bytes!("../../crates/sdk/examples/profile.json");
const FILES: [&str; 7] = [
    "activation.json",
    "offline.json",
    "details.json",
    "../clock.json",
    "../sign-in.json",
    "../account.json",
    "../device.key",
];

struct Device {
    client: Client,
    folder: PathBuf,
    product: String,
    keep: tempfile::TempDir,
}

thread_local! {
    static DEVICE: RefCell<Device> = RefCell::new(open());
}

fn open() -> Device {
    let keep = tempfile::tempdir().expect("a folder");
    let profile = Profile::from_json(PROFILE).expect("the example");
    let product = profile.product.clone();
    let client = Client::open(profile, keep.path()).expect("a client");
    Device { folder: client.folder().to_owned(), client, product, keep }
}

fuzz_target!(|input: (u8, &[u8])| {
    let (which, content) = input;
    DEVICE.with_borrow(|device| {
        let name = FILES[usize::from(which) % FILES.len()];
        let path = match name.strip_prefix("../") {
            Some(shared) => device.folder.join(shared),
            None => device.folder.join(format!("{}.{name}", device.product)),
        };
        std::fs::write(&path, content).expect("written");
        if let Ok(status) = device.client.status() {
            assert!(!status.state.is_activated(), "{status:?}");
        }
        let _ = (device.client.known_details(), device.client.known_account(), device.client.activation());
        let _ = device.client.is_offline();
        if name == "../device.key" {
            let _ = Client::open(device.client.profile().clone(), device.keep.path());
        }
        std::fs::remove_file(&path).expect("removed");
    });
});
