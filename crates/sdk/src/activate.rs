use keystead_protocol::api::{ActivateRequest, Activated, Deactivated};
use keystead_protocol::code::Kind;
use keystead_protocol::text::to_base64url;
use keystead_protocol::typed_code::{CodeError, Repair};
use keystead_protocol::{Code, ProductKey};
use sha2::{Digest as _, Sha256};

use crate::{Call, Client, Error, RefreshOutcome};

impl Client {
    /// Activates this device with a product key. Refuses mistyped keys and keys of other products
    /// without a request to the server. If the stored activation came from the same key, tries a
    /// refresh first.
    pub fn activate(&self, typed: &str, device_name: &str) -> Result<(), Error> {
        let key: ProductKey = typed.parse().map_err(|error| mistyped(&error))?;
        if key.product_code() != self.profile.product_code {
            return Err(Code::ProductKeyOtherProduct.into());
        }
        let key = key.to_string();
        let source = to_base64url(&Sha256::digest(&key));
        self.activate_from(source, Some(key), device_name)
    }

    /// Activates this device with a license of the signed-in account, without a product key. If the
    /// stored activation came from the same sign-in, tries a refresh first.
    pub fn activate_by_sign_in(&self, device_name: &str) -> Result<(), Error> {
        let sign_in = self.require_sign_in()?;
        self.activate_from(format!("sign-in:{}", sign_in.id), None, device_name)
    }

    fn activate_from(
        &self,
        source: String,
        product_key: Option<String>,
        device_name: &str,
    ) -> Result<(), Error> {
        let lock = self.data_dir.lock()?;
        let key = self.usable_key(&lock)?;
        // Ignore a damaged record: the new activation replaces it.
        let stored = self.data_dir.activation().ok().flatten();
        if stored.is_some_and(|record| record.source.as_ref() == Some(&source)) {
            match self.refresh_locked(&lock) {
                Ok(RefreshOutcome::Renewed) => return Ok(()),
                Err(error) if is_temporary(error.code) => return Err(error),
                _ => {}
            }
        }
        let request = ActivateRequest {
            product: self.profile.product.clone(),
            product_key,
            license: None,
            device: self.describe(&key, device_name),
            app_version: self.options.app_version.clone(),
        };
        let response: Activated = self.with_optional_sign_in(|access| {
            self.api.call(&Call::post("/api/v1/activations").json(&request).signed_in(access).signed(&key))
        })?;
        self.store_activated(response, source)
    }

    /// Deactivates this device and frees its seat.
    pub fn deactivate(&self) -> Result<(), Error> {
        let _lock = self.data_dir.lock()?;
        let record = self.require_activation()?;
        let path = format!("/api/v1/activations/{}/release", record.activation);
        let key = self.key_of_activation(&record)?;
        let answer: Result<Deactivated, Error> = self.api.call(&Call::post(path).signed(&key));
        match answer {
            Ok(_) => self.data_dir.delete_activation(),
            Err(Error { code: Code::ActivationReleased | Code::ActivationSuperseded, .. }) => {
                self.data_dir.delete_activation()
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether a failed refresh may succeed later. If so, `activate_from` sends no activation request:
/// a second lost response would put the device two ratchet values behind the server.
fn is_temporary(code: Code) -> bool {
    let repairable = matches!(code, Code::DeviceKeyMissing | Code::CertificateInvalid);
    matches!(code.kind(), Kind::Server | Kind::Client) && !repairable
}

fn mistyped(error: &CodeError) -> Error {
    let suggestion = match error {
        CodeError::Mistyped { repair: Repair::Suggested(suggestion), .. }
        | CodeError::Length { repair: Repair::Suggested(suggestion), .. } => Some(&suggestion.code),
        _ => None,
    };
    let plain = Error::new(Code::ProductKeyMistyped, error);
    match suggestion {
        Some(code) => {
            Error { next_action: format!("Did you mean {code}? Compare it with the original."), ..plain }
        }
        None => plain,
    }
}
