//! Hardware tags that root publishes for containers and for users without permission to read the
//! hardware.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use keystead::protocol::Code;
use keystead::protocol::fingerprint::Component;
use keystead::{Client, Options, State};
use serde_json::{Value, json};

use crate::shop::Shop;

fn client(shop: &Shop, folder: &Path) -> Client {
    let options = Options { published: folder.join("run"), ..Options::default() };
    shop.client_of(&shop.url, folder, options)
}

/// Writes the published hardware of a machine with all components.
pub fn publish(folder: &Path, change: impl FnOnce(&mut Value)) {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let tags = json!({
        "tpm": "3905", "uuid": "5e4b", "board": "d0fe", "disk": "4528", "mac": "d3a1", "osid": "f1d7", "vol": "dc82",
    });
    let fingerprint = json!({ "class": "phys", "fp": tags, "unreadable": [] });
    let mut published = json!({ "boot": boot.trim(), "fingerprint": fingerprint });
    change(&mut published);
    fs::create_dir_all(folder.join("run")).unwrap();
    fs::write(folder.join("run/vendor.json"), published.to_string()).unwrap();
    fs::set_permissions(folder.join("run/vendor.json"), fs::Permissions::from_mode(0o644)).unwrap();
}

pub fn replace(published: &mut Value, components: &[&str]) {
    for component in components {
        published["fingerprint"]["fp"][component] = "0001".into();
    }
}

fn knows_the_board(client: &Client) -> bool {
    client.diagnose().readable.contains(&Component::Board)
}

#[test]
fn what_a_helper_published_is_the_hardware() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = client(&shop, folder.path());
    publish(folder.path(), |_| {});
    assert_eq!(client.diagnose().readable, Component::ALL);
    client.activate(&shop.keys[0], "Desk PC").unwrap();
    publish(folder.path(), |published| replace(published, &["mac"]));
    assert_eq!(client.status().unwrap().state, State::Activated, "a small change");
    client.refresh().unwrap();
    publish(folder.path(), |published| replace(published, &["tpm", "uuid", "board"]));
    assert_eq!(client.status().unwrap().state, State::HardwareChanged, "a motherboard");
}

#[test]
fn what_may_be_anybodys_word_does_not_count() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = client(&shop, folder.path());
    let file = folder.path().join("run/vendor.json");
    publish(folder.path(), |published| published["boot"] = "of-another-machine".into());
    assert!(!knows_the_board(&client));
    publish(folder.path(), |published| published["raw"] = json!({ "board": "CN129636AB01CD" }));
    assert!(!knows_the_board(&client));
    publish(folder.path(), |_| {});
    assert!(knows_the_board(&client));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(!knows_the_board(&client), "anybody can write there");
    publish(folder.path(), |_| {});
    let long = fs::read_to_string(&file).unwrap() + &" ".repeat(20_000);
    fs::write(&file, long).unwrap();
    assert!(!knows_the_board(&client));
}

#[test]
fn publishing_writes_tags_for_everybody_to_read_and_only_the_helper_to_write() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = client(&shop, folder.path());
    let before = client.diagnose();
    let file = client.publish_hardware(&folder.path().join("run")).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    let after = client.diagnose();
    assert_eq!((after.readable, after.machine), (before.readable, before.machine));
    let mut written: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let tags = written["fingerprint"]["fp"].as_object_mut().unwrap();
    assert!(!tags.is_empty() && tags.values().all(|tag| tag.is_array() || tag.as_str().unwrap().len() == 4));
    tags.insert("board".into(), "d0fe".into());
    fs::write(&file, written.to_string()).unwrap();
    assert!(knows_the_board(&client), "what stands there is what is used");
}

