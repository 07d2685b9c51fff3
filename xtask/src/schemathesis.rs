//! Runs schemathesis against a live server. Neither valid nor invalid requests may cause a server error.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use keystead_testkit::{Browser, Device, Server, Vendor, WITHOUT_LIMITS};
use serde_json::{Value, json};

use crate::command::{build_packages, run as run_command, server_binary};
use crate::install::python;

const VERSION: &str = "schemathesis>=4.32,<5";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,negative_data_rejection";

/// Installs schemathesis into the build folder and runs it twice, as the vendor and as the customer, on a server with
/// a product, a linked license and a device.
pub fn run() -> anyhow::Result<()> {
    let program = program()?;
    build_packages(&["-p", "keystead-server"])?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(&server_binary(), &folder.path().join("server"), &WITHOUT_LIMITS)?;
    let vendor = server.token()?;
    let browser = Browser::new(&server.url());
    browser.sign_up(&server.mailbox(), "person@example.org")?;
    let tokens = browser.sign_in_application()?;
    let customer = tokens["access_token"].as_str().context("no access token")?;
    let activated = stock(&server.url(), &vendor, customer)?;
    let config = folder.path().join("schemathesis.toml");
    let parameters = json!({
        "product": "studio", "license": activated["license"],
        "activation": activated["activation"], "device": activated["device"],
    });
    std::fs::write(&config, toml(&parameters))?;
    for token in [vendor.as_str(), customer] {
        check(&program, &config, &server.url(), token)?;
    }
    Ok(())
}

/// The configuration of schemathesis. Path parameters name existing resources, so requests do not end with "not
/// found".
fn toml(parameters: &Value) -> String {
    let lines = parameters
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("\"path.{name}\" = {value}\n"));
    // The list contains 413, because the server rejects an oversized body before it checks the content.
    let refusals = "[checks]\nnegative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429]\n";
    format!("{refusals}[parameters]\n{}", lines.collect::<String>())
}

fn check(program: &Path, config: &Path, url: &str, token: &str) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.arg("--config-file").arg(config).arg("run").arg(format!("{url}/api/openapi.json"));
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--max-examples", "40", "--seed", "1", "--phases", "coverage,fuzzing", "--checks", CHECKS]);
    run_command(&mut command)
}

fn stock(url: &str, token: &str, customer: &str) -> anyhow::Result<Value> {
    let vendor = Vendor::new(url, token);
    vendor.product("studio", "Studio", &json!({ "seats": 10 }))?;
    let device = Device::new(1);
    let activated = vendor.activate("studio", &device, &vendor.keys("studio", 1)?[0])?;
    vendor.link(&device, &activated, customer)?;
    Ok(activated)
}

fn program() -> anyhow::Result<PathBuf> {
    python(VERSION, "schemathesis")
}
