use keystead_protocol::api::{ActivateRequest, Activated, Deactivated};
use keystead_protocol::text::to_base64url;
use keystead_protocol::typed_code::{CodeError, Repair};
use keystead_protocol::{Code, ProductKey};
use sha2::{Digest as _, Sha256};

use crate::files::Activation;
use crate::{Call, Client, Error, Refreshed};

impl Client {
    /// Activates this device with a product key. A typing mistake, and a key of another product, are found here,
    /// before anything is sent. If the device is activated with this key already, this is a refresh.
    pub fn activate(&self, typed: &str, device_name: &str) -> Result<(), Error> {
        let key: ProductKey = typed.parse().map_err(|error| mistyped(&error))?;
        if key.product_code() != self.profile.product_code {
            return Err(Code::ProductKeyOtherProduct.into());
        }
        let key = key.to_string();
        let digest = to_base64url(&Sha256::digest(&key));
        if self.was_activated_with(&digest)? && matches!(self.refresh(), Ok(Refreshed::Renewed)) {
            return Ok(());
        }
        self.request_activation(Some(key), device_name)?;
        let activation = Activation { product_key_digest: Some(digest), ..self.kept()? };
        self.files.keep_activation(&activation)
    }

    fn was_activated_with(&self, digest: &String) -> Result<bool, Error> {
        let turn = self.files.lock()?;
        self.usable_key(&turn)?;
        Ok(self.files.activation()?.and_then(|kept| kept.product_key_digest).as_ref() == Some(digest))
    }

    /// Activates this device with a license of the signed-in account, without a key.
    pub fn activate_by_sign_in(&self, device_name: &str) -> Result<(), Error> {
        self.kept_sign_in()?;
        self.request_activation(None, device_name)
    }

    fn request_activation(&self, product_key: Option<String>, device_name: &str) -> Result<(), Error> {
        let turn = self.files.lock()?;
        let key = self.usable_key(&turn)?;
        let request = ActivateRequest {
            product: self.profile.product.clone(),
            product_key,
            license: None,
            device: self.describe(&key, device_name),
            app_version: self.options.app_version.clone(),
        };
        let answer: Activated = self.with_optional_sign_in(|access| {
            self.api.call(&Call::post("/api/v1/activations").json(&request).signed_in(access).signed(&key))
        })?;
        self.keep(answer)
    }

    /// Gives this device's seat back.
    pub fn deactivate(&self) -> Result<(), Error> {
        let _turn = self.files.lock()?;
        let kept = self.kept()?;
        let path = format!("/api/v1/activations/{}/release", kept.activation);
        let key = self.key_for(&kept)?;
        let answer: Result<Deactivated, Error> = self.api.call(&Call::post(path).signed(&key));
        match answer {
            Ok(_) => self.files.forget_activation(),
            Err(Error { code: Code::ActivationReleased | Code::ActivationSuperseded, .. }) => {
                self.files.forget_activation()
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
