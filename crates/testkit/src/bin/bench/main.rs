//! Benchmarks. Each benchmark is compared with a baseline. Benchmark and baseline are measured alternately in the same
//! run.
//!
//! `bench SECONDS [NAME]` runs all benchmarks, or only those whose name contains NAME. `bench bare` runs the baseline
//! server for HTTP requests. `bench timing TRIES [NAME]` compares response times.

mod bare;
mod by_hand;
mod load;
mod offline;
mod page_by_hand;
mod pgbench;
mod scenario;
mod timing;
mod work;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use keystead_testkit::{Server, WITHOUT_LIMITS};
use serde_json::{Value, json};

use crate::scenario::Scenario;
use crate::work::{CLIENTS, Work};

/// The baseline has the server's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Number of measurements of the benchmark and of its baseline. Their medians are compared.
const TURNS: usize = 3;
/// Number of clients of the server on PostgreSQL, and of pgbench.
const CLIENTS_OF_POSTGRES: usize = 64;

/// A measurement and its baseline.
struct Measured {
    name: &'static str,
    value: f64,
    unit: &'static str,
    limit: f64,
    /// The required ratio of `value` to `limit`, for display.
    bound: &'static str,
    kept: bool,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.value / self.limit
    }
}

fn main() -> anyhow::Result<()> {
    let argument = std::env::args().nth(1).context("how many seconds?")?;
    if argument == "bare" {
        return bare::serve(std::env::args_os().nth(2).map(PathBuf::from));
    }
    if argument == "timing" {
        let folder = tempfile::Builder::new().prefix("keystead-timing-").tempdir()?;
        let server = start(&folder.path().join("sqlite"), None)?;
        let wanted = std::env::args().nth(3).unwrap_or_default();
        let alike = timing::run(&server, timing::tries(std::env::args().nth(2))?, &wanted)?;
        anyhow::ensure!(alike, "an answer tells what nobody may learn");
        return Ok(());
    }
    let turn = Duration::from_secs_f64(argument.parse::<f64>()? / TURNS as f64);
    let wanted = std::env::args().nth(2).unwrap_or_default();
    let wants = |name: &str| name.contains(&wanted);
    let folder = tempfile::Builder::new().prefix("keystead-bench-").tempdir()?;
    let mut all = Vec::new();
    if wants("offline_check") {
        all.push(offline::measure(turn));
    }
    let data = folder.path().join("sqlite");
    let sqlite = start(&data, None)?;
    let scenario = Scenario::prepare(&sqlite, CLIENTS)?;
    if wants("validate_http") {
        all.push(validate(&scenario, turn)?);
    }
    for (work, name) in [(Work::Refresh, "refresh_http"), (Work::Activate, "activate_http")] {
        if wants(name) {
            all.push(durable(name, &scenario, work, folder.path(), turn)?);
        }
    }
    all.extend(pages(&sqlite, &scenario, turn, &wants, &data.join("keystead.db"))?);
    if wants("page_fleet") {
        all.push(fleet(&sqlite, &scenario, turn)?);
    }
    if wants("login_storm") {
        all.push(login_storm(&scenario, turn)?);
    }
    drop(sqlite);
    match std::env::var("KEYSTEAD_TEST_POSTGRES") {
        Ok(_) if !wants("_postgres") => {}
        Ok(url) => all.extend(on_postgres(&url, &folder.path().join("postgres"), turn)?),
        Err(_) => println!("KEYSTEAD_TEST_POSTGRES names no server: PostgreSQL is not measured"),
    }
    report(&all)
}

/// Starts the server's binary, which is in the same folder as this program.
fn start(data: &Path, database: Option<&str>) -> anyhow::Result<Server> {
    let program = std::env::current_exe()?.with_file_name("keystead-server");
    let database = database.map(|url| ("KEYSTEAD_DATABASE_URL", url));
    let options: Vec<(&str, &str)> = WITHOUT_LIMITS.into_iter().chain(database).collect();
    Server::start(&program, data, &options)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Measures the benchmark and its baseline alternately and returns both medians.
fn in_turns(
    mut ours: impl FnMut() -> anyhow::Result<f64>,
    mut limit: impl FnMut() -> anyhow::Result<f64>,
) -> anyhow::Result<(f64, f64)> {
    let (mut values, mut limits) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        values.push(ours()?);
        limits.push(limit()?);
    }
    Ok((median(values), median(limits)))
}

fn at_least(
    name: &'static str,
    unit: &'static str,
    (value, limit): (f64, f64),
    least: f64,
    bound: &'static str,
) -> Measured {
    Measured { name, value, unit, limit, bound, kept: value >= least * limit }
}

fn validate(scenario: &Scenario, turn: Duration) -> anyhow::Result<Measured> {
    let bare = bare::Bare::start(None)?;
    let both = in_turns(|| scenario.validate(turn), || scenario.validate_at(bare.address(), turn))?;
    Ok(at_least("validate_http", "requests/s", both, 0.5, ">= 0.5"))
}

