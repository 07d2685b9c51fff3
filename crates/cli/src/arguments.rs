use std::path::PathBuf;

use clap::{Parser, Subcommand};
use keystead::protocol::id::{ActivationId, DeviceId, LicenseId};

use crate::exit;
use crate::vendor::VendorArguments;

/// Activate products, see their state, and run a vendor's license server.
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
    #[arg(long, env = "KEYSTEAD_PROFILE", global = true)]
    pub profile: Option<PathBuf>,
    /// Where activations are kept on this device.
    #[arg(long, env = "KEYSTEAD_FOLDER", global = true)]
    pub folder: Option<PathBuf>,
    /// Write JSON.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    #[command(flatten)]
    Device(DeviceCommand),
    /// The vendor's side: products, editions, policies, keys, licenses.
    Vendor(VendorArguments),
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// Activate this device with a product key, or with a license of the signed-in account.
    Activate {
        /// The 25 characters, in any case, with or without dashes.
        key: Option<String>,
        /// The name that this device gets.
        #[arg(long)]
        name: Option<String>,
    },
    /// Link this device's license to your account; the product key is not needed afterwards.
    Link {
        /// Agree to what is stored, without being asked.
        #[arg(long)]
        agree: bool,
    },
    /// Show the activation state; needs no network.
    State,
    /// Ask the server for a fresh certificate.
    Refresh,
    /// Reactivate after a hardware change: choose the device that this one is.
    Reactivate {
        /// The activation to move here, without being asked.
        #[arg(long)]
        activation: Option<ActivationId>,
    },
    /// List the devices of your account.
    Devices,
    /// List the licenses of your account.
    Licenses,
    /// Give this device's seat back, or free the seats of another device of your account.
    Deactivate {
        /// Another device.
        #[arg(long)]
        device: Option<DeviceId>,
    },
    /// Take a license off your account and get a new product key for it.
    Unlink {
        /// Which license; this device's if absent.
        #[arg(long)]
        license: Option<LicenseId>,
    },
    /// Activate without a network: show the Installation ID, then type the confirmation. Or by files.
    Offline {
        /// The confirmation: its lines, each in quotes. Without them the Installation ID is shown.
        lines: Vec<String>,
        /// Show another Installation ID than before.
        #[arg(long = "new", conflicts_with_all = ["lines", "release"])]
        anew: bool,
        /// Give the seat back and show the code that proves it, or save the file that does.
        #[arg(long, conflicts_with = "lines")]
        release: bool,
        /// Save a file to be answered at the account page instead; with `--release`, one that gives the seat back.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "anew"])]
        save: Option<PathBuf>,
        /// Open the license file that answers the saved one.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "anew", "release", "save"])]
        open: Option<PathBuf>,
        /// The name that this device gets, in the saved file.
        #[arg(long, requires = "save")]
        name: Option<String>,
    },
    /// Look into everything that the activation depends on, and write what was found for whoever helps.
    Doctor {
        /// Write a bundle to this file; nothing in it names you, unlocks anything or identifies your hardware.
        #[arg(long)]
        output: Option<PathBuf>,
    },
    /// Publish this machine's hardware, as tags, for applications that may not read it and for containers; to be run by a service
    /// with rights at each start.
    PublishHardware {
        /// Where to.
        #[arg(long, default_value = "/run/keystead")]
        to: PathBuf,
    },
    /// Sign in to your account in a browser.
    SignIn,
    /// Sign out on this device.
    SignOut,
}
