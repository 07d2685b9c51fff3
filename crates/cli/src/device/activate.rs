use std::process::ExitCode;

use keystead::{Client, Error, device_name};

use super::{sign_in, state};
use crate::output::Output;

pub fn run(
    client: &Client,
    key: Option<&str>,
    name: Option<String>,
    output: &Output,
) -> Result<ExitCode, Error> {
    let name = name.unwrap_or_else(device_name);
    match key {
        Some(key) => client.activate(key, &name)?,
        None => {
            sign_in::ensure_signed_in(client, output)?;
            client.activate_by_sign_in(&name)?;
        }
    }
    state::show(client, output)
}
