//! Signing in with an account: with the browser on this device, with a browser elsewhere, or by typing where the vendor
//! allows it. The tokens are kept, bound to the device key; an expired one is renewed when it is needed.

mod browser;
mod device_code;
mod typed;

use keystead_protocol::Code;
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::text::{from_base64url, to_base64url};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub use browser::BrowserSignIn;
pub use device_code::{PendingSignIn, SignInPoll};
pub use typed::{CodeWanted, TypedSignIn};

use crate::device_key::DeviceKey;
use crate::files::SignIn;
use crate::network::Access;
use crate::{Client, Error, entropy};

/// What somebody signs in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignInPurpose {
    /// To know who it is, and to use their licenses.
    #[default]
    Use,
    /// To change who owns a license as well, for a few minutes: the person signs in again even if they are signed in
    /// (RFC 9470).
    Ownership,
}

impl SignInPurpose {
    const fn scope(self) -> &'static str {
        match self {
            SignInPurpose::Use => "profile email licenses",
            SignInPurpose::Ownership => "profile email licenses ownership",
        }
    }

    /// Seconds since the person showed their credentials, at the most.
    const fn max_age(self) -> Option<&'static str> {
        match self {
            SignInPurpose::Use => None,
            SignInPurpose::Ownership => Some("600"),
        }
    }
}

/// A secret whose hash goes ahead of it (RFC 7636).
struct Verifier(String);

impl Verifier {
    fn draw() -> Self {
        Self(to_base64url(&entropy::bytes::<32>()))
    }

    fn challenge(&self) -> String {
        to_base64url(&Sha256::digest(self.0.as_bytes()))
    }
}

impl Client {
    /// Whether somebody is signed in on this device, as far as is known without a network.
    pub fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(self.files.sign_in()?.is_some())
    }

    /// Ends the sign-in here and, if it can be reached, on the server.
    pub fn sign_out(&self) -> Result<(), Error> {
        if let Some(sign_in) = self.files.sign_in()? {
            self.api.form("/id/revoke", &[("token", &sign_in.refresh_token)], None).ok();
        }
        self.files.forget_sign_in()
    }

    /// Exchanges an authorization code (RFC 6749, section 4.1.3).
    fn exchange_code(&self, code: &str, redirect_uri: &str, verifier: &Verifier) -> Result<(), Error> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &*self.options.client_id),
            ("code", code),
            ("code_verifier", &*verifier.0),
        ];
        if !redirect_uri.is_empty() {
            fields.push(("redirect_uri", redirect_uri));
        }
        let key = self.sign_in_key()?;
        match self.api.form("/id/token", &fields, Some(&key))? {
            Ok(tokens) => self.keep_tokens(&tokens, key).map(drop),
            Err(answer) => Err(Error::new(Code::TokenExpired, error_name(&answer))),
        }
    }

    /// The key that a new sign-in is bound to.
    fn sign_in_key(&self) -> Result<DeviceKey, Error> {
        let turn = self.files.lock()?;
        self.usable_key(&turn)
    }

    fn keep_tokens(&self, tokens: &Value, key: DeviceKey) -> Result<Access, Error> {
        if text(tokens, "token_type")? != "DPoP" {
            return Err(Error::new(Code::NotTheServer, "its tokens are not bound to this device's key"));
        }
        let sign_in = SignIn {
            key: to_base64url(key.public_key().as_bytes()),
            access_token: text(tokens, "access_token")?,
            refresh_token: text(tokens, "refresh_token")?,
        };
        self.files.keep_sign_in(&sign_in)?;
        Ok(Access { token: sign_in.access_token, key })
    }

    pub(crate) fn kept_sign_in(&self) -> Result<SignIn, Error> {
        self.files.sign_in()?.ok_or_else(|| Code::SignInRequired.into())
    }

    /// The key that a sign-in is bound to; without it the sign-in is over.
    fn bound_key(&self, kept: &SignIn) -> Result<DeviceKey, Error> {
        let public = from_base64url(&kept.key).and_then(|bytes| DevicePublicKey::from_bytes(&bytes));
        let key = public.map(|public| self.files.device_key_of(&public, &self.options.tpm)).transpose()?;
        let gone = || Error::new(Code::TokenExpired, "the device key that the sign-in is bound to is gone");
        key.flatten().ok_or_else(gone)
    }

    fn access(&self) -> Result<Access, Error> {
        let kept = self.kept_sign_in()?;
        Ok(Access { key: self.bound_key(&kept)?, token: kept.access_token })
    }

    fn renewed_access(&self) -> Result<Access, Error> {
        let kept = self.kept_sign_in()?;
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", &*self.options.client_id),
            ("refresh_token", kept.refresh_token.as_str()),
        ];
        let renewed = || {
            let key = self.bound_key(&kept)?;
            match self.api.form("/id/token", &fields, Some(&key))? {
                Ok(tokens) => self.keep_tokens(&tokens, key),
                Err(answer) if error_name(&answer) == "invalid_grant" => Err(Code::TokenExpired.into()),
                Err(answer) => Err(Error::new(Code::ServerUnavailable, error_name(&answer))),
            }
        };
        renewed().inspect_err(|error| {
            if error.code == Code::TokenExpired {
                self.files.forget_sign_in().ok();
            }
        })
    }

    /// Runs a call with the access token, once more with a new one if it has expired.
    pub(crate) fn with_sign_in<T>(
        &self,
        call: impl Fn(Option<&Access>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match self.access().and_then(|access| call(Some(&access))) {
            Err(error) if error.code == Code::TokenExpired => call(Some(&self.renewed_access()?)),
            answer => answer,
        }
    }

    /// Runs a call with the access token if somebody is signed in.
    pub(crate) fn with_optional_sign_in<T>(
        &self,
        call: impl Fn(Option<&Access>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_signed_in()? { self.with_sign_in(call) } else { call(None) }
    }
}

fn text(answer: &Value, name: &str) -> Result<String, Error> {
    answer[name].as_str().map(str::to_owned).ok_or_else(|| Error::new(Code::NotTheServer, name))
}

fn error_name(answer: &Value) -> &str {
    answer["error"].as_str().unwrap_or_default()
}
