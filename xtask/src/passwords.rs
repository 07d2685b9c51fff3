//! Builds the list of common passwords that the server ships with; see `crates/domain/data/common-passwords.md`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use keystead_domain::common_password::{SHORTEST, entry, fold};

use crate::command::root;

/// Number of passwords taken from the top of each list.
const TAKEN: usize = 100_000;
/// The server's minimum length of a password. Passwords of at least this length are taken regardless of their rank.
const LONG: usize = 15;

/// Writes the list.
pub fn write(lists: &[PathBuf]) -> anyhow::Result<()> {
    anyhow::ensure!(!lists.is_empty(), "name the lists");
    let mut entries = BTreeSet::new();
    for list in lists {
        let passwords = read(list)?;
        let taken = |(at, password): (usize, &String)| at < TAKEN || password.chars().count() >= LONG;
        let taken = passwords.iter().enumerate().filter(|&it| taken(it)).map(|(_, password)| fold(password));
        entries
            .extend(taken.filter(|folded| folded.chars().count() >= SHORTEST).map(|folded| entry(&folded)));
    }
    let path = root().join("crates/domain/data/common-passwords.bin");
    let bytes: Vec<u8> = entries.iter().flatten().copied().collect();
    std::fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    println!("{} passwords are in {}", entries.len(), path.display());
    Ok(())
}

fn read(list: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read(list).with_context(|| format!("{} cannot be read", list.display()))?;
    let text = String::from_utf8_lossy(&text);
    if list.extension().is_some_and(|extension| extension == "json") {
        return Ok(serde_json::from_str(&text)?);
    }
    Ok(text.split(['\r', '\n']).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}
