//! Breached passwords: a sorted file of SHA-1 hashes in hexadecimal, one per line. Each hash may be followed
//! by a colon and other data. Public breach lists use this format. The file is searched on disk and never
//! loaded.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use keystead_protocol::text::to_hex;
use sha1::{Digest as _, Sha1};

/// Maximum line length, bytes.
const LINE: u64 = 256;

/// A file of hashes.
pub struct Breached {
    path: PathBuf,
}

impl Breached {
    /// Opens the file and checks that it begins with a hash.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let breached = Self { path: path.to_owned() };
        let mut file = BufReader::new(File::open(path).with_context(|| path.display().to_string())?);
        let mut first = String::new();
        file.read_line(&mut first)?;
        let hash = first.split(':').next().unwrap_or_default().trim();
        let whole = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        anyhow::ensure!(whole, "{} does not begin with a SHA-1 hash in hexadecimal", path.display());
        Ok(breached)
    }

    /// Whether the password is in the file.
    pub fn contains(&self, password: &str) -> std::io::Result<bool> {
        let wanted = to_hex(&Sha1::digest(password.as_bytes())).to_uppercase();
        let mut file = BufReader::new(File::open(&self.path)?);
        let (mut low, mut high) = (0, file.get_ref().metadata()?.len());
        // Invariant: a matching line begins at or after `low` and before `high`.
        while low < high {
            let middle = low + (high - low) / 2;
            let Some((end, hash)) = line_at(&mut file, middle)? else {
                high = middle;
                continue;
            };
            match hash.cmp(&wanted) {
                Ordering::Equal => return Ok(true),
                Ordering::Less => low = end,
                Ordering::Greater => high = middle,
            }
        }
        Ok(false)
    }
}

/// The first line that begins at or after `at`. Returns its end and its hash.
fn line_at(file: &mut BufReader<File>, at: u64) -> std::io::Result<Option<(u64, String)>> {
    use std::io::Read as _;
    let mut start = at;
    if at > 0 {
        file.seek(SeekFrom::Start(at - 1))?;
        let mut skipped = Vec::new();
        start += file.by_ref().take(LINE).read_until(b'\n', &mut skipped)? as u64 - 1;
    } else {
        file.seek(SeekFrom::Start(0))?;
    }
    let mut line = Vec::new();
    let length = file.by_ref().take(LINE).read_until(b'\n', &mut line)? as u64;
    if length == 0 {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&line);
    let hash = text.split(':').next().unwrap_or_default().trim().to_uppercase();
    Ok(Some((start + length, hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(passwords: &[String]) -> (tempfile::TempDir, PathBuf) {
        let mut lines: Vec<String> = passwords
            .iter()
            .enumerate()
            .map(|(n, password)| format!("{}:{}", to_hex(&Sha1::digest(password)).to_uppercase(), n * n * n))
            .collect();
        lines.sort();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("breached.txt");
        std::fs::write(&path, lines.join("\n")).unwrap();
        (folder, path)
    }

    #[test]
    fn every_password_of_the_file_is_found_and_no_other() {
        for count in [1, 2, 3, 100] {
            let passwords: Vec<String> = (0..count).map(|n| format!("password number {n}")).collect();
            let (_folder, path) = file(&passwords);
            let breached = Breached::open(&path).unwrap();
            for password in &passwords {
                assert!(breached.contains(password).unwrap(), "{password} of {count}");
            }
            for n in 0..50 {
                assert!(!breached.contains(&format!("another password {n}")).unwrap());
            }
        }
    }

    #[test]
    fn a_file_of_something_else_is_refused_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("breached.txt");
        std::fs::write(&path, "password1\npassword2\n").unwrap();
        assert!(Breached::open(&path).is_err());
        assert!(Breached::open(&folder.path().join("missing")).is_err());
    }
}
