//! The crash loop: devices activate, link and deactivate while the server is repeatedly killed with SIGKILL. Every
//! acknowledged change must be present after each restart. At the end, no seat may be counted twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use keystead_testkit::{Browser, Device, Exchange, Http, Server, WITHOUT_LIMITS};
use serde_json::{Value, json};

const WORKERS: u32 = 4;

/// The changes that the server acknowledged to a worker.
#[derive(Default)]
struct Acknowledged {
    activated: Vec<(u32, Value)>,
    linked: Vec<Value>,
    released: Vec<u32>,
}

fn main() -> anyhow::Result<()> {
    let rounds: u32 = std::env::args().nth(1).context("how many rounds?")?.parse()?;
    let folder = tempfile::Builder::new().prefix("keystead-crash-").tempdir()?;
    // The server's binary is in the same folder as this one.
    let program = std::env::current_exe()?.with_file_name("keystead-server");
    let options = [&WITHOUT_LIMITS[..], &[("KEYSTEAD_LIMITS__PAGE", "1000")]].concat();
    let mut server = Server::start(&program, &folder.path().join("data"), &options)?;
    let token = server.token()?;
    let keys = stock(&server.url(), &token, rounds * 400)?;
    let browser = Browser::new(&server.url());
    browser.sign_up(&server.mailbox(), "person@example.org")?;
    let mut keys = keys.chunks(100);
    let (mut totals, mut number, mut all) = ([0usize; 3], 0, Vec::new());
    for round in 0..rounds {
        let tokens = browser.sign_in_application()?;
        let account = tokens["access_token"].as_str().context("no access token")?.to_owned();
        let running = AtomicBool::new(true);
        let url = server.url();
        let done: Vec<Acknowledged> = thread::scope(|scope| -> anyhow::Result<_> {
            let mut workers = Vec::new();
            for _ in 0..WORKERS {
                let keys = keys.next().context("no product keys are left")?;
                let (url, account, running, first) = (&url, &account, &running, number);
                number += 100;
                workers.push(scope.spawn(move || work(url, account, keys, first, running)));
            }
            // A different delay each time, from a few to a few hundred milliseconds.
            thread::sleep(Duration::from_millis(20 + u64::from(round * 37 % 211)));
            server.kill()?;
            running.store(false, Ordering::Relaxed);
            Ok(workers.into_iter().filter_map(|worker| worker.join().ok()).collect())
        })?;
        anyhow::ensure!(done.len() == WORKERS as usize, "a worker panicked");
        server.restart()?;
        check(&server.url(), &token, &done).with_context(|| format!("round {round}"))?;
        for acknowledged in &done {
            totals[0] += acknowledged.activated.len();
            totals[1] += acknowledged.linked.len();
            totals[2] += acknowledged.released.len();
            all.extend(acknowledged.activated.iter().map(|(_, answer)| answer.clone()));
        }
    }
    audit(&server.url(), &token, &all)?;
    println!(
        "crash loop: {rounds} kills; {} activations, {} links and {} deactivations were acknowledged, none is missing",
        totals[0], totals[1], totals[2]
    );
    Ok(())
}

/// Activates, links or deactivates until the server is killed; records only acknowledged changes.
fn work(url: &str, account: &str, keys: &[String], first: u32, running: &AtomicBool) -> Acknowledged {
    let http = Http::new(url);
    let mut done = Acknowledged::default();
    for (number, key) in (first..).zip(keys) {
        if !running.load(Ordering::Relaxed) {
            break;
        }
        let device = Device::new(number);
        let body = json!({ "product": "studio", "product_key": key, "device": device.description() });
        let Some(answer) = send(&http, &Exchange::post("/api/v1/activations").json(&body).signed(&device))
        else {
            break;
        };
        done.activated.push((number, answer.clone()));
        if number.is_multiple_of(3) {
            let body =
                json!({ "activation": answer["activation"], "consent": { "version": 1, "agreed": true } });
            let path = format!("/api/v1/licenses/{}/link", answer["license"].as_str().unwrap_or_default());
            let request = Exchange::post(path).json(&body).bearer(account).signed(&device);
            match send(&http, &request) {
                Some(_) => done.linked.push(answer["license"].clone()),
                None => break,
            }
        }
        if number % 4 == 1 {
            let path =
                format!("/api/v1/activations/{}/release", answer["activation"].as_str().unwrap_or_default());
            match send(&http, &Exchange::post(path).signed(&device)) {
                Some(_) => done.released.push(number),
                None => break,
            }
        }
    }
    done
}

