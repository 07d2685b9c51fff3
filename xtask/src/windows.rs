//! Tests the Windows build of the command line, and with it the library, under Wine against a live server.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use keystead_testkit::{Server, Vendor, WITHOUT_LIMITS};
use serde_json::{Value, json};

use crate::command::{build_packages, cargo, output, root, run as run_command, server_binary, target};
use crate::install;

const TARGET: &str = "x86_64-pc-windows-gnu";
const PROGRAMS: [(&str, &str); 2] =
    [("x86_64-w64-mingw32-gcc", "gcc-mingw-w64-x86-64-win32"), ("wine", "wine")];
const WINE64: [(&str, &str); 1] = [("/usr/lib/wine/wine64", "wine64")];

/// Debian's compiler and its standard library source, for systems where rustup has no Windows target.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_RUST: [(&str, &str); 2] =
    [("/usr/share/doc/rust-web-src", "rust-web-src"), (DEBIAN_RUSTC, "rustc-web")];

/// Builds the command line and tests it.
pub fn run() -> anyhow::Result<()> {
    install::programs("the checks for Windows", &PROGRAMS)?;
    install::files("the checks for Windows", &WINE64)?;
    build_packages(&["-p", "keystead-server"])?;
    let program = build()?;
    let place = tempfile::Builder::new().prefix("keystead-windows-").tempdir()?;
    let wine = Wine::install(place.path())?;
    play(place.path(), &wine, &program)
}

/// Builds the command line for Windows.
fn build() -> anyhow::Result<PathBuf> {
    let has_std =
        has_std() || Command::new("rustup").args(["target", "add", TARGET]).status()?.success() && has_std();
    let mut command = cargo();
    command.args(["build", "--quiet", "--target", TARGET, "-p", "keystead-cli"]);
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", "x86_64-w64-mingw32-gcc");
    let mut built = std::path::absolute(target())?;
    if !has_std {
        println!("  rustup has no standard library for Windows here; building one with Debian's compiler");
        install::files("the standard library for Windows", &DEBIAN_RUST)?;
        built = built.join("windows");
        command.arg("-Zbuild-std=std,panic_unwind").env("RUSTC_BOOTSTRAP", "1");
        command.env("RUSTC", DEBIAN_RUSTC).env("CARGO_TARGET_DIR", &built);
    }
    run_command(&mut command)?;
    Ok(built.join(TARGET).join("debug/keystead.exe"))
}

/// Whether this compiler has a standard library for Windows.
fn has_std() -> bool {
    let folder = output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_ok_and(|folder| Path::new(folder.trim()).exists())
}

/// A separate Windows environment with access to only one folder of this machine.
struct Wine {
    prefix: PathBuf,
}

impl Wine {
    fn install(place: &Path) -> anyhow::Result<Self> {
        let wine = Self { prefix: place.join("wine") };
        run_command(wine.command("wine").args(["wineboot", "--init"]))?;
        run_command(&mut wine.server("-w"))?;
        // Drive Z: gives programs access to all files of this machine, which a customer's Windows does not have.
        let drives = wine.prefix.join("dosdevices");
        std::fs::remove_file(drives.join("z:"))?;
        std::os::unix::fs::symlink(place, drives.join("d:"))?;
        let library = wine.prefix.join("drive_c/windows/system32/bcryptprimitives.dll");
        let mut shim = Command::new("x86_64-w64-mingw32-gcc");
        shim.args(["-shared", "-O2", "-s", "-o"]).arg(library);
        run_command(shim.arg(root().join("tests/windows/bcryptprimitives.c")).arg("-ladvapi32"))?;
        // Keep one wineserver for all commands. Otherwise a command could connect to a wineserver that is shutting
        // down.
        run_command(&mut wine.server("-p300"))?;
        Ok(wine)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("WINEPREFIX", &self.prefix).env("WINEARCH", "win64").env("WINEDEBUG", "-all");
        command.env("WINEDLLOVERRIDES", "mscoree,mshtml=;winemenubuilder.exe=d").env_remove("DISPLAY");
        // Background processes would keep a pipe open forever.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn server(&self, option: &str) -> Command {
        let mut command = self.command("wineserver");
        command.arg(option);
        command
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ = self.server("-k").status();
    }
}

/// Runs commands in the Windows environment.
struct Person<'a> {
    wine: &'a Wine,
    place: &'a Path,
}

impl Person<'_> {
    /// Runs a command that must exit with `code`, and returns its JSON output.
    fn runs(&self, arguments: &[&str], code: i32) -> anyhow::Result<Value> {
        let mut command = self.wine.command("wine");
        command.arg(r"D:\keystead.exe").args(["--profile", r"D:\profile.json", "--json"]).args(arguments);
        // The output goes to files, because services that the first program starts would keep a pipe open.
        let (out, err) = (self.place.join("out"), self.place.join("err"));
        command.stdout(File::create(&out)?).stderr(File::create(&err)?);
        let status = command.current_dir(self.place).status()?;
        let (text, error) = (std::fs::read_to_string(out)?, std::fs::read_to_string(err)?);
        anyhow::ensure!(status.code() == Some(code), "{arguments:?}: {status}\n{text}{error}");
        let json = if code == 0 || text.contains('{') { text } else { error };
        serde_json::from_str(&json).with_context(|| format!("{arguments:?}: {json}"))
    }
}

fn play(place: &Path, wine: &Wine, program: &Path) -> anyhow::Result<()> {
    let server = Server::start(&server_binary(), &place.join("data"), &WITHOUT_LIMITS)?;
    let vendor = Vendor::new(&server.url(), &server.token()?);
    vendor.product("studio", "Studio", &json!({ "seats": 1 }))?;
    let key = vendor.keys("studio", 1)?.remove(0);
    std::fs::write(place.join("profile.json"), vendor.profile("studio")?)?;
    std::fs::copy(program, place.join("keystead.exe"))?;
    let person = Person { wine, place };

    let state = person.runs(&["state"], 5)?;
    anyhow::ensure!(state["state"] == "unlicensed", "{state}");
    let state = person.runs(&["activate", &key], 0)?;
    anyhow::ensure!(state["state"] == "activated" && state["mode"] == "full", "{state}");
    let state = person.runs(&["refresh"], 0)?;
    anyhow::ensure!(state["state"] == "activated", "{state}");
    let bundle = person.runs(&["doctor"], 0)?;
    let (platform, readable) = (&bundle["platform"], &bundle["readable"]);
    anyhow::ensure!(platform.as_str().is_some_and(|name| name.contains("Windows")), "{platform}");
    anyhow::ensure!(readable.as_array().is_some_and(|found| found.contains(&json!("osid"))), "{readable}");
    println!("  activated and refreshed on {platform}; of its hardware {readable} can be read");
    let kept = wine.prefix.join("drive_c/users");
    anyhow::ensure!(holds(&kept, "device.key"), "the device key is not below {}", kept.display());
    person.runs(&["deactivate"], 0)?;
    anyhow::ensure!(person.runs(&["state"], 5)?["state"] == "unlicensed", "still activated");
    Ok(())
}

/// Whether a folder contains a file of this name at any depth.
fn holds(folder: &Path, name: &str) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        entry.file_name() == name || is_folder && holds(&entry.path(), name)
    })
}
