//! Rules that the compiler does not know.

mod asvs;
mod rules;

use std::process::Command;

use crate::command::output;

/// A file of the repository.
pub struct Source {
    /// Its path from the project's folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Checks every file that git tracks or would track.
pub fn run() -> anyhow::Result<()> {
    let listed =
        output(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let sources: Vec<Source> = listed
        .lines()
        .filter_map(|path| Some(Source { path: path.to_owned(), text: std::fs::read_to_string(path).ok()? }))
        .collect();
    let complaints: Vec<String> = rules::ALL.iter().flat_map(|rule| rule(&sources)).collect();
    for complaint in &complaints {
        eprintln!("tidy: {complaint}");
    }
    anyhow::ensure!(complaints.is_empty(), "{} rules are broken", complaints.len());
    Ok(())
}
