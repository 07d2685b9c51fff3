use std::fmt;

use keystead_protocol::api::{AccountView, ActivationDetails, DeviceView, LinkingDisclosure};
use keystead_protocol::id::ActivationId;
use serde::Serialize;

use super::Notice;
use crate::{Client, Diagnostics, Error, OfflineRequest, Proxy, ReleaseProof, Status};

/// Everything that a window shows.
#[derive(Debug, Clone, Serialize)]
pub struct View {
    /// The product's name.
    pub product: String,
    /// The vendor's server, where the account's pages are.
    pub server: String,
    /// Who is signed in on this device, as last seen.
    pub account: Option<AccountView>,
    /// Whether somebody is, seen or not.
    pub signed_in: bool,
    /// The activation state; `None` when the files cannot be read, which the notice tells.
    pub status: Option<Status>,
    /// What the server last told of the license.
    pub details: Option<ActivationDetails>,
    /// The account's devices, once they were asked for.
    pub devices: Option<Vec<DeviceView>>,
    /// Whether they should be asked for: they were not yet, or something has changed since.
    pub wants_devices: bool,
    /// The activations of this product that this device may have had, once they were asked for.
    pub choices: Option<Vec<Choice>>,
    /// What is stored when the license is linked, once it was asked for.
    pub disclosure: Option<LinkingDisclosure>,
    /// The license's new product key after it was unlinked, until something else is wanted.
    pub new_key: Option<ShownOnce>,
    /// What was found the last time that everything was looked into.
    pub diagnostics: Option<Diagnostics>,
    /// What is to be confirmed elsewhere, while it is activated without a network.
    pub offline: Option<OfflineRequest>,
    /// Whether what is activated was confirmed without a network.
    pub is_offline: bool,
    /// The Installation ID and the code that prove that the seat was given back without a network.
    pub release: Option<ReleaseProof>,
    /// By which proxy the server is reached; it may hold a password.
    #[serde(skip)]
    pub proxy: Proxy,
    /// Whether the seat was given back by a file that can be saved again.
    pub release_file: bool,
    /// Whether the server takes passwords that are typed here.
    pub may_type_password: bool,
    /// How far a sign-in is.
    pub sign_in: Option<SignInStep>,
    /// What is under way.
    pub work: Option<Work>,
    /// What became of the last intent.
    pub notice: Option<Notice>,
}

/// A secret that is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ShownOnce(pub String);

impl fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownOnce(…)")
    }
}

/// What is kept on this device, read while nobody waits for the view.
pub(super) struct Kept {
    status: Result<Status, Error>,
    is_offline: bool,
    /// The latest proof of what was given back.
    release: Option<ReleaseProof>,
    release_file: bool,
    details: Option<ActivationDetails>,
    signed_in: bool,
    account: Option<AccountView>,
}

impl Kept {
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
    /// Its device's name.
    pub device_name: String,
    /// Its device's system.
    pub platform: String,
    /// When it was last refreshed, UTC milliseconds.
    pub last_used_at: i64,
    /// Whether it is what this device has been.
    pub here: bool,
}

/// How far a sign-in is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInStep {
    /// The browser is to be opened at this address, and is waited for.
    Browser {
        /// The address.
        address: String,
    },
    /// A code is to be approved in a browser anywhere.
    Code {
        /// What is typed there.
        user_code: String,
        /// Where.
        address: String,
        /// The same with the code in it, for a QR code.
        address_with_code: String,
    },
    /// The second factor's code is to be typed here.
    SecondFactor,
}

/// What is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Nothing that the user waits for.
    Looking,
    /// Asking for a fresh certificate.
    Checking,
    /// Activating.
    Activating,
    /// Saving a file.
    Saving,
    /// Giving the seat back.
    Deactivating,
    /// Waiting for an approval in a browser.
    WaitingForBrowser,
    /// Signing in.
    SigningIn,
    /// Signing out.
    SigningOut,
    /// Reading what is stored.
    Reading,
    /// Linking.
    Linking,
    /// Taking the license off the account.
    Unlinking,
    /// Looking into everything.
    Diagnosing,
    /// Listing devices.
    Listing,
    /// Removing a device.
    Removing,
    /// Moving the activation here.
    Reactivating,
}

impl Work {
    /// What is under way, in words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Work::Looking => "Looking for news",
            Work::Checking => "Checking with the server",
            Work::Activating => "Activating",
            Work::Saving => "Saving the file",
            Work::Deactivating => "Giving the seat back",
            Work::WaitingForBrowser => "Waiting for your browser",
            Work::SigningIn => "Signing in",
            Work::SigningOut => "Signing out",
            Work::Reading => "Asking what is stored",
            Work::Linking => "Linking",
            Work::Unlinking => "Taking the license off your account",
            Work::Diagnosing => "Looking into everything",
            Work::Listing => "Looking for your devices",
            Work::Removing => "Removing the device",
            Work::Reactivating => "Moving the activation here",
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
            may_type_password: false,
            sign_in: None,
            work: None,
            notice: None,
        };
        view.show(Kept::read(client));
        view
    }

    fn is_active(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.state.is_activated())
    }

    pub(super) fn forget_what_is_shown_once(&mut self) {
        self.new_key = None;
        self.release = None;
    }

    /// Shows what is kept on this device.
    pub(super) fn show(&mut self, kept: Kept) {
        match kept.status {
            Ok(status) => self.status = Some(status),
            Err(error) => {
                self.status = None;
                self.notice.get_or_insert(Notice::of(&error));
            }
        }
        self.is_offline = kept.is_offline;
        self.release = self.release.take().or(kept.release).filter(|_| !self.is_active());
        self.release_file = kept.release_file;
        self.details = kept.details;
        self.signed_in = kept.signed_in;
        self.account = kept.account;
        if !self.signed_in {
            self.wants_devices = true;
            self.devices = None;
            self.choices = None;
        }
    }
}
