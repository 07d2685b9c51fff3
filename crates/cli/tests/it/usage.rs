use keystead_testkit::{free_port, snapshot_settings};

use crate::shop::{Shop, terminal};

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(folder.path());
    terminal.help().unwrap();
    snapshot_settings().bind(|| insta::assert_snapshot!("help", terminal.text()));
}

#[test]
fn mistakes_before_a_server_is_asked_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(folder.path());
    for arguments in [
        &["activte"][..],
        &["state"],
        &["--json", "state"],
        &["--profile", "missing.json", "state"],
        &["vendor", "product", "list"],
        &["vendor", "license", "revoke", "--reason", "refund", "lic_1"],
        &["vendor", "license", "revoke", "lic_00000000000070008000000000000001"],
        &["vendor", "validate"],
    ] {
        terminal.run(arguments).unwrap();
    }
    std::fs::write(folder.path().join("profile.json"), "{}").unwrap();
    terminal.run(&["--profile", "profile.json", "state"]).unwrap();
    terminal.set("KEYSTEAD_SERVER", &format!("http://127.0.0.1:{}", free_port().unwrap()));
    terminal.set("KEYSTEAD_TOKEN", "typed");
    terminal.run(&["vendor", "product", "list"]).unwrap();
    snapshot_settings().bind(|| insta::assert_snapshot!("mistakes", terminal.text()));
}

#[test]
fn refusals_of_the_server_say_what_to_do() {
    let shop = Shop::open();
    let mut vendor = shop.vendor();
    vendor.run(&["vendor", "product", "create", "Studio 2", "--name", "Studio"]).unwrap();
    vendor.run(&["vendor", "edition", "list", "unknown"]).unwrap();
    vendor.run(&["vendor", "keys", "make", "unknown", "--edition", "pro", "--policy", "retail"]).unwrap();
    vendor.run(&["vendor", "product", "profile", "unknown"]).unwrap();
    vendor.run(&["vendor", "validate", "--key", "12345"]).unwrap();
    vendor.run(&["--json", "vendor", "edition", "list", "unknown"]).unwrap();
    vendor.set("KEYSTEAD_TOKEN", "mistyped");
    vendor.run(&["vendor", "product", "list"]).unwrap();
    snapshot_settings().bind(|| insta::assert_snapshot!("refusals", vendor.text()));
}
