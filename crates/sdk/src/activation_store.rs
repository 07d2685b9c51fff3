//! Verifies certificates and stores them. Each certificate also raises the time floor.

use keystead_protocol::Code;
use keystead_protocol::api::Activated;
use keystead_protocol::certificate::Certificate;

use crate::clock::Reading;
use crate::data_dir::{ActivationRecord, OfflineRecord};
use crate::{Client, Error};

impl Client {
    /// The stored activation.
    ///
    /// # Errors
    /// [`Code::NotActivated`] if there is none.
    pub(crate) fn require_activation(&self) -> Result<ActivationRecord, Error> {
        self.data_dir.activation()?.ok_or_else(|| Code::NotActivated.into())
    }

    /// Verifies and stores the certificate in the server's response.
    pub(crate) fn store_response(&self, response: Activated) -> Result<(), Error> {
        let (certificate, record) = self.verified(response)?;
        self.store_certificate(&certificate, record)
    }

    /// Like [`Self::store_response`], and stores the `source` of the activation.
    pub(crate) fn store_activated(&self, response: Activated, source: String) -> Result<(), Error> {
        let (certificate, record) = self.verified(response)?;
        self.store_certificate(&certificate, ActivationRecord { source: Some(source), ..record })
    }

    /// Stores the certificate for an offline confirmation and discards the offline state; no release proof is needed.
    pub(crate) fn store_opened(&self, response: Activated) -> Result<(), Error> {
        let (certificate, record) = self.verified(response)?;
        self.replace_activation(&certificate, record, OfflineRecord::reset)
    }

    /// Stores a verified certificate. If an offline activation was confirmed, keeps its release
    /// proof.
    pub(crate) fn store_certificate(
        &self,
        certificate: &Certificate,
        record: ActivationRecord,
    ) -> Result<(), Error> {
        self.replace_activation(certificate, record, |offline| self.release_or_reset(offline))
    }

    fn verified(&self, response: Activated) -> Result<(Certificate, ActivationRecord), Error> {
        let certificate = self
            .verify(&response.token, &response.keys)
            .map_err(|error| Error::new(Code::CertificateInvalid, error))?;
        let Activated { activation, license, token, keys, ratchet, offline_secret, .. } = response;
        let earlier =
            self.data_dir.activation().ok().flatten().filter(|earlier| earlier.activation == activation);
        let source = earlier.and_then(|earlier| earlier.source);
        let new = ActivationRecord::new(activation, license, token, keys, ratchet);
        Ok((certificate, ActivationRecord { offline_secret, source, ..new }))
    }

    /// Stores the activation and ends the offline state. Otherwise the offline state would apply
    /// again after a deactivation.
    fn replace_activation(
        &self,
        certificate: &Certificate,
        record: ActivationRecord,
        end_offline: impl FnOnce(OfflineRecord) -> OfflineRecord,
    ) -> Result<(), Error> {
        self.key_by_public(&certificate.claims().device_key)?;
        self.data_dir.store_activation(&record)?;
        self.raise_time_floor(Some(certificate.claims().issued_at));
        match self.data_dir.offline().ok().flatten() {
            Some(offline) => self.data_dir.store_offline(&end_offline(offline)),
            None => Ok(()),
        }
    }

    /// Raises the stored time floor to the latest certain time. Ignores storage errors.
    pub(crate) fn raise_time_floor(&self, server_time: Option<i64>) {
        let known = self.data_dir.time_floor().ok().flatten();
        let Some(floor) = Reading::take().raise(known.as_ref(), server_time) else { return };
        if known.is_none_or(|known| floor.is_worth_storing(&known)) {
            self.data_dir.store_time_floor(&floor).ok();
        }
    }
}
