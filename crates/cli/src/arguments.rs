use std::path::PathBuf;

use clap::{Parser, Subcommand};
use keystead::protocol::id::{ActivationId, DeviceId, LicenseId};

use crate::exit;
use crate::output::GLOBAL_OPTIONS;
use crate::vendor::VendorArguments;

/// Activate products, show their state, and manage a vendor's licenses.
#[derive(Parser)]
#[command(name = "keystead", version, after_help = exit::HELP)]
pub struct Arguments {
    #[command(flatten)]
    pub shared: Shared,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(clap::Args)]
pub struct Shared {
    /// The vendor's application profile (`keystead vendor product profile`).
    #[arg(long, env = "KEYSTEAD_PROFILE", global = true, help_heading = GLOBAL_OPTIONS)]
    pub profile: Option<PathBuf>,
    /// The data folder for activations on this device.
    #[arg(long, env = "KEYSTEAD_FOLDER", global = true, help_heading = GLOBAL_OPTIONS)]
    pub folder: Option<PathBuf>,
    /// Print JSON.
    #[arg(long, global = true, help_heading = GLOBAL_OPTIONS)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    #[command(flatten)]
    Device(DeviceCommand),
    /// Manage a vendor's products, editions, policies, keys, and licenses.
    Vendor(VendorArguments),
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// Activate this device with a product key, or with a license of the signed-in account.
    Activate {
        /// The 25 characters, in any case, with or without dashes.
        key: Option<String>,
        /// This device's name in your account.
        #[arg(long)]
        name: Option<String>,
    },
    /// Link this device's license to your account; you won't need the product key again.
    Link {
        /// Agree to what is stored without being asked.
        #[arg(long)]
        agree: bool,
    },
    /// Show the activation state; works offline.
    State,
    /// Refresh the certificate.
    Refresh,
    /// Reactivate this device after a hardware change: select which of your devices it is.
    Reactivate {
        /// The activation to move to this device, without being asked.
        #[arg(long)]
        activation: Option<ActivationId>,
    },
    /// List your account's devices.
    Devices,
    /// List your account's licenses.
    Licenses,
    /// Deactivate this device, or another device of your account, and free its seats.
    Deactivate {
        /// The other device.
        #[arg(long)]
        device: Option<DeviceId>,
    },
    /// Unlink a license from your account and get a new product key for it.
    Unlink {
        /// The license; this device's by default.
        #[arg(long)]
        license: Option<LicenseId>,
    },
    /// Activate offline: show the Installation ID, then enter the confirmation, or use files.
    Offline {
        /// The confirmation's lines, each in quotes. Without them, the Installation ID is shown.
        lines: Vec<String>,
        /// Start a new activation with a new Installation ID.
        #[arg(long = "new", conflicts_with_all = ["lines", "release"])]
        restart: bool,
        /// Deactivate offline: show the release code, or save a release file with `--save`.
        #[arg(long, conflicts_with = "lines")]
        release: bool,
        /// Save a request file for the account page; with `--release`, save a release file.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "restart"])]
        save: Option<PathBuf>,
        /// Open the license file from the account page.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "restart", "release", "save"])]
        open: Option<PathBuf>,
        /// This device's name in your account.
        #[arg(long, requires = "save")]
        name: Option<String>,
    },
    /// Check the files, clock, network, and server, and report problems.
    Doctor {
        /// Save the report to this file. It doesn't identify you or your hardware, and contains no secrets.
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Publish this machine's hardware for containers and for applications without permission to read it.
    ///
    /// Only short tags are published, no serial numbers. Run this command as root at each boot.
    PublishHardware {
        /// The folder to publish to.
        #[arg(long, default_value = "/run/keystead")]
        to: PathBuf,
    },
    /// Sign in to your account in a browser.
    SignIn,
    /// Sign out on this device.
    SignOut,
}
