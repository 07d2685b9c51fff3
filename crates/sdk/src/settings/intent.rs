use std::path::PathBuf;

use keystead_protocol::id::{ActivationId, DeviceId};
use serde::Deserialize;

use super::view::Work;
use crate::Proxy;

/// An action that the user requests.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Intent {
    /// Load the account and the license details from the server. An error shows no notice.
    Load,
    /// Refresh the certificate now.
    CheckNow,
    /// Activate with a product key.
    Activate {
        /// The key as typed.
        key: String,
    },
    /// Activate with a license of the signed-in account.
    ActivateBySignIn,
    /// Deactivate this device.
    Deactivate,
    /// Sign in with the browser on this device.
    SignInByBrowser,
    /// Sign in with a code that is approved on another device.
    SignInByCode,
    /// Sign in with email and password, if the vendor allows it.
    SignInWithPassword {
        /// The account's email address.
        email: String,
        /// The account's password.
        password: String,
    },
    /// Enter the second factor, after [`Intent::SignInWithPassword`].
    AnswerMfaChallenge {
        /// The code.
        code: String,
    },
    /// Sign out on this device.
    SignOut,
    /// Load the disclosure to show before the license is linked.
    ReadDisclosure,
    /// Link the license, after the user agreed to this version of the disclosure.
    Link {
        /// The version that the user read.
        agreed_version: u32,
    },
    /// Unlink the license from the account. Its new product key is shown once.
    Unlink,
    /// Run the diagnostics.
    Diagnose,
    /// Start an offline activation: show the Installation ID.
    BeginOffline,
    /// Start an offline activation with a new Installation ID, even if a lease extension is
    /// possible.
    RestartOffline,
    /// Enter the confirmation: four lines, or one for a lease extension.
    FinishOffline {
        /// The lines as typed.
        lines: String,
    },
    /// Save a request file for the account page.
    SaveRequest {
        /// The path of the file.
        file: PathBuf,
    },
    /// Open the license file for the request.
    OpenLicenseFile {
        /// The path of the file.
        file: PathBuf,
    },
    /// Release an offline activation.
    ReleaseOffline,
    /// Deactivate this device and save a release file.
    ReleaseToFile {
        /// The path of the file.
        file: PathBuf,
    },
    /// Use this proxy from now on.
    SetProxy {
        /// The proxy.
        proxy: Proxy,
    },
    /// List the account's devices.
    ListDevices,
    /// Remove one of the devices and free its seats.
    RemoveDevice {
        /// The device.
        device: DeviceId,
    },
    /// List the activations that this device may have had ("I changed hardware on this device").
    ListChoices,
    /// Move an activation to this device ("This is the device I am using now").
    Reactivate {
        /// The activation.
        activation: ActivationId,
    },
    /// Cancel the running action.
    Cancel,
    /// Close the notice.
    Dismiss,
}

impl Intent {
    pub(super) const fn work(&self) -> Work {
        match self {
            Intent::Load | Intent::Cancel | Intent::Dismiss => Work::Loading,
            Intent::CheckNow => Work::Checking,
            Intent::Activate { .. } | Intent::ActivateBySignIn => Work::Activating,
            Intent::Deactivate => Work::Deactivating,
            Intent::SignInByBrowser | Intent::SignInByCode => Work::WaitingForBrowser,
            Intent::SignInWithPassword { .. } | Intent::AnswerMfaChallenge { .. } => Work::SigningIn,
            Intent::SignOut => Work::SigningOut,
            Intent::ReadDisclosure => Work::Reading,
            Intent::Link { .. } => Work::Linking,
            Intent::Unlink => Work::Unlinking,
            Intent::Diagnose => Work::Diagnosing,
            Intent::BeginOffline
            | Intent::RestartOffline
            | Intent::FinishOffline { .. }
            | Intent::OpenLicenseFile { .. } => Work::Activating,
            Intent::SaveRequest { .. } => Work::Saving,
            Intent::ReleaseOffline | Intent::ReleaseToFile { .. } => Work::Deactivating,
            Intent::SetProxy { .. } => Work::Checking,
            Intent::ListDevices | Intent::ListChoices => Work::Listing,
            Intent::RemoveDevice { .. } => Work::Removing,
            Intent::Reactivate { .. } => Work::Reactivating,
        }
    }
}
