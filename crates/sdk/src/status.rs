use keystead_protocol::Code;
use keystead_protocol::certificate::{LicenseClaims, Link};
use keystead_protocol::fingerprint::{KeyProof, Similarity, Thresholds};
use keystead_protocol::state::State;
use serde::Serialize;

use crate::clock::{EffectiveTime, Reading};
use crate::data_dir::ActivationRecord;
use crate::offline::OfflineGrant;
use crate::verdict::state_of;
use crate::{Client, Error, Profile};

/// The activation state and its explanation. Times are UTC milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The state.
    pub state: State,
    /// The state in one sentence.
    pub sentence: String,
    /// The code of the state; `None` if the product is activated without a warning.
    pub code: Option<&'static str>,
    /// The cause in one sentence.
    pub cause: Option<&'static str>,
    /// What to do next.
    pub next_action: Option<&'static str>,
    /// Whether the product keeps working in a grace period.
    pub in_grace: bool,
    /// Details of this case, such as "motherboard changed; disk and TPM match".
    pub detail: Option<String>,
    /// The edition's short name.
    pub edition: Option<String>,
    /// Whether the whole edition works or only the features that need no license.
    pub mode: Mode,
    /// The features that this mode unlocks.
    pub features: Vec<String>,
    /// When the license expires; `None` if never, or without a license.
    pub license_expiry: Option<i64>,
    /// When the certificate should be refreshed.
    pub refresh_after: Option<i64>,
    /// The time until which the product works without a network.
    pub works_offline_until: Option<i64>,
}

/// How much of the product works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The whole edition.
    Full,
    /// The features that work without a license.
    Limited,
}

/// A state and the details of the case.
struct Verdict {
    state: State,
    detail: Option<String>,
    in_grace: bool,
}

impl From<State> for Verdict {
    fn from(state: State) -> Self {
        Self { state, detail: None, in_grace: false }
    }
}

impl Status {
    fn new(verdict: Verdict, profile: &Profile, claims: Option<&LicenseClaims>) -> Self {
        let Verdict { state, detail, in_grace } = verdict;
        let code = state.code();
        let unlocked = claims.filter(|_| state.is_activated() || in_grace);
        Self {
            state,
            sentence: state.sentence(&profile.product_name),
            code: code.map(Code::name),
            cause: code.map(Code::cause),
            next_action: code.map(Code::next_action),
            in_grace,
            detail,
            edition: claims.map(|claims| claims.edition.clone()),
            mode: if unlocked.is_some() { Mode::Full } else { Mode::Limited },
            features: unlocked.map_or(&profile.limited_features, |claims| &claims.features).clone(),
            license_expiry: claims.and_then(|claims| claims.license_expiry).map(|at| at * 1000),
            refresh_after: claims.map(|claims| claims.refresh_after * 1000),
            works_offline_until: claims.map(|claims| claims.grace_until * 1000),
        }
    }

    /// Whether a feature is unlocked.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }

    /// Whether a refresh is due at `now`, UTC milliseconds, or could improve the state.
    pub fn wants_refresh(&self, now: i64) -> bool {
        match self.state {
            State::Unlicensed
            | State::DifferentDevice
            | State::DeviceKeyMissing
            | State::CertificateInvalid
            | State::Released
            | State::Superseded
            | State::Revoked
            | State::Forked => false,
            State::Activated | State::ActivatedLinked => self.refresh_after.is_some_and(|due| due <= now),
            _ => true,
        }
    }
}

impl Client {
    /// The status, computed from the data folder and the hardware. Never uses the network.
    pub fn status(&self) -> Result<Status, Error> {
        let profile = &self.profile;
        let record = match self.data_dir.activation() {
            Ok(Some(record)) => record,
            Ok(None) => return self.status_offline(),
            Err(error) if error.code == Code::CertificateInvalid => {
                return Ok(Status::new(invalid(error.detail), profile, None));
            }
            Err(error) if error.code == Code::DeviceKeyMissing => {
                return Ok(Status::new(State::DeviceKeyMissing.into(), profile, None));
            }
            Err(error) => return Err(error),
        };
        let certificate = match self.verify(&record.token, &record.keys) {
            Ok(certificate) => certificate,
            Err(error) => return Ok(Status::new(invalid(Some(error.to_string())), profile, None)),
        };
        let claims = certificate.claims();
        // The floor is stored with each certificate. If it was deleted, only the server can restore trust in the clock.
        let Some(floor) = self.data_dir.time_floor().ok().flatten() else {
            let detail = Some("this device lost track of the time; a refresh restores it".to_owned());
            return Ok(Status::new(Verdict { detail, ..State::LeaseLapsed.into() }, profile, Some(claims)));
        };
        self.raise_time_floor(Some(claims.issued_at));
        let reading = Reading::take();
        let floor = reading.raise(Some(&floor), Some(claims.issued_at));
        let time = reading.effective(floor.as_ref());
        let verdict = self.judge(&record, claims, certificate.verify_until(), time);
        let mut status = Status::new(verdict, profile, Some(claims));
        let extended = self.extended_until(&record).map(|until| until * 1000);
        status.works_offline_until = status.works_offline_until.max(extended);
        Ok(status)
    }

