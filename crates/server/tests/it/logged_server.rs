use std::path::{Path, PathBuf};

use keystead_storage::Location;
use keystead_storage::testing::Database;
use keystead_testkit::{Mailbox, Server, WITHOUT_LIMITS};
use rustix::process::{Pid, Resource, Rlimit};
use serde_json::Value;

/// A server process that logs at level debug to a file that tests read.
pub struct LoggedServer {
    server: Server,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl LoggedServer {
    /// Starts a process with additional settings.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let logged = [
            ("KEYSTEAD_LOG__JSON", "true"),
            ("KEYSTEAD_LOG__FILTER", "debug"),
            ("KEYSTEAD_METRICS_LISTEN", "127.0.0.1:0"),
        ];
        let settings = [&WITHOUT_LIMITS[..], &logged, settings].concat();
        let program = Path::new(env!("CARGO_BIN_EXE_keystead-server"));
        let server = Server::start(program, &data, &settings).unwrap();
        Self { server, log: data.with_extension("log"), _folder: folder }
    }

    /// Starts a process on a database.
    pub fn on(database: &Database) -> Self {
        let url = match &database.location {
            Location::Sqlite(path) => path.to_str().unwrap().to_owned(),
            Location::Postgres(url) => url.clone(),
        };
        Self::start(&[("KEYSTEAD_DATABASE_URL", &url)])
    }

    /// Limits the process to this many additional open files.
    pub fn limit_open_files(&self, more: u64) {
        let id = self.server.process_id();
        let open = std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count() as u64;
        let limit = Rlimit { current: Some(open + more), maximum: Some(open + more) };
        let process = Pid::from_raw(id.try_into().unwrap());
        rustix::process::prlimit(process, Resource::Nofile, limit).unwrap();
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// An API token of the vendor.
    pub fn token(&self) -> String {
        self.server.token().unwrap()
    }

    pub fn mailbox(&self) -> Mailbox {
        self.server.mailbox()
    }

    /// The lines of the log.
    pub fn log(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.log).unwrap();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The address of the metrics listener, from the log.
    pub fn metrics_address(&self) -> String {
        let log = self.log();
        let ready = log.iter().find(|line| line["fields"]["message"] == "ready").unwrap();
        ready["fields"]["metrics"].as_str().unwrap().to_owned()
    }
}
