use std::path::Path;

use anyhow::Context as _;
use keystead_testkit::{Browser, Server};
use serde_json::Value;

use super::device::{Outcome, Seat};
use super::machine::Machine;
use crate::command::server_binary;

const EMAIL: &str = "person@example.org";
const PASSWORD: &str = "violet teapot on a ladder";
const LINKED: &str = "Studio is activated with a digital license linked to your account";

/// Counts and prints the steps.
struct Teller {
    step: u32,
}

impl Teller {
    fn tell(&mut self, what: &str) {
        self.step += 1;
        println!("{:>3}. {what}", self.step);
    }

    fn quote(&self, outcome: &Outcome) {
        for line in outcome.text.lines().filter(|line| !line.trim().is_empty()) {
            println!("       | {line}");
        }
    }
}

/// The server and the participants of the demo.
struct Stage {
    server: Server,
    vendor: Seat,
    browser: Browser,
    teller: Teller,
}

impl Stage {
    /// Runs a command that signs in, and approves the sign-in in the browser.
    fn with_approval(&self, seat: &Seat, arguments: &[&str]) -> anyhow::Result<()> {
        let (mut child, code) = seat.start_sign_in(arguments)?;
        self.browser.approve(&code)?;
        anyhow::ensure!(child.wait()?.success(), "{arguments:?} failed after the approval");
        Ok(())
    }

    fn show(&mut self, what: &str, outcome: &Outcome) {
        self.teller.tell(what);
        self.teller.quote(outcome);
    }
}

/// Runs the demo, from the first product key to the last refresh.
pub fn play(keep: bool) -> anyhow::Result<()> {
    let folder = tempfile::Builder::new().prefix("keystead-demo-").tempdir()?;
    let place = folder.path();
    let (mut stage, keys) = open_shop(place)?;
    let profile = place.join("profile.json");
    let mut machine = Machine::desktop(place, "desktop", "1122")?;
    let desktop = Seat::device(&profile, &place.join("desktop"), machine.path());

    activate(&mut stage, &desktop, &keys[0])?;
    link(&mut stage, &desktop)?;
    let laptop = refuse_second_device(&mut stage, place, &profile, &keys[0])?;
    change_disk(&mut stage, &desktop, &mut machine)?;
    change_motherboard(&mut stage, &desktop, &mut machine)?;
    let renewed = Seat::device(&profile, &place.join("desktop-reinstalled"), machine.path());
    reactivate(&mut stage, &renewed, &desktop)?;
    deactivate_remotely(&mut stage, &laptop, &renewed)?;
    survive_a_kill(&mut stage, &renewed)?;
    work_offline(&mut stage, &renewed)?;
    println!("The main job works.");
    if keep {
        return leave_open(stage, folder);
    }
    Ok(())
}

fn open_shop(place: &Path) -> anyhow::Result<(Stage, Vec<String>)> {
    let options = [("KEYSTEAD_VENDOR__SLUG", "acme"), ("KEYSTEAD_VENDOR__NAME", "Acme")];
    let server = Server::start(&server_binary(), &place.join("server"), &options)?;
    let mut teller = Teller { step: 0 };
    teller.tell(&format!("A server is ready at {} on SQLite in a fresh folder.", server.url()));
    server.admin("admin@example.org", "a password for the demo")?;
    let vendor = Seat::vendor(&server.url(), &server.token()?);
    teller.tell("The operator made an administrator and an API token.");

    vendor
        .run(&["vendor", "product", "create", "studio", "--name", "Studio"])?
        .expect(0, &["Created product Studio"])?;
    let edition =
        ["vendor", "edition", "create", "studio", "pro", "--name", "Professional", "--features", "raw,batch"];
    vendor.run(&edition)?.expect(0, &["Created edition Professional (pro)"])?;
    vendor
        .run(&["vendor", "policy", "create", "studio", "retail", "--seats", "1"])?
        .expect(0, &["Created policy retail"])?;
    let file = place.join("keys.txt");
    let out = file.to_str().context("the folder's name is no text")?;
    let make = [
        "vendor",
        "keys",
        "make",
        "studio",
        "--edition",
        "pro",
        "--policy",
        "retail",
        "--count",
        "1000",
        "--out",
        out,
    ];
    vendor.run(&make)?.expect(0, &["1000 product keys"])?;
    let keys: Vec<String> = std::fs::read_to_string(&file)?.lines().map(str::to_owned).collect();
    anyhow::ensure!(
        keys.len() == 1000 && keys.iter().all(|key| key.len() == 29),
        "1000 product keys were expected"
    );
    teller.tell("The vendor defined product, edition and a one-seat policy, and made 1000 product keys.");

    let profile = vendor.run(&["vendor", "product", "profile", "studio"])?.expect(0, &["\"roots\""])?;
    std::fs::write(place.join("profile.json"), &profile.text)?;
    let browser = Browser::new(&server.url());
    Ok((Stage { server, vendor, browser, teller }, keys))
}

