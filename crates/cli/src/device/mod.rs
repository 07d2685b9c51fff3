//! Commands for customers, on a device.

mod activate;
mod deactivate;
mod doctor;
mod link;
mod list;
mod offline;
mod reactivate;
mod sign_in;
mod state;

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::{Client, Error, SignInPurpose};

use crate::arguments::DeviceCommand;
use crate::output::Output;

pub fn run(client: &Client, command: DeviceCommand, output: &Output) -> Result<ExitCode, Error> {
    match command {
        DeviceCommand::Activate { key, name } => activate::run(client, key.as_deref(), name, output),
        DeviceCommand::Link { agree } => link::link(client, agree, output),
        DeviceCommand::State => state::show(client, output),
        DeviceCommand::Refresh => state::refresh(client, output),
        DeviceCommand::Reactivate { activation } => reactivate::run(client, activation, output),
        DeviceCommand::Devices => list::devices(client, output),
        DeviceCommand::Licenses => list::licenses(client, output),
        DeviceCommand::Deactivate { device } => deactivate::run(client, device, output),
        DeviceCommand::Unlink { license } => link::unlink(client, license, output),
        DeviceCommand::Offline { open: Some(file), .. } => offline::open_file(client, &file, output),
        DeviceCommand::Offline { save: Some(file), release, name, .. } => {
            if release {
                offline::release_to_file(client, &file, output)
            } else {
                offline::save_request(client, &file, name, output)
            }
        }
        DeviceCommand::Offline { release: true, .. } => offline::release(client, output),
        DeviceCommand::Offline { lines, restart, .. } if lines.is_empty() => {
            offline::begin(client, restart, output)
        }
        DeviceCommand::Offline { lines, .. } => offline::finish(client, &lines, output),
        DeviceCommand::Doctor { output: file } => doctor::run(client, file.as_deref(), output),
        DeviceCommand::PublishHardware { to } => {
            let file = client.publish_hardware(&to)?;
            output.result(&serde_json::json!({ "file": file }), || {
                format!("Hardware published to {}.", file.display())
            });
            Ok(ExitCode::SUCCESS)
        }
        DeviceCommand::SignIn => {
            sign_in::sign_in(client, SignInPurpose::Use, output)?;
            let account = client.account()?;
            output.result(&account, || format!("You're signed in as {}.", account.email));
            Ok(ExitCode::SUCCESS)
        }
        DeviceCommand::SignOut => {
            client.sign_out()?;
            output.result(&serde_json::json!({ "signed_in": false }), || "You're signed out.".to_owned());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Asks the user a question. Scripts must use the option instead.
fn ask(question: &str, option: &str) -> Result<String, Error> {
    if !std::io::stdin().is_terminal() {
        return Err(Error {
            cause: "This command asks a question, but its input isn't a terminal.".to_owned(),
            next_action: format!("Run it in a terminal, or use {option}."),
            ..Code::ValueNotAllowed.into()
        });
    }
    print!("{question} ");
    let mut answer = String::new();
    let read = std::io::stdout().flush().and_then(|()| std::io::stdin().lock().read_line(&mut answer));
    read.map_err(|error| Error { detail: Some(error.to_string()), ..Code::ValueNotAllowed.into() })?;
    Ok(answer.trim().to_owned())
}
