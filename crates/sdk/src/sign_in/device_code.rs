use keystead_protocol::Code;

use super::oauth_response::{error_code, text};
use super::purpose::SignInPurpose;
use crate::{Client, Error};

/// A pending sign-in that the user approves in a browser on any device.
#[derive(Clone)]
pub struct PendingSignIn {
    /// The code to type at `verification_uri`.
    pub user_code: String,
    /// The address of the page on which the user types the code.
    pub verification_uri: String,
    /// The address with the code filled in, for a QR code or a link.
    pub verification_uri_complete: String,
    /// Seconds to wait between two polls.
    pub interval: u64,
    device_code: String,
}

/// The result of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInPoll {
    /// Not approved yet.
    Pending,
    /// Signed in.
    Done,
}

impl Client {
    /// Starts a sign-in (RFC 8628). Show the code and the address, then call
    /// [`Client::poll_sign_in`].
    pub fn begin_sign_in(&self, device_name: &str, purpose: SignInPurpose) -> Result<PendingSignIn, Error> {
        let mut fields = vec![
            ("client_id", &*self.options.client_id),
            ("device_name", device_name),
            ("scope", purpose.scope()),
        ];
        fields.extend(purpose.max_age().map(|seconds| ("max_age", seconds)));
        let response = self.api.form("/id/device_authorization", &fields, None)?;
        let response =
            response.map_err(|response| Error::new(Code::MalformedRequest, error_code(&response)))?;
        Ok(PendingSignIn {
            user_code: text(&response, "user_code")?,
            verification_uri: text(&response, "verification_uri")?,
            verification_uri_complete: text(&response, "verification_uri_complete")?,
            interval: response["interval"].as_u64().unwrap_or(5),
            device_code: text(&response, "device_code")?,
        })
    }

    /// Checks whether the sign-in was approved.
    pub fn poll_sign_in(&self, pending: &PendingSignIn) -> Result<SignInPoll, Error> {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &*self.options.client_id),
            ("device_code", &pending.device_code),
        ];
        let key = self.sign_in_key()?;
        match self.api.form("/id/token", &fields, Some(&key))? {
            Ok(tokens) => self.store_new_sign_in(&tokens, key).map(|()| SignInPoll::Done),
            Err(response) => match error_code(&response) {
                "authorization_pending" | "slow_down" => Ok(SignInPoll::Pending),
                "access_denied" => Err(Code::SignInDenied.into()),
                "server_error" => Err(Code::ServerUnavailable.into()),
                _ => Err(Code::UserCodeUnknown.into()),
            },
        }
    }
}
