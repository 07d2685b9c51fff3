//! Tests the pages in a real browser: every customer journey, and sign-in with real OAuth clients, with a real server
//! and a real mail server.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use keystead_protocol::fingerprint::Component;
use keystead_testkit::{Device, Server, Vendor, WITHOUT_LIMITS, free_port};
use serde_json::{Value, json};

use crate::command::{build_packages, root, run as run_command, server_binary, target};
use crate::front::{Front, Way};
use crate::install;

/// OAuth clients from PyPI.
const CLIENTS: [&str; 3] = ["authlib>=1.6,<2", "msal>=1.34,<2", "requests>=2.32,<3"];

/// The test files. Node runs them in the order of their names. The last one, `secrets`, searches the server's log of
/// all previous ones.
const STORIES: [&str; 6] = ["clients", "flood", "journeys", "passkeys", "providers", "secrets"];

/// A mail server that stores received emails in a folder (PyPI's aiosmtpd), killed on drop.
struct MailSink {
    process: Child,
    port: u16,
}

impl MailSink {
    fn start(folder: &Path) -> anyhow::Result<Self> {
        let program = install::python("aiosmtpd>=1.4.6,<2", "aiosmtpd")?;
        let port = free_port()?;
        let mut command = Command::new(program);
        command.args(["--nosetuid", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(["--class", "aiosmtpd.handlers.Mailbox"]).arg(folder);
        let process = command.stdout(Stdio::null()).spawn()?;
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(Self { process, port });
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        anyhow::bail!("the mail server does not start")
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs all test files, or only `story`, once for each of `databases`, which must be empty; `None` is SQLite.
/// Screenshots go to `target/screenshots`.
pub fn run(databases: &[Option<String>], story: Option<&str>) -> anyhow::Result<()> {
    let stories: Vec<&str> =
        STORIES.into_iter().filter(|name| story.is_none_or(|wanted| *name == wanted)).collect();
    anyhow::ensure!(!stories.is_empty(), "there is no such story; there are {}", STORIES.join(", "));
    let folder = root().join("tests/web");
    install::npm(&folder)?;
    const PROGRAMS: [(&str, &str); 3] =
        [("chromium", "chromium"), ("oathtool", "oathtool"), ("oidc-agent", "oidc-agent-cli")];
    install::programs("the checks in a browser", &PROGRAMS)?;
    build_packages(&["-p", "keystead-server"])?;
    for database in databases {
        journeys(&folder, database.as_deref(), &stories)?;
    }
    Ok(())
}

fn journeys(folder: &Path, database: Option<&str>, stories: &[&str]) -> anyhow::Result<()> {
    let name = if database.is_some() { "postgres" } else { "sqlite" };
    println!("On {name}:");
    let place = tempfile::Builder::new().prefix("keystead-pages-").tempdir()?;
    let letters = place.path().join("letters");
    let sink = MailSink::start(&letters)?;
    let smtp = format!("smtp://127.0.0.1:{}", sink.port);
    let (own, calibration, upstream) = (Way::free()?, Way::free()?, free_port()?);
    let front = Front::start(&place.path().join("front"), &[own, calibration])?;
    let (listen, url) = (format!("127.0.0.1:{}", own.plain), own.url());
    let configuration = place.path().join("keystead.toml");
    std::fs::write(&configuration, providers(upstream))?;
    let configuration = configuration.display().to_string();
    let mut settings = WITHOUT_LIMITS.to_vec();
    settings.extend([
        ("KEYSTEAD_CONFIG", configuration.as_str()),
        ("KEYSTEAD_MAIL__SMTP_URL", &smtp),
        ("KEYSTEAD_PUBLIC_URL", &url),
        ("KEYSTEAD_TRUSTED_PROXIES", "1"),
        ("KEYSTEAD_VENDOR__NAME", "Acme Software"),
        ("KEYSTEAD_LOG__FILTER", "debug"),
    ]);
    settings.extend(database.map(|url| ("KEYSTEAD_DATABASE_URL", url)));
    let data = place.path().join("data");
    let server = Server::start_at(&server_binary(), &data, &listen, &settings)?;
    let world = stock(&server)?;
    let flooded_at = format!("127.0.0.1:{}", free_port()?);
    let flooded = [("KEYSTEAD_LIMITS__SIGN_UPS_PER_MINUTE", "1"), ("KEYSTEAD_VENDOR__NAME", "Acme Software")];
    let flooded = Server::start_at(&server_binary(), &place.path().join("flooded"), &flooded_at, &flooded)?;
    let screenshots = target().join("screenshots").join(name);
    std::fs::create_dir_all(&screenshots)?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-concurrency", "1", "--test-timeout", "120000", "--test-reporter", "spec"])
        .current_dir(folder);
    node.args(stories.iter().map(|name| format!("{name}.test.mjs")));
    node.env("WORLD", world.to_string())
        .env("URL", &url)
        .env("CALIBRATION", json!({ "port": calibration.plain, "url": calibration.url() }).to_string())
        .env("FLOODED", flooded.url())
        .env("UPSTREAM", upstream.to_string())
        .env("NODE_EXTRA_CA_CERTS", &front.authority)
        .env("REQUESTS_CA_BUNDLE", &front.authority)
        .env("CERTIFICATE", &front.certificate)
        .env("PYTHON", std::path::absolute(install::python_with("oauth-clients", &CLIENTS)?)?)
        .env("LETTERS", &letters)
        .env("SCREENSHOTS", std::path::absolute(&screenshots)?)
        .env("SERVER_LOG", data.with_extension("log"));
    run_command(&mut node)
}

/// The configuration of two upstream providers on one server: a standard provider, and one that identifies users like
/// Entra.
fn providers(port: u16) -> String {
    let provider = |id: &str, name: &str, entra: bool| {
        format!(
            "[[providers]]\nid = \"{id}\"\nname = \"{name}\"\nissuer = \"http://localhost:{port}/op\"\n\
             client_id = \"{id}\"\nclient_secret = \"the secret of {id}, long enough to be one\"\nentra = {entra}\n"
        )
    };
    provider("example", "Example ID", false) + &provider("office", "Office ID", true)
}

/// Creates two unused product keys, one key with two activated devices, and a request file. The second device has
/// changed hardware.
fn stock(server: &Server) -> anyhow::Result<Value> {
    let vendor = Vendor::new(&server.url(), &server.token()?);
    vendor.product("studio", "Studio 4", &json!({ "seats": 2 }))?;
    vendor.product("render", "Render Farm", &json!({ "seats": 5 }))?;
    let used = vendor.keys("studio", 1)?.remove(0);
    let unused = vendor.keys("render", 2)?;
    let mut devices = [Device::new(1), Device::new(2)];
    let activated = devices
        .iter()
        .map(|device| vendor.activate("studio", device, &used))
        .collect::<Result<Vec<_>, _>>()?;
    devices[1].replace(&[Component::Board, Component::Uuid, Component::Tpm, Component::Mac]);
    let (status, answer) = vendor.refresh(&devices[1], &activated[1])?;
    anyhow::ensure!(status == 202, "the hardware did not change: {answer}");
    let request = Device::with_chip(3).request("vendor", "render");
    Ok(json!({ "used": used, "unused": unused[0], "other": unused[1], "request": request }))
}
