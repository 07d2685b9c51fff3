//! Activation without a network: what is shown, what is typed in return, and what is kept of it.

use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::fingerprint::{Fingerprint, KeyProof, Similarity, Thresholds};
use keystead_protocol::offline::{
    Commitment, Confirmation, ConfirmationVerifier, Grant, InstallationId, OfflineSecret,
};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url};
use serde::{Deserialize, Serialize};

use crate::clock::{Floor, Reading};
use crate::{Call, Client, Error, device_name, entropy};

/// Lines of a confirmation of a first activation.
const LINES: usize = 4;
/// Nonces that are drawn at the most; about two are needed.
const DRAWS: u32 = 200;
const DAY: i64 = 24 * 60 * 60;
/// Proofs of release that are kept to be shown again.
const PROOFS: usize = 10;

/// What is kept of activations without a network.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Offline {
    /// What is shown, or was shown when it was confirmed.
    #[serde(default)]
    request: Option<Request>,
    #[serde(default)]
    confirmed: Option<Confirmed>,
    /// What was given back; the last is the latest.
    #[serde(default)]
    released: Vec<ReleaseProof>,
    /// The id of the latest request that was saved to a file, as long as it is not answered.
    #[serde(default)]
    asked: Option<String>,
    /// The file that gives back a seat, to be saved again, until there is another activation.
    #[serde(default)]
    given_back: Option<String>,
}

/// What an installation id commits to, with the device key.
#[derive(Clone, Serialize, Deserialize)]
struct Request {
    nonce: u64,
    fingerprint: Fingerprint,
    /// The device's public key, base64url.
    key: String,
}

impl Request {
    fn key(&self) -> Option<DevicePublicKey> {
        DevicePublicKey::from_bytes(&from_base64url(&self.key)?)
    }
}

/// A confirmation that was found good.
#[derive(Clone, Serialize, Deserialize)]
struct Confirmed {
    confirmation: String,
    grant: Grant,
    /// When it was typed, Unix seconds.
    since: i64,
    /// How late it is for certain, by what ran since then.
    floor: Floor,
    /// What the server said, if it was a "no" that lasts.
    #[serde(default)]
    verdict: Option<String>,
    /// When to look for a network next, Unix seconds.
    next_try: i64,
}

/// Proves that the seat was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseProof {
    /// Which installation.
    pub installation_id: String,
    /// Its code.
    pub code: String,
}

/// What a confirmation grants, once it was checked.
pub(crate) struct Granted {
    pub(crate) edition: String,
    pub(crate) features: Vec<String>,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) verdict: Option<String>,
    /// Unix seconds, all of them.
    pub(crate) until: i64,
    pub(crate) next_try: i64,
    pub(crate) now: i64,
    /// Whether the clock was set back since.
    pub(crate) suspect: bool,
}

/// What is to be shown to whoever activates without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfflineRequest {
    /// The Installation ID in five groups.
    pub installation_id: String,
    /// The page of the account where it is typed, with the Installation ID filled in: for a QR code.
    pub address: String,
    /// How many lines confirm it: four, or one that prolongs.
    pub lines: usize,
}

impl Offline {
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed.is_some()
    }

    pub(crate) fn is_released(&self) -> bool {
        self.request.is_none() && (!self.released.is_empty() || self.given_back.is_some())
    }

    /// From now on a file is waited for that answers the request with this id.
    pub(crate) fn asking(self, id: String) -> Self {
        Self { asked: Some(id), ..self }
    }

    pub(crate) fn asked(&self) -> Option<&str> {
        self.asked.as_deref()
    }

    /// The seat was given back by a file with this text.
    pub(crate) fn giving_back(self, text: String) -> Self {
        Self { given_back: Some(text), ..self }
    }

    pub(crate) fn given_back(self) -> Option<String> {
        self.given_back
    }

    /// All but the proofs of what was given back.
    pub(crate) fn forget(self) -> Self {
        Self { released: self.released, ..Self::default() }
    }
}

impl Client {
    /// Begins an activation without a network: show the Installation ID, have it confirmed elsewhere, then type the confirmation.
    /// The same one is shown again as long as it is not confirmed and the hardware is the same, unless another is wanted.
    ///
    /// A device whose certificate has served its time asks for a longer term, which one line confirms.
    pub fn begin_offline(&self, anew: bool) -> Result<OfflineRequest, Error> {
        if !anew && let Some(id) = self.prolongation()? {
            return Ok(self.shown(id, 1));
        }
        self.verifier()?;
        let status = self.status()?;
        if status.state.is_activated() {
            return Err(Code::AlreadyActivated.into());
        }
        let turn = self.files.lock()?;
        let key = self.usable_key(&turn)?.public_key();
        // One that cannot be read has nothing that could be shown.
        let mut offline = self.files.offline().ok().flatten().unwrap_or_default();
        if offline.confirmed.is_some() {
            // It has ended; the proof of that frees its seat.
            offline = self.end(offline)?;
        }
        let same = |request: &Request| {
            let seen =
                request.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
            seen.similarity == Similarity::Same && request.key() == Some(key)
        };
        let request = match offline.request.take().filter(|request| !anew && same(request)) {
            Some(request) => request,
            None => self.draw(key)?,
        };
        let id = self.installation_id(&request).ok_or(Error::from(Code::Internal))?;
        self.files.keep_offline(&Offline { request: Some(request), ..offline })?;
        Ok(self.shown(id, LINES))
    }

