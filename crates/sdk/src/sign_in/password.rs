//! Sign-in with a password and a second factor in the vendor's own application
//! (draft-ietf-oauth-first-party-apps-04). The server must allow it. The password is sent only to
//! the server and never stored.

use keystead_protocol::Code;
use serde_json::Value;

use super::oauth_response::{error_code, text};
use super::pkce::CodeVerifier;
use super::purpose::SignInPurpose;
use crate::{Call, Client, Error};

/// The outcome of a step of a password sign-in.
pub enum PasswordSignIn {
    /// Signed in.
    Done,
    /// The second factor is required.
    MfaRequired(MfaChallenge),
}

/// A password sign-in that waits for the second factor.
pub struct MfaChallenge {
    session: String,
    verifier: CodeVerifier,
}

impl Client {
    /// Whether the server accepts passwords from this application. Asks the server.
    pub fn allows_password_sign_in(&self) -> Result<bool, Error> {
        let metadata: Value = self.api.call(&Call::get("/.well-known/oauth-authorization-server/id"))?;
        Ok(metadata["authorization_challenge_endpoint"].is_string())
    }

    /// Signs in with email and password.
    pub fn sign_in_with_password(&self, email: &str, password: &str) -> Result<PasswordSignIn, Error> {
        self.submit_credentials(&[("username", email), ("password", password)], CodeVerifier::generate())
    }

    /// Continues with a code of the authenticator app or a recovery code. A wrong code returns a
    /// challenge for another attempt.
    pub fn answer_mfa_challenge(&self, challenge: MfaChallenge, code: &str) -> Result<PasswordSignIn, Error> {
        self.submit_credentials(&[("auth_session", &challenge.session), ("otp", code)], challenge.verifier)
    }

    fn submit_credentials(
        &self,
        credentials: &[(&str, &str)],
        verifier: CodeVerifier,
    ) -> Result<PasswordSignIn, Error> {
        let challenge = verifier.challenge();
        let mut fields = vec![
            ("client_id", &*self.options.client_id),
            ("scope", SignInPurpose::Use.scope()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        fields.extend_from_slice(credentials);
        let response = match self.api.form("/id/challenge", &fields, None)? {
            Ok(granted) => {
                self.exchange_code(&text(&granted, "authorization_code")?, "", &verifier)?;
                return Ok(PasswordSignIn::Done);
            }
            Err(response) => response,
        };
        match error_code(&response) {
            "insufficient_authorization" => match response["auth_session"].as_str() {
                Some(session) => {
                    Ok(PasswordSignIn::MfaRequired(MfaChallenge { session: session.to_owned(), verifier }))
                }
                None => Err(Code::CredentialsWrong.into()),
            },
            "invalid_session" => Err(Code::TokenExpired.into()),
            "redirect_to_web" => Err(Code::TooManyRequests.into()),
            other => Err(Error::new(Code::PermissionMissing, other)),
        }
    }
}
