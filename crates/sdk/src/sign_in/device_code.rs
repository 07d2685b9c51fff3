use keystead_protocol::Code;

use super::{SignInPurpose, error_name, text};
use crate::{Client, Error};

/// A sign-in that waits for approval in a browser, on this device or another.
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
    pub fn begin_sign_in(&self, device_name: &str, purpose: SignInPurpose) -> Result<PendingSignIn, Error> {
        let mut fields = vec![
            ("client_id", &*self.options.client_id),
            ("device_name", device_name),
            ("scope", purpose.scope()),
        ];
        fields.extend(purpose.max_age().map(|seconds| ("max_age", seconds)));
        let answer = self.api.form("/id/device_authorization", &fields, None)?;
        let answer = answer.map_err(|answer| Error::new(Code::MalformedRequest, error_name(&answer)))?;
        Ok(PendingSignIn {
            user_code: text(&answer, "user_code")?,
            verification_uri: text(&answer, "verification_uri")?,
            verification_uri_complete: text(&answer, "verification_uri_complete")?,
            interval: answer["interval"].as_u64().unwrap_or(5),
            device_code: text(&answer, "device_code")?,
        })
    }

    /// Asks whether the sign-in was approved.
    pub fn poll_sign_in(&self, pending: &PendingSignIn) -> Result<SignInPoll, Error> {
        let fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", &*self.options.client_id),
            ("device_code", &pending.device_code),
        ];
        let key = self.sign_in_key()?;
        match self.api.form("/id/token", &fields, Some(&key))? {
            Ok(tokens) => self.keep_tokens(&tokens, key).map(|_| SignInPoll::Done),
            Err(answer) => match error_name(&answer) {
                "authorization_pending" | "slow_down" => Ok(SignInPoll::Pending),
                "access_denied" => Err(Code::SignInDenied.into()),
                "server_error" => Err(Code::ServerUnavailable.into()),
                _ => Err(Code::UserCodeUnknown.into()),
            },
        }
    }
}
