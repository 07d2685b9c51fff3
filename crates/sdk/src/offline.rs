//! Activation without a network: what is shown, what is typed in return, and what is kept of it.

use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};
use keystead_protocol::fingerprint::Fingerprint;
use keystead_protocol::offline::{
    Commitment, Confirmation, ConfirmationVerifier, Grant, InstallationId, OfflineSecret,
};
use keystead_protocol::text::array_from_base64url;
use serde::{Deserialize, Serialize};

use crate::clock::Reading;
use crate::{Call, Client, Error, device_name, entropy};

/// Nonces that are drawn at the most; about two are needed.
const DRAWS: u32 = 200;
const DAY: i64 = 24 * 60 * 60;

/// An activation without a network, begun or confirmed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Offline {
    /// What the installation id commits to, with the device key.
    pub(crate) nonce: u64,
    pub(crate) fingerprint: Fingerprint,
    #[serde(default)]
    pub(crate) confirmed: Option<Confirmed>,
    /// It was given back: the code that proves it, to be shown again.
    #[serde(default)]
    pub(crate) released: Option<String>,
}

/// A confirmation that was found good.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Confirmed {
    confirmation: String,
    grant: Grant,
    /// When it was typed, Unix seconds.
    since: i64,
}

/// What a confirmation grants, once it was checked.
pub(crate) struct Granted {
    pub(crate) edition: String,
    pub(crate) features: Vec<String>,
    /// Unix seconds.
    pub(crate) until: i64,
}

/// What is to be shown to whoever activates without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfflineRequest {
    /// The Installation ID in five groups.
    pub installation_id: String,
    /// The page of the account where it is typed, with the Installation ID filled in: for a QR code.
    pub address: String,
}

impl Client {
    /// Begins an activation without a network: show the Installation ID, have it confirmed elsewhere, then type the confirmation.
    /// The same one is shown until it was confirmed.
    pub fn begin_offline(&self) -> Result<OfflineRequest, Error> {
        self.verifier()?;
        let _turn = self.files.lock()?;
        let kept = self.files.offline()?.filter(|kept| kept.confirmed.is_none() && kept.released.is_none());
        let offline = match kept {
            Some(kept) if self.installation_id(&kept).is_some() => kept,
            _ => self.draw()?,
        };
        self.files.keep_offline(&offline)?;
        let id = self.installation_id(&offline).ok_or(Error::from(Code::Internal))?.to_string();
        let address = format!("{}/offline?id={id}", self.profile.server);
        Ok(OfflineRequest { installation_id: id, address })
    }

    fn draw(&self) -> Result<Offline, Error> {
        let fingerprint = self.fingerprint();
        for _ in 0..DRAWS {
            let nonce = u64::from_be_bytes(entropy::bytes());
            let offline =
                Offline { nonce, fingerprint: fingerprint.clone(), confirmed: None, released: None };
            if self.installation_id(&offline).is_some() {
                return Ok(offline);
            }
        }
        Err(Code::Internal.into())
    }

    /// Whether what is activated was confirmed without a network.
    pub fn is_offline(&self) -> Result<bool, Error> {
        Ok(self.files.activation()?.is_none()
            && self.files.offline()?.is_some_and(|offline| offline.confirmed.is_some()))
    }

    /// Types the confirmation, four lines one below the other. A typing mistake is told with its line.
    pub fn finish_offline(&self, lines: &str) -> Result<(), Error> {
        let confirmation: Confirmation =
            lines.parse().map_err(|error| Error::new(Code::ConfirmationMistyped, error))?;
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.ok_or(Error::from(Code::InstallationUnknown))?;
        let id = self.installation_id(&offline).ok_or(Error::from(Code::InstallationUnknown))?;
        let rows = self.profile.offline.as_ref().map_or(0, |terms| terms.rows.len());
        let rows = u8::try_from(rows).unwrap_or(u8::MAX);
        let grant = self.verifier()?.granted(&confirmation, &self.profile.product, id, rows);
        let confirmed = Confirmed {
            confirmation: keystead_protocol::text::to_base64url(confirmation.as_bytes()),
            grant: grant.ok_or(Error::from(Code::ConfirmationRefused))?,
            since: self.certain_now(),
        };
        self.files.forget_activation()?;
        self.files.keep_offline(&Offline { confirmed: Some(confirmed), released: None, ..offline })
    }

