//! `keystead-settings`: the Settings window of a product, opened by its user or by the product.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use keystead::protocol::Code;
use keystead::{Client, Error, Options, Profile, default_folder};
use keystead_settings::Page;

/// View and change a product's activation, account, and devices.
#[derive(Parser)]
#[command(name = "keystead-settings", version)]
struct Arguments {
    /// The vendor's application profile.
    #[arg(long, env = "KEYSTEAD_PROFILE")]
    profile: Option<PathBuf>,
    /// The data folder for activations on this device.
    #[arg(long, env = "KEYSTEAD_FOLDER")]
    folder: Option<PathBuf>,
    /// The page to open: accounts, activation, devices, privacy, how-it-works or about.
    #[arg(long, default_value = "activation")]
    page: Page,
    /// The page as an address, as links contain it: `keystead:activation`.
    #[arg(conflicts_with = "page")]
    address: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}\n{}\n{}", error.next_action, error.reference());
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Error> {
    let page = match &arguments.address {
        Some(address) => Page::at(address).map_err(|error| Error::new(Code::ValueNotAllowed, error))?,
        None => arguments.page,
    };
    let path = profile(arguments.profile).ok_or(Error::from(Code::NotConfigured))?;
    let json = std::fs::read(&path)
        .map_err(|error| Error::new(Code::NotConfigured, format!("{}: {error}", path.display())))?;
    let folder = match arguments.folder {
        Some(folder) => folder,
        None => default_folder()?,
    };
    let options = Options { client_id: "keystead-settings".to_owned(), ..Options::default() };
    let client = Client::open_with(Profile::from_json(&json)?, folder, options)?;
    keystead_settings::open(Arc::new(client), page).map_err(|error| Error::new(Code::WindowFailed, error))
}

/// The profile argument, or the profile that the vendor placed next to the program.
fn profile(named: Option<PathBuf>) -> Option<PathBuf> {
    named.or_else(|| {
        let beside = std::env::current_exe().ok()?.with_file_name("keystead-profile.json");
        beside.exists().then_some(beside)
    })
}