fn activate(stage: &mut Stage, desktop: &Seat, key: &str) -> anyhow::Result<()> {
    desktop.run(&["state"])?.expect(5, &["Studio is not activated on this device", "not_activated"])?;
    let wrong = if key.as_bytes()[8] == b'B' { "C" } else { "B" };
    let mistyped = format!("{}{wrong}{}", &key[..8], &key[9..]);
    stage.server.kill()?;
    let outcome =
        desktop.run(&["activate", &mistyped])?.expect(3, &["group 2", key, "product_key_mistyped"])?;
    stage.show(
        "A mistyped key is caught with the server down, its group named, a repair suggested.",
        &outcome,
    );
    let outcome = desktop.run(&["activate", key])?.expect(8, &["connection_refused"])?;
    stage.show("The right key needs the server, and says so.", &outcome);
    stage.server.restart()?;
    let spoken = key.to_lowercase().replace('-', " ");
    let outcome =
        desktop.run(&["activate", &spoken])?.expect(0, &["Studio is activated with a digital license."])?;
    stage.show("The desktop is activated with the key, typed in lower case with spaces.", &outcome);
    desktop.run(&["refresh"])?.expect(0, &["The certificate is up to date."])?;
    Ok(())
}

fn link(stage: &mut Stage, desktop: &Seat) -> anyhow::Result<()> {
    let fields = [("email", EMAIL), ("name", "Person"), ("password", PASSWORD)];
    let (status, page) = stage.browser.submit("/sign-up", &fields)?;
    anyhow::ensure!(status == 200, "the form was not taken: {page}");
    stage.browser.confirm(&stage.server.mailbox().next(EMAIL)?)?;
    stage.teller.tell("The customer signed up in the browser and opened the link in the letter.");
    stage.with_approval(desktop, &["link", "--agree"])?;
    let outcome = desktop.run(&["state"])?.expect(0, &[LINKED])?;
    stage.show("The customer agreed, signed in by a device code and linked the license.", &outcome);
    Ok(())
}

fn refuse_second_device(stage: &mut Stage, place: &Path, profile: &Path, key: &str) -> anyhow::Result<Seat> {
    let machine = Machine::desktop(place, "laptop", "9a9b")?;
    let laptop = Seat::device(profile, &place.join("laptop"), machine.path());
    let outcome = laptop.run(&["activate", key])?.expect(4, &["product_key_not_accepted", "sign in"])?;
    stage.show("On a second device the linked key has lost its power.", &outcome);
    stage.with_approval(&laptop, &["sign-in"])?;
    let outcome =
        laptop.run(&["activate"])?.expect(4, &["no_free_seat", "Remove a device you no longer use"])?;
    stage.show("Signed in there, the one seat is in use, and the next action is clear.", &outcome);
    Ok(laptop)
}

fn change_disk(stage: &mut Stage, desktop: &Seat, machine: &mut Machine) -> anyhow::Result<()> {
    machine.replace(&["disk"])?;
    desktop.run(&["state"])?.expect(0, &[LINKED])?;
    let outcome = desktop.run(&["refresh"])?.expect(0, &["The certificate is up to date.", LINKED])?;
    stage.show("The disk was replaced: nobody is asked anything.", &outcome);
    Ok(())
}

fn change_motherboard(stage: &mut Stage, desktop: &Seat, machine: &mut Machine) -> anyhow::Result<()> {
    machine.replace(&["tpm", "uuid", "board"])?;
    let words = ["hardware changed", "motherboard changed", "match", "hardware_changed"];
    let outcome = desktop.run(&["state"])?.expect(5, &words)?;
    stage.show(
        "The motherboard was replaced: the state says so and explains the difference, offline.",
        &outcome,
    );
    desktop.run(&["refresh"])?.expect(5, &["hardware_changed"])?;
    Ok(())
}

