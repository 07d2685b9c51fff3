//! Tests the Settings window on a virtual display (Xvfb), with a real server and a real browser.

use std::path::Path;
use std::process::Command;

use keystead_testkit::{Browser, Server, Vendor, WITHOUT_LIMITS};
use serde_json::json;

use crate::command::{build_packages, root, run as run_command, server_binary, target};
use crate::demo::Machine;
use crate::install;

const EMAIL: &str = "ada@example.org";

/// Programs and their Debian packages.
const PROGRAMS: [(&str, &str); 8] = [
    ("xauth", "xauth"),
    ("gdbus", "libglib2.0-bin"),
    ("Xvfb", "xvfb"),
    ("xvfb-run", "xvfb"),
    ("xdotool", "xdotool"),
    ("dbus-run-session", "dbus"),
    ("import", "imagemagick"),
    ("chromium", "chromium"),
];

/// Libraries that the window loads at run time or that the tests need to control it, and their Debian packages.
const LIBRARIES: [(&str, &str); 5] = [
    ("/usr/lib/python3/dist-packages/gi", "python3-gi"),
    ("/usr/lib/x86_64-linux-gnu/girepository-1.0/Atspi-2.0.typelib", "gir1.2-atspi-2.0"),
    ("/usr/libexec/at-spi-bus-launcher", "at-spi2-core"),
    ("/usr/lib/x86_64-linux-gnu/dri", "libgl1-mesa-dri"),
    ("/usr/lib/x86_64-linux-gnu/libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];

/// Runs customer journeys through the window. Screenshots go to `target/screenshots/desktop`.
pub fn run() -> anyhow::Result<()> {
    install()?;
    install::npm(&root().join("tests/web"))?;
    build_packages(&["-p", "keystead-server"])?;
    build_packages(&["-p", "keystead-settings", "--features", "simulated-hardware"])?;
    let place = tempfile::Builder::new().prefix("keystead-desktop-").tempdir()?;
    play(place.path())
}

/// Installs the programs and libraries that the tests need.
pub fn install() -> anyhow::Result<()> {
    install::programs("the checks of the Settings window", &PROGRAMS)?;
    install::files("the checks of the Settings window", &LIBRARIES)
}

fn play(place: &Path) -> anyhow::Result<()> {
    let screenshots = std::path::absolute(target().join("screenshots/desktop"))?;
    let _ = std::fs::remove_dir_all(&screenshots);
    let mut settings = WITHOUT_LIMITS.to_vec();
    settings.push(("KEYSTEAD_VENDOR__NAME", "Contoso"));
    let server = Server::start(&server_binary(), &place.join("data"), &settings)?;
    let vendor = Vendor::new(&server.url(), &server.token()?);
    vendor.product("studio", "Contoso Studio", &json!({ "seats": 3 }))?;
    let key = vendor.keys("studio", 1)?.remove(0);
    let profile = place.join("profile.json");
    std::fs::write(&profile, vendor.profile("studio")?)?;
    Browser::new(&server.url()).sign_up(&server.mailbox(), EMAIL)?;
    let machine = Machine::desktop(place, "desktop", "1122")?;
    let opened = place.join("opened");
    let world = json!({
        "program": std::path::absolute(target().join("debug/keystead-settings"))?,
        "chromium": std::path::absolute(root().join("tests/web/desktop.mjs"))?,
        "key": key,
        "email": EMAIL,
        "server": server.process_id(),
        "hardware": machine.path(),
        "opened": opened,
        "environment": {
            "KEYSTEAD_PROFILE": profile,
            "KEYSTEAD_FOLDER": place.join("device"),
            "KEYSTEAD_SIMULATED_HARDWARE": machine.path(),
            "BROWSER": browser_that_notes(place, &opened)?,
            "LIBGL_ALWAYS_SOFTWARE": "1",
        },
    });
    let mut session = Command::new("dbus-run-session");
    session.args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x900x24"]);
    session.args(["sh", "tests/desktop/session.sh"]).current_dir(root());
    session.env("WORLD", world.to_string());
    session.env("EMAIL", EMAIL).env("URL", server.url());
    session.env("SCREENSHOTS", screenshots);
    run_command(&mut session)
}

/// A script that the window starts as its browser. It only records the URL, which the tests open in Chromium.
fn browser_that_notes(place: &Path, opened: &Path) -> anyhow::Result<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let script = place.join("browser");
    std::fs::write(&script, format!("#!/bin/sh\necho \"$1\" >> '{}'\n", opened.display()))?;
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))?;
    Ok(script)
}
