//! Diagnostics for support. A report identifies no person and no hardware, and contains no secrets.

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

/// Largest clock difference that passes the check, seconds.
const CLOCK_TOLERANCE: i64 = 5 * 60;

/// A diagnostics report.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnostics {
    /// The library's version.
    pub library: &'static str,
    /// The application's version, if set.
    pub application: Option<String>,
    /// Operating system and version.
    pub platform: String,
    /// The product's short name.
    pub product: String,
    /// The server's address.
    pub server: String,
    /// The proxy, without user name and password.
    pub proxy: Option<String>,
    /// The device's clock, UTC milliseconds.
    pub device_time: i64,
    /// Physical or virtual.
    pub machine: MachineClass,
    /// The hardware components that could be read, without their values.
    pub readable: Vec<Component>,
    /// The hardware components that could not be read.
    pub unreadable: Vec<Component>,
    /// The activation's id, with which support finds the activation.
    pub activation: Option<ActivationId>,
    /// The activation status; `None` if it cannot be read.
    pub status: Option<Status>,
    /// The result of each check, in order.
    pub findings: Vec<Finding>,
}

/// The result of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check's name.
    pub check: &'static str,
    /// Whether the check passed.
    pub ok: bool,
    /// The code, if the check failed.
    pub code: Option<Code>,
    /// The result in one sentence.
    pub message: String,
    /// What to do next, if anything.
    pub next_action: Option<String>,
    /// The id of the refused request.
    pub request_id: Option<String>,
}

impl Finding {
    fn passed(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, ok: true, code: None, message: message.into(), next_action: None, request_id: None }
    }

    fn failed(check: &'static str, error: Error) -> Self {
        let message = error.to_string();
        Self {
            check,
            ok: false,
            code: Some(error.code),
            message,
            next_action: Some(error.next_action),
            request_id: error.request_id,
        }
    }
}

impl Client {
    /// Runs all checks. Asks the server for its time. Does not change the activation.
    pub fn diagnose(&self) -> Diagnostics {
        let fingerprint = self.fingerprint();
        let mut findings = vec![self.check_files(), self.check_key()];
        let status = self.status();
        findings.push(match &status {
            Ok(status) => Finding {
                ok: status.state.is_activated(),
                code: status.state.code(),
                next_action: status.next_action.map(str::to_owned),
                ..Finding::passed("activation", format!("{}.", status.sentence))
            },
            Err(error) => Finding::failed("activation", error.clone()),
        });
        findings.extend(self.check_server());
        // Folder names often contain the user's name.
        let folder = self.folder().display().to_string();
        let redact = |text: &mut String| *text = text.replace(&folder, "<folder>");
        findings.iter_mut().for_each(|finding| redact(&mut finding.message));
        let mut status = status.ok();
        status.iter_mut().filter_map(|status| status.detail.as_mut()).for_each(redact);
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

    fn check_files(&self) -> Finding {
        match self.data_dir.lock().and_then(|_lock| self.data_dir.activation()) {
            Ok(_) => Finding::passed("files", "The data folder can be read and written."),
            Err(error) => Finding::failed("files", error),
        }
    }

    fn check_key(&self) -> Finding {
        // Check the key of the activation. Without an activation, check the current key.
        let bound =
            self.data_dir.activation().ok().flatten().map(|record| self.key_of_activation(&record).map(Some));
        match bound.unwrap_or_else(|| self.data_dir.device_key(&self.options.tpm)) {
            Ok(None) => Finding::passed("device key", "This device has no key yet."),
            Ok(Some(key)) if key.is_lost() => {
                let message =
                    "the TPM that holds the device key was removed, cleared, or is closed to this user";
                Finding::failed("device key", Error::new(Code::DeviceKeyMissing, message))
            }
            Ok(Some(DeviceKey::Tpm(_))) => {
                Finding::passed("device key", "The device key is stored in the TPM.")
            }
            Ok(Some(DeviceKey::File(_))) => {
                Finding::passed("device key", "The device key is stored in a file.")
            }
            Err(error) => Finding::failed("device key", error),
        }
    }

    fn check_server(&self) -> Vec<Finding> {
        let server_time = match self.ask_time() {
            Ok(time) => time,
            Err(error) => return vec![Finding::failed("server", error)],
        };
        self.raise_time_floor(Some(server_time));
        let answered = Finding::passed("server", "The license server responds, and its signature is valid.");
        let offset = Reading::take().wall - server_time;
        let clock = if offset.abs() <= CLOCK_TOLERANCE {
            Finding::passed("clock", "This device's clock agrees with the server's.")
        } else {
            let message =
                format!("this device's clock is {} minutes {}", offset.abs() / 60, direction(offset));
            Finding::failed("clock", Error::new(Code::ClockWrong, message))
        };
        vec![answered, clock]
    }

    /// Fetches the server's time and verifies its signature. Unix seconds.
    fn ask_time(&self) -> Result<i64, Error> {
        let nonce = entropy::bytes::<16>();
        let query = format!("?nonce={}", to_base64url(&nonce));
        let response: TimeView = self.api.call(&Call::get("/api/v1/time").query(query))?;
        let verified = || {
            let ring = self.key_ring(&response.keys).ok()?;
            ServerTime::open(&from_base64url(&response.time)?, &nonce, &ring).ok().map(|time| time.at)
        };
        verified().ok_or_else(|| Error::new(Code::NotTheServer, "its signature is not the vendor's"))
    }
}

const fn direction(offset: i64) -> &'static str {
    if offset > 0 { "ahead" } else { "behind" }
}
