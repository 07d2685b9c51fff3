//! Generates API clients with common generators, and tests them with a script of typical vendor tasks on a live
//! server.

use std::path::Path;
use std::process::Command;

use keystead_testkit::{Device, Server, Vendor, WITHOUT_LIMITS};
use serde_json::json;

use crate::command::{build_packages, root, run as run_command, server_binary};
use crate::install;
use crate::openapi::FILE;

const PYTHON_GENERATOR: &str = "openapi-python-client==0.29.1";

/// Generates the TypeScript and the Python client, type-checks the TypeScript one, and runs the script with both.
pub fn run() -> anyhow::Result<()> {
    let folder = root().join("tests/api");
    let description = std::path::absolute(root().join(FILE))?;
    install::npm(&folder)?;
    std::fs::create_dir_all(folder.join("generated"))?;
    run_command(install::npm_program(&folder, "openapi-typescript").arg(&description).args([
        "--output",
        "generated/schema.d.ts",
        "--default-non-nullable=false",
    ]))?;
    run_command(&mut install::npm_program(&folder, "tsc"))?;
    let generator = std::path::absolute(install::python(PYTHON_GENERATOR, "openapi-python-client")?)?;
    run_command(
        Command::new(&generator)
            .current_dir(&folder)
            .args(["generate", "--overwrite", "--fail-on-warning", "--meta", "none"])
            .args(["--config", "openapi-python-client.yaml", "--output-path", "generated/keystead_client"])
            .arg("--path")
            .arg(&description),
    )?;
    build_packages(&["-p", "keystead-server"])?;
    play(&folder, Command::new("node").arg("generated/vendors_day.js"))?;
    let python = generator.with_file_name("python");
    play(&folder, Command::new(python).arg("vendors_day.py").env("PYTHONPATH", "generated"))
}

/// Runs the script on a fresh server on which one device is activated.
fn play(folder: &Path, client: &mut Command) -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(&server_binary(), &data.path().join("server"), &WITHOUT_LIMITS)?;
    let token = server.token()?;
    let vendor = Vendor::new(&server.url(), &token);
    vendor.product("studio", "Studio", &json!({ "seats": 2 }))?;
    let key = vendor.keys("studio", 1)?.remove(0);
    let activated = vendor.activate("studio", &Device::new(1), &key)?;
    client.current_dir(folder).env("URL", server.url()).env("TOKEN", token).env("KEY", key);
    run_command(client.env("ACTIVATION", activated["activation"].as_str().unwrap_or_default()))
}
