//! A longer term without a network for a device that has had one: what is shown, and the one line that is typed in return.

use keystead_protocol::Code;
use keystead_protocol::certificate::LicenseClaims;
use keystead_protocol::offline::{
    InstallationId, OfflineSecret, PROLONGATIONS, PROLONGED_DAYS, Prolongation, ShortConfirmation,
};
use keystead_protocol::state::State;
use keystead_protocol::text::array_from_base64url;
use serde::{Deserialize, Serialize};

use crate::clock::{Effective, Reading};
use crate::files::Activation;
use crate::{Client, Error};

const DAY: i64 = 24 * 60 * 60;
/// Draws of which one can be written.
const DRAWS: u8 = 16;

/// What was granted since the certificate, Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prolonged {
    /// How often.
    terms: u8,
    /// When it was typed.
    since: i64,
    until: i64,
}

impl Prolonged {
    /// Until when, as long as the clock was not set back to before it was typed.
    pub(crate) fn holds(&self, time: Effective) -> Option<i64> {
        (self.since - DAY <= time.now && time.now < self.until).then_some(self.until)
    }
}

impl Client {
    /// The id by which this device asks for a longer term: where its certificate has served its time, and it has not asked too often.
    pub(crate) fn prolongation(&self) -> Result<Option<InstallationId>, Error> {
        let Some(kept) = self.files.activation()? else { return Ok(None) };
        let wanted = matches!(self.status()?.state, State::LeaseOverdue | State::LeaseLapsed);
        let Ok(certificate) = self.verify(&kept.token, &kept.keys) else { return Ok(None) };
        Ok(self.asks(&kept, certificate.claims()).filter(|_| wanted))
    }

    fn asks(&self, kept: &Activation, claims: &LicenseClaims) -> Option<InstallationId> {
        kept.offline_secret.as_ref()?;
        let term = kept.prolonged.map_or(0, |prolonged| prolonged.terms);
        let (activation, sequence, code) = (kept.activation, claims.sequence, self.profile.product_code);
        let id = |draw| {
            let asked = Prolongation { activation, device_key: &claims.device_key, sequence, term, draw };
            InstallationId::to_prolong(code, &asked)
        };
        if term < PROLONGATIONS { (0..DRAWS).find_map(id) } else { None }
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
        let since = Reading::take().effective(self.files.floor().ok().flatten().as_ref()).now;
        let prolonged = Prolonged {
            terms: kept.prolonged.map_or(0, |prolonged| prolonged.terms) + 1,
            since,
            until: since + i64::from(PROLONGED_DAYS) * DAY,
        };
        self.files.keep_activation(&Activation { prolonged: Some(prolonged), ..kept })
    }
}
