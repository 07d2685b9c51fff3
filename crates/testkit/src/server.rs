use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::mailbox::Mailbox;

/// A running server, killed on drop.
pub struct Server {
    program: PathBuf,
    data: PathBuf,
    listen: String,
    options: Vec<(String, String)>,
    process: Child,
}

/// A port that is currently free.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Server {
    /// Starts `program` on `data` with settings from `options` (environment variables) and waits until it is ready.
    pub fn start(program: &Path, data: &Path, options: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_at(program, data, &format!("127.0.0.1:{}", free_port()?), options)
    }

    /// Like [`Self::start`], on the address and port `listen`.
    pub fn start_at(
        program: &Path,
        data: &Path,
        listen: &str,
        options: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let options: Vec<_> =
            options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let process = spawn(program, data, listen, &options)?;
        let (program, data, listen) = (program.to_owned(), data.to_owned(), listen.to_owned());
        let server = Self { program, data, listen, options, process };
        server.wait()?;
        Ok(server)
    }

    /// The base URL of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.listen.replace("127.0.0.1", "localhost"))
    }

    /// The emails that the server wrote.
    pub fn mailbox(&self) -> Mailbox {
        Mailbox::of(&self.data)
    }

    /// Kills the server with SIGKILL, to simulate a power failure.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts the server again with the same data and port.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.process = spawn(&self.program, &self.data, &self.listen, &self.options)?;
        self.wait()
    }

    /// Creates an API token with all scopes.
    pub fn token(&self) -> anyhow::Result<String> {
        let mut command = self.command();
        command.args(["token", "create", "--name", "automation", "--scopes", "all"]).stderr(Stdio::null());
        let output = command.output().context("the server's command line cannot be run")?;
        anyhow::ensure!(output.status.success(), "the token was not made");
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Creates the first administrator.
    pub fn admin(&self, email: &str, password: &str) -> anyhow::Result<()> {
        let mut command = self.command();
        command.args(["staff", "create", "--email", email]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        child.stdin.take().context("no standard input")?.write_all(password.as_bytes())?;
        anyhow::ensure!(child.wait()?.success(), "the administrator was not made");
        Ok(())
    }

    /// Keeps the process running after this value is dropped; returns the process id.
    pub fn leave_running(mut self) -> u32 {
        let id = self.process.id();
        if let Ok(stand_in) = Command::new("true").spawn() {
            self.process = stand_in;
        }
        id
    }

    /// The process id.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(&self.data).envs(self.options.iter().cloned());
        command
    }

    fn wait(&self) -> anyhow::Result<()> {
        let url = format!("http://{}/readyz", self.listen);
        for _ in 0..400 {
            if ureq::get(&url).call().is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        anyhow::bail!("the server on {} is not ready after ten seconds", self.listen)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

fn spawn(program: &Path, data: &Path, listen: &str, options: &[(String, String)]) -> anyhow::Result<Child> {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(data.with_extension("log"))?;
    Command::new(program)
        .arg("--data")
        .arg(data)
        .args(["serve", "--listen", listen])
        .env("KEYSTEAD_METRICS_LISTEN", "off")
        .envs(options.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .context("the server cannot be started")
}