    /// The status of a device without a certificate, such as an offline activation.
    fn status_offline(&self) -> Result<Status, Error> {
        let offline = match self.data_dir.offline() {
            Ok(offline) => offline.unwrap_or_default(),
            Err(error) if matches!(error.code, Code::CertificateInvalid | Code::DeviceKeyMissing) => {
                return Ok(Status::new(invalid(error.detail), &self.profile, None));
            }
            Err(error) => return Err(error),
        };
        let Some(grant) = self.offline_grant(&offline) else {
            let state = match (offline.is_confirmed(), offline.is_released()) {
                (true, _) => State::CertificateInvalid,
                (_, true) => State::Released,
                _ => State::Unlicensed,
            };
            return Ok(Status::new(state.into(), &self.profile, None));
        };
        let mut status = Status::new(self.judge_offline(&grant), &self.profile, None);
        status.edition = Some(grant.edition);
        status.works_offline_until = Some(grant.until * 1000);
        status.refresh_after = Some(grant.next_try * 1000);
        if status.state.is_activated() {
            (status.mode, status.features) = (Mode::Full, grant.features);
        }
        Ok(status)
    }

    fn judge_offline(&self, grant: &OfflineGrant) -> Verdict {
        if let Some(state) = grant.verdict.as_deref().and_then(state_of) {
            return state.into();
        }
        let comparison =
            grant.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
        let state = match comparison.similarity {
            Similarity::Different => State::DifferentDevice,
            Similarity::Significant => State::HardwareChanged,
            _ if grant.until <= grant.now => State::LeaseLapsed,
            _ if grant.suspect => State::ClockSuspect,
            _ => State::Activated,
        };
        let changed = matches!(state, State::DifferentDevice | State::HardwareChanged);
        Verdict { detail: changed.then(|| comparison.explain()), ..state.into() }
    }

    fn judge(
        &self,
        record: &ActivationRecord,
        claims: &LicenseClaims,
        verify_until: i64,
        time: EffectiveTime,
    ) -> Verdict {
        if self.key_by_public(&claims.device_key).is_err() {
            return State::DeviceKeyMissing.into();
        }
        let extended = self.extended_until(record).is_some();
        let comparison =
            claims.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
        let by_hardware = match comparison.similarity {
            Similarity::Different => Some(State::DifferentDevice),
            Similarity::Significant => Some(State::HardwareChanged),
            Similarity::Minor | Similarity::Same => None,
        };
        let state = record.verdict.as_deref().and_then(state_of).or(by_hardware);
        match state {
            Some(State::HardwareChanged) => Verdict {
                state: State::HardwareChanged,
                detail: Some(comparison.explain()),
                in_grace: self.grace(record, claims, time) > time.now,
            },
            Some(State::DifferentDevice) => {
                Verdict { detail: Some(comparison.explain()), ..State::DifferentDevice.into() }
            }
            Some(state) => state.into(),
            None => match by_time(claims, verify_until, time) {
                State::LeaseOverdue | State::LeaseLapsed if extended => activated(claims),
                state => state,
            }
            .into(),
        }
    }

    /// End of the grace period after a hardware change, Unix seconds. The server's value applies if
    /// it is known, otherwise [`LOCAL_GRACE_SECONDS`] from the first status with the change. Never
    /// later than the end of the certificate's grace period.
    fn grace(&self, record: &ActivationRecord, claims: &LicenseClaims, time: EffectiveTime) -> i64 {
        let until = record.grace_until.unwrap_or_else(|| {
            let until = (time.now + LOCAL_GRACE_SECONDS) * 1000;
            self.store_grace(record, until);
            until
        });
        (until / 1000).min(claims.grace_until)
    }

    /// Stores the end of the local grace period. Does nothing while another process has the lock;
    /// the next status call tries again.
    fn store_grace(&self, seen: &ActivationRecord, until: i64) {
        let Some(_lock) = self.data_dir.try_lock() else { return };
        if let Ok(Some(record)) = self.data_dir.activation()
            && record.token == seen.token
        {
            self.data_dir.store_activation(&ActivationRecord { grace_until: Some(until), ..record }).ok();
        }
    }
}

/// Grace period after a hardware change that the server does not know yet, seconds.
const LOCAL_GRACE_SECONDS: i64 = 14 * 24 * 60 * 60;

fn invalid(detail: Option<String>) -> Verdict {
    Verdict { detail, ..State::CertificateInvalid.into() }
}

fn by_time(claims: &LicenseClaims, verify_until: i64, time: EffectiveTime) -> State {
    if verify_until <= time.now {
        return State::CertificateInvalid;
    }
    if claims.license_expiry.is_some_and(|end| end <= time.now) {
        return State::Expired;
    }
    if claims.grace_until <= time.now {
        return State::LeaseLapsed;
    }
    if time.suspect {
        return State::ClockSuspect;
    }
    if claims.lease_until <= time.now {
        return State::LeaseOverdue;
    }
    activated(claims)
}

const fn activated(claims: &LicenseClaims) -> State {
    match claims.link {
        Link::KeyOnly => State::Activated,
        Link::Account | Link::Organisation => State::ActivatedLinked,
    }
}
