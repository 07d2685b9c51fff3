//! Fuzzes every parser of untrusted bytes (cargo fuzz). Not part of ci.

use std::process::Command;

use crate::command::{cargo, exists, root, run as run_command};

const TARGETS: [&str; 5] = ["typed_code", "certificate", "offline", "cache", "answers"];

/// Fuzzes every target, or the named one, for `seconds` each.
pub fn run(seconds: u32, target: Option<&str>) -> anyhow::Result<()> {
    if !exists("cargo-fuzz") {
        println!("Installing cargo-fuzz");
        run_command(cargo().args(["install", "--quiet", "cargo-fuzz"]))?;
    }
    for name in TARGETS.into_iter().filter(|name| target.is_none_or(|wanted| *name == wanted)) {
        println!("== {name}");
        let mut fuzz = Command::new("cargo-fuzz");
        fuzz.args(["run", name, "--sanitizer", "none", "--", &format!("-max_total_time={seconds}")]);
        fuzz.args(["-max_len=4096", "-print_final_stats=1", "-verbosity=0"]);
        // The instrumentation needs unstable compiler flags.
        run_command(fuzz.env("RUSTC_BOOTSTRAP", "1").current_dir(root()))?;
    }
    Ok(())
}
