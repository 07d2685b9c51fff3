//! Snapshots of the output of the operator's commands.

use keystead_testkit::{PASSWORD, Transcript, snapshot_settings};

/// A terminal on the server's machine. The log is off, because it has its own tests.
fn terminal(folder: &tempfile::TempDir) -> Transcript {
    let mut terminal = Transcript::new(env!("CARGO_BIN_EXE_keystead-server"), folder.path());
    terminal.set("KEYSTEAD_LOG__FILTER", "off");
    terminal
}

fn check(name: &str, terminal: &Transcript) {
    let mut settings = snapshot_settings();
    settings.add_filter(r"\bkst_[0-9A-Za-z_-]+", "[API token]");
    // The first of the 90 days has just begun.
    settings.add_filter("(89|90) days left", "89 days left");
    settings.bind(|| insta::assert_snapshot!(name, terminal.text()));
}

#[test]
fn every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    terminal.help().unwrap();
    check("help", &terminal);
}

#[test]
fn an_operator_manages_api_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    let create = ["token", "create", "--name", "desk", "--scopes"];
    let mut run = |arguments: &[&str]| terminal.run(arguments).unwrap();
    run(&["token", "list"]);
    run(&[&create[..], &["everything"]].concat());
    run(&[&create[..], &["read,validate"]].concat());
    run(&["token", "create", "--name", "shop", "--scopes", "all", "--no-expiry"]);
    run(&["token", "list"]);
    let listed: serde_json::Value = serde_json::from_str(&run(&["token", "list", "--json"])).unwrap();
    let id = listed[0]["id"].as_str().unwrap();
    run(&["token", "revoke", id]);
    run(&["token", "revoke", id]);
    run(&["token", "revoke", "tok_1"]);
    run(&["token", "list"]);
    check("token", &terminal);
}

#[test]
fn an_operator_manages_staff() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    let create = ["staff", "create", "--email", "robin@example.org"];
    terminal.run(&["staff", "list"]).unwrap();
    for password in ["short", PASSWORD, PASSWORD] {
        terminal.run_with_input(&create, password).unwrap();
    }
    for arguments in [
        &["staff", "list"][..],
        &["staff", "list", "--json"],
        &["staff", "set-role", "robin@example.org", "support"],
        &["staff", "sign-out", "robin@example.org"],
        &["staff", "disable", "robin@example.org"],
        &["staff", "list"],
        &["staff", "enable", "robin@example.org"],
        &["staff", "disable", "kim@example.org"],
        &["staff", "disable", "robin"],
    ] {
        terminal.run(arguments).unwrap();
    }
    check("staff", &terminal);
}

#[test]
fn an_operator_manages_keys() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    for arguments in [
        &["key", "status"][..],
        &["key", "rotate", "issuing"],
        &["key", "rotate", "everything"],
        &["key", "revoke", "12345"],
        &["key", "root-next"],
        &["key", "request", "--out", "request.json"],
        &[
            "key",
            "renew",
            "--root",
            "data/keys/root.key",
            "--request",
            "request.json",
            "--out",
            "signed.json",
        ],
        &["key", "renew", "--root", "missing.key", "--request", "request.json", "--out", "signed.json"],
        &["key", "install", "request.json"],
        &["key", "install", "signed.json"],
    ] {
        terminal.run(&[&["--data", "data"], arguments].concat()).unwrap();
    }
    check("key", &terminal);
}

#[test]
fn an_operator_verifies_the_logs() {
    let folder = tempfile::tempdir().unwrap();
    let mut terminal = terminal(&folder);
    let zeros = format!("audit=1:{}", "0".repeat(64));
    for arguments in [
        &["log", "verify"][..],
        &["token", "create", "--name", "desk", "--scopes", "read"],
        &["token", "create", "--name", "shop", "--scopes", "read"],
        &["log", "verify"],
        &["log", "verify", "--noted", &zeros],
        &["log", "verify", "--noted", "audit"],
        &["log", "prove", "growth", "audit", "1"],
        &["log", "prove", "growth", "audit", "9"],
        &["log", "prove", "event", "evt_00000000000070008000000000000001"],
        &["log", "prove", "certificate", "missing.txt"],
    ] {
        terminal.run(arguments).unwrap();
    }
    check("log", &terminal);
}
