use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::Context as _;

/// Commands and what they print, as one text to compare with a snapshot.
pub struct Transcript {
    program: PathBuf,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    text: String,
}

impl Transcript {
    /// Creates a transcript of `program`. The program runs in `folder`, which is also its home folder, without the
    /// caller's environment variables.
    pub fn new(program: &str, folder: &Path) -> Self {
        let home = ("HOME".to_owned(), folder.display().to_string());
        Self {
            program: program.into(),
            folder: folder.to_owned(),
            environment: vec![home],
            text: String::new(),
        }
    }

    /// Sets an environment variable for later commands.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// A command that runs the program with `arguments`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.folder).env_clear().envs(self.environment.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command, records it, and returns its standard output.
    pub fn run(&mut self, arguments: &[&str]) -> anyhow::Result<String> {
        self.run_with_input(arguments, "")
    }

    /// Like [`Self::run`], with `input` as standard input.
    pub fn run_with_input(&mut self, arguments: &[&str], input: &str) -> anyhow::Result<String> {
        let mut child = self.command(arguments).spawn()?;
        // Ignore errors: a command that reads no input may have closed the pipe.
        let _ = child.stdin.take().context("no standard input")?.write_all(input.as_bytes());
        self.record(arguments, &child.wait_with_output()?)
    }

    /// Records a command and its output. Returns its standard output.
    pub fn record(&mut self, arguments: &[&str], output: &Output) -> anyhow::Result<String> {
        let printed = String::from_utf8(output.stdout.clone())?;
        let mut line = format!("$ {}", self.program.file_stem().context("no name")?.to_string_lossy());
        for argument in arguments {
            let quote = if argument.is_empty() || argument.contains(' ') { "\"" } else { "" };
            line = format!("{line} {quote}{argument}{quote}");
        }
        let printed_lines = printed.trim_end().lines().map(str::to_owned);
        let errors =
            std::str::from_utf8(&output.stderr)?.trim_end().lines().map(|line| format!("stderr: {line}"));
        for line in std::iter::once(line).chain(printed_lines).chain(errors) {
            self.text += line.trim_end();
            self.text += "\n";
        }
        if !output.status.success() {
            self.text += &format!("exit code: {}\n", output.status.code().context("a signal ended it")?);
        }
        self.text += "\n";
        Ok(printed)
    }

    /// Records the help of the program and of all its commands.
    pub fn help(&mut self) -> anyhow::Result<()> {
        self.help_of(&[])
    }

    fn help_of(&mut self, command: &[&str]) -> anyhow::Result<()> {
        let help = self.run(&[command, &["--help"]].concat())?;
        let commands = help.split("\nCommands:\n").nth(1).unwrap_or_default();
        let names = commands.lines().take_while(|line| !line.is_empty());
        for name in
            names.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next())
        {
            if name != "help" {
                self.help_of(&[command, &[name]].concat())?;
            }
        }
        Ok(())
    }

    /// The text, for a snapshot with [`snapshot_settings`].
    pub fn text(&self) -> &str {
        self.text.trim_end()
    }
}

/// Settings of a snapshot. They replace ids, times, keys and addresses with fixed values. Ids and product keys keep
/// their length, so table columns stay aligned.
pub fn snapshot_settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, fixed) in [
        (r"http://(localhost|127\.0\.0\.1):[0-9]{5}", "http://license.example"),
        (r#"/[^ "=]*/\.tmp[0-9A-Za-z]{6}"#, "/home/robin"),
        (r"([a-z]{3})_[0-9a-f]{32}\b", "${1}_00000000000000000000000000000000"),
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000"),
        (r"\b[0-9A-Z]{5}(-[0-9A-Z]{5}){4}\b", "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"),
        (r#"(\.\.\.-|"key_last_group": ")[0-9A-Z]{5}\b"#, "${1}XXXXX"),
        (r"\b1[0-9]{12}\b", "[milliseconds]"),
        (r"\b1[0-9]{9}\b", "[seconds]"),
        (r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?", "[date]"),
        (r#""[0-9A-Za-z_-]{43,}""#, "\"[base64url]\""),
        (r"\b[0-9a-f]{64}\b", "[64 hexadecimal digits]"),
        (r"\b[0-9a-f]{16}\b", "[16 hexadecimal digits]"),
    ] {
        settings.add_filter(pattern, fixed);
    }
    settings
}
