//! The fingerprint of this device's hardware. Reading the TPM is slow, so its tag is cached until
//! the next boot. A status never reads the TPM.

use std::path::{Path, PathBuf};

use keystead_protocol::fingerprint::{Component, Fingerprint, Tag, Tags};

use crate::clock::Reading;
use crate::data_dir::TpmTagCache;
use crate::hardware::{self, published};
use crate::tpm::{self, Connection};
use crate::{Client, Error};

impl Client {
    /// Writes this machine's hardware tags to `folder`, for containers and for this vendor's
    /// products that lack permission to read the hardware. No serial number can be recovered from a
    /// tag. Call this at each boot. The products read the tags from
    /// [`Options::published`](crate::Options). Returns the path of the file.
    pub fn publish_hardware(&self, folder: &Path) -> Result<PathBuf, Error> {
        published::write(folder, &self.profile.roots.issuer, self.own_fingerprint())
    }

    /// The fingerprint, without a TPM access. A TPM that was not read since boot counts as
    /// unreadable.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.published().unwrap_or_else(|| self.fingerprint_with(self.cached_tpm_tag()))
    }

    /// The fingerprint. Reads the TPM if its tag is not cached.
    pub(crate) fn full_fingerprint(&self) -> Fingerprint {
        self.published().unwrap_or_else(|| self.own_fingerprint())
    }

    /// The fingerprint that this process reads itself. Ignores published hardware.
    fn own_fingerprint(&self) -> Fingerprint {
        self.fingerprint_with(self.cached_tpm_tag().or_else(|| self.read_tpm_tag().ok().flatten()))
    }

    fn published(&self) -> Option<Fingerprint> {
        published::read(&self.options.published, &self.profile.roots.issuer)
    }

    fn fingerprint_with(&self, tpm_tag: Option<Tag>) -> Fingerprint {
        let mut fingerprint = hardware::probe(&self.profile.salt);
        let known = fingerprint.fp.contains_key(&Component::Tpm);
        if known || self.options.tpm.path().is_none() {
            return fingerprint;
        }
        match tpm_tag.and_then(|tag| Tags::new([tag])) {
            Some(tags) => drop(fingerprint.fp.insert(Component::Tpm, tags)),
            None => fingerprint.unreadable.push(Component::Tpm),
        }
        fingerprint
    }

    fn cached_tpm_tag(&self) -> Option<Tag> {
        let boot = Reading::take().boot;
        let cache = self.data_dir.tpm_tag().ok().flatten();
        cache.filter(|cache| !boot.is_empty() && cache.boot == boot).map(|cache| cache.tag)
    }

    fn read_tpm_tag(&self) -> Result<Option<Tag>, tpm::Error> {
        let Some(path) = self.options.tpm.path() else { return Ok(None) };
        let point = Connection::open(path)?.endorsement_key()?;
        let Some(tag) = hardware::tpm_tag(&point, &self.profile.salt) else { return Ok(None) };
        // If the tag cannot be cached, the next call reads the TPM again.
        self.data_dir.store_tpm_tag(&TpmTagCache { boot: Reading::take().boot, tag }).ok();
        Ok(Some(tag))
    }
}
