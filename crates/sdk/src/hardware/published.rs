//! The hardware as a helper that may read more has published it: tags only, in a folder that is empty when the machine starts, so that
//! no disk image carries them. A host lends its identity to containers by showing them that folder. Only root's word counts: in a user
//! namespace, and so in a rootless container, nothing that is published is believed, and seats float there.

use std::fs;
use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::fingerprint::Fingerprint;
use serde::{Deserialize, Serialize};

use crate::clock::Reading;
use crate::files::replace;
use crate::{Client, Error};

/// The most that is read, bytes.
#[cfg(target_os = "linux")]
const MAX_SIZE: u64 = 16 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    /// In which boot: what is left of another, or was copied from another machine, does not count.
    boot: String,
    fingerprint: Fingerprint,
}

/// What root has published for a vendor since this machine was started.
#[cfg(target_os = "linux")]
pub(crate) fn read(folder: &Path, issuer: &str) -> Option<Fingerprint> {
    let bytes = super::root_file::read(folder, &file_name(issuer), MAX_SIZE)?;
    let published: Published = serde_json::from_slice(&bytes).ok()?;
    let boot = Reading::take().boot;
    (!boot.is_empty() && published.boot == boot).then_some(published.fingerprint)
}

/// Elsewhere every user may read the hardware.
#[cfg(not(target_os = "linux"))]
pub(crate) fn read(_: &Path, _: &str) -> Option<Fingerprint> {
    None
}

fn file_name(issuer: &str) -> String {
    format!("{issuer}.json")
}

impl Client {
    /// Publishes this machine's hardware for this vendor's products that may not read it themselves, and for containers: tags, from
    /// which no serial number can be read. To be done at each start of the machine, in the folder that
    /// [`Options::published`](crate::Options) names there. Gives the file.
    pub fn publish_hardware(&self, folder: &Path) -> Result<PathBuf, Error> {
        let path = folder.join(file_name(&self.profile.roots.issuer));
        let published = Published { boot: Reading::take().boot, fingerprint: self.own_fingerprint() };
        let json = serde_json::to_vec(&published).map_err(|error| Error::new(Code::Internal, error))?;
        let next = path.with_extension("next");
        let written = || {
            fs::create_dir_all(folder)?;
            fs::write(&next, &json)?;
            #[cfg(unix)]
            fs::set_permissions(&next, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
            replace(&next, &path)
        };
        written().map_err(|error| Error::new(Code::StorageFailed, format!("{}: {error}", path.display())))?;
        Ok(path)
    }
}
