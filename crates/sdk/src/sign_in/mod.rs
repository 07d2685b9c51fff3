//! Sign-in with an account: in the browser of this device, in a browser on another device, or with
//! a password if the vendor allows it. The tokens are bound to the device key, stored, and renewed
//! when they expire.

mod browser;
mod device_code;
mod oauth_response;
mod password;
mod pkce;
mod purpose;

use keystead_protocol::Code;
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::text::{from_base64url, to_base64url};
use serde_json::Value;

pub use browser::BrowserSignIn;
pub use device_code::{PendingSignIn, SignInPoll};
pub use password::{MfaChallenge, PasswordSignIn};
pub use purpose::SignInPurpose;

use oauth_response::{error_code, text};
use pkce::CodeVerifier;

use crate::data_dir::SignInTokens;
use crate::device_key::DeviceKey;
use crate::network::Access;
use crate::{Client, Error, entropy};

impl Client {
    /// Whether this device has a stored sign-in. Never uses the network.
    pub fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(self.data_dir.sign_in()?.is_some())
    }

    /// Signs out on this device, and on the server if it can be reached.
    pub fn sign_out(&self) -> Result<(), Error> {
        if let Some(tokens) = self.data_dir.sign_in()? {
            self.api.form("/id/revoke", &[("token", &tokens.refresh_token)], None).ok();
        }
        self.data_dir.delete_sign_in()
    }

    /// Exchanges an authorization code (RFC 6749, section 4.1.3).
    fn exchange_code(&self, code: &str, redirect_uri: &str, verifier: &CodeVerifier) -> Result<(), Error> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &*self.options.client_id),
            ("code", code),
            ("code_verifier", verifier.as_str()),
        ];
        if !redirect_uri.is_empty() {
            fields.push(("redirect_uri", redirect_uri));
        }
        let key = self.sign_in_key()?;
        match self.api.form("/id/token", &fields, Some(&key))? {
            Ok(response) => self.store_new_sign_in(&response, key),
            Err(response) => Err(Error::new(Code::TokenExpired, error_code(&response))),
        }
    }

    /// The device key for a new sign-in.
    fn sign_in_key(&self) -> Result<DeviceKey, Error> {
        let lock = self.data_dir.lock()?;
        self.usable_key(&lock)
    }

    /// Stores the tokens of a new sign-in.
    fn store_new_sign_in(&self, response: &Value, key: DeviceKey) -> Result<(), Error> {
        self.store_tokens(response, key, to_base64url(&entropy::bytes::<16>())).map(drop)
    }

    fn store_tokens(&self, response: &Value, key: DeviceKey, id: String) -> Result<Access, Error> {
        if text(response, "token_type")? != "DPoP" {
            return Err(Error::new(Code::NotTheServer, "its tokens are not bound to this device's key"));
        }
        let sign_in = SignInTokens {
            id,
            key: to_base64url(key.public_key().as_bytes()),
            access_token: text(response, "access_token")?,
            refresh_token: text(response, "refresh_token")?,
        };
        self.data_dir.store_sign_in(&sign_in)?;
        Ok(Access { token: sign_in.access_token, key })
    }

    pub(crate) fn require_sign_in(&self) -> Result<SignInTokens, Error> {
        self.data_dir.sign_in()?.ok_or_else(|| Code::SignInRequired.into())
    }

    /// The device key that the tokens are bound to. Without this key, the sign-in has expired.
    fn bound_key(&self, tokens: &SignInTokens) -> Result<DeviceKey, Error> {
        let public = from_base64url(&tokens.key).and_then(|bytes| DevicePublicKey::from_bytes(&bytes));
        let key = public
            .map(|public| self.data_dir.device_key_by_public(&public, &self.options.tpm))
            .transpose()?;
        let gone = || Error::new(Code::TokenExpired, "the device key that the sign-in is bound to is gone");
        key.flatten().ok_or_else(gone)
    }

    fn access(&self) -> Result<Access, Error> {
        let tokens = self.require_sign_in()?;
        Ok(Access { key: self.bound_key(&tokens)?, token: tokens.access_token })
    }

    fn renewed_access(&self) -> Result<Access, Error> {
        let tokens = self.require_sign_in()?;
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &*self.options.client_id),
            ("refresh_token", tokens.refresh_token.as_str()),
        ];
        let renewed = || {
            let key = self.bound_key(&tokens)?;
            match self.api.form("/id/token", &fields, Some(&key))? {
                Ok(response) => self.store_tokens(&response, key, tokens.id.clone()),
                Err(response) if error_code(&response) == "invalid_grant" => Err(Code::TokenExpired.into()),
                Err(response) => Err(Error::new(Code::ServerUnavailable, error_code(&response))),
            }
        };
        renewed().inspect_err(|error| {
            if error.code == Code::TokenExpired {
                self.data_dir.delete_sign_in().ok();
            }
        })
    }

    /// Makes a call with the access token. If the token has expired, renews it and repeats the
    /// call.
    pub(crate) fn with_sign_in<T>(
        &self,
        call: impl Fn(Option<&Access>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.access().and_then(|access| call(Some(&access))) {
            Err(error) if error.code == Code::TokenExpired => call(Some(&self.renewed_access()?)),
            outcome => outcome,
        }
    }

    /// Makes a call, with the access token if a user is signed in.
    pub(crate) fn with_optional_sign_in<T>(
        &self,
        call: impl Fn(Option<&Access>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_signed_in()? { self.with_sign_in(call) } else { call(None) }
    }
}
