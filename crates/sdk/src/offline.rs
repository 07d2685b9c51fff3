//! Activation without a network. The device shows an Installation ID, and the user types the
//! confirmation. A release proof frees the seat.

use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OpenRequest};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::fingerprint::{Fingerprint, KeyProof, Similarity, Thresholds};
use keystead_protocol::offline::{
    Commitment, Confirmation, ConfirmationVerifier, Grant, InstallationId, OfflineSecret,
};
use keystead_protocol::text::{array_from_base64url, to_base64url};
use serde::Serialize;

use crate::clock::{Reading, TimeFloor};
use crate::data_dir::{InstallationRequest, OfflineConfirmation, OfflineRecord, ReleaseProof};
use crate::verdict::is_lasting;
use crate::{Call, Client, Error, device_name, entropy};

/// Number of confirmation lines of an activation.
const CONFIRMATION_LINES: usize = 4;
/// Maximum number of nonces to try until one gives a valid Installation ID. About two are needed.
const MAX_NONCE_DRAWS: u32 = 200;
const HOUR_SECONDS: i64 = 60 * 60;
const DAY_SECONDS: i64 = 24 * HOUR_SECONDS;

/// The grant of a verified confirmation. Times are Unix seconds.
pub(crate) struct OfflineGrant {
    pub(crate) edition: String,
    pub(crate) features: Vec<String>,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) verdict: Option<String>,
    pub(crate) until: i64,
    pub(crate) next_try: i64,
    pub(crate) now: i64,
    /// Whether the clock was set back since the confirmation.
    pub(crate) suspect: bool,
}

/// The data to show to a user who activates without a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfflineRequest {
    /// The Installation ID in five groups.
    pub installation_id: String,
    /// Address of the account page with the Installation ID filled in, for a QR code.
    pub address: String,
    /// Number of confirmation lines: four, or one for a lease extension.
    pub lines: usize,
}

impl Client {
    /// Starts an activation without a network. Show the Installation ID to the user, who confirms
    /// it on another device. Pass the typed confirmation to [`Client::finish_offline`]. Returns the
    /// same Installation ID until it is confirmed or the hardware changes; `restart` creates a new
    /// one.
    ///
    /// If the lease has lapsed, requests a lease extension instead, unless `restart` is set. One
    /// line confirms the extension.
    pub fn begin_offline(&self, restart: bool) -> Result<OfflineRequest, Error> {
        if !restart && let Some(id) = self.extension_id()? {
            return Ok(self.offline_request(id, 1));
        }
        self.verifier()?;
        let status = self.status()?;
        if status.state.is_activated() {
            return Err(Code::AlreadyActivated.into());
        }
        let lock = self.data_dir.lock()?;
        let key = self.usable_key(&lock)?.public_key();
        // Treat an unreadable record as empty.
        let mut offline = self.data_dir.offline().ok().flatten().unwrap_or_default();
        if offline.is_confirmed() {
            // The confirmation no longer activates the product. Keep its release proof, which frees
            // the seat.
            offline = self.release(offline)?;
        }
        let unchanged = |request: &InstallationRequest| {
            let comparison =
                request.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
            comparison.similarity == Similarity::Same && request.public_key() == Some(key)
        };
        let request = match offline.request.take().filter(|request| !restart && unchanged(request)) {
            Some(request) => request,
            None => self.draw_request(key)?,
        };
        let id = self.installation_id(&request).ok_or(Error::from(Code::Internal))?;
        self.data_dir.store_offline(&OfflineRecord { request: Some(request), ..offline })?;
        Ok(self.offline_request(id, CONFIRMATION_LINES))
    }

    fn offline_request(&self, id: InstallationId, lines: usize) -> OfflineRequest {
        let installation_id = id.to_string();
        let address = format!("{}/offline?id={installation_id}", self.profile.server);
        OfflineRequest { installation_id, address, lines }
    }

    fn draw_request(&self, key: DevicePublicKey) -> Result<InstallationRequest, Error> {
        let fingerprint = self.full_fingerprint();
        (0..MAX_NONCE_DRAWS)
            .map(|_| InstallationRequest {
                nonce: u64::from_be_bytes(entropy::bytes()),
                fingerprint: fingerprint.clone(),
                key: to_base64url(key.as_bytes()),
            })
            .find(|request| self.installation_id(request).is_some())
            .ok_or_else(|| Code::Internal.into())
    }

