//! Long trials in release builds: measurements and the crash loop.

use crate::command::{cargo, run};

/// Builds the server and runs the measurements.
pub fn bench(seconds: u32) -> anyhow::Result<()> {
    run(cargo().args(["build", "--release", "--quiet", "-p", "keystead-server"]))?;
    let postgres = crate::postgres::Postgres::start_for_bench()?;
    let mut trial = cargo();
    trial.args(["run", "--release", "--quiet", "-p", "keystead-trials", "--bin", "bench", "--"]);
    trial.arg(seconds.to_string()).env("KEYSTEAD_TEST_POSTGRES", postgres.url());
    run(&mut trial)
}

/// Kills the server `rounds` times.
pub fn crash(rounds: u32) -> anyhow::Result<()> {
    run(cargo().args(["build", "--quiet", "-p", "keystead-server"]))?;
    run(cargo()
        .args(["run", "--quiet", "-p", "keystead-trials", "--bin", "crash", "--"])
        .arg(rounds.to_string()))
}
