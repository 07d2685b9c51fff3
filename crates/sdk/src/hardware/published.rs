//! The hardware as a helper that may read more has published it: tags only, in a folder that is empty when the machine starts, so that
//! no disk image carries them. A host lends its identity to containers by showing them that folder.

use std::fs;
use std::path::{Path, PathBuf};

use keystead_protocol::Code;
use keystead_protocol::fingerprint::Fingerprint;
use serde::{Deserialize, Serialize};

use crate::clock::Reading;
use crate::files::replace;
use crate::{Client, Error};

/// The most that is read.
const MAX_SIZE: u64 = 16 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    /// In which boot: what is left of another, or was copied from another machine, does not count.
    boot: String,
    fingerprint: Fingerprint,
}

/// What was published for a vendor since this machine was started.
pub(crate) fn read(folder: &Path, issuer: &str) -> Option<Fingerprint> {
    let path = file(folder, issuer);
    let about = fs::metadata(&path).ok()?;
    if about.len() > MAX_SIZE || others_may_write(&about) {
        return None;
    }
    let published: Published = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
    let boot = Reading::take().boot;
    (!boot.is_empty() && published.boot == boot).then_some(published.fingerprint)
}

#[cfg(unix)]
fn others_may_write(about: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o022 != 0
}

#[cfg(not(unix))]
fn others_may_write(_: &fs::Metadata) -> bool {
    true
}

fn file(folder: &Path, issuer: &str) -> PathBuf {
    folder.join(format!("{issuer}.json"))
}

impl Client {
    /// Publishes this machine's hardware for this vendor's products that may not read it themselves, and for containers: tags, from
    /// which no serial number can be read. To be done at each start of the machine, in the folder that
    /// [`Options::published`](crate::Options) names there. Gives the file.
    pub fn publish_hardware(&self, folder: &Path) -> Result<PathBuf, Error> {
        let path = file(folder, &self.profile.roots.issuer);
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
