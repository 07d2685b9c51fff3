use keystead_protocol::Code;
use keystead_protocol::certificate::{LicenseClaims, Link};
use keystead_protocol::fingerprint::{KeyProof, Similarity, Thresholds};
use keystead_protocol::state::State;
use serde::Serialize;

use crate::clock::{Effective, Reading};
use crate::files::Activation;
use crate::{Client, Error};

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
    /// What is particular to this case, as "motherboard changed; disk and TPM match".
    pub detail: Option<String>,
    /// The edition's short name.
    pub edition: Option<String>,
    /// The features that are unlocked.
    pub features: Vec<String>,
    /// When the license ends; `None` is never, or no license.
    pub license_expiry: Option<i64>,
    /// From when on the certificate should be refreshed.
    pub refresh_after: Option<i64>,
    /// Until when it works without a network.
    pub works_offline_until: Option<i64>,
}

impl Status {
    fn new(state: State, product: &str, detail: Option<String>, claims: Option<&LicenseClaims>) -> Self {
        let code = state.code();
        Self {
            state,
            sentence: state.sentence(product),
            code: code.map(Code::name),
            cause: code.map(Code::cause),
            next_action: code.map(Code::next_action),
            detail,
            edition: claims.map(|claims| claims.edition.clone()),
            features: match claims {
                Some(claims) if state.is_activated() => claims.features.clone(),
                _ => Vec::new(),
            },
            license_expiry: claims.and_then(|claims| claims.license_expiry).map(|at| at * 1000),
            refresh_after: claims.map(|claims| claims.refresh_after * 1000),
            works_offline_until: claims.map(|claims| claims.grace_until * 1000),
        }
    }
}

impl Client {
    /// The state, from what is kept on this device and from its hardware; never asks the network.
    pub fn status(&self) -> Result<Status, Error> {
        let product = &self.profile.product_name;
        let kept = match self.files.activation() {
            Ok(Some(kept)) => kept,
            Ok(None) => return Ok(Status::new(State::Unlicensed, product, None, None)),
            Err(error) if error.code == keystead_protocol::Code::CertificateInvalid => {
                return Ok(Status::new(State::CertificateInvalid, product, error.detail, None));
            }
            Err(error) => return Err(error),
        };
        let certificate = match self.verify(&kept.token, &kept.keys) {
            Ok(certificate) => certificate,
            Err(error) => {
                return Ok(Status::new(State::CertificateInvalid, product, Some(error.to_string()), None));
            }
        };
        let time = Reading::take().effective(self.files.floor()?.as_ref());
        self.raise_floor(None)?;
        let claims = certificate.claims();
        let (state, detail) = self.judge(&kept, claims, certificate.verify_until(), time);
        Ok(Status::new(state, product, detail, Some(claims)))
    }

    fn judge(
        &self,
        kept: &Activation,
        claims: &LicenseClaims,
        verify_until: i64,
        time: Effective,
    ) -> (State, Option<String>) {
        if claims.device_key != self.key.verifying_key() {
            return (State::DeviceKeyMissing, None);
        }
        let comparison =
            claims.fingerprint.compare(&self.fingerprint(), KeyProof::Software, Thresholds::default());
        let explained = Some(comparison.explain());
        if let Some(state) = kept.verdict.as_deref().and_then(remembered) {
            let hardware = matches!(state, State::HardwareChanged | State::DifferentDevice);
            return (state, explained.filter(|_| hardware));
        }
        match comparison.similarity {
            Similarity::Different => return (State::DifferentDevice, explained),
            Similarity::Significant => return (State::HardwareChanged, explained),
            Similarity::Minor | Similarity::Same => {}
        }
        (by_time(claims, verify_until, time), None)
    }
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
    match claims.link {
        Link::KeyOnly => State::Activated,
        Link::Account | Link::Organisation => State::ActivatedLinked,
    }
}

fn remembered(verdict: &str) -> Option<State> {
    Some(match verdict.parse().ok()? {
        Code::ActivationReleased => State::Released,
        Code::ActivationRevoked | Code::LicenseRevoked => State::Revoked,
        Code::LicenseSuspended => State::Suspended,
        Code::LicenseExpired => State::Expired,
        Code::DifferentDevice => State::DifferentDevice,
        Code::HardwareChanged => State::HardwareChanged,
        Code::ForkDetected => State::Forked,
        _ => return None,
    })
}
