//! Rules that the compiler does not check.

mod asvs;
mod circles;
mod functions;
mod layers;
mod modules;
mod principals;
mod rules;
mod shrinking;
mod syntax;
mod twins;

use std::process::Command;

use crate::command::output;

/// A file of the repository.
pub struct Source {
    /// Path relative to the project's root.
    pub path: String,
    pub text: String,
}

/// Checks every file that git tracks, and every untracked file that is not ignored.
pub fn run() -> anyhow::Result<()> {
    let listed =
        output(Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]))?;
    let sources: Vec<Source> = listed
        .lines()
        .filter_map(|path| Some(Source { path: path.to_owned(), text: std::fs::read_to_string(path).ok()? }))
        .collect();
    let mut complaints: Vec<String> = rules::ALL.iter().flat_map(|rule| rule(&sources)).collect();
    complaints.extend(layers::check(&sources)?);
    let (parsed, unreadable) = syntax::parse(&sources);
    complaints.extend(unreadable);
    for rule in [circles::check, functions::check, principals::check, twins::check] {
        complaints.extend(rule(&parsed, &sources));
    }
    for complaint in &complaints {
        eprintln!("tidy: {complaint}");
    }
    anyhow::ensure!(complaints.is_empty(), "{} rules are broken", complaints.len());
    Ok(())
}