fn durable(
    name: &'static str,
    scenario: &Scenario,
    work: Work,
    folder: &Path,
    turn: Duration,
) -> anyhow::Result<Measured> {
    let both = in_turns(|| scenario.durable(work, turn), || by_hand::measure(work, folder, turn))?;
    Ok(at_least(name, "requests/s", both, 0.4, ">= 0.4"))
}

/// Compares pages with pages of the baseline server. The baseline of the sign-in page is a template. The devices page
/// has two baselines: a template with handwritten queries, and a template of constants.
fn pages(
    server: &Server,
    scenario: &Scenario,
    turn: Duration,
    wants: &impl Fn(&str) -> bool,
    database: &Path,
) -> anyhow::Result<Vec<Measured>> {
    const LEAST: f64 = 1.0 / 1.5;
    let bare = bare::Bare::start(Some(database))?;
    let ours = |path: &str, cookie: &str| scenario.page(scenario.address(), path, cookie, turn);
    let limit = |path: &str, cookie: &str| scenario.page(bare.address(), path, cookie, turn);
    let mut all = Vec::new();
    if wants("page_sign_in") {
        let both = in_turns(|| ours("/sign-in", ""), || limit("/page", ""))?;
        all.push(at_least("page_sign_in", "requests/s", both, LEAST, ">= 0.67"));
    }
    if wants("page_devices") {
        let cookie = scenario.customer(server)?;
        for (name, path) in [("page_devices", "/devices"), ("page_devices_constants", "/page")] {
            let both = in_turns(|| ours("/devices", &cookie), || limit(path, &cookie))?;
            all.push(at_least(name, "requests/s", both, LEAST, ">= 0.67"));
        }
    }
    Ok(all)
}

/// Compares two pages of a device list: one in the middle of 100,000 devices, and one in the middle of 40 devices.
fn fleet(server: &Server, scenario: &Scenario, turn: Duration) -> anyhow::Result<Measured> {
    let (large, small) = (scenario.fleet(server, 100_000)?, scenario.fleet(server, 40)?);
    let page = |(cookie, path): &(String, String)| scenario.page(scenario.address(), path, cookie, turn);
    let both = in_turns(|| page(&large), || page(&small))?;
    Ok(at_least("page_fleet", "requests/s", both, 0.8, ">= 0.8"))
}

/// Compares the latency of refreshes during a storm of wrong passwords with their latency without other load.
fn login_storm(scenario: &Scenario, turn: Duration) -> anyhow::Result<Measured> {
    let (value, limit) = in_turns(|| scenario.refresh_p99(true, turn), || scenario.refresh_p99(false, turn))?;
    let (value, limit) = (value * 1e3, limit * 1e3);
    Ok(Measured {
        name: "login_storm_refresh",
        value,
        unit: "ms, p99",
        limit,
        bound: "< 3",
        kept: value < 3.0 * limit,
    })
}

fn on_postgres(url: &str, data: &Path, turn: Duration) -> anyhow::Result<Vec<Measured>> {
    let pgbench = pgbench::Pgbench::prepare(url)?;
    let database = pgbench.database("keystead_bench")?;
    let server = start(data, Some(&database))?;
    let scenario = Scenario::prepare(&server, CLIENTS_OF_POSTGRES)?;
    let mut all = Vec::new();
    for (work, name) in [(Work::Refresh, "refresh_http_postgres"), (Work::Activate, "activate_http_postgres")]
    {
        let both = in_turns(|| scenario.durable(work, turn), || pgbench.tpc_b(CLIENTS_OF_POSTGRES, turn))?;
        all.push(at_least(name, "transactions/s", both, 1.0, ">= 1.0"));
    }
    Ok(all)
}

fn report(all: &[Measured]) -> anyhow::Result<()> {
    println!("{:<24} {:>12} {:>12}  {:<14} {:>7}  bound", "name", "value", "limit", "unit", "ratio");
    for m in all {
        let verdict = if m.kept { "kept" } else { "MISSED" };
        let ratio = m.ratio();
        println!(
            "{:<24} {:>12.1} {:>12.1}  {:<14} {ratio:>7.2}  {} {verdict}",
            m.name, m.value, m.limit, m.unit, m.bound
        );
    }
    let rows: Vec<Value> = all
        .iter()
        .map(|m| json!({ "name": m.name, "value": m.value, "unit": m.unit, "limit": m.limit, "ratio": m.ratio(), "bound": m.bound, "kept": m.kept }))
        .collect();
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    std::fs::create_dir_all(&target)?;
    std::fs::write(target.join("bench.json"), serde_json::to_vec_pretty(&rows)?)?;
    Ok(())
}