    /// Gives the seat back without a network: the product ends here at once. The code proves it and is to be typed where the
    /// installation was confirmed, beside its Installation ID; it is shown again as often as it is asked for.
    pub fn release_offline(&self) -> Result<(String, String), Error> {
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.ok_or(Error::from(Code::NotActivated))?;
        let id = self.installation_id(&offline).ok_or(Error::from(Code::NotActivated))?;
        if let Some(code) = offline.released {
            return Ok((id.to_string(), code));
        }
        let confirmed = offline.confirmed.as_ref().ok_or(Error::from(Code::NotActivated))?;
        let confirmation = confirmed.read().ok_or(Error::from(Code::CertificateInvalid))?;
        let code = OfflineSecret::of_confirmation(confirmation.as_bytes(), id).release(id);
        let code = code.ok_or(Error::from(Code::Internal))?.to_string();
        // The confirmation goes before the code is shown.
        self.files.keep_offline(&Offline { confirmed: None, released: Some(code.clone()), ..offline })?;
        Ok((id.to_string(), code))
    }

    /// Opens what was confirmed without a network, now that there is one: from then on it is an activation like any other.
    pub(crate) fn open_offline(&self, offline: &Offline) -> Result<(), Error> {
        let id = self.installation_id(offline).ok_or(Error::from(Code::NotActivated))?;
        let mut device = self.describe(&device_name());
        device.fingerprint = offline.fingerprint.clone();
        let nonce = format!("{:016x}", offline.nonce);
        let request = OpenRequest { installation_id: id.to_string(), nonce, device };
        let answer: Activated =
            self.api.call(&Call::post("/api/v1/offline/openings").json(&request).signed(&self.key))?;
        self.keep(answer)?;
        self.files.forget_offline()
    }

    /// What is granted without a network, if anything is; checked anew each time.
    pub(crate) fn granted_offline(&self, offline: &Offline) -> Option<Granted> {
        let confirmed = offline.confirmed.as_ref()?;
        let (id, confirmation) = (self.installation_id(offline)?, confirmed.read()?);
        let row = self.profile.offline.as_ref()?.rows.get(usize::from(confirmed.grant.row))?;
        let good = self.verifier().ok()?.grants(&confirmation, &self.profile.product, id, confirmed.grant);
        good.then(|| Granted {
            edition: row.edition.clone(),
            features: row.features.clone(),
            until: confirmed.since + i64::from(row.days) * DAY,
        })
    }

    fn installation_id(&self, offline: &Offline) -> Option<InstallationId> {
        let key = self.key.verifying_key();
        let commitment = Commitment {
            product: &self.profile.product,
            device_key: key.as_bytes(),
            fingerprint: &offline.fingerprint,
            nonce: offline.nonce,
        };
        InstallationId::of(self.profile.product_code, &commitment)
    }

    fn verifier(&self) -> Result<ConfirmationVerifier, Error> {
        let key = self.profile.offline.as_ref().and_then(|terms| array_from_base64url(&terms.key));
        let verifier = key.and_then(|key| ConfirmationVerifier::new(&key, &self.profile.roots.issuer));
        verifier.ok_or_else(|| Error::new(Code::NotConfigured, "the profile has no key for confirmations"))
    }

    fn certain_now(&self) -> i64 {
        let floor = self.files.floor().ok().flatten();
        Reading::take().effective(floor.as_ref()).now
    }
}

impl Confirmed {
    fn read(&self) -> Option<Confirmation> {
        Some(Confirmation::from_bytes(array_from_base64url(&self.confirmation)?))
    }
}
