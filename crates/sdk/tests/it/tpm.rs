//! The device key in a TPM. The tests use a software TPM, and servers that imitate one.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use keystead::protocol::Code;
use keystead::protocol::fingerprint::Component;
use keystead::{Client, Options, RefreshOutcome, State, Tpm};
use tempfile::TempDir;

use crate::published::publish;
use crate::shop::Shop;

/// A software TPM.
struct Chip {
    state: TempDir,
    running: Child,
}

impl Chip {
    fn new() -> Self {
        // A socket's path is limited to about a hundred bytes.
        let state = tempfile::tempdir_in("/tmp").unwrap();
        let running = start(state.path());
        Self { state, running }
    }

    fn socket(&self) -> PathBuf {
        self.state.path().join("socket")
    }

    fn stop(&mut self) {
        self.running.kill().unwrap();
        self.running.wait().unwrap();
    }

    /// Restarts the TPM with TPM2_Startup, as a boot does.
    fn restart(&mut self) {
        self.stop();
        self.running = start(self.state.path());
    }

    /// Runs TPM2_Clear with the lockout authority, as the firmware settings do. All keys below the
    /// owner's seed become invalid.
    fn clear(&self) {
        let command = [
            0x80, 0x02, 0, 0, 0, 27, 0, 0, 0x01, 0x26, 0x40, 0, 0, 0x0a, 0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0,
            0, 0,
        ];
        let mut chip = UnixStream::connect(self.socket()).unwrap();
        chip.write_all(&command).unwrap();
        let mut answer = [0; 10];
        chip.read_exact(&mut answer).unwrap();
        assert_eq!(answer[6..], [0; 4]);
    }

    fn client(&self, shop: &Shop, folder: &Path) -> Client {
        shop.client_of(&shop.url, folder, Options { tpm: Tpm::At(self.socket()), ..Options::default() })
    }
}

fn start(state: &Path) -> Child {
    let socket = state.join("socket");
    let _ = fs::remove_file(&socket);
    let mut running = Command::new("swtpm")
        .args(["socket", "--tpm2", "--flags", "not-need-init,startup-clear", "--tpmstate"])
        .arg(format!("dir={}", state.display()))
        .arg("--server")
        .arg(format!("type=unixio,path={}", socket.display()))
        .stdin(Stdio::null())
        .spawn()
        .expect("Debian's package swtpm is installed");
    for _ in 0..2_000 {
        if UnixStream::connect(&socket).is_ok() {
            return running;
        }
        thread::sleep(Duration::from_millis(5));
    }
    running.kill().and_then(|()| running.wait()).unwrap();
    panic!("the TPM does not listen");
}

