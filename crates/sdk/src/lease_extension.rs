//! Extends the lease of a device without a network. The device shows an Installation ID, and the
//! user types one confirmation line.

use keystead_protocol::Code;
use keystead_protocol::certificate::LicenseClaims;
use keystead_protocol::offline::{
    InstallationId, OfflineSecret, PROLONGATIONS, PROLONGED_DAYS, Prolongation, ShortConfirmation,
};
use keystead_protocol::state::State;
use keystead_protocol::text::array_from_base64url;

use crate::clock::{Reading, TimeFloor};
use crate::data_dir::{ActivationRecord, LeaseExtension};
use crate::{Client, Error};

const DAY_SECONDS: i64 = 24 * 60 * 60;

impl Client {
    /// The Installation ID that requests a lease extension. `None` unless the lease has lapsed and
    /// extensions are left.
    pub(crate) fn extension_id(&self) -> Result<Option<InstallationId>, Error> {
        let Some(record) = self.data_dir.activation()? else { return Ok(None) };
        let lapsed = self.status()?.state == State::LeaseLapsed;
        let Ok(certificate) = self.verify(&record.token, &record.keys) else { return Ok(None) };
        Ok(self.next_extension_id(&record, certificate.claims()).filter(|_| lapsed))
    }

    fn next_extension_id(&self, record: &ActivationRecord, claims: &LicenseClaims) -> Option<InstallationId> {
        record.offline_secret.as_ref()?;
        let term = record.extension.as_ref().map_or(0, |extension| extension.terms);
        let request = Prolongation {
            activation: record.activation,
            device_key: &claims.device_key,
            sequence: claims.sequence,
            term,
        };
        if term < PROLONGATIONS {
            InstallationId::to_prolong(self.profile.product_code, &request)
        } else {
            None
        }
    }

    /// Extends the lease if the typed line confirms the Installation ID.
    pub(crate) fn extend_lease(&self, line: &str) -> Result<(), Error> {
        let code: ShortConfirmation =
            line.parse().map_err(|error| Error::new(Code::ConfirmationMistyped, error))?;
        let _lock = self.data_dir.lock()?;
        let id = self.extension_id()?.ok_or(Error::from(Code::InstallationUnknown))?;
        let record = self.require_activation()?;
        let secret = record.offline_secret.as_deref().and_then(array_from_base64url);
        let secret = OfflineSecret::from_bytes(secret.ok_or(Error::from(Code::InstallationUnknown))?);
        if !secret.confirms(code, id) {
            return Err(Code::ConfirmationRefused.into());
        }
        let reading = Reading::take();
        let since = reading.effective(self.data_dir.time_floor().ok().flatten().as_ref()).now;
        let extension = LeaseExtension {
            terms: record.extension.as_ref().map_or(0, |extension| extension.terms) + 1,
            until: since + i64::from(PROLONGED_DAYS) * DAY_SECONDS,
            floor: TimeFloor { at: since, boot: reading.boot, uptime: reading.uptime },
        };
        self.data_dir.store_activation(&ActivationRecord { extension: Some(extension), ..record })
    }

    /// End of the current lease extension, Unix seconds. Setting the clock back does not make it
    /// longer.
    pub(crate) fn extended_until(&self, record: &ActivationRecord) -> Option<i64> {
        let extension = record.extension.as_ref()?;
        let reading = Reading::take();
        let time = reading.effective(Some(&extension.floor));
        self.raise_extension_floor(record, extension, &reading);
        (time.now < extension.until).then_some(extension.until)
    }

    /// Raises the time floor of the extension. Does nothing while another process has the lock.
    /// Ignores storage errors.
    fn raise_extension_floor(&self, seen: &ActivationRecord, extension: &LeaseExtension, reading: &Reading) {
        let Some(floor) = reading.raise(Some(&extension.floor), None) else { return };
        if !floor.is_worth_storing(&extension.floor) {
            return;
        }
        let Some(_lock) = self.data_dir.try_lock() else { return };
        if let Ok(Some(record)) = self.data_dir.activation()
            && record.token == seen.token
            && record.extension.as_ref() == Some(extension)
        {
            let extension = Some(LeaseExtension { floor, ..extension.clone() });
            self.data_dir.store_activation(&ActivationRecord { extension, ..record }).ok();
        }
    }
}
