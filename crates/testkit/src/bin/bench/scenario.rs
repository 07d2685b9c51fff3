//! A server with a stock of product keys, and the clients of each measurement.

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context as _;
use keystead_protocol::text::to_base64url;
use keystead_testkit::{Browser, Device, Exchange, Http, Server, Vendor};
use serde_json::{Value, json};

use crate::load::{self, Answer, Client};
use crate::work::Work;

/// Number of product keys in stock. Each activation uses one.
const STOCK: u32 = 200_000;

pub struct Scenario {
    clients: usize,
    address: SocketAddr,
    url: String,
    token: String,
    keys: Mutex<Vec<String>>,
    devices: Cell<u32>,
}

/// Formats an HTTP/1.1 POST request.
fn request(path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

fn uuid(client: usize, count: u64) -> String {
    format!("00000000-0000-4{:03x}-8000-{count:012x}", client & 0xfff)
}

impl Scenario {
    pub fn prepare(server: &Server, clients: usize) -> anyhow::Result<Self> {
        let (url, token) = (server.url(), server.token()?);
        let http = Http::new(&url);
        let post = |path: &str, body: Value| -> anyhow::Result<Vec<u8>> {
            let reply = http.send(&Exchange::post(path).json(&body).bearer(&token))?;
            anyhow::ensure!(reply.status < 300, "{path}: {}", reply.json());
            Ok(reply.bytes)
        };
        post("/api/v1/products", json!({ "slug": "studio", "name": "Studio" }))?;
        post(
            "/api/v1/products/studio/editions",
            json!({ "slug": "pro", "name": "Pro", "features": ["raw"] }),
        )?;
        post("/api/v1/products/studio/policies", json!({ "slug": "retail", "rules": {} }))?;
        let batch = json!({ "edition": "pro", "policy": "retail", "count": STOCK });
        let lines = String::from_utf8(post("/api/v1/products/studio/key-batches", batch)?)?;
        let lines = lines.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
        let keys = lines.iter().filter_map(|line| line["keys"].as_array()).flatten();
        let keys = keys.filter_map(|key| key.as_str().map(str::to_owned)).collect();
        let address = url.replace("http://localhost", "127.0.0.1").parse()?;
        Ok(Self { clients, address, url, token, keys: Mutex::new(keys), devices: Cell::new(1) })
    }

    fn take_keys(&self, count: usize) -> anyhow::Result<Vec<String>> {
        let mut keys = self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = keys.len().checked_sub(count).context("the stock of product keys is used up")?;
        Ok(keys.split_off(at))
    }

    fn next_device(&self) -> Device {
        let number = self.devices.get();
        self.devices.set(number + 1);
        Device::new(number)
    }

    fn activated(&self, http: &Http, device: &Device) -> anyhow::Result<Value> {
        let key = self.take_keys(1)?.remove(0);
        let body = json!({ "product": "studio", "product_key": key, "device": device.description() });
        let reply = http.send(&Exchange::post("/api/v1/activations").json(&body).signed(device))?;
        anyhow::ensure!(reply.status == 201, "{}", reply.json());
        Ok(reply.json())
    }

    /// Measures validations of an activation, in requests per second.
    pub fn validate(&self, turn: Duration) -> anyhow::Result<f64> {
        self.validate_at(self.address, turn)
    }

    /// Measures the same requests, sent to the server at `address`.
    pub fn validate_at(&self, address: SocketAddr, turn: Duration) -> anyhow::Result<f64> {
        let activated = self.activated(&Http::new(&self.url), &self.next_device())?;
        let body = json!({ "activation": activated["activation"] }).to_string();
        let bearer = format!("Bearer {}", self.token);
        let bytes = request("/api/v1/validations", &[("authorization", &bearer)], &body);
        let clients = (0..self.clients).map(|_| Same { bytes: bytes.clone(), status: 200 }).collect();
        Ok(load::run(address, clients, turn)?.rate)
    }

    /// Measures durable work, in requests per second.
    pub fn durable(&self, work: Work, turn: Duration) -> anyhow::Result<f64> {
        match work {
            Work::Refresh => self.refresh(turn),
            Work::Activate => self.activate(turn),
        }
    }

    fn refreshers(&self, count: usize) -> anyhow::Result<Vec<Refresher>> {
        let http = Http::new(&self.url);
        let mut clients = Vec::new();
        for number in 0..count {
            let device = self.next_device();
            let activated = self.activated(&http, &device)?;
            clients.push(Refresher::new(number, device, &activated, http.nonce()?)?);
        }
        Ok(clients)
    }

    fn refresh(&self, turn: Duration) -> anyhow::Result<f64> {
        Ok(load::run(self.address, self.refreshers(self.clients)?, turn)?.rate)
    }

    /// The 99th percentile of the latency of refreshes, in seconds. With `storm`, 64 other clients send wrong
    /// passwords.
    pub fn refresh_p99(&self, storm: bool, turn: Duration) -> anyhow::Result<f64> {
        const FEW: usize = 8;
        const GUESSERS: usize = 64;
        let address = self.address;
        let guessers = (0..if storm { GUESSERS } else { 0 })
            .map(|number| {
                Same::form(
                    "/sign-in",
                    &format!("email=person{number}%40example.org&password=wrong+wrong+wrong+wrong"),
                    401,
                )
            })
            .collect();
        let guessing = std::thread::spawn(move || load::run(address, guessers, turn));
        let mut refreshed = load::run(address, self.refreshers(FEW)?, turn)?;
        let guessed = guessing.join().map_err(|_| anyhow::anyhow!("the storm panicked"))??;
        anyhow::ensure!(!storm || !guessed.latencies.is_empty(), "there was no storm");
        Ok(refreshed.percentile(0.99).as_secs_f64())
    }

    /// Measures a page, in requests per second. `cookie` is the session cookie.
    pub fn page(&self, address: SocketAddr, path: &str, cookie: &str, turn: Duration) -> anyhow::Result<f64> {
        let text = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
        let clients =
            (0..self.clients).map(|_| Same { bytes: text.clone().into_bytes(), status: 200 }).collect();
        Ok(load::run(address, clients, turn)?.rate)
    }

    /// Creates an account with two licenses and a device on each; returns the session cookie.
    pub fn customer(&self, server: &Server) -> anyhow::Result<String> {
        let browser = Browser::new(&self.url);
        browser.sign_up(&server.mailbox(), "reader@example.org")?;
        let tokens = browser.sign_in_application()?;
        let account = tokens["access_token"].as_str().context("no access token")?;
        let vendor = Vendor::new(&self.url, &self.token);
        for _ in 0..2 {
            let (device, http) = (self.next_device(), Http::new(&self.url));
            let activated = self.activated(&http, &device)?;
            vendor.link(&device, &activated, account)?;
        }
        browser.cookie().context("the browser has no session")
    }

    /// Creates an account with one license that `count` devices use. Returns the session cookie and the path of the
    /// page in the middle of the device list.
    pub fn fleet(&self, server: &Server, count: u32) -> anyhow::Result<(String, String)> {
        let (slug, http) = (format!("fleet-{count}"), Http::new(&self.url));
        let vendor = Vendor::new(&self.url, &self.token);
        vendor.product(&slug, "Fleet", &json!({ "seats": count }))?;
        let key = vendor.keys(&slug, 1)?.remove(0);
        let (first, mut clients) = (self.next_device(), Vec::new());
        let activated = vendor.activate(&slug, &first, &key)?;
        let each = count.saturating_sub(1) as usize / self.clients + 1;
        let mut left = count as usize - 1;
        for number in 0..self.clients {
            let mine = left.min(each);
            left -= mine;
            let waiting = (0..mine).map(|_| Waiting::new(&slug, key.clone(), self.next_device())).collect();
            clients.push(Activator { number, waiting, current: None, nonce: http.nonce()? });
        }
        load::run(self.address, clients, Duration::from_secs(600))?;
        let browser = Browser::new(&self.url);
        browser.sign_up(&server.mailbox(), &format!("{slug}@example.org"))?;
        let tokens = browser.sign_in_application()?;
        let account = tokens["access_token"].as_str().context("no access token")?;
        vendor.link(&first, &activated, account)?;
        let mut path = "/devices".to_owned();
        let mut seen = 0;
        while seen < count / 2 {
            let limit = (count / 2 - seen).min(100);
            let after = path.split_once('=').map(|(_, after)| format!("&after={after}")).unwrap_or_default();
            let query = format!("?limit={limit}{after}");
            let reply = http.send(&Exchange { query, ..Exchange::get("/api/v1/devices").bearer(account) })?;
            let page = reply.json();
            path = format!("/devices?devices={}", page["next"].as_str().context("no next page")?);
            seen += limit;
        }
        Ok((browser.cookie().context("the browser has no session")?, path))
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn activate(&self, turn: Duration) -> anyhow::Result<f64> {
        let http = Http::new(&self.url);
        // The clients get more keys than they can use. Unused keys return to the stock.
        let each = (12_000.0 * turn.as_secs_f64()) as usize / self.clients;
        let mut clients = Vec::new();
        for number in 0..self.clients {
            let waiting = self.take_keys(each)?.into_iter().map(|key| (key, self.next_device()));
            let waiting: Vec<_> = waiting.map(|(key, device)| Waiting::new("studio", key, device)).collect();
            clients.push(Activator { number, waiting, current: None, nonce: http.nonce()? });
        }
        let outcome = load::run(self.address, clients, turn)?;
        let left = outcome.clients.into_iter().flat_map(|client| client.waiting).map(|waiting| waiting.key);
        self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(left);
        Ok(outcome.rate)
    }
}

/// Repeats one request and expects the same status each time.
struct Same {
    bytes: Vec<u8>,
    status: u16,
}

impl Same {
    fn form(path: &str, body: &str, status: u16) -> Self {
        let head = "host: localhost\r\ncontent-type: application/x-www-form-urlencoded";
        let text = format!("POST {path} HTTP/1.1\r\n{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        Self { bytes: text.into_bytes(), status }
    }
}

impl Client for Same {
    fn next(&mut self) -> Option<Vec<u8>> {
        Some(self.bytes.clone())
    }

    fn heard(&mut self, answer: Answer<'_>) -> anyhow::Result<()> {
        anyhow::ensure!(answer.status == self.status, "{} {}", answer.status, answer.body);
        Ok(())
    }
}

struct Refresher {
    number: usize,
    device: Device,
    path: String,
    fingerprint: String,
    ratchet: String,
    nonce: String,
    count: u64,
}

impl Refresher {
    fn new(number: usize, device: Device, activated: &Value, nonce: String) -> anyhow::Result<Self> {
        let text = |name: &str| activated[name].as_str().map(str::to_owned).context("no activation");
        let fingerprint = serde_json::to_string(&device.fingerprint)?;
        let path = format!("/api/v1/activations/{}/refresh", text("activation")?);
        Ok(Self { number, device, path, fingerprint, ratchet: text("ratchet")?, nonce, count: 0 })
    }
}

impl Client for Refresher {
    fn next(&mut self) -> Option<Vec<u8>> {
        self.count += 1;
        let mut x = [0; 16];
        x[..8].copy_from_slice(&self.count.to_be_bytes());
        let (r, x) = (&self.ratchet, to_base64url(&x));
        let body = format!(r#"{{"ratchet":{{"r":"{r}","x":"{x}"}},"fingerprint":{}}}"#, self.fingerprint);
        let proof = self.device.proof("POST", &self.path, body.as_bytes(), &self.nonce);
        let key = uuid(self.number, self.count);
        Some(request(&self.path, &[("idempotency-key", &key), ("keystead-proof", &proof)], &body))
    }

    fn heard(&mut self, answer: Answer<'_>) -> anyhow::Result<()> {
        anyhow::ensure!(answer.status == 200, "{} {}", answer.status, answer.body);
        let ratchet = answer.body.split_once(r#""ratchet":""#).and_then(|(_, rest)| rest.split_once('"'));
        self.ratchet = ratchet.context("no ratchet")?.0.to_owned();
        self.nonce = answer.nonce.context("no nonce")?.to_owned();
        Ok(())
    }
}

struct Waiting {
    key: String,
    device: Device,
    body: String,
}

impl Waiting {
    fn new(product: &str, key: String, device: Device) -> Self {
        let body =
            json!({ "product": product, "product_key": key, "device": device.description() }).to_string();
        Self { key, device, body }
    }
}

struct Activator {
    number: usize,
    waiting: Vec<Waiting>,
    current: Option<Waiting>,
    nonce: String,
}

impl Client for Activator {
    fn next(&mut self) -> Option<Vec<u8>> {
        let next = self.waiting.pop()?;
        let path = "/api/v1/activations";
        let proof = next.device.proof("POST", path, next.body.as_bytes(), &self.nonce);
        let key = uuid(self.number, self.waiting.len() as u64);
        let bytes = request(path, &[("idempotency-key", &key), ("keystead-proof", &proof)], &next.body);
        self.current = Some(next);
        Some(bytes)
    }

    fn heard(&mut self, answer: Answer<'_>) -> anyhow::Result<()> {
        anyhow::ensure!(answer.status == 201, "{} {}", answer.status, answer.body);
        self.nonce = answer.nonce.context("no nonce")?.to_owned();
        Ok(())
    }
}
