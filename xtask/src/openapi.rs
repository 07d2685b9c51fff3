//! The API's description in the repository is what the server says.

use std::fs;

use crate::command::{cargo, output};

const FILE: &str = "docs/openapi.json";

fn described() -> anyhow::Result<String> {
    output(cargo().args(["run", "--quiet", "-p", "keystead-server", "--", "openapi"]))
}

/// Writes the file.
pub fn write() -> anyhow::Result<()> {
    Ok(fs::write(FILE, described()?)?)
}

/// Compares the file.
pub fn check() -> anyhow::Result<()> {
    let same = fs::read_to_string(FILE).is_ok_and(|kept| described().is_ok_and(|now| now == kept));
    anyhow::ensure!(same, "{FILE} is not what the server says; run `cargo xtask openapi write`");
    Ok(())
}
