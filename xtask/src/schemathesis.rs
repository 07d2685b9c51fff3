//! schemathesis against the live server: whatever the API's description allows and forbids, no answer is a mistake.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use keystead_trials::{Browser, Device, Exchange, Http, Server, WITHOUT_LIMITS};
use serde_json::{Value, json};

use crate::command::{cargo, run as run_command, server_binary, target};

const VERSION: &str = "schemathesis>=4.32,<5";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,negative_data_rejection";

/// Installs schemathesis into a folder of the build and runs it twice on a server with a product, a linked license and
/// a device: as the vendor and as the customer.
pub fn run() -> anyhow::Result<()> {
    let program = program()?;
    run_command(cargo().args(["build", "--quiet", "-p", "keystead-server"]))?;
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

/// Paths name things that exist, so that what is behind them is reached.
fn toml(parameters: &Value) -> String {
    let lines = parameters
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| format!("\"path.{name}\" = {value}\n"));
    format!("[parameters]\n{}", lines.collect::<String>())
}

fn check(program: &Path, config: &Path, url: &str, token: &str) -> anyhow::Result<()> {
    let mut command = Command::new(program);
    command.arg("--config-file").arg(config).arg("run").arg(format!("{url}/api/openapi.json"));
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--max-examples", "40", "--seed", "1", "--phases", "coverage,fuzzing", "--checks", CHECKS]);
    run_command(&mut command)
}

fn stock(url: &str, token: &str, customer: &str) -> anyhow::Result<Value> {
    let http = Http::new(url);
    let send = |request: Exchange<'_>| -> anyhow::Result<Vec<u8>> {
        let reply = http.send(&request)?;
        anyhow::ensure!(reply.status < 300, "{}: {}", request.path, reply.json());
        Ok(reply.bytes)
    };
    let vendor = |path: &str, body: Value| send(Exchange::post(path).json(&body).bearer(token));
    vendor("/api/v1/products", json!({ "slug": "studio", "name": "Studio" }))?;
    vendor("/api/v1/products/studio/editions", json!({ "slug": "pro", "name": "Pro", "features": [] }))?;
    vendor("/api/v1/products/studio/policies", json!({ "slug": "retail", "rules": { "seats": 10 } }))?;
    let batch = json!({ "edition": "pro", "policy": "retail", "count": 1 });
    let lines = String::from_utf8(vendor("/api/v1/products/studio/key-batches", batch)?)?;
    let keys: Value = serde_json::from_str(lines.lines().nth(1).context("no product keys")?)?;
    let device = Device::new(1);
    let body = json!({ "product": "studio", "product_key": keys["keys"][0], "device": device.description() });
    let activated: Value =
        serde_json::from_slice(&send(Exchange::post("/api/v1/activations").json(&body).signed(&device))?)?;
    let path = format!("/api/v1/licenses/{}/link", activated["license"].as_str().context("no license")?);
    let body = json!({ "activation": activated["activation"], "consent": { "version": 1, "agreed": true } });
    send(Exchange::post(path).json(&body).bearer(customer).signed(&device))?;
    Ok(activated)
}

fn program() -> anyhow::Result<PathBuf> {
    let folder = target().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    if !program.exists() {
        println!("Installing {VERSION} into {}", folder.display());
        if run_command(Command::new("python3").args(["-m", "venv"]).arg(&folder)).is_err() {
            crate::ci::install("schemathesis", &["python3-venv"])?;
            run_command(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        }
        run_command(Command::new(folder.join("bin/pip")).args(["install", "--quiet", VERSION]))?;
    }
    Ok(program)
}
