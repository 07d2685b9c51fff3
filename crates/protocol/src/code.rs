//! Every code that a refusal, an error or a state carries: a number that never changes its meaning, a name, a sentence
//! for people and what to do next. Codes are only ever added; a retired number stays reserved.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of outcome a code tells of; decides the exit code of command lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is wrong.
    Input,
    /// The license or its key does not allow it.
    License,
    /// The device or its activation does not allow it.
    Device,
    /// Nobody, or the wrong person, is signed in.
    SignIn,
    /// The server failed.
    Server,
    /// The way to the server, or this machine, is at fault.
    Client,
}

macro_rules! codes {
    ($($number:literal $variant:ident $name:literal: $cause:literal => $next:literal;)*) => {
        /// A stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $cause] $variant = $number,)*
        }

        impl Code {
            /// All codes, by number.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// One sentence for people: what is the matter.
            pub const fn cause(self) -> &'static str {
                match self { $(Code::$variant => $cause,)* }
            }

            /// One sentence for people: what to do next.
            pub const fn next_action(self) -> &'static str {
                match self { $(Code::$variant => $next,)* }
            }
        }
    };
}

codes! {
    1001 MalformedRequest "malformed_request": "The request could not be understood." => "Correct the request as the detail says and send it again.";
    1002 BodyTooLarge "body_too_large": "The request is larger than this server accepts." => "Send less at once.";
    1003 NotFound "not_found": "There is nothing here that you may see." => "Check the address or the id, and who is signed in.";
    1004 MethodNotAllowed "method_not_allowed": "This address does not take that method." => "See the API description for what it takes.";
    1005 MediaTypeUnsupported "media_type_unsupported": "The request's content type is not accepted here." => "Send application/json.";
    1006 IdempotencyKeyMissing "idempotency_key_missing": "A change needs an Idempotency-Key header with a UUID." => "Send the header, and send the same one when you repeat the request.";
    1007 IdempotencyKeyReused "idempotency_key_reused": "This Idempotency-Key was used for another request." => "Use a new key for a new request.";
    1008 ValueNotAllowed "value_not_allowed": "A value is outside of what is allowed." => "Correct the value as the detail says and send it again.";
    1009 AlreadyExists "already_exists": "Something with this name exists already." => "Choose another name, or use what exists.";
    1010 TooManyRequests "too_many_requests": "There were too many requests in a short time." => "Wait as long as Retry-After says, then try again.";

    1011 InstallationIdMistyped "installation_id_mistyped": "There is a typing mistake in the Installation ID." => "Compare it with what the device shows, group by group.";
    1012 ConfirmationMistyped "confirmation_mistyped": "There is a typing mistake in the confirmation." => "Compare it with what you were given, line by line.";
    1013 RequestTooSlow "request_too_slow": "The request did not arrive completely in the time that this server waits." => "Check the connection, and send the request again.";

    2001 ProductKeyMistyped "product_key_mistyped": "There is a typing mistake in the product key." => "Compare the key with the original, group by group.";
    2002 ProductKeyNotAccepted "product_key_not_accepted": "This product key cannot be used here." => "Check that it is the key you received. If it was used before, sign in with the account it is linked to, or ask the vendor.";
    2003 ProductKeyOtherProduct "product_key_other_product": "This product key is for another product." => "Use it in the product it was bought for.";
    2004 NoFreeSeat "no_free_seat": "All seats of this license are in use." => "Deactivate a device that is no longer needed, or add seats.";
    2005 LicenseSuspended "license_suspended": "The vendor has suspended this license." => "Ask the vendor why; your data is untouched.";
    2006 LicenseExpired "license_expired": "This license has expired." => "Renew it, then refresh the activation.";
    2007 LicenseRevoked "license_revoked": "The vendor has revoked this license." => "Ask the vendor, or activate with another license.";
    2008 OwnerOnly "owner_only": "This license is linked to an account, and only its owner may do this." => "Sign in with the account that the license is linked to.";
    2009 AlreadyLinked "already_linked": "This license is linked to an account already." => "Sign in with that account, or unlink it there first.";
    2010 NotLinked "not_linked": "This license is not linked to an account." => "Link it to your account first.";
    2011 ConsentMissing "consent_missing": "Linking stores data about this device, and that was not agreed to." => "Read what is stored, agree, and link again.";
    2012 AccountRequired "account_required": "This product can only be activated by somebody who is signed in." => "Sign in, then activate again.";
    2013 NoLicense "no_license": "This account has no license for the product." => "Activate with a product key, or sign in with another account.";

    3001 HardwareChanged "hardware_changed": "This device's hardware changed significantly." => "Sign in and choose \"this is the device I am using now\".";
    3002 DifferentDevice "different_device": "This is not the device that was activated." => "Activate this device on a seat of its own, or move the seat here after signing in.";
    3003 ActivationReleased "activation_released": "This device was deactivated." => "Activate it again; a free seat is needed.";
    3004 ActivationRevoked "activation_revoked": "This activation was revoked." => "Ask the vendor, or activate again with a license of yours.";
    3005 ForkDetected "fork_detected": "Two copies of this activation are in use." => "Sign in and reactivate on the device that should keep the seat.";
    3006 RebindBudgetExhausted "rebind_budget_exhausted": "This license was moved too often lately." => "Wait until the day shown, or ask the vendor's support.";
    3007 ProofMissing "proof_missing": "The request was not signed by the device." => "Send the Keystead-Proof header.";
    3008 ProofRefused "proof_refused": "The device's signature does not fit the request." => "Sign this request with the device's own key.";
    3009 NonceStale "nonce_stale": "The request was signed over a nonce that is too old or was used before." => "Sign again over the Keystead-Nonce of this answer.";
    3010 NotActivated "not_activated": "The product is not activated on this device." => "Activate with a product key, or sign in and reactivate.";
    3011 RebindNotNeeded "rebind_not_needed": "The activation already belongs to this device." => "Refresh it.";
    3012 ConfirmationMissing "confirmation_missing": "It was not confirmed that this is the device in use." => "Confirm with \"this_is_that_device\".";
    3013 ConfirmationRefused "confirmation_refused": "This confirmation is not for this device." => "Ask for one for the Installation ID that is shown here.";
    3014 InstallationUsed "installation_used": "This Installation ID was confirmed for another license." => "Show a new one on the device, or use the license that it was confirmed for.";
    3015 ReleaseCodeRefused "release_code_refused": "This code does not prove that the device gave its seat back." => "Compare the code and the Installation ID with what the device shows.";
    3016 InstallationUnknown "installation_unknown": "No Installation ID was shown on this device." => "Begin the activation without the internet again.";
    3017 AlreadyActivated "already_activated": "The product is activated on this device already." => "Deactivate it first if you want to begin anew.";
    3018 RequestFileRefused "request_file_refused": "This is not a file that a device of this vendor has signed." => "Save a new file on the device, and use that one.";
    3019 RequestFileUsed "request_file_used": "This file was answered before, and the seat was given back since." => "Save a new file on the device.";
    3020 LicenseFileRefused "license_file_refused": "This file does not answer what this device asked." => "Save a new request file on this device, and have that one answered.";
    3021 ReleaseFileVoid "release_file_void": "The device was activated again after it saved this file." => "Deactivate it once more, or remove it on the page of your devices.";
    3022 ProlongationUnknown "prolongation_unknown": "No device of this license asks by this Installation ID." => "Choose the license that the device uses, or let the device ask for a new activation.";
    3023 ReinstallBudgetExhausted "reinstall_budget_exhausted": "This license was activated too often lately on machines that have it already." => "Sign in as the license's owner and confirm that this is the device, or wait until the day shown.";
    3024 ActivationSuperseded "activation_superseded": "Newer installations on this machine took the place of this one." => "Activate again; that counts as a reinstallation.";

    4001 SignInRequired "sign_in_required": "You are not signed in." => "Sign in, then try again.";
    4002 CredentialsWrong "credentials_wrong": "The e-mail address and the password do not belong together." => "Check both, and whether capitals are locked.";
    4003 PermissionMissing "permission_missing": "You are signed in, but may not do this." => "Ask an administrator for the permission that the detail names.";
    4004 TokenExpired "token_expired": "The sign-in has expired or was ended." => "Sign in again.";
    4005 EmailNotAvailable "email_not_available": "No account can be made with this e-mail address." => "Sign in if you have an account, or use another address.";
    4006 PasswordTooWeak "password_too_weak": "This password is too easy to guess." => "Use at least 15 characters that nobody else uses; a sentence is fine.";
    4007 UserCodeUnknown "user_code_unknown": "This code is unknown, used or expired." => "Compare it with the one your device shows, or start again there.";
    4008 SignInDenied "sign_in_denied": "The sign-in was denied in the browser." => "Start again if that was a mistake.";
    4009 LinkUnknown "link_unknown": "This link is unknown, used or too old." => "Ask for a new letter, and open its link soon.";
    4010 PasswordWrong "password_wrong": "This is not your password." => "Type the password that you sign in with.";
    4011 CodeWrong "code_wrong": "This code does not fit, or was used before." => "Wait for the next code of your authenticator app, or use a recovery code.";
    4012 PasskeyRefused "passkey_refused": "This passkey could not be used." => "Try once more, or sign in with your password.";
    4013 UpstreamRefused "upstream_refused": "The sign-in with the other provider did not work." => "Try once more, or sign in with your password.";
    4014 UpstreamUnknown "upstream_unknown": "No account here is linked to this sign-in." => "Sign in with your password, and link it under \"Sign-in and security\".";
    4015 WorkMissing "work_missing": "Very many accounts are being asked for, so your browser has to compute for a moment first." => "Send the form once more; it needs a browser that runs scripts. Or come back later.";
    4016 ReauthenticationRequired "reauthentication_required": "This changes who owns a license, so it needs a sign-in of the last few minutes." => "Sign in again, then try once more.";
    4020 TooManyAttempts "too_many_attempts": "There were too many wrong attempts." => "Wait a while and try again, or set a new password with \"Forgot your password?\".";
    4021 SecondFactorRequired "second_factor_required": "This account works for the vendor and needs a second factor." => "Set up an authenticator app or a passkey under \"Sign-in and security\", and sign in with it.";

    5001 Internal "internal": "The server made a mistake." => "Try again later; tell the operator the request's id if it happens again.";
    5002 Overloaded "overloaded": "The server has too much to do at the moment." => "Try again in a few seconds.";
    5003 Maintenance "maintenance": "The server is being maintained at the moment." => "Try again in a while; what is activated goes on working.";
    5004 SigningPaused "signing_paused": "The server cannot sign licenses at the moment, because the statements of its root key ran out." => "Try again later; its operator has to run keystead-server key request.";
    5005 KeysMismatch "keys_mismatch": "The server's keys do not belong to its database." => "Its operator has to restore the keys folder that the server's log names.";
    5006 OutcomeUnknown "outcome_unknown": "The server could not confirm the change, and does not know whether it was kept." => "Check whether the change is there before you try again; the same request with the same Idempotency-Key is safe to repeat.";

    6001 Offline "offline": "There is no connection to the network." => "Connect to the network and try again; nothing was changed.";
    6002 ServerNotFound "server_not_found": "The server's name could not be found." => "Check the connection and the name of the server; nothing was changed.";
    6003 TlsFailed "tls_failed": "The connection to the server is not secure." => "Check the clock and the network; do not go on if this was unexpected.";
    6004 ProxyRefused "proxy_refused": "The network's proxy refused the connection." => "Check the proxy settings.";
    6005 NotTheServer "not_the_server": "Something other than the license server answered." => "Sign in to this network (hotel, train, guest access) in a browser, then try again.";
    6006 ServerUnavailable "server_unavailable": "The server did not answer in time." => "Try again later; what is activated goes on working.";
    6007 ClockSuspect "clock_suspect": "This device's clock was set back." => "Correct the clock, or connect to the network once.";
    6008 LeaseOverdue "lease_overdue": "The activation was not refreshed in time." => "Connect to the network before the grace period ends.";
    6009 LeaseLapsed "lease_lapsed": "The activation could not be refreshed for too long." => "Connect to the network to refresh it.";
    6010 CertificateInvalid "certificate_invalid": "The stored certificate is damaged or not from this vendor." => "Activate again; a seat that you hold is found again.";
    6011 DeviceKeyMissing "device_key_missing": "The certificate belongs to a device key that is not here." => "Sign in and reactivate.";
    6012 StorageFailed "storage_failed": "The activation's files could not be read or written." => "Check the folder's permissions and the free space.";
    6013 NotConfigured "not_configured": "It is not set which product and server this is for." => "Give the vendor's application profile with --profile or KEYSTEAD_PROFILE.";
    6014 ConnectionRefused "connection_refused": "The server's machine refused the connection." => "Try again later; what is activated goes on working.";
    6015 ConnectionTimedOut "connection_timed_out": "Nothing answered at the server's address." => "Check the firewall, or try another network; what is activated goes on working.";
    6016 ProxySignInRequired "proxy_sign_in_required": "The network's proxy asks for a user name and a password." => "Enter them with the proxy's address in the proxy settings, then try again.";
    6017 ClockWrong "clock_wrong": "By this device's clock, the server's certificate is not valid today." => "Correct this device's date and time, then try again.";
    6018 Cancelled "cancelled": "This was cancelled." => "Start again whenever you like.";
    6019 BrowserFailed "browser_failed": "The sign-in in the browser did not come back here." => "Try again, or sign in with a code on another device.";
    6020 WindowFailed "window_failed": "The window could not be opened." => "Check the graphics driver, or use the command line `keystead`.";
    6021 TpmUnavailable "tpm_unavailable": "The TPM that keeps this device's key does not answer." => "Try again; if it goes on, restart the computer.";
}

impl Code {
    /// The number, also used by the C interface.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// What kind of outcome it is.
    pub const fn kind(self) -> Kind {
        match self.number() / 1000 {
            1 => Kind::Input,
            2 => Kind::License,
            3 => Kind::Device,
            4 => Kind::SignIn,
            5 => Kind::Server,
            _ => Kind::Client,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.name().to_owned()
    }
}

/// A name that is no known code; a newer server may send one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown code {0:?}")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;
    fn from_str(name: &str) -> Result<Self, UnknownCode> {
        Code::ALL.iter().copied().find(|code| code.name() == name).ok_or_else(|| UnknownCode(name.to_owned()))
    }
}

impl TryFrom<String> for Code {
    type Error = UnknownCode;
    fn try_from(name: String) -> Result<Self, UnknownCode> {
        name.parse()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Code {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .description(Some("A stable code; new ones may be added."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Code {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name() {
        for &code in Code::ALL {
            assert_eq!(code.name().parse(), Ok(code));
        }
    }

    #[test]
    fn numbers_rise_and_every_text_is_a_sentence() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].number() < pair[1].number()));
        for code in Code::ALL {
            assert!(code.cause().ends_with('.') && code.next_action().ends_with('.'), "{code}");
        }
    }
}
