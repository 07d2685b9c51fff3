//! Runs the real command line for a customer's device or for the vendor.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use serde_json::Value;

use crate::command::target;

/// The result of a command.
pub struct Outcome {
    pub code: i32,
    /// Standard output and standard error.
    pub text: String,
    stdout: String,
}

impl Outcome {
    /// Parses standard output as JSON.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("no JSON: {}", self.text))
    }

    /// Fails unless the exit code is `code` and the output contains all of `words`.
    pub fn expect(self, code: i32, words: &[&str]) -> anyhow::Result<Self> {
        anyhow::ensure!(self.code == code, "expected exit code {code}, got {}: {}", self.code, self.text);
        for word in words {
            anyhow::ensure!(self.text.contains(word), "expected {word:?} in: {}", self.text);
        }
        Ok(self)
    }
}

/// The environment of the command line: a device with its own folder and hardware, or the vendor's computer.
pub struct Seat {
    environment: Vec<(&'static str, PathBuf)>,
}

impl Seat {
    /// The environment of a device.
    pub fn device(profile: &Path, folder: &Path, hardware: &Path) -> Self {
        Self {
            environment: vec![
                ("KEYSTEAD_PROFILE", profile.to_owned()),
                ("KEYSTEAD_FOLDER", folder.to_owned()),
                ("KEYSTEAD_SIMULATED_HARDWARE", hardware.to_owned()),
            ],
        }
    }

    /// The environment of the vendor, with an API token.
    pub fn vendor(server: &str, token: &str) -> Self {
        Self { environment: vec![("KEYSTEAD_SERVER", server.into()), ("KEYSTEAD_TOKEN", token.into())] }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(target().join("debug/keystead"));
        command.args(arguments).envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Runs a command and waits for its end.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Outcome> {
        let output = self.command(arguments).output().context("the command line cannot be run")?;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let text = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
        Ok(Outcome { code: output.status.code().unwrap_or(-1), text, stdout })
    }

    /// Starts a command that waits for the approval of a sign-in. Returns the process and the code that it shows.
    pub fn start_sign_in(&self, arguments: &[&str]) -> anyhow::Result<(Child, String)> {
        use std::io::{BufRead as _, BufReader};
        let mut child = self.command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().context("no standard error")?);
        while lines.read_line(&mut said)? > 0 {
            if let Some((_, code)) = said.trim_end().rsplit_once("enter the code ") {
                let code = code.to_owned();
                std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
                return Ok((child, code));
            }
        }
        anyhow::bail!("no code was shown: {said}")
    }
}
