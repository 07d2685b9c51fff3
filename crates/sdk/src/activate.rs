use keystead_protocol::api::{ActivateRequest, Activated, Deactivated};
use keystead_protocol::text::to_base64url;
use keystead_protocol::typed_code::{CodeError, Repair};
use keystead_protocol::{Code, ProductKey};
use sha2::{Digest as _, Sha256};

use crate::data_dir::ActivationRecord;
use crate::{Call, Client, Error, RefreshOutcome};

impl Client {
    /// Activates this device with a product key. Mistyped keys and keys of another product are found before anything is sent. If the
    /// device is already activated with this key, this is a refresh.
    pub fn activate(&self, typed: &str, device_name: &str) -> Result<(), Error> {
        let key: ProductKey = typed.parse().map_err(|error| mistyped(&error))?;
        if key.product_code() != self.profile.product_code {
            return Err(Code::ProductKeyOtherProduct.into());
        }
        let key = key.to_string();
        let digest = to_base64url(&Sha256::digest(&key));
        if self.was_activated_with(&digest)? && matches!(self.refresh(), Ok(RefreshOutcome::Renewed)) {
            return Ok(());
        }
        self.request_activation(Some(key), device_name)?;
        let record = ActivationRecord { product_key_digest: Some(digest), ..self.require_activation()? };
        self.data_dir.store_activation(&record)
    }

    fn was_activated_with(&self, digest: &String) -> Result<bool, Error> {
        let lock = self.data_dir.lock()?;
        self.usable_key(&lock)?;
        Ok(self.data_dir.activation()?.and_then(|record| record.product_key_digest).as_ref() == Some(digest))
    }

    /// Activates this device with a license of the signed-in account, without a product key.
    pub fn activate_by_sign_in(&self, device_name: &str) -> Result<(), Error> {
        self.require_sign_in()?;
        self.request_activation(None, device_name)
    }

    fn request_activation(&self, product_key: Option<String>, device_name: &str) -> Result<(), Error> {
        let lock = self.data_dir.lock()?;
        let key = self.usable_key(&lock)?;
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
        self.store_response(response)
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
