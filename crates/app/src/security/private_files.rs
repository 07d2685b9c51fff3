//! Files and folders that only their owner can access. Writes are atomic: a temporary file is flushed, then
//! linked or renamed.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use keystead_protocol::text::to_hex;

use crate::entropy;

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// Permission bits of group and others.
const OTHERS: u32 = 0o077;

/// Entries that identify a data folder. Other folders are not made private, because other users may need
/// them.
const DATA: [&str; 3] = ["keystead.db", "keys", "outbox"];

/// Makes the data folder private. Creates it if missing.
///
/// # Errors
/// When others can access an existing folder that has other content or another owner.
pub fn data_folder(path: &Path) -> anyhow::Result<()> {
    if path.is_dir() && is_open(path)? {
        let entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        let ours = entries.is_empty() || DATA.iter().any(|name| path.join(name).exists());
        anyhow::ensure!(
            ours,
            "the data folder {} holds other files and others have access to it; choose a folder of its own, or run: chmod 700 {}",
            path.display(),
            path.display()
        );
    }
    folder(path)
}

/// Makes a folder private. Creates it if missing.
pub fn folder(path: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(FOLDER).create(path);
    made.with_context(|| format!("the folder {} cannot be made", path.display()))?;
    close(path, FOLDER)
}

/// Makes the files in a private folder private.
pub fn files_in(folder: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Another process may have renamed its temporary file meanwhile.
        if path.is_file() {
            close(&path, FILE)?;
        }
    }
    Ok(())
}

/// Makes a SQLite file and its companion files private before SQLite opens them. Creates the file if missing.
/// SQLite gives new companion files the mode of this file.
pub fn database(path: &Path) -> anyhow::Result<()> {
    let made = OpenOptions::new().append(true).create(true).mode(FILE).open(path);
    made.with_context(|| format!("the database {} cannot be opened", path.display()))?;
    close(path, FILE)?;
    for suffix in ["-wal", "-shm", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        if Path::new(&beside).exists() {
            close(Path::new(&beside), FILE)?;
        }
    }
    Ok(())
}

/// Whether group or others have access.
pub fn is_open(path: &Path) -> anyhow::Result<bool> {
    let metadata = fs::metadata(path).with_context(|| format!("{} cannot be looked at", path.display()))?;
    Ok(metadata.permissions().mode() & OTHERS != 0)
}

/// The identity of the file at a path. It changes when the file is replaced.
pub fn identity(path: &Path) -> anyhow::Result<(u64, u64)> {
    let metadata = fs::metadata(path).with_context(|| format!("{} cannot be looked at", path.display()))?;
    Ok((metadata.dev(), metadata.ino()))
}

/// Whether every user of the machine can read the file.
pub fn is_readable_by_all(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

/// Removes access of group and others. The system refuses this for files of another owner.
fn close(path: &Path, mode: u32) -> anyhow::Result<()> {
    if !is_open(path)? {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).with_context(|| {
        let path = path.display();
        format!("others have access to {path} and this server cannot change that; have its owner run: chmod {mode:o} {path}")
    })?;
    tracing::warn!(path = %path.display(), "others had access to a file or folder of the server; it is private now");
    Ok(())
}

/// Writes a new file. If the file exists, returns `false` and leaves it unchanged.
pub fn create(path: &Path, content: &[u8]) -> anyhow::Result<bool> {
    let draft = Draft::write(path, content)?;
    match fs::hard_link(&draft.0, path) {
        Ok(()) => sync_folder(path).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("{} cannot be made", path.display())),
    }
}

/// Replaces a file.
pub fn replace(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let draft = Draft::write(path, content)?;
    fs::rename(&draft.0, path).with_context(|| format!("{} cannot be replaced", path.display()))?;
    sync_folder(path)
}

/// Waits for the lock at `path`. Dropping the file releases it.
pub fn lock(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new().append(true).create(true).mode(FILE).open(path);
    let file = file.with_context(|| format!("{} cannot be opened", path.display()))?;
    file.lock().with_context(|| format!("{} cannot be locked", path.display()))?;
    Ok(file)
}

fn sync_folder(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().context("a file without a folder")?;
    File::open(folder)?.sync_all().with_context(|| format!("{} cannot be flushed", folder.display()))
}

/// A flushed temporary file, removed on drop unless it was renamed.
struct Draft(PathBuf);

impl Draft {
    fn write(path: &Path, content: &[u8]) -> anyhow::Result<Self> {
        let draft = Self(path.with_extension(format!("{}.draft", to_hex(&entropy::bytes::<8>()))));
        let written = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE).open(&draft.0)?;
            file.write_all(content)?;
            file.sync_all()
        };
        written().with_context(|| format!("{} cannot be written", draft.0.display()))?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn the_first_of_two_writers_wins_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        assert!(create(&path, b"first").unwrap());
        assert!(!create(&path, b"second").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        replace(&path, b"third").unwrap();
        assert_eq!((fs::read(&path).unwrap().as_slice(), mode(&path)), (&b"third"[..], 0o600));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn whoever_looks_while_many_write_sees_a_whole_file_that_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let size = 32 << 20;
        let made = std::thread::scope(|scope| {
            let create = |content| create(&path, &vec![content; size]).unwrap();
            let writers = [b'a', b'b', b'c'].map(|content| scope.spawn(move || create(content)));
            while !path.exists() {
                std::thread::yield_now();
            }
            let first = fs::read(&path).unwrap();
            assert_eq!(first.len(), size);
            let made =
                writers.into_iter().filter_map(|writer| writer.join().ok()).filter(|made| *made).count();
            assert!(fs::read(&path).unwrap() == first, "it is the file that was seen first");
            made
        });
        assert_eq!((made, fs::read_dir(folder.path()).unwrap().count()), (1, 1));
    }

    #[test]
    fn a_folder_with_other_content_is_refused_and_not_changed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("email.txt"), "of somebody").unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(data_folder(folder.path()).unwrap_err().to_string().contains("chmod 700"));
        assert_eq!(mode(folder.path()), 0o755);
        fs::create_dir(folder.path().join("keys")).unwrap();
        data_folder(folder.path()).unwrap();
        assert_eq!(mode(folder.path()), 0o700);
    }
}
