use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OwnerNeeded, Ratchet, RefreshRequest};
use keystead_protocol::state::State;
use keystead_protocol::text::to_base64url;

use crate::clock::Reading;
use crate::data_dir::{ActivationRecord, FolderLock, OfflineRecord};
use crate::verdict::is_lasting;
use crate::{Call, Client, Error, entropy};

/// The outcome of a refresh.
#[derive(Debug, Clone, PartialEq)]
pub enum RefreshOutcome {
    /// The certificate was renewed.
    Renewed,
    /// The hardware changed significantly. The owner must confirm the device.
    HardwareChanged(OwnerNeeded),
    /// Two copies of the activation are in use. The owner must choose one.
    Forked,
}

impl Client {
    /// Requests a new certificate. Stores a lasting refusal, which the status then shows.
    pub fn refresh(&self) -> Result<RefreshOutcome, Error> {
        let lock = self.data_dir.lock()?;
        self.refresh_locked(&lock)
    }

    /// Like [`Self::refresh`], for a caller that has the lock.
    pub(crate) fn refresh_locked(&self, lock: &FolderLock) -> Result<RefreshOutcome, Error> {
        let repeats = self.data_dir.activation()?.is_some_and(|record| record.pending.is_some());
        let refreshed = self.refresh_once(lock)?;
        // The certificate from a repeated request may already be due for a refresh.
        if repeats
            && refreshed == RefreshOutcome::Renewed
            && self.status()?.wants_refresh(Reading::take().wall * 1000)
        {
            return self.refresh_once(lock);
        }
        Ok(refreshed)
    }

    fn refresh_once(&self, _: &FolderLock) -> Result<RefreshOutcome, Error> {
        if self.data_dir.activation()?.is_none()
            && let Some(offline) = self.data_dir.offline()?.filter(OfflineRecord::is_confirmed)
        {
            self.open_offline(offline)?;
            return Ok(RefreshOutcome::Renewed);
        }
        let mut record = self.require_activation()?;
        // Store the random value before the request. If the response is lost, the next refresh
        // sends the same ratchet and random value.
        let random = record.pending.get_or_insert_with(|| to_base64url(&entropy::bytes::<16>())).clone();
        self.data_dir.store_activation(&record)?;
        let request = RefreshRequest {
            ratchet: Ratchet { r: record.ratchet.clone(), x: random },
            fingerprint: self.full_fingerprint(),
        };
        let path = format!("/api/v1/activations/{}/refresh", record.activation);
        match self.api.exchange(&Call::post(path).json(&request).signed(&self.key_of_activation(&record)?)) {
            Ok((200, body)) => {
                self.store_response(parse::<Activated>(&body)?)?;
                Ok(RefreshOutcome::Renewed)
            }
            Ok((_, body)) => self.owner_needed(record, &body),
            Err(error) => {
                if is_lasting(error.code) {
                    self.store_verdict(record, error.code, None)?;
                }
                Err(error)
            }
        }
    }

    fn owner_needed(&self, record: ActivationRecord, body: &[u8]) -> Result<RefreshOutcome, Error> {
        let needed: OwnerNeeded = parse(body)?;
        if needed.state == State::Forked {
            self.store_verdict(record, Code::ForkDetected, None)?;
            return Ok(RefreshOutcome::Forked);
        }
        self.store_verdict(record, Code::HardwareChanged, needed.grace_until)?;
        Ok(RefreshOutcome::HardwareChanged(needed))
    }

    fn store_verdict(
        &self,
        record: ActivationRecord,
        verdict: Code,
        grace_until: Option<i64>,
    ) -> Result<(), Error> {
        let verdict = Some(verdict.name().to_owned());
        self.data_dir.store_activation(&ActivationRecord { verdict, grace_until, ..record })
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::new(Code::NotTheServer, error))
}
