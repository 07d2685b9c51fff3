//! The whole gate.

use std::time::Instant;

use crate::command::{cargo, run as run_command};
use crate::postgres::Postgres;
use crate::{bindings, clients, demo, dependencies, desktop, openapi, schemathesis, tidy, web, windows};

/// Rounds of the crash loop in ci; `cargo xtask crash` runs 200.
const CRASH_ROUNDS: u32 = 12;

/// Runs everything that must pass.
pub fn run() -> anyhow::Result<()> {
    let began = Instant::now();
    step("format", || run_command(cargo().args(["fmt", "--all", "--check"])))?;
    step("tidy", tidy::run)?;
    step("dependencies", dependencies::check)?;
    step("clippy", || {
        run_command(cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    let postgres = step("PostgreSQL", Postgres::start)?;
    step("tests", || {
        crate::install::programs("the tests with a TPM", &[("swtpm", "swtpm")])?;
        let mut tests = cargo();
        tests.args(["test", "--workspace", "--all-features", "--no-fail-fast"]);
        run_command(tests.env("KEYSTEAD_TEST_POSTGRES", postgres.url()))
    })?;
    step("API description", openapi::check)?;
    step("API linters", openapi::lint)?;
    step("API clients", clients::run)?;
    step("schemathesis", schemathesis::run)?;
    step("web", || web::run(&[None, Some(postgres.database("keystead_pages")?)], None))?;
    step("bindings", bindings::run)?;
    step("desktop", desktop::run)?;
    step("windows", windows::run)?;
    step("crash loop", || crate::bench::crash(CRASH_ROUNDS))?;
    step("demo", || demo::run(false))?;
    println!("ci passed in {} s", began.elapsed().as_secs());
    Ok(())
}

fn step<T>(name: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    println!("== {name}");
    let began = Instant::now();
    let outcome = work()?;
    println!("== {name}: {:.1} s", began.elapsed().as_secs_f64());
    Ok(outcome)
}
