//! The baseline on PostgreSQL: pgbench's TPC-B on the same server with the same number of clients.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;

pub struct Pgbench {
    url: String,
    programs: PathBuf,
}

impl Pgbench {
    /// Creates pgbench's tables with as many branches as clients, so clients rarely wait for the same row.
    pub fn prepare(url: &str) -> anyhow::Result<Self> {
        let pgbench = Self { url: url.to_owned(), programs: programs()? };
        let database = pgbench.database("pgbench")?;
        let scale = crate::CLIENTS_OF_POSTGRES.to_string();
        pgbench.output("pgbench", &["--initialize", "--quiet", "--scale", &scale, &database])?;
        Ok(pgbench)
    }

    /// Creates a database and returns its address.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        self.output("createdb", &["--maintenance-db", &format!("{}/postgres", self.url), name])?;
        Ok(format!("{}/{name}", self.url))
    }

    /// Runs TPC-B and returns transactions per second.
    pub fn tpc_b(&self, clients: usize, turn: Duration) -> anyhow::Result<f64> {
        let (clients, seconds) = (clients.to_string(), turn.as_secs_f64().ceil().to_string());
        let database = format!("{}/pgbench", self.url);
        let text = self.output(
            "pgbench",
            &[
                "--client",
                &clients,
                "--jobs",
                "2",
                "--time",
                &seconds,
                "--protocol",
                "prepared",
                "--no-vacuum",
                &database,
            ],
        )?;
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = "));
        tps.and_then(|rest| rest.split(' ').next()?.parse().ok()).context("pgbench gave no number")
    }

    fn output(&self, program: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let output = Command::new(self.programs.join(program)).args(arguments).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{program}: {said}");
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn programs() -> anyhow::Result<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").context("PostgreSQL's programs are not here")?;
    let mut found: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
    found.sort();
    found.pop().context("PostgreSQL's programs are not here")
}