    /// Finishes an activation without a network. `lines` is the typed confirmation, with one
    /// confirmation line per text line.
    ///
    /// # Errors
    /// [`Code::ConfirmationMistyped`]. The error's detail names the mistyped line.
    pub fn finish_offline(&self, lines: &str) -> Result<(), Error> {
        let one_line = lines.lines().filter(|line| !line.trim().is_empty()).count() == 1;
        if one_line && self.extension_id()?.is_some() {
            return self.extend_lease(lines);
        }
        let confirmation: Confirmation =
            lines.parse().map_err(|error| Error::new(Code::ConfirmationMistyped, error))?;
        let request = self.data_dir.offline()?.and_then(|offline| offline.request);
        let id = request.as_ref().and_then(|request| self.installation_id(request));
        let id = id.ok_or(Error::from(Code::InstallationUnknown))?;
        let rows = self.profile.offline.as_ref().map_or(0, |terms| terms.rows.len());
        let rows = u8::try_from(rows).unwrap_or(u8::MAX);
        // The verification is slow, so it runs without the lock.
        let grant = self.verifier()?.granted(&confirmation, &self.profile.product, id, rows);
        let grant = grant.ok_or(Error::from(Code::ConfirmationRefused))?;
        let _lock = self.data_dir.lock()?;
        let offline = self.data_dir.offline()?.unwrap_or_default();
        let current = offline.request.as_ref().and_then(|request| self.installation_id(request));
        if current != Some(id) {
            return Err(Code::InstallationUnknown.into());
        }
        // Typing a confirmation again must not extend its term.
        if !offline.is_confirmed() {
            let confirmed = Some(self.confirmation_record(&confirmation, grant));
            self.data_dir.store_offline(&OfflineRecord { confirmed, release_file: None, ..offline })?;
        }
        self.data_dir.delete_activation()
    }

    fn confirmation_record(&self, confirmation: &Confirmation, grant: Grant) -> OfflineConfirmation {
        let reading = Reading::take();
        let since = reading.effective(self.data_dir.time_floor().ok().flatten().as_ref()).now;
        OfflineConfirmation {
            confirmation: to_base64url(confirmation.as_bytes()),
            grant,
            since,
            floor: TimeFloor { at: since, boot: reading.boot, uptime: reading.uptime },
            verdict: None,
            next_try: since,
        }
    }

    /// Whether the product is activated by an offline confirmation.
    pub fn is_offline(&self) -> Result<bool, Error> {
        Ok(self.data_dir.activation()?.is_none()
            && self.data_dir.offline()?.is_some_and(|offline| offline.is_confirmed()))
    }

    /// Deactivates an offline activation and returns the release proof. Entering the proof on the
    /// account page frees the seat.
    pub fn release_offline(&self) -> Result<ReleaseProof, Error> {
        let _lock = self.data_dir.lock()?;
        let offline = self.data_dir.offline()?.filter(OfflineRecord::is_confirmed);
        let offline = self.release(offline.ok_or(Error::from(Code::NotActivated))?)?;
        // Store the proof before it is shown.
        self.data_dir.store_offline(&offline)?;
        offline.released.last().cloned().ok_or_else(|| Code::Internal.into())
    }

    /// The stored release proofs, newest last.
    pub fn release_proofs(&self) -> Result<Vec<ReleaseProof>, Error> {
        Ok(self.data_dir.offline()?.map_or_else(Vec::new, |offline| offline.released))
    }

    /// Replaces the confirmation with its release proof.
    fn release(&self, offline: OfflineRecord) -> Result<OfflineRecord, Error> {
        let missing = || Error::from(Code::CertificateInvalid);
        let id = offline.request.as_ref().and_then(|request| self.installation_id(request));
        let id = id.ok_or_else(missing)?;
        let confirmation =
            offline.confirmed.as_ref().and_then(OfflineConfirmation::decode).ok_or_else(missing)?;
        let code = OfflineSecret::of_confirmation(confirmation.as_bytes(), id).release(id);
        let code = code.ok_or(Error::from(Code::Internal))?.to_string();
        Ok(offline.release(ReleaseProof { installation_id: id.to_string(), code }))
    }

