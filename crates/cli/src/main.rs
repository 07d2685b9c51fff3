//! `keystead`: the command line for devices, vendors and scripts.

mod arguments;
mod device;
mod exit;
mod output;
mod vendor;

use std::process::ExitCode;

use clap::Parser as _;
use keystead::protocol::Code;
use keystead::{Client, Error, Options, Profile, default_folder};

use arguments::{Arguments, Command, Shared};
use output::Output;

fn main() -> ExitCode {
    let Arguments { shared, command } = Arguments::parse();
    let output = Output { json: shared.json };
    let outcome = match command {
        Command::Vendor(vendor) => vendor::run(vendor, &output),
        Command::Device(device) => open(&shared).and_then(|client| device::run(&client, device, &output)),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            output.error(&error);
            exit::code(error.code)
        }
    }
}

fn open(shared: &Shared) -> Result<Client, Error> {
    let path = shared.profile.as_ref().ok_or(Error::from(Code::NotConfigured))?;
    let json = std::fs::read(path).map_err(|error| Error {
        detail: Some(format!("{}: {error}", path.display())),
        ..Error::from(Code::NotConfigured)
    })?;
    let folder = match &shared.folder {
        Some(folder) => folder.clone(),
        None => default_folder()?,
    };
    let options = Options { client_id: "keystead-cli".to_owned(), ..Options::default() };
    Client::open_with(Profile::from_json(&json)?, folder, options)
}
