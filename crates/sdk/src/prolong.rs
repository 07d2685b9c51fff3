//! A longer term without a network for a device that has had one: what is shown, and the one line that is typed in return.

use keystead_protocol::Code;
use keystead_protocol::certificate::LicenseClaims;
use keystead_protocol::offline::{
    InstallationId, OfflineSecret, PROLONGATIONS, PROLONGED_DAYS, Prolongation, ShortConfirmation,
};
use keystead_protocol::state::State;
use keystead_protocol::text::array_from_base64url;
use serde::{Deserialize, Serialize};

use crate::clock::{Floor, Reading};
use crate::files::Activation;
use crate::{Client, Error};

const DAY: i64 = 24 * 60 * 60;

/// What was granted since the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prolonged {
    /// How often.
    terms: u8,
    /// Unix seconds.
    until: i64,
    /// How late it is for certain, by what ran since it was typed.
    floor: Floor,
}

impl Client {
    /// The id by which this device asks for a longer term: where its certificate has served its time, and it has not asked too often.
    pub(crate) fn prolongation(&self) -> Result<Option<InstallationId>, Error> {
        let Some(kept) = self.files.activation()? else { return Ok(None) };
        let wanted = self.status()?.state == State::LeaseLapsed;
        let Ok(certificate) = self.verify(&kept.token, &kept.keys) else { return Ok(None) };
        Ok(self.asks(&kept, certificate.claims()).filter(|_| wanted))
    }

    fn asks(&self, kept: &Activation, claims: &LicenseClaims) -> Option<InstallationId> {
        kept.offline_secret.as_ref()?;
        let term = kept.prolonged.as_ref().map_or(0, |prolonged| prolonged.terms);
        let asked = Prolongation {
            activation: kept.activation,
            device_key: &claims.device_key,
            sequence: claims.sequence,
            term,
        };
        if term < PROLONGATIONS {
            InstallationId::to_prolong(self.profile.product_code, &asked)
        } else {
            None
        }
    }

    /// Takes the line that answers.
    pub(crate) fn prolong(&self, line: &str) -> Result<(), Error> {
        let code: ShortConfirmation =
            line.parse().map_err(|error| Error::new(Code::ConfirmationMistyped, error))?;
        let _turn = self.files.lock()?;
        let id = self.prolongation()?.ok_or(Error::from(Code::InstallationUnknown))?;
        let kept = self.kept()?;
        let secret = kept.offline_secret.as_deref().and_then(array_from_base64url);
        let secret = OfflineSecret::from_bytes(secret.ok_or(Error::from(Code::InstallationUnknown))?);
        if !secret.confirms(code, id) {
            return Err(Code::ConfirmationRefused.into());
        }
        let reading = Reading::take();
        let since = reading.effective(self.files.floor().ok().flatten().as_ref()).now;
        let prolonged = Prolonged {
            terms: kept.prolonged.as_ref().map_or(0, |prolonged| prolonged.terms) + 1,
            until: since + i64::from(PROLONGED_DAYS) * DAY,
            floor: Floor { at: since, boot: reading.boot, uptime: reading.uptime },
        };
        self.files.keep_activation(&Activation { prolonged: Some(prolonged), ..kept })
    }

    /// Until when it was prolonged, Unix seconds, if it still is. A clock that is set back wins nothing.
    pub(crate) fn prolonged_until(&self, kept: &Activation) -> Option<i64> {
        let prolonged = kept.prolonged.as_ref()?;
        let reading = Reading::take();
        let time = reading.effective(Some(&prolonged.floor));
        self.note_running(kept, prolonged, &reading);
        (time.now < prolonged.until).then_some(prolonged.until)
    }

    /// Keeps how late it is by what has run since; a time that cannot be kept is no reason to fail.
    fn note_running(&self, seen: &Activation, prolonged: &Prolonged, reading: &Reading) {
        let Some(floor) = reading.raise(Some(&prolonged.floor), None) else { return };
        if !floor.is_worth_keeping(&prolonged.floor) {
            return;
        }
        let Some(_turn) = self.files.try_lock() else { return };
        if let Ok(Some(kept)) = self.files.activation()
            && kept.token == seen.token
            && kept.prolonged.as_ref() == Some(prolonged)
        {
            let prolonged = Some(Prolonged { floor, ..prolonged.clone() });
            self.files.keep_activation(&Activation { prolonged, ..kept }).ok();
        }
    }
}
