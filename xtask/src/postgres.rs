//! A real PostgreSQL server for tests: Debian's package with a fresh cluster in a temporary folder, on a free port.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use keystead_testkit::free_port;

use crate::command::{exists, is_root, run};
use crate::install;

/// A running cluster, stopped and deleted on drop.
pub struct Postgres {
    programs: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Postgres {
    /// Installs PostgreSQL if it is missing and starts a test cluster, which trades durability for speed.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with("-c fsync=off -c synchronous_commit=off -c full_page_writes=off")
    }

    /// Starts a cluster with the durability of a production server.
    pub fn start_for_bench() -> anyhow::Result<Self> {
        Self::start_with("-c shared_buffers=256MB")
    }

    fn start_with(settings: &str) -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("keystead-postgres-").tempdir()?;
        let cluster = Self { programs, folder, port: free_port()? };
        cluster.give_to_postgres()?;
        let data = cluster.data();
        let mut init = cluster.command("initdb");
        run(init
            .args(["--auth=trust", "--username=keystead", "--encoding=UTF8", "--no-locale", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null()))?;
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 {settings}",
            cluster.port
        );
        let mut start = cluster.command("pg_ctl");
        start.args(["--wait", "--silent", "--options", &options, "--pgdata"]).arg(&data);
        start.arg("--log").arg(cluster.folder.path().join("log")).arg("start");
        run(start.stdout(Stdio::null())).context("PostgreSQL does not start")?;
        Ok(cluster)
    }

    /// The URL without a database name.
    pub fn url(&self) -> String {
        format!("postgres://keystead@127.0.0.1:{}", self.port)
    }

    /// Creates a database and returns its URL.
    pub fn database(&self, name: &str) -> anyhow::Result<String> {
        let mut createdb = Command::new(self.programs.join("createdb"));
        run(createdb.args(["--maintenance-db", &format!("{}/postgres", self.url()), name]))?;
        Ok(format!("{}/{name}", self.url()))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command of PostgreSQL. PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        if !is_root() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command.current_dir(self.folder.path());
        command
    }

    fn give_to_postgres(&self) -> anyhow::Result<()> {
        if is_root() {
            run(Command::new("chown").arg("postgres:postgres").arg(self.folder.path()))?;
        }
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.data();
        let _ = self
            .command("pg_ctl")
            .args(["--mode=immediate", "--silent", "--pgdata"])
            .arg(data)
            .arg("stop")
            .status();
    }
}

fn programs() -> anyhow::Result<PathBuf> {
    if let Some(found) = installed() {
        return Ok(found);
    }
    install::debian("the tests on PostgreSQL", &["postgresql"])?;
    installed().context("PostgreSQL was installed, and its programs are not in /usr/lib/postgresql/*/bin")
}

fn installed() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("postgres").exists())
        .collect();
    found.sort();
    found.pop().or_else(|| exists("postgres").then(|| Path::new("/usr/bin").to_owned()))
}
