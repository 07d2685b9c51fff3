//! Password and code typed in the vendor's own application (draft-ietf-oauth-first-party-apps-04), where the vendor's server
//! allows it. The password goes nowhere but to the server and is kept nowhere.

use keystead_protocol::Code;
use serde_json::Value;

use super::{SignInPurpose, Verifier, error_name, text};
use crate::{Call, Client, Error};

/// How far typing has led.
pub enum TypedSignIn {
    /// Signed in.
    Done,
    /// The second factor's code is wanted.
    CodeWanted(CodeWanted),
}

/// A sign-in that waits for the second factor's code.
pub struct CodeWanted {
    session: String,
    verifier: Verifier,
}

impl Client {
    /// Whether the server may let this application take passwords itself; asks the server.
    pub fn may_type_password(&self) -> Result<bool, Error> {
        let metadata: Value = self.api.call(&Call::get("/.well-known/oauth-authorization-server/id"))?;
        Ok(metadata["authorization_challenge_endpoint"].is_string())
    }

    /// Signs in by what was typed.
    pub fn sign_in_by_typing(&self, email: &str, password: &str) -> Result<TypedSignIn, Error> {
        self.challenge(&[("username", email), ("password", password)], Verifier::draw())
    }

    /// Goes on with the code of the authenticator app, or a recovery code. A wrong one can be typed anew.
    pub fn finish_typing(&self, wanted: CodeWanted, code: &str) -> Result<TypedSignIn, Error> {
        self.challenge(&[("auth_session", &wanted.session), ("otp", code)], wanted.verifier)
    }

    fn challenge(&self, typed: &[(&str, &str)], verifier: Verifier) -> Result<TypedSignIn, Error> {
        let challenge = verifier.challenge();
        let mut fields = vec![
            ("client_id", &*self.options.client_id),
            ("scope", SignInPurpose::Use.scope()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        fields.extend_from_slice(typed);
        let answer = match self.api.form("/id/challenge", &fields, None)? {
            Ok(granted) => {
                self.exchange_code(&text(&granted, "authorization_code")?, "", &verifier)?;
                return Ok(TypedSignIn::Done);
            }
            Err(answer) => answer,
        };
        match error_name(&answer) {
            "insufficient_authorization" => match answer["auth_session"].as_str() {
                Some(session) => {
                    Ok(TypedSignIn::CodeWanted(CodeWanted { session: session.to_owned(), verifier }))
                }
                None => Err(Code::CredentialsWrong.into()),
            },
            "invalid_session" => Err(Code::TokenExpired.into()),
            "redirect_to_web" => Err(Code::TooManyRequests.into()),
            other => Err(Error::new(Code::PermissionMissing, other)),
        }
    }
}