#[test]
fn a_containers_seat_is_given_back_when_its_program_ends() {
    let (shop, first, second) = (Shop::open(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        let only_its_image = json!({ "osid": "f1d7" });
        publish(folder.path(), |published| published["fingerprint"]["fp"] = only_its_image);
    }
    let clients = [&first, &second].map(|folder| Arc::new(client(&shop, folder.path())));
    let seat = clients[0].take_seat(Some(&shop.keys[0]), "Worker 1").unwrap();
    let taken = clients[1].take_seat(Some(&shop.keys[0]), "Worker 2").map(drop);
    assert_eq!(taken.unwrap_err().code, Code::NoFreeSeat);
    let status = clients[0].status().unwrap();
    let hours = (status.works_offline_until.unwrap() - status.refresh_after.unwrap()) / 3_600_000;
    assert_eq!((status.state, hours), (State::Activated, 12), "a short lease, refreshed at half of it");
    drop(seat);
    assert_eq!(clients[0].status().unwrap().state, State::Unlicensed);
    let _seat = clients[1].take_seat(Some(&shop.keys[0]), "Worker 2").unwrap();
}

/// Environment variable that is set in the child process, which acts as a user's program.
const PLAYED: &str = "KEYSTEAD_TEST_PUBLISHED";

#[test]
fn a_program_says_whether_the_published_board_is_known() {
    if std::env::var_os(PLAYED).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let profile = keystead::Profile::from_json(include_bytes!("../../examples/profile.json")).unwrap();
    let known = knows_the_board(&Client::open(profile, folder.path()).unwrap());
    println!("{}", if known { "BELIEVED" } else { "NOT BELIEVED" });
}

/// Whether a child process uses the published hardware after `script` has prepared its environment.
fn believes(unshare: &str, script: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    publish(folder.path(), |_| {});
    let profile: Value = serde_json::from_slice(include_bytes!("../../examples/profile.json")).unwrap();
    let script = format!(
        "set -e; mount -t tmpfs none /run; mkdir /run/keystead; \
         cp \"$1\" /run/keystead/{}.json; {script} exec \"$2\" --exact --nocapture \
         published::a_program_says_whether_the_published_board_is_known",
        profile["issuer"].as_str().unwrap()
    );
    let output = std::process::Command::new("unshare")
        .args([unshare, "sh", "-c", &script, "sh"])
        .arg(folder.path().join("run/vendor.json"))
        .arg(std::env::current_exe().unwrap())
        .env(PLAYED, "1")
        .output()
        .expect("util-linux's unshare is installed");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("BELIEVED"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    !said.contains("NOT BELIEVED")
}

#[test]
fn hardware_published_by_a_user_in_a_namespace_of_their_own_is_not_believed() {
    assert!(believes("-m", ""), "root publishes; this test needs root's rights");
    assert!(!believes("-Urm", ""), "a user who is root in a namespace of their own");
    let forged_map = "boot=$(cat /proc/sys/kernel/random/boot_id); mount -t tmpfs none /proc; \
         mkdir -p /proc/self /proc/sys/kernel/random; echo 0 0 4294967295 > /proc/self/uid_map; \
         echo $boot > /proc/sys/kernel/random/boot_id;";
    assert!(!believes("-Urm", forged_map), "the same user with a forged /proc");
}

#[test]
fn hardware_published_by_others_than_root_or_by_a_link_is_not_believed() {
    let (shop, folder) = (Shop::open(), tempfile::tempdir().unwrap());
    let client = client(&shop, folder.path());
    let (run, file) = (folder.path().join("run"), folder.path().join("run/vendor.json"));
    publish(folder.path(), |_| {});
    assert!(knows_the_board(&client), "this test needs root's rights");
    for path in [&run, &file] {
        std::os::unix::fs::chown(path, Some(65534), None).unwrap();
        assert!(!knows_the_board(&client), "somebody else's {path:?}");
        std::os::unix::fs::chown(path, Some(0), None).unwrap();
    }
    fs::rename(&file, folder.path().join("elsewhere.json")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("elsewhere.json"), &file).unwrap();
    assert!(!knows_the_board(&client), "a link");
    fs::remove_file(&file).unwrap();
    publish(folder.path(), |_| {});
    fs::set_permissions(&run, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(!knows_the_board(&client), "anybody can write into the folder");
}