    fn shown(&self, id: InstallationId, lines: usize) -> OfflineRequest {
        let installation_id = id.to_string();
        let address = format!("{}/offline?id={installation_id}", self.profile.server);
        OfflineRequest { installation_id, address, lines }
    }

    fn draw(&self, key: DevicePublicKey) -> Result<Request, Error> {
        let fingerprint = self.whole_fingerprint();
        (0..DRAWS)
            .map(|_| Request {
                nonce: u64::from_be_bytes(entropy::bytes()),
                fingerprint: fingerprint.clone(),
                key: to_base64url(key.as_bytes()),
            })
            .find(|request| self.installation_id(request).is_some())
            .ok_or_else(|| Code::Internal.into())
    }

    /// Types the confirmation, its lines one below the other. A typing mistake is told with its line.
    pub fn finish_offline(&self, lines: &str) -> Result<(), Error> {
        let one_line = lines.lines().filter(|line| !line.trim().is_empty()).count() == 1;
        if one_line && self.prolongation()?.is_some() {
            return self.prolong(lines);
        }
        let confirmation: Confirmation =
            lines.parse().map_err(|error| Error::new(Code::ConfirmationMistyped, error))?;
        let shown = self.files.offline()?.and_then(|offline| offline.request);
        let id = shown.as_ref().and_then(|request| self.installation_id(request));
        let id = id.ok_or(Error::from(Code::InstallationUnknown))?;
        let rows = self.profile.offline.as_ref().map_or(0, |terms| terms.rows.len());
        let rows = u8::try_from(rows).unwrap_or(u8::MAX);
        // It may take a while, and nobody has to wait for it.
        let grant = self.verifier()?.granted(&confirmation, &self.profile.product, id, rows);
        let grant = grant.ok_or(Error::from(Code::ConfirmationRefused))?;
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.unwrap_or_default();
        let still = offline.request.as_ref().and_then(|request| self.installation_id(request));
        if still != Some(id) {
            return Err(Code::InstallationUnknown.into());
        }
        // Typed a second time it grants nothing more.
        if offline.confirmed.is_none() {
            let confirmed = self.confirmed(&confirmation, grant);
            let given_back = None;
            self.files.keep_offline(&Offline { confirmed: Some(confirmed), given_back, ..offline })?;
        }
        self.files.forget_activation()
    }

    fn confirmed(&self, confirmation: &Confirmation, grant: Grant) -> Confirmed {
        let reading = Reading::take();
        let since = reading.effective(self.files.floor().ok().flatten().as_ref()).now;
        Confirmed {
            confirmation: to_base64url(confirmation.as_bytes()),
            grant,
            since,
            floor: Floor { at: since, boot: reading.boot, uptime: reading.uptime },
            verdict: None,
            next_try: since,
        }
    }

    /// Whether what is activated was confirmed without a network.
    pub fn is_offline(&self) -> Result<bool, Error> {
        Ok(self.files.activation()?.is_none()
            && self.files.offline()?.is_some_and(|offline| offline.is_confirmed()))
    }

    /// Gives the seat back without a network: the product ends here at once, and what it was confirmed by serves no more. The
    /// proof is to be typed where the installation was confirmed.
    pub fn release_offline(&self) -> Result<ReleaseProof, Error> {
        let _turn = self.files.lock()?;
        let offline = self.files.offline()?.filter(Offline::is_confirmed);
        let offline = self.end(offline.ok_or(Error::from(Code::NotActivated))?)?;
        // Kept before it is shown.
        self.files.keep_offline(&offline)?;
        offline.released.last().cloned().ok_or_else(|| Code::Internal.into())
    }

    /// What was given back without a network, the latest last, to be shown again.
    pub fn release_proofs(&self) -> Result<Vec<ReleaseProof>, Error> {
        Ok(self.files.offline()?.map_or_else(Vec::new, |offline| offline.released))
    }

    /// What is left once a confirmation serves no more: the proof of it.
    fn end(&self, mut offline: Offline) -> Result<Offline, Error> {
        let missing = || Error::from(Code::CertificateInvalid);
        let id = offline.request.as_ref().and_then(|request| self.installation_id(request));
        let id = id.ok_or_else(missing)?;
        let confirmation = offline.confirmed.as_ref().and_then(Confirmed::read).ok_or_else(missing)?;
        let code = OfflineSecret::of_confirmation(confirmation.as_bytes(), id).release(id);
        let code = code.ok_or(Error::from(Code::Internal))?.to_string();
        offline.released.push(ReleaseProof { installation_id: id.to_string(), code });
        let surplus = offline.released.len().saturating_sub(PROOFS);
        offline.released.drain(..surplus);
        Ok(offline.forget())
    }