    /// Replaces a confirmation with its release proof. If there is none, or that fails, keeps only
    /// the existing release proofs.
    pub(crate) fn release_or_reset(&self, offline: OfflineRecord) -> OfflineRecord {
        let released = if offline.is_confirmed() { self.release(offline.clone()).ok() } else { None };
        released.unwrap_or_else(|| offline.reset())
    }

    /// Exchanges an offline confirmation for a certificate. After an error, stores the time of the
    /// next attempt, and the refusal if it is lasting.
    pub(crate) fn open_offline(&self, offline: OfflineRecord) -> Result<(), Error> {
        let request = offline.request.clone().ok_or(Error::from(Code::NotActivated))?;
        let id = self.installation_id(&request).ok_or(Error::from(Code::NotActivated))?;
        let key = self.key_by_public(&request.public_key().ok_or(Error::from(Code::DeviceKeyMissing))?)?;
        let mut device = self.describe(&key, &device_name());
        device.fingerprint = request.fingerprint;
        let nonce = format!("{:016x}", request.nonce);
        let opening = OpenRequest { installation_id: id.to_string(), nonce, device };
        let call = Call::post("/api/v1/offline/openings").json(&opening).signed(&key);
        match self.api.call::<Activated>(&call) {
            Ok(response) => self.store_opened(response),
            Err(error) => {
                let lasting = is_lasting(error.code).then(|| error.code.name().to_owned());
                let pause = if lasting.is_some() { DAY_SECONDS } else { HOUR_SECONDS };
                let next_try = Reading::take().wall + pause;
                let confirmed = offline.confirmed.map(|confirmed| OfflineConfirmation {
                    verdict: lasting.or(confirmed.verdict),
                    next_try,
                    ..confirmed
                });
                self.data_dir.store_offline(&OfflineRecord { confirmed, ..offline })?;
                Err(error)
            }
        }
    }

    /// Verifies the stored confirmation and returns its grant; `None` if it is not valid.
    pub(crate) fn offline_grant(&self, offline: &OfflineRecord) -> Option<OfflineGrant> {
        let (request, confirmed) = (offline.request.as_ref()?, offline.confirmed.as_ref()?);
        let (id, confirmation) = (self.installation_id(request)?, confirmed.decode()?);
        // A copy of the files without the device key grants nothing.
        self.key_by_public(&request.public_key()?).ok()?;
        let row = self.profile.offline.as_ref()?.rows.get(usize::from(confirmed.grant.row))?;
        if !self.verifier().ok()?.grants(&confirmation, &self.profile.product, id, confirmed.grant) {
            return None;
        }
        let reading = Reading::take();
        let time = reading.effective(Some(&confirmed.floor));
        self.raise_confirmation_floor(confirmed, &reading);
        Some(OfflineGrant {
            edition: row.edition.clone(),
            features: row.features.clone(),
            fingerprint: request.fingerprint.clone(),
            verdict: confirmed.verdict.clone(),
            until: confirmed.since + i64::from(row.days) * DAY_SECONDS,
            next_try: confirmed.next_try,
            now: time.now,
            suspect: time.suspect,
        })
    }

    /// Raises the time floor of the confirmation. Does nothing while another process has the lock.
    /// Ignores storage errors.
    fn raise_confirmation_floor(&self, seen: &OfflineConfirmation, reading: &Reading) {
        let Some(floor) = reading.raise(Some(&seen.floor), None) else { return };
        if !floor.is_worth_storing(&seen.floor) {
            return;
        }
        let Some(_lock) = self.data_dir.try_lock() else { return };
        // Read the record again under the lock: another process may have released it.
        let Ok(Some(mut offline)) = self.data_dir.offline() else { return };
        if let Some(confirmed) =
            offline.confirmed.as_mut().filter(|current| current.confirmation == seen.confirmation)
        {
            confirmed.floor = floor;
            self.data_dir.store_offline(&offline).ok();
        }
    }

    fn installation_id(&self, request: &InstallationRequest) -> Option<InstallationId> {
        let key = request.public_key()?;
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
