use keystead_protocol::Code;
use keystead_protocol::api::{Activated, OwnerNeeded, Ratchet, RefreshRequest};
use keystead_protocol::state::State;
use keystead_protocol::text::to_base64url;

use crate::clock::Reading;
use crate::files::Activation;
use crate::offline::Offline;
use crate::{Call, Client, Error, entropy};

/// What a refresh gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Refreshed {
    /// A fresh certificate.
    Renewed,
    /// The hardware changed significantly; the owner must confirm the device.
    HardwareChanged(OwnerNeeded),
    /// Two copies of the activation are in use; the owner must choose.
    Forked,
}

impl Client {
    /// Asks for a fresh certificate. A lasting "no" of the server is remembered and shows in the status.
    pub fn refresh(&self) -> Result<Refreshed, Error> {
        let repeats = self.files.activation()?.is_some_and(|kept| kept.pending.is_some());
        let refreshed = self.refresh_once()?;
        // The answer to a repeated request serves no longer than the one that was lost.
        if repeats
            && refreshed == Refreshed::Renewed
            && self.status()?.wants_refresh(Reading::take().wall * 1000)
        {
            return self.refresh_once();
        }
        Ok(refreshed)
    }

    fn refresh_once(&self) -> Result<Refreshed, Error> {
        let _turn = self.files.lock()?;
        if self.files.activation()?.is_none()
            && let Some(offline) = self.files.offline()?.filter(Offline::is_confirmed)
        {
            self.open_offline(offline)?;
            return Ok(Refreshed::Renewed);
        }
        let mut kept = self.kept()?;
        // Kept before it is sent: after a lost answer the same pair is shown again.
        let x = kept.pending.get_or_insert_with(|| to_base64url(&entropy::bytes::<16>())).clone();
        self.files.keep_activation(&kept)?;
        let request = RefreshRequest {
            ratchet: Ratchet { r: kept.ratchet.clone(), x },
            fingerprint: self.whole_fingerprint(),
        };
        let path = format!("/api/v1/activations/{}/refresh", kept.activation);
        match self.api.exchange(&Call::post(path).json(&request).signed(&self.key_for(&kept)?)) {
            Ok((200, body)) => {
                self.keep(parse::<Activated>(&body)?)?;
                Ok(Refreshed::Renewed)
            }
            Ok((_, body)) => self.asked_to_wait(kept, &body),
            Err(error) => {
                if is_lasting(error.code) {
                    self.remember(kept, error.code, None)?;
                }
                Err(error)
            }
        }
    }

    fn asked_to_wait(&self, kept: Activation, body: &[u8]) -> Result<Refreshed, Error> {
        let needed: OwnerNeeded = parse(body)?;
        if needed.state == State::Forked {
            self.remember(kept, Code::ForkDetected, None)?;
            return Ok(Refreshed::Forked);
        }
        self.remember(kept, Code::HardwareChanged, needed.grace_until)?;
        Ok(Refreshed::HardwareChanged(needed))
    }

    fn remember(&self, kept: Activation, verdict: Code, grace_until: Option<i64>) -> Result<(), Error> {
        let verdict = Some(verdict.name().to_owned());
        self.files.keep_activation(&Activation { verdict, grace_until, ..kept })
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::new(Code::NotTheServer, error))
}

/// Verdicts that hold until the server says otherwise.
pub(crate) const fn is_lasting(code: Code) -> bool {
    matches!(
        code,
        Code::ActivationReleased
            | Code::ActivationSuperseded
            | Code::ActivationRevoked
            | Code::LicenseSuspended
            | Code::LicenseExpired
            | Code::LicenseRevoked
            | Code::DifferentDevice
            | Code::ForkDetected
    )
}