impl Drop for Chip {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

fn kept_key(client: &Client) -> String {
    fs::read_to_string(client.folder().join("device.key")).unwrap()
}

#[test]
fn a_device_key_is_made_in_the_tpm_and_signs_all_that_a_device_asks() {
    let (shop, folder, mut chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let client = chip.client(&shop, folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    assert!(kept_key(&client).starts_with("tpm2:"));
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(client.details().unwrap().seats_used, 1);
    shop.sign_in(&client);
    client.link(client.linking_disclosure().unwrap().version).unwrap();
    chip.restart();
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(client.status().unwrap().state, State::ActivatedLinked);
    let told = client.diagnose();
    assert!(told.readable.contains(&Component::Tpm));
    assert!(
        told.findings.iter().any(|found| found.message == "The device key is stored in the TPM."),
        "{told:#?}"
    );
    client.deactivate().unwrap();
}

#[test]
fn a_copied_folder_signs_nothing_beside_another_tpm_and_costs_the_original_nothing() {
    let (shop, folder, chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let original = chip.client(&shop, folder.path());
    original.activate(&shop.keys[0], "Desk PC").unwrap();
    let (copied, other) = (tempfile::tempdir().unwrap(), Chip::new());
    let copy = other.client(&shop, copied.path());
    for entry in fs::read_dir(original.folder()).unwrap().flatten() {
        fs::copy(entry.path(), copy.folder().join(entry.file_name())).unwrap();
    }
    assert_eq!(copy.refresh().unwrap_err().code, Code::DeviceKeyMissing);
    let told = copy.diagnose();
    assert!(told.findings.iter().any(|found| found.code == Some(Code::DeviceKeyMissing)), "{told:#?}");
    let nowhere =
        shop.client_of(&shop.url, copied.path(), Options { tpm: Tpm::Unused, ..Options::default() });
    assert_eq!(nowhere.refresh().unwrap_err().code, Code::DeviceKeyMissing);
    assert_eq!(original.refresh().unwrap(), RefreshOutcome::Renewed);
}

#[test]
fn whoever_cleared_the_tpm_activates_again_on_the_same_seat() {
    let (shop, folder, chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    // Publish the other hardware, so that the test does not depend on the test machine.
    publish(folder.path(), |_| {});
    let options =
        Options { tpm: Tpm::At(chip.socket()), published: folder.path().join("run"), ..Options::default() };
    let client = shop.client_of(&shop.url, folder.path(), options);
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let (before, activation) = (kept_key(&client), client.activation().unwrap());
    chip.clear();
    assert_eq!(client.refresh().unwrap_err().code, Code::DeviceKeyMissing);
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    assert_ne!(kept_key(&client), before);
    assert_ne!(client.activation().unwrap(), activation, "each key has an activation of its own");
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
    assert_eq!(client.details().unwrap().seats_used, 1, "the machine was recognized by the rest of it");
}

#[test]
fn a_tpm_that_does_not_answer_stops_no_product_and_is_told_apart_from_a_lost_key() {
    let (shop, folder, mut chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let client = chip.client(&shop, folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let before = kept_key(&client);
    chip.stop();
    assert_eq!(client.status().unwrap().state, State::Activated);
    assert_eq!(client.refresh().unwrap_err().code, Code::TpmUnavailable);
    assert_eq!(client.activate(&shop.keys[0], "Desk PC").unwrap_err().code, Code::TpmUnavailable);
    assert_eq!(kept_key(&client), before, "nothing is lost that comes back");
    chip.restart();
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
}

#[test]
fn the_tpm_is_a_part_of_the_hardware_that_is_not_asked_for_a_state() {
    let (shop, folder, chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let client = chip.client(&shop, folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let seen = client.folder().join("tpm.json");
    let kept = fs::read_to_string(&seen).unwrap();
    // A tag from another boot or another machine must not count.
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    fs::write(&seen, kept.replace(boot.trim(), "00000000-0000-0000-0000-000000000000")).unwrap();
    assert_eq!(client.status().unwrap().state, State::Activated);
    assert!(client.diagnose().unreadable.contains(&Component::Tpm));
    client.refresh().unwrap();
    assert_eq!(fs::read_to_string(&seen).unwrap(), kept, "asked again, and the same one");
}

#[test]
fn what_only_looks_like_a_tpm_is_done_without() {
    let shop = Shop::open();
    let answers: [&[u8]; 8] = [
        b"",
        b"HTTP/1.1 200 OK\r\n\r\n",
        &[0x80, 2, 0, 0, 0, 10, 0, 0, 0, 0],
        &[0x80, 2, 0, 0, 0, 9, 0, 0, 0, 0],
        &[0x80, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
        &[0x80, 1, 0, 0, 0, 10, 0, 0, 0x09, 0x22],
        &[0x80, 2, 0, 0, 0, 18, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff],
        &[0; 8192],
    ];
    for answer in answers {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let socket = folder.path().join("socket");
        let listener = UnixListener::bind(&socket).unwrap();
        thread::spawn(move || {
            for mut caller in listener.incoming().flatten() {
                let _ = caller.read(&mut [0; 4096]);
                let _ = caller.write_all(answer);
            }
        });
        let client =
            shop.client_of(&shop.url, folder.path(), Options { tpm: Tpm::At(socket), ..Options::default() });
        let shown = client.begin_offline(false).unwrap();
        assert!(!kept_key(&client).starts_with("tpm2:"));
        assert_eq!(client.begin_offline(false).unwrap(), shown);
    }
}

#[test]
fn a_kept_key_that_is_damaged_is_told_and_not_replaced() {
    let (shop, folder, chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let client = chip.client(&shop, folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    let key = kept_key(&client);
    for damaged in ["tpm2:", "tpm2:AAAA", &key[..key.len() - 4], &format!("{key}AAAA"), "tpm3:AAAA"] {
        fs::write(client.folder().join("device.key"), damaged).unwrap();
        assert_eq!(
            client.activate(&shop.keys[0], "Desk PC").unwrap_err().code,
            Code::StorageFailed,
            "{damaged}"
        );
        assert_eq!(kept_key(&client), damaged);
    }
    fs::write(client.folder().join("device.key"), key).unwrap();
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
}

#[test]
fn who_may_not_use_the_tpm_takes_nothing_from_who_may() {
    let (shop, folder, chip) = (Shop::open(), tempfile::tempdir().unwrap(), Chip::new());
    let client = chip.client(&shop, folder.path());
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    // Act as another product that may not access the TPM.
    let without =
        shop.client_of(&shop.url, folder.path(), Options { tpm: Tpm::Unused, ..Options::default() });
    assert_eq!(without.refresh().unwrap_err().code, Code::DeviceKeyMissing);
    without.activate("BBBBB", "Desk PC").unwrap_err();
    let other = shop.client_of(
        "http://127.0.0.1:9",
        folder.path(),
        Options { tpm: Tpm::Unused, ..Options::default() },
    );
    assert_eq!(other.activate(&shop.keys[0], "Desk PC").unwrap_err().code, Code::ConnectionRefused);
    assert!(!kept_key(&client).starts_with("tpm2:"), "it got a key of its own");
    assert_eq!(client.status().unwrap().state, State::Activated);
    assert_eq!(client.refresh().unwrap(), RefreshOutcome::Renewed);
}
