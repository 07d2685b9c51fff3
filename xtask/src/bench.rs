//! Long-running checks: benchmarks, response times, crash loop.

use std::process::Command;

use crate::command::{cargo, run, target};

/// Builds for release and runs the benchmarks. Each measurement takes `seconds`.
pub fn bench(seconds: u32) -> anyhow::Result<()> {
    run(build().arg("--release"))?;
    let postgres = crate::postgres::Postgres::start_for_bench()?;
    let mut trial = Command::new(target().join("release/bench"));
    run(trial.arg(seconds.to_string()).env("KEYSTEAD_TEST_POSTGRES", postgres.url()))
}

/// Compares response times for known and unknown addresses, `tries` times each.
pub fn timing(tries: u32) -> anyhow::Result<()> {
    run(build().arg("--release"))?;
    run(Command::new(target().join("release/bench")).args(["timing", &tries.to_string()]))
}

/// Kills the server `rounds` times and checks its data.
pub fn crash(rounds: u32) -> anyhow::Result<()> {
    run(&mut build())?;
    run(Command::new(target().join("debug/crash")).arg(rounds.to_string()))
}

/// The command that builds both packages. One call gives their shared dependencies the same features.
fn build() -> Command {
    let mut build = cargo();
    build.args(["build", "--quiet", "-p", "keystead-server", "-p", "keystead-testkit"]);
    build
}
