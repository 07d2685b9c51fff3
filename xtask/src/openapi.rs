//! Keeps the API description in the repository identical to the description that the server generates.

use std::fs;

use serde_json::Value;

use crate::command::{cargo, output, root, run};
use crate::install;

/// The API description.
pub const FILE: &str = "docs/openapi.json";

fn described() -> anyhow::Result<String> {
    output(cargo().args(["run", "--quiet", "-p", "keystead-server", "--", "openapi"]))
}

pub fn write() -> anyhow::Result<()> {
    Ok(fs::write(FILE, described()?)?)
}

/// Fails if the file is outdated.
pub fn check() -> anyhow::Result<()> {
    let same = fs::read_to_string(FILE).is_ok_and(|kept| described().is_ok_and(|now| now == kept));
    anyhow::ensure!(same, "{FILE} is not what the server says; run `cargo xtask openapi write`");
    Ok(())
}

/// Runs common API linters on the file. Warnings are failures.
pub fn lint() -> anyhow::Result<()> {
    let folder = root().join("tests/api");
    let description = std::path::absolute(root().join(FILE))?;
    install::npm(&folder)?;
    let mut spectral = install::npm_program(&folder, "spectral");
    spectral.args(["lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"]);
    run(spectral.arg(&description))?;
    let mut redocly = install::npm_program(&folder, "redocly");
    redocly.args(["lint", "--config", "redocly.yaml", "--format", "json"]).arg(&description);
    let report: Value = serde_json::from_str(&output(redocly.env("REDOCLY_TELEMETRY", "off"))?)?;
    let clean = report["totals"]["errors"] == 0 && report["totals"]["warnings"] == 0;
    anyhow::ensure!(clean, "redocly does not accept {FILE}: {:#}", report["problems"]);
    Ok(())
}