fn first_activation(devices: &Value) -> anyhow::Result<(String, String)> {
    let device = &devices[0];
    let text = |value: &Value| value.as_str().map(str::to_owned).context("no devices were listed");
    Ok((text(&device["id"])?, text(&device["activations"][0]["id"])?))
}

fn reactivate(stage: &mut Stage, renewed: &Seat, old: &Seat) -> anyhow::Result<()> {
    stage.with_approval(renewed, &["sign-in"])?;
    let devices = renewed.run(&["--json", "devices"])?.expect(0, &["hardware_changed"])?.json()?;
    let (device, activation) = first_activation(&devices)?;
    let outcome = renewed.run(&["reactivate", "--activation", &activation])?.expect(0, &[LINKED])?;
    stage.show("Reinstalled on the new board, it is reactivated by signing in, without the key.", &outcome);
    let after = first_activation(&renewed.run(&["--json", "devices"])?.json()?)?;
    anyhow::ensure!(after == (device, activation), "device and activation keep their ids");
    let license = &renewed.run(&["--json", "licenses"])?.json()?[0];
    anyhow::ensure!(
        license["seats_used"] == 1 && license["rebinds_left"] == 3,
        "one seat, one move used: {license}"
    );
    let outcome = old.run(&["refresh"])?.expect(5, &["different_device"])?;
    stage.show("The certificate of the old installation stops at its next refresh.", &outcome);
    old.run(&["state"])?.expect(5, &["not activated"])?;
    Ok(())
}

fn deactivate_remotely(stage: &mut Stage, laptop: &Seat, renewed: &Seat) -> anyhow::Result<()> {
    let (device, _) = first_activation(&laptop.run(&["--json", "devices"])?.json()?)?;
    let outcome = laptop.run(&["deactivate", "--device", &device])?.expect(0, &["1 seat is free"])?;
    stage.show("From the laptop the customer deactivates the desktop.", &outcome);
    let outcome = renewed.run(&["refresh"])?.expect(5, &["activation_released"])?;
    stage.show("There it stops at the next refresh.", &outcome);
    renewed.run(&["activate"])?.expect(0, &[LINKED])?;
    stage.teller.tell("Signed in, the desktop takes the free seat again.");
    Ok(())
}

fn survive_a_kill(stage: &mut Stage, renewed: &Seat) -> anyhow::Result<()> {
    let before = renewed.run(&["--json", "licenses"])?.expect(0, &[])?.json()?;
    stage.server.kill()?;
    stage.server.restart()?;
    let after = renewed.run(&["--json", "licenses"])?.expect(0, &[])?.json()?;
    anyhow::ensure!(before == after, "after the kill: {after}, before: {before}");
    renewed.run(&["refresh"])?.expect(0, &["The certificate is up to date.", LINKED])?;
    let listed = stage.vendor.run(&["--json", "vendor", "license", "list"])?.json()?;
    anyhow::ensure!(
        listed["items"].as_array().is_some_and(|items| items.len() == 1),
        "one license: {listed}"
    );
    stage.teller.tell("The server was killed with SIGKILL and restarted: nothing is lost.");
    Ok(())
}

fn work_offline(stage: &mut Stage, renewed: &Seat) -> anyhow::Result<()> {
    stage.server.kill()?;
    let outcome = renewed.run(&["state"])?.expect(0, &[LINKED])?;
    stage.show("With the server gone, the device works offline.", &outcome);
    renewed.run(&["refresh"])?.expect(8, &["connection_refused", "keep working"])?;
    renewed.run(&["state"])?.expect(0, &[LINKED])?;
    stage.server.restart()
}

fn leave_open(stage: Stage, folder: tempfile::TempDir) -> anyhow::Result<()> {
    let url = stage.server.url();
    let data = folder.keep();
    println!("Account page   {url}/  (sign in as {EMAIL} with the password: {PASSWORD})");
    println!("API            {url}/api/openapi.json");
    println!("Data           {}", data.display());
    println!("Stop it with   kill {}", stage.server.leave_running());
    Ok(())
}
