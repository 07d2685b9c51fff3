//! All checks that a change must pass.

use std::time::{Duration, Instant};

use crate::command::{cargo, run as run_command};
use crate::postgres::Postgres;
use crate::{bindings, clients, demo, dependencies, desktop, openapi, schemathesis, tidy, web, windows};

/// Rounds of the crash loop in ci. `cargo xtask crash` runs 200.
const CRASH_ROUNDS: u32 = 12;

/// Runs all checks and prints the duration of each step.
pub fn run() -> anyhow::Result<()> {
    let mut steps = Steps::default();
    let outcome = run_all(&mut steps);
    println!("{}", steps.table());
    outcome
}

fn run_all(steps: &mut Steps) -> anyhow::Result<()> {
    steps.run("format", || run_command(cargo().args(["fmt", "--all", "--check"])))?;
    steps.run("tidy", tidy::run)?;
    steps.run("dependencies", dependencies::check)?;
    steps.run("clippy", || {
        let mut clippy = cargo();
        clippy.args(["clippy", "--quiet", "--workspace", "--all-targets", "--all-features"]);
        run_command(clippy.args(["--", "-D", "warnings"]))
    })?;
    let postgres = steps.run("PostgreSQL", Postgres::start)?;
    steps.run("tests", || {
        crate::install::programs("the tests with a TPM", &[("swtpm", "swtpm")])?;
        let mut tests = cargo();
        tests.args(["test", "--workspace", "--all-features", "--no-fail-fast"]);
        tests.env("KEYSTEAD_TEST_POSTGRES", postgres.url());
        // A changed snapshot fails, whatever the caller's environment sets.
        run_command(tests.env("INSTA_UPDATE", "no"))
    })?;
    steps.run("API description", openapi::check)?;
    steps.run("API linters", openapi::lint)?;
    steps.run("API clients", clients::run)?;
    steps.run("schemathesis", schemathesis::run)?;
    steps.run("web", || web::run(&[None, Some(postgres.database("keystead_pages")?)], None))?;
    steps.run("bindings", bindings::run)?;
    steps.run("desktop", desktop::run)?;
    steps.run("windows", windows::run)?;
    steps.run("crash loop", || crate::bench::crash(CRASH_ROUNDS))?;
    steps.run("demo", || demo::run(false))
}

/// The finished steps and their durations.
#[derive(Default)]
struct Steps {
    taken: Vec<(&'static str, Duration, bool)>,
}

impl Steps {
    fn run<T>(&mut self, name: &'static str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
        println!("== {name}");
        let began = Instant::now();
        let outcome = work();
        let taken = began.elapsed();
        println!("== {name}: {:.1} s", taken.as_secs_f64());
        self.taken.push((name, taken, outcome.is_ok()));
        outcome
    }

    fn table(&self) -> String {
        let row = |name: &str, taken: Duration, note: &str| {
            format!("{name:<16} {:>8.1} s{note}\n", taken.as_secs_f64())
        };
        let steps: String = self
            .taken
            .iter()
            .map(|(name, taken, passed)| row(name, *taken, if *passed { "" } else { "  failed" }))
            .collect();
        let total = self.taken.iter().map(|(_, taken, _)| *taken).sum();
        let passed = self.taken.iter().all(|(_, _, passed)| *passed);
        steps + &row("total", total, if passed { "  passed" } else { "  failed" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_step_and_the_total() {
        let steps = Steps {
            taken: vec![
                ("format", Duration::from_millis(1250), true),
                ("tests", Duration::from_millis(600_000), false),
            ],
        };
        assert_eq!(
            steps.table(),
            "format                1.2 s\n\
             tests               600.0 s  failed\n\
             total               601.2 s  failed\n"
        );
    }
}
