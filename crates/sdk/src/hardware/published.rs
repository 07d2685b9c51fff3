//! Hardware tags that root publishes in a folder. The folder is empty at boot, so no disk image
//! contains the tags. A host shares its hardware with containers by mounting the folder. Only files
//! of the host's root user are trusted. In any other user namespace, such as a rootless container,
//! published hardware is ignored and seats float.

use std::fs;
use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::fingerprint::Fingerprint;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::atomic_file::{io_error, write_public};
use crate::clock::Reading;

#[cfg(target_os = "linux")]
const MAX_FILE_BYTES: u64 = 16 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedHardware {
    /// The id of the boot. A file from another boot may belong to another machine.
    boot: String,
    fingerprint: Fingerprint,
}

/// The hardware that root published for a vendor since boot.
#[cfg(target_os = "linux")]
pub(crate) fn read(folder: &Path, issuer: &str) -> Option<Fingerprint> {
    let bytes = super::root_file::read(folder, &file_name(issuer), MAX_FILE_BYTES)?;
    let published: PublishedHardware = serde_json::from_slice(&bytes).ok()?;
    let boot = Reading::take().boot;
    (!boot.is_empty() && published.boot == boot).then_some(published.fingerprint)
}

/// Other systems have no published hardware: every user can read the hardware there.
#[cfg(not(target_os = "linux"))]
pub(crate) fn read(_: &Path, _: &str) -> Option<Fingerprint> {
    None
}

/// Publishes the hardware for a vendor. Returns the file.
pub(crate) fn write(folder: &Path, issuer: &str, fingerprint: Fingerprint) -> Result<PathBuf, Error> {
    let path = folder.join(file_name(issuer));
    let published = PublishedHardware { boot: Reading::take().boot, fingerprint };
    let json = serde_json::to_vec(&published).map_err(|error| Error::new(Code::Internal, error))?;
    let written = fs::create_dir_all(folder).and_then(|()| write_public(&path, &json));
    written.map_err(|error| io_error(&path, &error))?;
    Ok(path)
}

fn file_name(issuer: &str) -> String {
    format!("{issuer}.json")
}
