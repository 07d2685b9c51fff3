use keystead_protocol::Code;
use keystead_protocol::certificate::{LicenseClaims, Link};
use keystead_protocol::fingerprint::{KeyProof, Similarity, Thresholds};
use keystead_protocol::state::State;
use serde::Serialize;

use crate::clock::{Effective, Reading};
use crate::files::Activation;
use crate::offline::Granted;
use crate::{Client, Error, Profile};

/// The activation state, with what explains it. Times are UTC milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The state.
    pub state: State,
    /// The state in one sentence.
    pub sentence: String,
    /// Why it is not simply activated.
    pub code: Option<&'static str>,
    /// The cause in one sentence.
    pub cause: Option<&'static str>,
    /// What to do next.
    pub next_action: Option<&'static str>,
    /// Whether the product goes on working all the same, for a while.
    pub in_grace: bool,
    /// What is particular to this case, as "motherboard changed; disk and TPM match".
    pub detail: Option<String>,
    /// The edition's short name.
    pub edition: Option<String>,
    /// Whether everything of the edition works, or what the vendor lets work without a license.
    pub mode: Mode,
    /// The features that are unlocked in this mode.
    pub features: Vec<String>,
    /// When the license ends; `None` is never, or no license.
    pub license_expiry: Option<i64>,
    /// From when on the certificate should be refreshed.
    pub refresh_after: Option<i64>,
    /// Until when it works without a network.
    pub works_offline_until: Option<i64>,
}

/// How much of the product works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All of the edition.
    Full,
    /// What the vendor lets work without a license.
    Limited,
}

