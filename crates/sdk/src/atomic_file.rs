//! Replaces files atomically: a reader sees the old content or the new content, never a part.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use keystead_protocol::Code;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::{Builder, NamedTempFile, TempPath};

use crate::Error;

/// Replaces a file and flushes it to disk. Only the owner can read it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // tempfile creates its files with mode 0600.
    write(path, bytes, |_| Ok(()))
}

/// Replaces a file and flushes it to disk. Every user can read it.
pub(crate) fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write(path, bytes, |_file| {
        #[cfg(unix)]
        _file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        Ok(())
    })
}

fn write(path: &Path, bytes: &[u8], prepare: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file: NamedTempFile = Builder::new().prefix(name).suffix(".next").tempfile_in(folder)?;
    file.write_all(bytes)?;
    prepare(file.as_file())?;
    file.as_file().sync_all()?;
    // Close the new file before it is moved: Windows cannot move it while it is open.
    persist(file.into_temp_path(), path)
}

/// Moves `file` to `path`. Tries again on Windows, which refuses to replace a file while another
/// process reads it.
fn persist(mut file: TempPath, path: &Path) -> io::Result<()> {
    const MAX_TRIES: u32 = 100;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);
    for _ in 1..MAX_TRIES {
        match file.persist(path) {
            Err(failed) if cfg!(windows) && failed.error.kind() == ErrorKind::PermissionDenied => {
                file = failed.path;
                std::thread::sleep(PAUSE);
            }
            outcome => return outcome.map_err(|failed| failed.error),
        }
    }
    file.persist(path).map_err(|failed| failed.error)
}

/// Reads a JSON file; `None` if it does not exist.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error(path, &error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| damaged(path))
}

pub(crate) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec_pretty(value).map_err(|error| Error::new(Code::StorageFailed, error))
}

/// Deletes a file; succeeds if it does not exist.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error(path, &error)),
        _ => Ok(()),
    }
}

/// Creates a folder and its missing parents. Only the owner can access them.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Creates or empties a file. Only the owner can read a new file.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(crate) fn io_error(path: &Path, error: &io::Error) -> Error {
    Error::new(Code::StorageFailed, format!("{}: {error}", path.display()))
}

pub(crate) fn damaged(path: &Path) -> Error {
    Error::new(Code::CertificateInvalid, format!("{} is damaged", path.display()))
}
