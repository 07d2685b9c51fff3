//! A separate PostgreSQL server for the TLS tests.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server, stopped and deleted on drop.
pub struct Cluster {
    programs: PathBuf,
    folder: tempfile::TempDir,
    pub port: u16,
}

impl Cluster {
    /// Starts a server with this certificate and key. `access` contains the lines of `pg_hba.conf`.
    pub fn start(certificate: &str, key: &str, access: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { programs: programs(), folder, port };
        fs::write(cluster.path("password"), "secret").unwrap();
        cluster.give_to_postgres(cluster.folder.path());
        cluster.give_to_postgres(&cluster.path("password"));
        let mut init = cluster.command("initdb");
        init.args([
            "--auth=scram-sha-256",
            "--username=keystead",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        init.arg("--pwfile").arg(cluster.path("password")).arg("--pgdata").arg(cluster.path("data"));
        succeeds(&mut init);
        for (name, content) in [("server.crt", certificate), ("server.key", key), ("pg_hba.conf", access)] {
            let file = cluster.path("data").join(name);
            fs::write(&file, content).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            cluster.give_to_postgres(&file);
        }
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c ssl=on"
        );
        let mut start = cluster.command("pg_ctl");
        start.args(["--wait", "--silent", "--options", &options, "--pgdata"]).arg(cluster.path("data"));
        succeeds(start.arg("--log").arg(cluster.path("log")).arg("start"));
        cluster
    }

    /// The path of a file next to the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that runs a program of PostgreSQL. PostgreSQL refuses to run as root. If the test runs as
    /// root, the command uses the user that PostgreSQL's package created.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() { Command::new("setpriv") } else { Command::new(&program) };
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        }
        command.current_dir(self.folder.path()).stdout(Stdio::null());
        command
    }

    fn give_to_postgres(&self, path: &Path) {
        if is_root() {
            succeeds(Command::new("chown").arg("postgres:postgres").arg(path));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["--mode=immediate", "--silent", "--pgdata"]).arg(self.path("data")).arg("stop");
        let _ = stop.status();
    }
}

fn succeeds(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|programs| programs.join("initdb").exists());
    found.sort();
    found.pop().unwrap_or_default()
}