/// A state and what is particular to it.
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

    /// Whether a feature may be used now.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name)
    }

    /// Whether a refresh is due at `now`, UTC milliseconds, or could mend what is the matter.
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
    /// The state, from what is kept on this device and from its hardware; never asks the network.
    pub fn status(&self) -> Result<Status, Error> {
        let profile = &self.profile;
        let kept = match self.files.activation() {
            Ok(Some(kept)) => kept,
            Ok(None) => return self.status_offline(),
            Err(error) if error.code == Code::CertificateInvalid => {
                return Ok(Status::new(invalid(error.detail), profile, None));
            }
            Err(error) if error.code == Code::DeviceKeyMissing => {
                return Ok(Status::new(State::DeviceKeyMissing.into(), profile, None));
            }
            Err(error) => return Err(error),
        };
        let certificate = match self.verify(&kept.token, &kept.keys) {
            Ok(certificate) => certificate,
            Err(error) => return Ok(Status::new(invalid(Some(error.to_string())), profile, None)),
        };
        let claims = certificate.claims();
        // It was kept together with the certificate: whoever takes it away is believed again after the next contact.
        let Some(floor) = self.files.floor().ok().flatten() else {
            let detail =
                Some("what time it is for certain was lost; it is known again after a refresh".to_owned());
            return Ok(Status::new(Verdict { detail, ..State::LeaseLapsed.into() }, profile, Some(claims)));
        };
        self.raise_floor(Some(claims.issued_at));
        let reading = Reading::take();
        let floor = reading.raise(Some(&floor), Some(claims.issued_at));
        let time = reading.effective(floor.as_ref());
        let verdict = self.judge(&kept, claims, certificate.verify_until(), time);
        let mut status = Status::new(verdict, profile, Some(claims));
        let prolonged = self.prolonged_until(&kept).map(|until| until * 1000);
        status.works_offline_until = status.works_offline_until.max(prolonged);
        Ok(status)
    }

    /// The state of what was confirmed without a network.
    fn status_offline(&self) -> Result<Status, Error> {
        let offline = match self.files.offline() {
            Ok(offline) => offline.unwrap_or_default(),
            Err(error) if matches!(error.code, Code::CertificateInvalid | Code::DeviceKeyMissing) => {
                return Ok(Status::new(invalid(error.detail), &self.profile, None));
            }
            Err(error) => return Err(error),
        };
        let Some(granted) = self.granted_offline(&offline) else {
            let state = match (offline.is_confirmed(), offline.is_released()) {
                (true, _) => State::CertificateInvalid,
                (_, true) => State::Released,
                _ => State::Unlicensed,
            };
            return Ok(Status::new(state.into(), &self.profile, None));
        };
        let mut status = Status::new(self.judge_offline(&granted), &self.profile, None);
        status.edition = Some(granted.edition);
        status.works_offline_until = Some(granted.until * 1000);
        status.refresh_after = Some(granted.next_try * 1000);
        if status.state.is_activated() {
            (status.mode, status.features) = (Mode::Full, granted.features);
        }
        Ok(status)
    }

    fn judge_offline(&self, granted: &Granted) -> Verdict {
        if let Some(state) = granted.verdict.as_deref().and_then(remembered) {
            return state.into();
        }
        let comparison =
            granted.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
        let state = match comparison.similarity {
            Similarity::Different => State::DifferentDevice,
            Similarity::Significant => State::HardwareChanged,
            _ if granted.until <= granted.now => State::LeaseLapsed,
            _ if granted.suspect => State::ClockSuspect,
            _ => State::Activated,
        };
        let changed = matches!(state, State::DifferentDevice | State::HardwareChanged);
        Verdict { detail: changed.then(|| comparison.explain()), ..state.into() }
    }

    fn judge(
        &self,
        kept: &Activation,
        claims: &LicenseClaims,
        verify_until: i64,
        time: Effective,
    ) -> Verdict {
        if self.key_of(&claims.device_key).is_err() {
            return State::DeviceKeyMissing.into();
        }
        let prolonged = self.prolonged_until(kept).is_some();
        let comparison =
            claims.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
        let by_hardware = match comparison.similarity {
            Similarity::Different => Some(State::DifferentDevice),
            Similarity::Significant => Some(State::HardwareChanged),
            Similarity::Minor | Similarity::Same => None,
        };
        let state = kept.verdict.as_deref().and_then(remembered).or(by_hardware);
        match state {
            Some(State::HardwareChanged) => Verdict {
                state: State::HardwareChanged,
                detail: Some(comparison.explain()),
                in_grace: self.grace(kept, claims, time) > time.now,
            },
            Some(State::DifferentDevice) => {
                Verdict { detail: Some(comparison.explain()), ..State::DifferentDevice.into() }
            }
            Some(state) => state.into(),
            None => match by_time(claims, verify_until, time) {
                State::LeaseOverdue | State::LeaseLapsed if prolonged => activated(claims),
                state => state,
            }
            .into(),
        }
    }

    /// Until when the product goes on after a hardware change, Unix seconds: what the server said, or, until it was
    /// asked, a while from when the change was first noticed. Never longer than the certificate.
    fn grace(&self, kept: &Activation, claims: &LicenseClaims, time: Effective) -> i64 {
        let until = kept.grace_until.unwrap_or_else(|| {
            let until = (time.now + NOTICED_GRACE) * 1000;
            self.note_change(kept, until);
            until
        });
        (until / 1000).min(claims.grace_until)
    }

    /// Keeps when a change was noticed, unless somebody is just keeping something newer: the next look notes it then.
    fn note_change(&self, seen: &Activation, until: i64) {
        let Some(_turn) = self.files.try_lock() else { return };
        if let Ok(Some(kept)) = self.files.activation()
            && kept.token == seen.token
        {
            self.files.keep_activation(&Activation { grace_until: Some(until), ..kept }).ok();
        }
    }
}

/// How long the product goes on after a hardware change that the server was not asked about yet, seconds.
const NOTICED_GRACE: i64 = 14 * 24 * 60 * 60;

fn invalid(detail: Option<String>) -> Verdict {
    Verdict { detail, ..State::CertificateInvalid.into() }
}

fn by_time(claims: &LicenseClaims, verify_until: i64, time: Effective) -> State {
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

fn remembered(verdict: &str) -> Option<State> {
    Some(match verdict.parse().ok()? {
        Code::ActivationReleased => State::Released,
        Code::ActivationSuperseded => State::Superseded,
        Code::ActivationRevoked | Code::LicenseRevoked => State::Revoked,
        Code::LicenseSuspended => State::Suspended,
        Code::LicenseExpired => State::Expired,
        Code::DifferentDevice => State::DifferentDevice,
        Code::HardwareChanged => State::HardwareChanged,
        Code::ForkDetected => State::Forked,
        _ => return None,
    })
}
