//! What this device's hardware is known by. A TPM takes its time and is asked once after each start of the machine, and never by
//! whoever only wants to know the state.

use keystead_protocol::fingerprint::{Component, Fingerprint, Tag, Tags};
use serde::{Deserialize, Serialize};

use crate::Client;
use crate::clock::Reading;
use crate::hardware::{self, published};
use crate::tpm::{self, Connection};

/// The TPM's tag as it was read.
#[derive(Serialize, Deserialize)]
pub(crate) struct TpmSeen {
    /// In which boot: what another machine read does not count here.
    boot: String,
    tag: Tag,
}

impl Client {
    /// The hardware as it is known without waiting; a TPM that was not asked yet counts as one that may not be read.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.published().unwrap_or_else(|| self.seen_with(self.tpm_seen()))
    }

    /// The hardware, with its TPM.
    pub(crate) fn whole_fingerprint(&self) -> Fingerprint {
        self.published().unwrap_or_else(|| self.own_fingerprint())
    }

    /// The hardware as this process may read it.
    pub(crate) fn own_fingerprint(&self) -> Fingerprint {
        self.seen_with(self.tpm_seen().or_else(|| self.ask_tpm().ok().flatten()))
    }

    fn published(&self) -> Option<Fingerprint> {
        published::read(&self.options.published, &self.profile.roots.issuer)
    }

    fn seen_with(&self, seen: Option<Tag>) -> Fingerprint {
        let mut fingerprint = hardware::probe(&self.profile.salt);
        let known = fingerprint.fp.contains_key(&Component::Tpm);
        if known || self.options.tpm.path().is_none() {
            return fingerprint;
        }
        match seen.and_then(|tag| Tags::new([tag])) {
            Some(tags) => drop(fingerprint.fp.insert(Component::Tpm, tags)),
            None => fingerprint.unreadable.push(Component::Tpm),
        }
        fingerprint
    }

    fn tpm_seen(&self) -> Option<Tag> {
        let boot = Reading::take().boot;
        let seen = self.files.tpm_seen().ok().flatten();
        seen.filter(|seen| !boot.is_empty() && seen.boot == boot).map(|seen| seen.tag)
    }

    fn ask_tpm(&self) -> Result<Option<Tag>, tpm::Error> {
        let Some(path) = self.options.tpm.path() else { return Ok(None) };
        let point = Connection::open(path)?.endorsement_key()?;
        let Some(tag) = hardware::tpm_tag(&point, &self.profile.salt) else { return Ok(None) };
        // Asked again next time where it cannot be kept.
        self.files.keep_tpm_seen(&TpmSeen { boot: Reading::take().boot, tag }).ok();
        Ok(Some(tag))
    }
}
