//! Commands on a customer's device. The hardware is simulated, so that the output is the same on
//! every machine.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{ChildStderr, Output};

use keystead_testkit::{Browser, Mailbox, Transcript, snapshot_settings};
use serde_json::json;

use crate::shop::{Shop, terminal};

const KEY_COUNT: &str = "4";

/// A customer with a device and an account.
struct Customer {
    shop: Shop,
    device: Transcript,
    browser: Browser,
    keys: Vec<String>,
}

impl Customer {
    fn new() -> Self {
        let shop = Shop::open();
        let mut vendor = shop.vendor();
        let mut run = |arguments: &[&str]| vendor.run(&[&["vendor"], arguments].concat()).unwrap();
        run(&["product", "create", "studio", "--name", "Studio"]);
        run(&["edition", "create", "studio", "pro", "--name", "Professional"]);
        run(&["policy", "create", "studio", "retail"]);
        let batch = ["--edition", "pro", "--policy", "retail", "--count", KEY_COUNT];
        let keys = run(&[&["keys", "make", "studio"][..], &batch].concat());
        let profile = run(&["product", "profile", "studio"]);
        std::fs::write(shop.folder().join("profile.json"), profile).unwrap();
        let browser = Browser::new(&shop.url);
        browser.sign_up(&Mailbox::of(&shop.folder().join("server")), "robin@example.org").unwrap();
        let keys = keys.lines().map(str::to_owned).collect();
        let device = device(&shop, "desk");
        Self { shop, device, browser, keys }
    }

    /// Runs a command that asks for a sign-in, and approves the sign-in in the browser.
    fn run_and_approve(&mut self, arguments: &[&str]) {
        let mut child = self.device.command(arguments).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let shown = self.approve(&mut stderr);
        let mut output = child.wait_with_output().unwrap();
        output.stderr = shown.into_bytes();
        stderr.read_to_end(&mut output.stderr).unwrap();
        self.record(arguments, &output);
    }

    fn approve(&self, stderr: &mut BufReader<ChildStderr>) -> String {
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let code = line.split_whitespace().last().unwrap();
        self.browser.approve(code).unwrap();
        line
    }

    fn record(&mut self, arguments: &[&str], output: &Output) {
        self.device.record(arguments, output).unwrap();
    }
}

/// Creates a device with its own hardware and returns its terminal.
fn device(shop: &Shop, name: &str) -> Transcript {
    let folder = shop.folder().join(name);
    std::fs::create_dir(&folder).unwrap();
    let value = |part: &str| vec![format!("{part}-of-{name}")];
    let components = json!({
        "board": value("board"), "disk": value("disk"), "mac": value("mac"), "osid": value("osid"),
        "tpm": value("tpm"), "uuid": value("uuid"), "vol": value("vol"),
    });
    let hardware = json!({ "class": "phys", "components": components }).to_string();
    std::fs::write(folder.join("hardware.json"), hardware).unwrap();
    open(&folder)
}

/// A new terminal of a device.
fn open(folder: &Path) -> Transcript {
    let mut device = terminal(folder);
    device.set("KEYSTEAD_SIMULATED_HARDWARE", "hardware.json");
    device.set("KEYSTEAD_PROFILE", "../profile.json");
    device.set("KEYSTEAD_FOLDER", "data");
    device
}

fn check(name: &str, device: &Transcript) {
    let mut settings = snapshot_settings();
    settings.add_filter(r"(code[ =])[A-Z0-9]{4}-[A-Z0-9]{4}\b", "${1}XXXX-XXXX");
    settings.add_filter(r#""platform": "[^"]*""#, "\"platform\": \"[operating system]\"");
    settings.add_filter("The device key is stored in .*", "The device key is stored in a file.");
    settings.bind(|| insta::assert_snapshot!(name, device.text()));
}

#[test]
fn a_customer_activates_with_a_key() {
    let Customer { shop, mut device, keys, .. } = Customer::new();
    let mut run = |arguments: &[&str]| device.run(arguments).unwrap();
    run(&["state"]);
    run(&["refresh"]);
    let mistyped = format!("{}{}", if keys[0].starts_with('2') { '3' } else { '2' }, &keys[0][1..]);
    run(&["activate", &mistyped]);
    run(&["activate", "HELLO"]);
    run(&["activate", &keys[0], "--name", "Desk PC"]);
    run(&["activate", &keys[1], "--name", "Desk PC"]);
    run(&["state"]);
    run(&["--json", "state"]);
    run(&["refresh"]);
    run(&["doctor"]);
    run(&["link"]);
    run(&["deactivate"]);
    run(&["--json", "state"]);
    check("device", &device);

    let mut other = self::device(&shop, "laptop");
    device = self::device(&shop, "tower");
    device.run(&["activate", &keys[2], "--name", "Tower"]).unwrap();
    other.run(&["activate", &keys[2], "--name", "Laptop"]).unwrap();
    other.run(&["--json", "activate", &keys[2], "--name", "Laptop"]).unwrap();
    check("no_free_seat", &other);
}

#[test]
fn a_customer_links_a_license_and_manages_devices() {
    let mut customer = Customer::new();
    let key = customer.keys[0].clone();
    customer.run_and_approve(&["sign-in"]);
    for arguments in [
        &["licenses"][..],
        &["devices"],
        &["activate"],
        &["link", "--agree"],
        &["activate", &key, "--name", "Desk PC"],
        &["link", "--agree"],
        &["licenses"],
        &["--json", "licenses"],
        &["--json", "devices"],
        &["reactivate"],
        &["deactivate"],
        &["--json", "deactivate"],
        &["activate", "--name", "Desk PC"],
        &["deactivate", "--device", "dev_00000000000070008000000000000001"],
    ] {
        customer.device.run(arguments).unwrap();
    }
    customer.run_and_approve(&["unlink"]);
    customer.device.run(&["sign-out"]).unwrap();
    customer.device.run(&["--json", "sign-out"]).unwrap();
    check("account", &customer.device);
}

#[test]
fn a_customer_activates_offline() {
    let Customer { shop: _shop, mut device, .. } = Customer::new();
    for arguments in [
        &["offline"][..],
        &["offline", "12345"],
        &["offline", "--save", "request.txt", "--name", "Desk PC"],
        &["offline", "--open", "request.txt"],
        &["offline", "--open", "missing.txt"],
        &["offline", "--release"],
        &["--json", "offline"],
    ] {
        device.run(arguments).unwrap();
    }
    check("offline", &device);
}