fn send(http: &Http, request: &Exchange<'_>) -> Option<Value> {
    let reply = http.send(request).ok()?;
    assert!(reply.status < 300, "{}: {} {}", request.path, reply.status, reply.json());
    Some(reply.json())
}

/// Checks that every acknowledged change is present.
fn check(url: &str, token: &str, done: &[Acknowledged]) -> anyhow::Result<()> {
    let http = Http::new(url);
    for acknowledged in done {
        for (number, answer) in &acknowledged.activated {
            let path = format!("/api/v1/activations/{}", answer["activation"].as_str().unwrap_or_default());
            let seen = http.send(&Exchange::get(path).bearer(token))?.json();
            let linked = acknowledged.linked.contains(&answer["license"]);
            let released = acknowledged.released.contains(number);
            let state = seen["state"].as_str().unwrap_or("missing");
            // The server may have executed the last request although its response was lost.
            let last = acknowledged.activated.last().is_some_and(|(last, _)| last == number);
            let fits = match state {
                "released" => released || last,
                "activated_linked" => !released && (linked || last),
                "activated" => !released && !linked,
                _ => false,
            };
            anyhow::ensure!(fits, "device {number}: {state}, linked {linked}, released {released}: {seen}");
        }
    }
    Ok(())
}

/// Checks that no seat is counted twice or lost: each one-seat license uses as many seats as it has live activations.
fn audit(url: &str, token: &str, all: &[Value]) -> anyhow::Result<()> {
    let http = Http::new(url);
    let (mut query, mut seats_used) = ("?limit=1000".to_owned(), HashMap::new());
    loop {
        let page = http
            .send(&Exchange { query: query.clone(), ..Exchange::get("/api/v1/licenses").bearer(token) })?
            .json();
        for license in page["items"].as_array().context("no licenses")? {
            seats_used.insert(license["id"].to_string(), license["seats_used"].as_u64().context("no seats")?);
        }
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=1000&after={next}"),
            None => break,
        }
    }
    anyhow::ensure!(
        !all.is_empty() && seats_used.values().all(|used| *used <= 1),
        "a seat was counted twice"
    );
    for answer in all {
        let path = format!("/api/v1/activations/{}", answer["activation"].as_str().unwrap_or_default());
        let seen = http.send(&Exchange::get(path).bearer(token))?.json();
        let live = u64::from(seen["state"] != "released");
        let used = seats_used.get(&answer["license"].to_string());
        anyhow::ensure!(used == Some(&live), "{used:?} seats in use: {seen}");
    }
    Ok(())
}

fn stock(url: &str, token: &str, count: u32) -> anyhow::Result<Vec<String>> {
    let http = Http::new(url);
    let post = |path: &str, body: Value| -> anyhow::Result<Vec<u8>> {
        let reply = http.send(&Exchange::post(path).json(&body).bearer(token))?;
        anyhow::ensure!(reply.status < 300, "{path}: {}", reply.json());
        Ok(reply.bytes)
    };
    post("/api/v1/products", json!({ "slug": "studio", "name": "Studio" }))?;
    post("/api/v1/products/studio/editions", json!({ "slug": "pro", "name": "Pro", "features": [] }))?;
    post("/api/v1/products/studio/policies", json!({ "slug": "retail", "rules": {} }))?;
    let body = json!({ "edition": "pro", "policy": "retail", "count": count });
    let lines = String::from_utf8(post("/api/v1/products/studio/key-batches", body)?)?;
    let lines = lines.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
    let keys = lines.iter().filter_map(|line| line["keys"].as_array()).flatten();
    Ok(keys.filter_map(|key| key.as_str().map(str::to_owned)).collect())
}
