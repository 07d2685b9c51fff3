//! The codes of refusals, errors and states. Each has a number that never changes its meaning, a name, a sentence for
//! people and a next action. Codes are only added; a retired number stays reserved.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of outcome. The command line derives its exit code from the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request is invalid.
    Input,
    /// The license or its key does not permit the action.
    License,
    /// The device or its activation does not permit the action.
    Device,
    /// The caller is not signed in, or lacks the required permission.
    SignIn,
    /// The server failed.
    Server,
    /// The network or this machine is at fault.
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

            /// The cause, one sentence for people.
            pub const fn cause(self) -> &'static str {
                match self { $(Code::$variant => $cause,)* }
            }

            /// The next action, one sentence for people.
            pub const fn next_action(self) -> &'static str {
                match self { $(Code::$variant => $next,)* }
            }
        }
    };
}

codes! {
    1001 MalformedRequest "malformed_request": "The server couldn't read this request." => "Correct it as the detail says, then send it again.";
    1002 BodyTooLarge "body_too_large": "The request is larger than this server accepts." => "Split it into smaller requests.";
    1003 NotFound "not_found": "It doesn't exist, or this account can't open it." => "Check the address or ID, and which account is signed in.";
    1004 MethodNotAllowed "method_not_allowed": "This address doesn't support that method." => "See the API description for the methods it supports.";
    1005 MediaTypeUnsupported "media_type_unsupported": "This content type isn't supported here." => "Send application/json.";
    1006 IdempotencyKeyMissing "idempotency_key_missing": "A change needs an Idempotency-Key header with a UUID." => "Add the header. When you repeat a request, send the same key.";
    1007 IdempotencyKeyReused "idempotency_key_reused": "This Idempotency-Key belongs to a different request." => "Use a new key for each new request.";
    1008 ValueNotAllowed "value_not_allowed": "A value isn't allowed." => "Correct it as the detail says, then send it again.";
    1009 AlreadyExists "already_exists": "That name is already in use." => "Choose another name, or use the existing entry.";
    1010 TooManyRequests "too_many_requests": "Too many requests were sent in a short time." => "Wait a minute, then try again. Programs must wait as long as Retry-After says.";

    1011 InstallationIdMistyped "installation_id_mistyped": "The Installation ID has a typo." => "Compare it with the device, group by group.";
    1012 ConfirmationMistyped "confirmation_mistyped": "The confirmation has a typo." => "Compare it with the lines you received, one by one.";
    1013 RequestTooSlow "request_too_slow": "The request didn't arrive completely in time." => "Check your connection, then send it again.";

    2001 ProductKeyMistyped "product_key_mistyped": "The product key has a typo." => "Compare it with the original, group by group.";
    2002 ProductKeyNotAccepted "product_key_not_accepted": "This product key can't be used here." => "Check that it's the key you received. If it was used before, sign in with the account it's linked to, or contact the vendor.";
    2003 ProductKeyOtherProduct "product_key_other_product": "This product key is for a different product." => "Use it in the product it was bought for.";
    2004 NoFreeSeat "no_free_seat": "All seats of this license are in use." => "Remove a device you no longer use, or add seats.";
    2005 LicenseSuspended "license_suspended": "The vendor has suspended this license." => "Contact the vendor. Your data isn't affected.";
    2006 LicenseExpired "license_expired": "This license has expired." => "Renew it, then check the activation again.";
    2007 LicenseRevoked "license_revoked": "The vendor has revoked this license." => "Contact the vendor, or activate with another license.";
    2008 OwnerOnly "owner_only": "This license is linked to an account, and only its owner can do this." => "Sign in with the account the license is linked to.";
    2009 AlreadyLinked "already_linked": "This license is already linked to an account." => "Sign in with that account, or unlink the license there first.";
    2010 NotLinked "not_linked": "This license isn't linked to an account." => "Link it to your account first.";
    2011 ConsentMissing "consent_missing": "Linking stores data about this device, and needs your consent." => "Read what is stored, agree, and link again.";
    2012 AccountRequired "account_required": "This product needs an account to activate." => "Sign in, then activate again.";
    2013 NoLicense "no_license": "This account has no license for the product." => "Activate with a product key, or sign in with another account.";

    3001 HardwareChanged "hardware_changed": "This device's hardware has changed significantly." => "Sign in and choose \"This is the device I am using now\".";
    3002 DifferentDevice "different_device": "The activation belongs to a different device." => "Activate this device on its own seat, or sign in and move the seat here.";
    3003 ActivationReleased "activation_released": "This device was deactivated." => "Activate it again. You need a free seat.";
    3004 ActivationRevoked "activation_revoked": "This activation was revoked." => "Contact the vendor, or activate again with another license.";
    3005 ForkDetected "fork_detected": "Two copies of this activation are in use." => "On the device that should keep the seat, sign in and reactivate.";
    3006 RebindBudgetExhausted "rebind_budget_exhausted": "This license has moved to changed hardware too often." => "Wait until the day shown, or contact the vendor.";
    3007 ProofMissing "proof_missing": "The request isn't signed by the device." => "Send the Keystead-Proof header.";
    3008 ProofRefused "proof_refused": "The device's signature doesn't match the request." => "Sign this request with the device's own key.";
    3009 NonceStale "nonce_stale": "The signature's nonce has expired or was already used." => "Sign again with the Keystead-Nonce of this response.";
    3010 NotActivated "not_activated": "The product is not activated on this device." => "Activate with a product key, or sign in and reactivate.";
    3011 RebindNotNeeded "rebind_not_needed": "The activation already belongs to this device." => "Refresh it instead.";
    3012 ConfirmationMissing "confirmation_missing": "This device wasn't confirmed as the one in use." => "Confirm with \"this_is_that_device\".";
    3013 ConfirmationRefused "confirmation_refused": "This confirmation is for a different device." => "Get one for the Installation ID shown here.";
    3014 InstallationUsed "installation_used": "This Installation ID was confirmed for a different license." => "Show a new one on the device, or use the license it was confirmed for.";
    3015 ReleaseCodeRefused "release_code_refused": "This code doesn't show that the device was deactivated." => "Compare the code and the Installation ID with the device.";
    3016 InstallationUnknown "installation_unknown": "This device hasn't shown an Installation ID." => "Start the offline activation again.";
    3017 AlreadyActivated "already_activated": "The product is already activated on this device." => "To start over, deactivate it first.";
    3018 RequestFileRefused "request_file_refused": "This isn't a request file from one of this vendor's devices." => "Save a new file on the device, and use that one.";
    3019 RequestFileUsed "request_file_used": "This file was already used, and its seat has been released since." => "Save a new file on the device.";
    3020 LicenseFileRefused "license_file_refused": "This license file doesn't match this device's request." => "Save a new request file on this device, and get a license file for it.";
    3021 ReleaseFileVoid "release_file_void": "The device was activated again after it saved this file." => "Deactivate it again, or remove it on your devices page.";
    3022 ProlongationUnknown "prolongation_unknown": "This Installation ID doesn't match a device of this license." => "Choose the license the device uses, or request a new activation on the device.";
    3023 ReinstallBudgetExhausted "reinstall_budget_exhausted": "This license was reinstalled too often on devices that already have it." => "Sign in as the license's owner and confirm this device, or wait until the day shown.";
    3024 ActivationSuperseded "activation_superseded": "Newer installations on this device have taken this one's place." => "Activate again. This counts as a reinstall.";

    4001 SignInRequired "sign_in_required": "You aren't signed in." => "Sign in, then try again.";
    4002 CredentialsWrong "credentials_wrong": "Email or password is incorrect." => "Check both, and whether Caps Lock is on.";
    4003 PermissionMissing "permission_missing": "You're signed in, but don't have permission for this." => "Ask an administrator for the permission named in the detail.";
    4004 TokenExpired "token_expired": "Your sign-in has expired or was ended." => "Sign in again.";
    4005 EmailNotAvailable "email_not_available": "This email address can't be used for a new account." => "If you already have an account, sign in. Otherwise, use another address.";
    4006 PasswordTooWeak "password_too_weak": "Choose a less common password: 15 characters or more." => "A short sentence works well.";
    4007 UserCodeUnknown "user_code_unknown": "This code is incorrect, already used or expired." => "Compare it with the code on your device, or start again there.";
    4008 SignInDenied "sign_in_denied": "The sign-in was denied in the browser." => "If that was a mistake, start again.";
    4009 LinkUnknown "link_unknown": "This link is invalid, already used or expired." => "Request a new email, and open its link soon.";
    4010 PasswordWrong "password_wrong": "That password isn't right." => "Enter the password you sign in with.";
    4011 CodeWrong "code_wrong": "This code is incorrect or was already used." => "Wait for the next code in your authenticator app, or use a recovery code.";
    4012 PasskeyRefused "passkey_refused": "This passkey couldn't be used." => "Try again, or sign in with your password.";
    4013 UpstreamRefused "upstream_refused": "The other provider didn't sign you in." => "Try again, or sign in with your password.";
    4014 UpstreamUnknown "upstream_unknown": "No account here is linked to this sign-in." => "Sign in with your password, then link it under \"Sign-in and security\".";
    4015 WorkMissing "work_missing": "Many people are signing up, so your browser must run a quick check first." => "Turn on JavaScript and send the form again, or try again later.";
    4016 ReauthenticationRequired "reauthentication_required": "This changes who owns a license, so it needs a recent sign-in." => "Sign in again, then try once more.";
    4020 TooManyAttempts "too_many_attempts": "Too many failed attempts." => "Wait a while and try again, or reset your password with \"Forgot your password?\".";
    4021 SecondFactorRequired "second_factor_required": "This staff account needs a second factor." => "Set up an authenticator app or a passkey under \"Sign-in and security\", and sign in with it.";

    5001 Internal "internal": "Something went wrong on the server." => "Try again later. If it happens again, send the request ID to the operator.";
    5002 Overloaded "overloaded": "The server is busy." => "Try again in a few seconds.";
    5003 Maintenance "maintenance": "The server is down for maintenance." => "Try again later. Activated products keep working.";
    5004 SigningPaused "signing_paused": "The server can't sign licenses, because its root key's statements have expired." => "Try again later. The operator must run keystead-server key request.";
    5005 KeysMismatch "keys_mismatch": "The server's keys don't match its database." => "The operator must restore the keys folder named in the server's log.";
    5006 OutcomeUnknown "outcome_unknown": "The server couldn't confirm whether the change was saved." => "Check whether the change is there before you try again. Programs can safely repeat the request with the same Idempotency-Key.";

    6001 Offline "offline": "This device isn't connected to the network." => "Connect to the network and try again. Nothing was changed.";
    6002 ServerNotFound "server_not_found": "The server's name couldn't be found." => "Check the connection and the server's name. Nothing was changed.";
    6003 TlsFailed "tls_failed": "The connection to the server isn't secure." => "Check this device's clock and the network. If you didn't expect this, don't continue.";
    6004 ProxyRefused "proxy_refused": "The network's proxy refused the connection." => "Check the proxy settings.";
    6005 NotTheServer "not_the_server": "Something other than the license server answered." => "Sign in to this network in a browser (hotel, train or guest Wi-Fi), then try again.";
    6006 ServerUnavailable "server_unavailable": "The server didn't answer in time." => "Try again later. Activated products keep working.";
    6007 ClockSuspect "clock_suspect": "This device's clock was set back." => "Correct the clock, or connect to the network once.";
    6008 LeaseOverdue "lease_overdue": "The activation wasn't checked in time." => "Connect to the network before the grace period ends.";
    6009 LeaseLapsed "lease_lapsed": "The activation hasn't been checked for too long." => "Connect to the network to check it.";
    6010 CertificateInvalid "certificate_invalid": "The stored certificate is damaged or isn't from this vendor." => "Activate again. You keep your seat.";
    6011 DeviceKeyMissing "device_key_missing": "The certificate's device key is missing on this device." => "Sign in and reactivate.";
    6012 StorageFailed "storage_failed": "A file couldn't be read or saved." => "Check the folder's permissions and the free disk space.";
    6013 NotConfigured "not_configured": "The application profile is missing or can't be read." => "Provide the vendor's application profile with --profile or KEYSTEAD_PROFILE.";
    6014 ConnectionRefused "connection_refused": "The server's machine refused the connection." => "Try again later. Activated products keep working.";
    6015 ConnectionTimedOut "connection_timed_out": "Nothing answered at the server's address." => "Check the firewall, or try another network. Activated products keep working.";
    6016 ProxySignInRequired "proxy_sign_in_required": "The network's proxy needs a user name and password." => "Enter them with the proxy's address in the proxy settings, then try again.";
    6017 ClockWrong "clock_wrong": "According to this device's clock, the server's certificate isn't valid today." => "Correct the date and time on this device, then try again.";
    6018 Cancelled "cancelled": "This was canceled." => "You can start again at any time.";
    6019 BrowserFailed "browser_failed": "The browser didn't return from the sign-in." => "Try again, or sign in with a code on another device.";
    6020 WindowFailed "window_failed": "The window couldn't be opened." => "Check the graphics driver, or use the `keystead` command line.";
    6021 TpmUnavailable "tpm_unavailable": "The TPM that holds this device's key isn't responding." => "Try again. If it keeps failing, restart the computer.";
}

impl Code {
    /// The number, also used by the C interface.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The kind of outcome.
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

/// An unknown code name. A newer server may send one.
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
