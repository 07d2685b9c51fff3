use keystead_protocol::Code;

use crate::files::SignIn;
use crate::{Client, Error};

const CLIENT: &str = "keystead-cli";

/// A sign-in that waits for approval in a browser.
#[derive(Clone)]
pub struct PendingSignIn {
    /// What the user types there.
    pub user_code: String,
    /// Where to type it.
    pub verification_uri: String,
    /// The same with the code filled in, for a QR code or a click.
    pub verification_uri_complete: String,
    /// Seconds to wait between two polls.
    pub interval: u64,
    device_code: String,
}

/// What a poll gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInPoll {
    /// Nobody decided yet.
    Pending,
    /// Signed in.
    Done,
}

impl Client {
    /// Begins a sign-in (RFC 8628); show the code and the address, then poll.
    pub fn begin_sign_in(&self, device_name: &str) -> Result<PendingSignIn, Error> {
        let fields = [("client_id", CLIENT), ("device_name", device_name)];
        let answer = self.api.form("/id/device_authorization", &fields)?;
        let answer = answer.map_err(|error| Error::with_detail(Code::MalformedRequest, error))?;
        let text = |name: &str| {
            answer[name]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| Error::with_detail(Code::NotTheServer, name))
        };
        Ok(PendingSignIn {
            user_code: text("user_code")?,
            verification_uri: text("verification_uri")?,
            verification_uri_complete: text("verification_uri_complete")?,
            interval: answer["interval"].as_u64().unwrap_or(5),
            device_code: text("device_code")?,
        })
    }

    /// Asks whether the sign-in was approved.
    pub fn poll_sign_in(&self, pending: &PendingSignIn) -> Result<SignInPoll, Error> {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        let fields = [("grant_type", grant), ("client_id", CLIENT), ("device_code", &pending.device_code)];
        match self.api.form("/id/token", &fields)? {
            Ok(tokens) => {
                self.keep_tokens(&tokens)?;
                Ok(SignInPoll::Done)
            }
            Err(error) => match error.as_str() {
                "authorization_pending" | "slow_down" => Ok(SignInPoll::Pending),
                "access_denied" => Err(Code::SignInDenied.into()),
                "server_error" => Err(Code::ServerUnavailable.into()),
                _ => Err(Code::UserCodeUnknown.into()),
            },
        }
    }

    /// Whether somebody is signed in on this device, as far as is known without a network.
    pub fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(self.files.sign_in()?.is_some())
    }

    /// Ends the sign-in here and on the server.
    pub fn sign_out(&self) -> Result<(), Error> {
        if let Some(sign_in) = self.files.sign_in()? {
            self.api.form("/id/revoke", &[("token", &sign_in.refresh_token)])?.ok();
        }
        self.files.forget_sign_in()
    }

    fn keep_tokens(&self, tokens: &serde_json::Value) -> Result<SignIn, Error> {
        let text = |name: &str| {
            tokens[name]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| Error::with_detail(Code::NotTheServer, name))
        };
        let sign_in = SignIn { access_token: text("access_token")?, refresh_token: text("refresh_token")? };
        self.files.keep_sign_in(&sign_in)?;
        Ok(sign_in)
    }

    pub(crate) fn access_token(&self) -> Result<String, Error> {
        self.files.sign_in()?.map(|sign_in| sign_in.access_token).ok_or_else(|| Code::SignInRequired.into())
    }

    fn renewed_access_token(&self) -> Result<String, Error> {
        let kept = self.files.sign_in()?.ok_or(Error::from(Code::SignInRequired))?;
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT),
            ("refresh_token", kept.refresh_token.as_str()),
        ];
        match self.api.form("/id/token", &fields)? {
            Ok(tokens) => Ok(self.keep_tokens(&tokens)?.access_token),
            Err(error) if error == "invalid_grant" => {
                self.files.forget_sign_in()?;
                Err(Code::TokenExpired.into())
            }
            Err(error) => Err(Error::with_detail(Code::ServerUnavailable, error)),
        }
    }

    /// Runs a call with the access token, once more with a new one if it has expired.
    pub(crate) fn with_sign_in<T>(
        &self,
        call: impl Fn(Option<String>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match call(Some(self.access_token()?)) {
            Err(error) if error.code == Code::TokenExpired => call(Some(self.renewed_access_token()?)),
            answer => answer,
        }
    }

    /// Runs a call with the access token if somebody is signed in.
    pub(crate) fn with_optional_sign_in<T>(
        &self,
        call: impl Fn(Option<String>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_signed_in()? { self.with_sign_in(call) } else { call(None) }
    }
}
