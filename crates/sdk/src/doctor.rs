//! What somebody who helps needs to know, with nothing in it that names a person, unlocks anything or identifies hardware.

use keystead_protocol::Code;
use keystead_protocol::api::TimeView;
use keystead_protocol::certificate::ServerTime;
use keystead_protocol::fingerprint::{Component, MachineClass};
use keystead_protocol::id::ActivationId;
use keystead_protocol::text::{from_base64url, to_base64url};
use serde::Serialize;

use crate::clock::Reading;
use crate::device_key::DeviceKey;
use crate::{Call, Client, Error, Status, entropy, hardware};

/// How far this device's clock may be off before it is told, seconds.
const CLOCK_TOLERANCE: i64 = 5 * 60;

/// A bundle of diagnostics.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnostics {
    /// The library's version.
    pub library: &'static str,
    /// The application's version, if it gave one.
    pub application: Option<String>,
    /// Operating system and version.
    pub platform: String,
    /// The product's short name.
    pub product: String,
    /// The server's address.
    pub server: String,
    /// By which proxy, without its user name and password.
    pub proxy: Option<String>,
    /// UTC milliseconds by this device's clock.
    pub device_time: i64,
    /// Physical or virtual.
    pub machine: MachineClass,
    /// Which hardware could be read; never what was read.
    pub readable: Vec<Component>,
    /// Which hardware is there and may not be read.
    pub unreadable: Vec<Component>,
    /// The activation, by which the vendor finds it.
    pub activation: Option<ActivationId>,
    /// The state.
    pub status: Option<Status>,
    /// Everything that was tried, in this order.
    pub findings: Vec<Finding>,
}

/// Something that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub what: &'static str,
    /// Whether all is well.
    pub ok: bool,
    /// The code, if not.
    pub code: Option<Code>,
    /// What was found, in one sentence.
    pub told: String,
    /// What to do next, if something is to be done.
    pub next_action: Option<String>,
    /// The id of the request that the server refused.
    pub request_id: Option<String>,
}

impl Finding {
    fn well(what: &'static str, told: impl Into<String>) -> Self {
        Self { what, ok: true, code: None, told: told.into(), next_action: None, request_id: None }
    }

    fn trouble(what: &'static str, error: Error) -> Self {
        let told = error.to_string();
        Self {
            what,
            ok: false,
            code: Some(error.code),
            told,
            next_action: Some(error.next_action),
            request_id: error.request_id,
        }
    }
}

impl Client {
    /// Looks into everything that an activation depends on. Asks the server for its time; changes nothing.
    pub fn diagnose(&self) -> Diagnostics {
        let fingerprint = self.fingerprint();
        let mut findings = vec![self.look_at_files(), self.look_at_key()];
        let status = self.status();
        findings.push(match &status {
            Ok(status) => Finding {
                ok: status.state.is_activated(),
                code: status.state.code(),
                next_action: status.next_action.map(str::to_owned),
                ..Finding::well("activation", &*status.sentence)
            },
            Err(error) => Finding::trouble("activation", error.clone()),
        });
        findings.extend(self.look_at_server());
        // Folders are often called after their owners.
        let folder = self.folder().display().to_string();
        let hide = |text: &mut String| *text = text.replace(&folder, "<folder>");
        findings.iter_mut().for_each(|finding| hide(&mut finding.told));
        let mut status = status.ok();
        status.iter_mut().filter_map(|status| status.detail.as_mut()).for_each(hide);
        Diagnostics {
            library: env!("CARGO_PKG_VERSION"),
            application: self.options.app_version.clone(),
            platform: hardware::platform(),
            product: self.profile.product.clone(),
            server: self.profile.server.clone(),
            proxy: self.proxy().without_secrets(),
            device_time: Reading::take().wall * 1000,
            machine: fingerprint.class,
            readable: fingerprint.fp.keys().copied().collect(),
            unreadable: fingerprint.unreadable,
            activation: self.activation().ok().flatten(),
            status,
            findings,
        }
    }

    fn look_at_files(&self) -> Finding {
        match self.files.lock().and_then(|_turn| self.files.activation()) {
            Ok(_) => Finding::well("files", "The activation's files can be read and written."),
            Err(error) => Finding::trouble("files", error),
        }
    }

    fn look_at_key(&self) -> Finding {
        // The one that an activation is bound to, or else the one for the next.
        let bound = self.files.activation().ok().flatten().map(|kept| self.key_for(&kept).map(Some));
        match bound.unwrap_or_else(|| self.files.device_key(&self.options.tpm)) {
            Ok(None) => Finding::well("device key", "No device key was made yet."),
            Ok(Some(key)) if key.is_lost() => {
                let told =
                    "the TPM that made this device's key is not here, was cleared, or is closed to this user";
                Finding::trouble("device key", Error::new(Code::DeviceKeyMissing, told))
            }
            Ok(Some(DeviceKey::Tpm(_))) => Finding::well("device key", "The device key is kept in the TPM."),
            Ok(Some(DeviceKey::File(_))) => Finding::well("device key", "The device key is kept in a file."),
            Err(error) => Finding::trouble("device key", error),
        }
    }

    fn look_at_server(&self) -> Vec<Finding> {
        let heard = match self.ask_time() {
            Ok(heard) => heard,
            Err(error) => return vec![Finding::trouble("server", error)],
        };
        self.raise_floor(Some(heard));
        let answered = Finding::well("server", "The license server answers, and its signature is good.");
        let off = Reading::take().wall - heard;
        let clock = if off.abs() <= CLOCK_TOLERANCE {
            Finding::well("clock", "This device's clock agrees with the server's.")
        } else {
            let told = format!("this device's clock is {} minutes {}", off.abs() / 60, direction(off));
            Finding::trouble("clock", Error::new(Code::ClockWrong, told))
        };
        vec![answered, clock]
    }

    /// The server's time, Unix seconds, once its signature was verified.
    fn ask_time(&self) -> Result<i64, Error> {
        let nonce = entropy::bytes::<16>();
        let query = format!("?nonce={}", to_base64url(&nonce));
        let answer: TimeView = self.api.call(&Call::get("/api/v1/time").query(query))?;
        let opened = || {
            let ring = self.key_ring(&answer.keys).ok()?;
            ServerTime::open(&from_base64url(&answer.time)?, &nonce, &ring).ok().map(|time| time.at)
        };
        opened().ok_or_else(|| Error::new(Code::NotTheServer, "its signature is not the vendor's"))
    }
}

const fn direction(off: i64) -> &'static str {
    if off > 0 { "ahead" } else { "behind" }
}
