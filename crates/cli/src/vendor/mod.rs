//! Commands for vendors. All except `product profile` need an API token.

mod catalog;
mod keys;
mod licenses;
mod validate;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use keystead::protocol::Code;
use keystead::{Api, Call, Error, Options};

use crate::output::{GLOBAL_OPTIONS, Output};

#[derive(Args)]
pub struct VendorArguments {
    /// The server's address.
    #[arg(long, env = "KEYSTEAD_SERVER", default_value = "http://localhost:8420", global = true,
          help_heading = GLOBAL_OPTIONS)]
    server: String,
    /// The API token (`keystead-server token create`).
    #[arg(long, env = "KEYSTEAD_TOKEN", hide_env_values = true, global = true, help_heading = GLOBAL_OPTIONS)]
    token: Option<String>,
    #[command(subcommand)]
    command: VendorCommand,
}

#[derive(Subcommand)]
enum VendorCommand {
    /// Manage products.
    #[command(subcommand)]
    Product(catalog::Product),
    /// Manage a product's editions.
    #[command(subcommand)]
    Edition(catalog::Edition),
    /// Manage a product's policies.
    #[command(subcommand)]
    Policy(catalog::Policy),
    /// Create product keys.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Manage licenses.
    #[command(subcommand)]
    License(licenses::License),
    /// Check whether a product key, a certificate, or an activation is valid.
    Validate(validate::Validate),
}

/// The server's API, authenticated with the vendor's token.
pub struct Vendor {
    api: Api,
    token: String,
}

impl Vendor {
    fn authenticated<'a>(&self, call: Call<'a>) -> Call<'a> {
        call.bearer(Some(self.token.clone()))
    }

    fn call<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Error> {
        self.api.call(&self.authenticated(call))
    }
}

pub fn run(arguments: VendorArguments, output: &Output) -> Result<ExitCode, Error> {
    let api = Api::new(arguments.server.trim_end_matches('/'), &Options::default())?;
    let token = arguments.token.unwrap_or_default();
    if token.is_empty() && !arguments.command.is_public() {
        return Err(token_error(Code::SignInRequired.into()));
    }
    let vendor = Vendor { api, token };
    dispatch(&vendor, arguments.command, output).map_err(token_error)
}

fn dispatch(vendor: &Vendor, command: VendorCommand, output: &Output) -> Result<ExitCode, Error> {
    match command {
        VendorCommand::Product(command) => catalog::product(vendor, command, output)?,
        VendorCommand::Edition(command) => catalog::edition(vendor, command, output)?,
        VendorCommand::Policy(command) => catalog::policy(vendor, command, output)?,
        VendorCommand::Keys(command) => keys::run(vendor, command, output)?,
        VendorCommand::License(command) => licenses::run(vendor, command, output)?,
        VendorCommand::Validate(question) => return validate::run(vendor, question, output),
    }
    Ok(ExitCode::SUCCESS)
}

/// Rewords sign-in errors, because vendors authenticate with an API token.
fn token_error(error: Error) -> Error {
    let cause = match error.code {
        Code::SignInRequired => "An API token is required.",
        Code::TokenExpired => "The API token is incorrect, expired or revoked.",
        _ => return error,
    };
    let next_action = "Create one with `keystead-server token create`, and set KEYSTEAD_TOKEN to it.";
    Error { cause: cause.to_owned(), next_action: next_action.to_owned(), ..error }
}

impl VendorCommand {
    const fn is_public(&self) -> bool {
        matches!(self, VendorCommand::Product(catalog::Product::Profile { .. }))
    }
}
