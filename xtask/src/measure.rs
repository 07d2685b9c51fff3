//! Measures size, time and memory on the device, for the window and for the library in a vendor's program. Not part of
//! ci, because it builds for release.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use keystead_testkit::{Server, Vendor, WITHOUT_LIMITS};
use serde_json::json;

use crate::command::{build_packages, output, root, run as run_command, server_binary, target};
use crate::desktop;

/// Number of starts of the C example. The median time counts.
const STARTS: usize = 100;

/// Builds, measures and prints. Fails if a limit is exceeded.
pub fn run() -> anyhow::Result<()> {
    desktop::install()?;
    build_packages(&["-p", "keystead-server"])?;
    build_packages(&["--release", "-p", "keystead-settings"])?;
    build_packages(&["--profile", "embed", "-p", "keystead-c"])?;
    let place = tempfile::Builder::new().prefix("keystead-measure-").tempdir()?;
    let profile = stock(place.path())?;
    let mut kept = library(place.path(), &profile)?;
    kept &= window(place.path(), &profile)?;
    anyhow::ensure!(kept, "a limit was passed");
    Ok(())
}

fn told(what: &str, value: f64, unit: &str, limit: f64) -> bool {
    let kept = value <= limit;
    println!("{what:<34} {value:>9.2} {unit:<3} <= {limit:>7.2}: {}", if kept { "kept" } else { "missed" });
    kept
}

/// Creates an activated device in the folder `device`. Returns the path of the application profile.
fn stock(place: &Path) -> anyhow::Result<PathBuf> {
    let server = Server::start(&server_binary(), &place.join("data"), &WITHOUT_LIMITS)?;
    let vendor = Vendor::new(&server.url(), &server.token()?);
    vendor.product("studio", "Studio", &json!({ "seats": 1 }))?;
    let profile = place.join("profile.json");
    std::fs::write(&profile, vendor.profile("studio")?)?;
    let program = example(place)?;
    let options = json!({ "folder": place.join("device") }).to_string();
    output(Command::new(program).arg(&profile).arg(options).arg(&vendor.keys("studio", 1)?[0]))?;
    Ok(profile)
}

fn compile(source: &Path, libraries: &[&str], program: &Path) -> anyhow::Result<()> {
    let mut command = Command::new("cc");
    command
        .args(["-O2", "-s"])
        .arg(source)
        .arg(format!("-I{}", root().join("crates/sdk-c/include").display()));
    run_command(command.args(libraries).arg("-o").arg(program))
}

/// Builds the C example with the library linked in.
fn example(place: &Path) -> anyhow::Result<PathBuf> {
    let archive = std::path::absolute(target().join("embed/libkeystead_c.a"))?.display().to_string();
    let program = place.join("example");
    let libraries = [archive.as_str(), "-Wl,--gc-sections", "-lpthread", "-ldl", "-lm"];
    compile(&root().join("crates/sdk-c/examples/activate.c"), &libraries, &program)?;
    Ok(program)
}

fn library(place: &Path, profile: &Path) -> anyhow::Result<bool> {
    let (source, bare) = (place.join("bare.c"), place.join("bare"));
    std::fs::write(&source, "int main(void) { return 0; }\n")?;
    compile(&source, &[], &bare)?;
    let size = |path: &Path| -> anyhow::Result<f64> { Ok(std::fs::metadata(path)?.len() as f64 / 1e6) };
    let program = place.join("example");
    let mut kept = told("library in a C program", size(&program)? - size(&bare)?, "MB", 3.0);

    let options = json!({ "folder": place.join("device") }).to_string();
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let mut state = Command::new(&program);
        let status = state.arg(profile).arg(&options).stdout(Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "the example failed");
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    kept &= told("state from disk, whole process", times[STARTS / 2], "ms", 10.0);
    Ok(kept)
}

fn window(place: &Path, profile: &Path) -> anyhow::Result<bool> {
    let program = place.join("keystead-settings");
    std::fs::copy(target().join("release/keystead-settings"), &program)?;
    run_command(Command::new("strip").arg(&program))?;
    let mut kept = told("window, the program", std::fs::metadata(&program)?.len() as f64 / 1e6, "MB", 25.0);
    let mut session = Command::new("dbus-run-session");
    session.args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x900x24", "sh", "tests/desktop/measure.sh"]);
    session.current_dir(root()).env("PROGRAM", &program).env("LIBGL_ALWAYS_SOFTWARE", "1");
    session.env("KEYSTEAD_PROFILE", profile).env("KEYSTEAD_FOLDER", place.join("device"));
    let lines = output(&mut session)?;
    let mut worst = [0.0_f64; 3];
    for line in lines.lines() {
        // Skip output of the session's services.
        let Ok(values) = line.split(' ').map(str::parse).collect::<Result<Vec<f64>, _>>() else { continue };
        worst.iter_mut().zip(values).for_each(|(worst, value)| *worst = worst.max(value));
    }
    anyhow::ensure!(worst[0] > 0.0, "the window was not seen");
    let [seen, ticks, memory] = worst;
    kept &= told("window, first seen", seen, "ms", 700.0);
    // 100 ticks are one second of one processor. `measure.sh` counts them for five seconds.
    kept &= told("window, idle", ticks / 5.0, "%", 1.0);
    kept &= told("window, memory", memory / 1e3, "MB", 150.0);
    Ok(kept)
}
