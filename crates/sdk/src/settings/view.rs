use std::fmt;

use keystead_protocol::api::{AccountView, ActivationDetails, DeviceView, LinkingDisclosure};
use keystead_protocol::id::ActivationId;
use serde::Serialize;

use super::notice::Notice;
use crate::{Client, Diagnostics, Error, OfflineRequest, Proxy, ReleaseProof, Status};

/// Everything that the window shows.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The product's name.
    pub product: String,
    /// The vendor's server, which has the account pages.
    pub server: String,
    /// The signed-in account, as last received.
    pub account: Option<AccountView>,
    /// Whether a user is signed in.
    pub signed_in: bool,
    /// The activation status. `None` if the files cannot be read; the notice explains why.
    pub status: Option<Status>,
    /// The license details, as last received.
    pub details: Option<ActivationDetails>,
    /// The account's devices, once loaded.
    pub devices: Option<Vec<DeviceView>>,
    /// Whether to load the devices, because they are not loaded yet or may have changed.
    pub wants_devices: bool,
    /// The activations that this device may have had, once loaded.
    pub choices: Option<Vec<Choice>>,
    /// The disclosure to show before the license is linked, once loaded.
    pub disclosure: Option<LinkingDisclosure>,
    /// The new product key of an unlinked license, until the next action.
    pub new_key: Option<ShownOnce>,
    /// The last diagnostics.
    pub diagnostics: Option<Diagnostics>,
    /// The offline activation to confirm on another device.
    pub offline: Option<OfflineRequest>,
    /// Whether the product is activated by an offline confirmation.
    pub is_offline: bool,
    /// The newest release proof of an offline activation.
    pub release: Option<ReleaseProof>,
    /// The proxy, which may contain a password.
    #[serde(skip)]
    pub proxy: Proxy,
    /// Whether a release file can be saved again.
    pub release_file: bool,
    /// Whether the server accepts passwords that are typed in this window.
    pub allows_password_sign_in: bool,
    /// The current step of a sign-in.
    pub sign_in: Option<SignInStep>,
    /// The running action.
    pub work: Option<Work>,
    /// The outcome of the last action.
    pub notice: Option<Notice>,
}

/// A secret that is shown once.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ShownOnce(pub String);

impl fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownOnce(…)")
    }
}

/// The content of the data folder. It is read without holding the lock of the view.
pub(super) struct LocalState {
    status: Result<Status, Error>,
    is_offline: bool,
    /// The newest release proof.
    release: Option<ReleaseProof>,
    release_file: bool,
    details: Option<ActivationDetails>,
    signed_in: bool,
    account: Option<AccountView>,
}

impl LocalState {
    pub(super) fn read(client: &Client) -> Self {
        Self {
            status: client.status(),
            is_offline: client.is_offline().unwrap_or(false),
            release: client.release_proofs().ok().and_then(|mut proofs| proofs.pop()),
            release_file: client.has_release_file().unwrap_or(false),
            details: client.known_details().ok().flatten(),
            signed_in: client.is_signed_in().unwrap_or(false),
            account: client.known_account().ok().flatten(),
        }
    }
}

/// An activation that can be moved to this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The activation.
    pub activation: ActivationId,
    /// The name of the activation's device.
    pub device_name: String,
    /// The operating system of the activation's device.
    pub platform: String,
    /// When it was last refreshed, UTC milliseconds.
    pub last_used_at: i64,
    /// Whether this activation is stored on this device.
    pub here: bool,
}

/// A step of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInStep {
    /// The window opens a browser at this address and waits for it.
    Browser {
        /// The address.
        address: String,
    },
    /// The user approves a code in a browser on any device.
    Code {
        /// The code to type on the page.
        user_code: String,
        /// The page on which the user types the code.
        address: String,
        /// The page with the code filled in, for a QR code.
        address_with_code: String,
    },
    /// The user enters the second factor.
    SecondFactor,
}

/// A running action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Loading in the background.
    Loading,
    /// Refreshing the certificate.
    Checking,
    /// Activating.
    Activating,
    /// Saving a file.
    Saving,
    /// Deactivating.
    Deactivating,
    /// Waiting for an approval in a browser.
    WaitingForBrowser,
    /// Signing in.
    SigningIn,
    /// Signing out.
    SigningOut,
    /// Loading the disclosure.
    Reading,
    /// Linking the license.
    Linking,
    /// Unlinking the license.
    Unlinking,
    /// Running the diagnostics.
    Diagnosing,
    /// Loading the devices.
    Listing,
    /// Removing a device.
    Removing,
    /// Moving an activation to this device.
    Reactivating,
}

impl Work {
    /// The action in words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Work::Loading => "Loading",
            Work::Checking => "Checking with the server",
            Work::Activating => "Activating",
            Work::Saving => "Saving the file",
            Work::Deactivating => "Deactivating",
            Work::WaitingForBrowser => "Waiting for your browser",
            Work::SigningIn => "Signing in",
            Work::SigningOut => "Signing out",
            Work::Reading => "Loading",
            Work::Linking => "Linking the license",
            Work::Unlinking => "Unlinking the license",
            Work::Diagnosing => "Running the check",
            Work::Listing => "Loading your devices",
            Work::Removing => "Removing the device",
            Work::Reactivating => "Moving the activation to this device",
        }
    }
}

impl View {
    pub(super) fn of(client: &Client) -> Self {
        let profile = client.profile();
        let mut view = Self {
            product: profile.product_name.clone(),
            server: profile.server.clone(),
            account: None,
            signed_in: false,
            status: None,
            details: None,
            devices: None,
            wants_devices: true,
            choices: None,
            disclosure: None,
            offline: None,
            is_offline: false,
            release: None,
            new_key: None,
            diagnostics: None,
            proxy: client.proxy(),
            release_file: false,
            allows_password_sign_in: false,
            sign_in: None,
            work: None,
            notice: None,
        };
        view.update(LocalState::read(client));
        view
    }

    fn is_active(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state.is_activated())
    }

    pub(super) fn clear_secrets(&mut self) {
        self.new_key = None;
        self.release = None;
    }

    /// Updates the view from the data folder.
    pub(super) fn update(&mut self, local: LocalState) {
        match local.status {
            Ok(status) => self.status = Some(status),
            Err(error) => {
                self.status = None;
                self.notice.get_or_insert(Notice::from_error(&error));
            }
        }
        self.is_offline = local.is_offline;
        self.release = self.release.take().or(local.release).filter(|_| !self.is_active());
        self.release_file = local.release_file;
        self.details = local.details;
        self.signed_in = local.signed_in;
        self.account = local.account;
        if !self.signed_in {
            self.wants_devices = true;
            self.devices = None;
            self.choices = None;
        }
    }
}