    /// Opens what was confirmed without a network, now that there is one: from then on it is an activation like any other. A lasting
    /// "no" is remembered.
    pub(crate) fn open_offline(&self, offline: Offline) -> Result<(), Error> {
        let request = offline.request.clone().ok_or(Error::from(Code::NotActivated))?;
        let id = self.installation_id(&request).ok_or(Error::from(Code::NotActivated))?;
        let key = self.key_of(&request.key().ok_or(Error::from(Code::DeviceKeyMissing))?)?;
        let mut device = self.describe(&key, &device_name());
        device.fingerprint = request.fingerprint;
        let nonce = format!("{:016x}", request.nonce);
        let asked = OpenRequest { installation_id: id.to_string(), nonce, device };
        let call = Call::post("/api/v1/offline/openings").json(&asked).signed(&key);
        match self.api.call::<Activated>(&call) {
            Ok(answer) => self.keep_opened(answer),
            Err(error) => {
                let next_try = Reading::take().wall + DAY;
                let lasting = crate::refresh::is_lasting(error.code).then(|| error.code.name().to_owned());
                let confirmed = offline.confirmed.map(|confirmed| Confirmed {
                    verdict: lasting.or(confirmed.verdict),
                    next_try,
                    ..confirmed
                });
                self.files.keep_offline(&Offline { confirmed, ..offline })?;
                Err(error)
            }
        }
    }

    /// What is granted without a network, if anything is; checked anew each time.
    pub(crate) fn granted_offline(&self, offline: &Offline) -> Option<Granted> {
        let (request, confirmed) = (offline.request.as_ref()?, offline.confirmed.as_ref()?);
        let (id, confirmation) = (self.installation_id(request)?, confirmed.read()?);
        // A copy of the files without the key grants nothing.
        self.key_of(&request.key()?).ok()?;
        let row = self.profile.offline.as_ref()?.rows.get(usize::from(confirmed.grant.row))?;
        if !self.verifier().ok()?.grants(&confirmation, &self.profile.product, id, confirmed.grant) {
            return None;
        }
        let reading = Reading::take();
        let time = reading.effective(Some(&confirmed.floor));
        self.note_time(confirmed, &reading);
        Some(Granted {
            edition: row.edition.clone(),
            features: row.features.clone(),
            fingerprint: request.fingerprint.clone(),
            verdict: confirmed.verdict.clone(),
            until: confirmed.since + i64::from(row.days) * DAY,
            next_try: confirmed.next_try,
            now: time.now,
            suspect: time.suspect,
        })
    }

    /// Keeps how late it is by what has run since; a time that cannot be kept is no reason to fail.
    fn note_time(&self, seen: &Confirmed, reading: &Reading) {
        let Some(floor) = reading.raise(Some(&seen.floor), None) else { return };
        if !floor.is_worth_keeping(&seen.floor) {
            return;
        }
        let Some(_turn) = self.files.try_lock() else { return };
        // It may have been given back since it was looked at.
        let Ok(Some(mut offline)) = self.files.offline() else { return };
        if let Some(confirmed) =
            offline.confirmed.as_mut().filter(|kept| kept.confirmation == seen.confirmation)
        {
            confirmed.floor = floor;
            self.files.keep_offline(&offline).ok();
        }
    }

    /// All but what was confirmed, whose seat can be proven to be free.
    pub(crate) fn end_or_forget(&self, offline: Offline) -> Offline {
        let ended = if offline.is_confirmed() { self.end(offline.clone()).ok() } else { None };
        ended.unwrap_or_else(|| offline.forget())
    }

    fn installation_id(&self, request: &Request) -> Option<InstallationId> {
        let key = request.key()?;
        let commitment = Commitment {
            product: &self.profile.product,
            device_key: &key,
            fingerprint: &request.fingerprint,
            nonce: request.nonce,
        };
        InstallationId::of(self.profile.product_code, &commitment)
    }

    fn verifier(&self) -> Result<ConfirmationVerifier, Error> {
        let key = self.profile.offline.as_ref().and_then(|terms| array_from_base64url(&terms.key));
        let verifier = key.and_then(|key| ConfirmationVerifier::new(&key, &self.profile.roots.issuer));
        verifier.ok_or_else(|| Error::new(Code::NotConfigured, "the profile has no key for confirmations"))
    }
}

impl Confirmed {
    fn read(&self) -> Option<Confirmation> {
        Some(Confirmation::from_bytes(array_from_base64url(&self.confirmation)?))
    }
}
