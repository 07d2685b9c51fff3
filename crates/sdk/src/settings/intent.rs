use std::path::PathBuf;

use keystead_protocol::id::{ActivationId, DeviceId};
use serde::Deserialize;

use super::Work;
use crate::Proxy;

/// Something that the user wants.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Intent {
    /// Look for what the server knows, without a word if it cannot be reached.
    Look,
    /// Ask for a fresh certificate now.
    CheckNow,
    /// Activate with a product key.
    Activate {
        /// As it was typed.
        key: String,
    },
    /// Activate with a license of the signed-in account.
    ActivateBySignIn,
    /// Give this device's seat back.
    Deactivate,
    /// Sign in with the browser on this device.
    SignInByBrowser,
    /// Sign in with a code that is approved elsewhere.
    SignInByCode,
    /// Sign in by typing, where the vendor allows it.
    SignInByTyping {
        /// The account's address.
        email: String,
        /// Its password.
        password: String,
    },
    /// The second factor's code, after [`Intent::SignInByTyping`].
    TypeCode {
        /// The code.
        code: String,
    },
    /// End the sign-in on this device.
    SignOut,
    /// Read what is stored when the license is linked.
    ReadDisclosure,
    /// Link the license, having agreed to the disclosure of this version.
    Link {
        /// The version that was read.
        agreed_version: u32,
    },
    /// Take the license off the account; the new product key is shown once.
    Unlink,
    /// Look into everything that the activation depends on.
    Diagnose,
    /// Activate without a network: show the Installation ID.
    BeginOffline,
    /// The same for a new activation, where a device whose certificate has served its time would ask to go on.
    BeginOfflineAnew,
    /// The confirmation: four lines, or one.
    FinishOffline {
        /// As they were typed.
        lines: String,
    },
    /// Save what is to be answered at the account page to a file.
    SaveRequest {
        /// Where.
        file: PathBuf,
    },
    /// Open the file that answers it.
    OpenLicenseFile {
        /// Where it is.
        file: PathBuf,
    },
    /// Give the seat back without a network.
    ReleaseOffline,
    /// Give the seat back by a file.
    ReleaseToFile {
        /// Where.
        file: PathBuf,
    },
    /// By which proxy to reach the server from now on.
    ChooseProxy {
        /// The choice.
        proxy: Proxy,
    },
    /// List the account's devices.
    ListDevices,
    /// Free the seats of one of them.
    RemoveDevice {
        /// Which.
        device: DeviceId,
    },
    /// "I changed hardware on this device": which of the account's devices may it have been?
    ListChoices,
    /// "This is the device I am using now."
    Reactivate {
        /// Its activation.
        activation: ActivationId,
    },
    /// Give up what is under way.
    Cancel,
    /// Take the notice away.
    Dismiss,
}

impl Intent {
    pub(super) const fn work(&self) -> Work {
        match self {
            Intent::Look | Intent::Cancel | Intent::Dismiss => Work::Looking,
            Intent::CheckNow => Work::Checking,
            Intent::Activate { .. } | Intent::ActivateBySignIn => Work::Activating,
            Intent::Deactivate => Work::Deactivating,
            Intent::SignInByBrowser | Intent::SignInByCode => Work::WaitingForBrowser,
            Intent::SignInByTyping { .. } | Intent::TypeCode { .. } => Work::SigningIn,
            Intent::SignOut => Work::SigningOut,
            Intent::ReadDisclosure => Work::Reading,
            Intent::Link { .. } => Work::Linking,
            Intent::Unlink => Work::Unlinking,
            Intent::Diagnose => Work::Diagnosing,
            Intent::BeginOffline
            | Intent::BeginOfflineAnew
            | Intent::FinishOffline { .. }
            | Intent::OpenLicenseFile { .. } => Work::Activating,
            Intent::SaveRequest { .. } => Work::Saving,
            Intent::ReleaseOffline | Intent::ReleaseToFile { .. } => Work::Deactivating,
            Intent::ChooseProxy { .. } => Work::Checking,
            Intent::ListDevices | Intent::ListChoices => Work::Listing,
            Intent::RemoveDevice { .. } => Work::Removing,
            Intent::Reactivate { .. } => Work::Reactivating,
        }
    }
}
