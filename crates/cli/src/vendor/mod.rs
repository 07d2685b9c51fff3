//! Commands for vendors. All except `product profile` need an API token.

mod catalog;
mod keys;
mod licenses;
mod validate;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use keystead::protocol::Code;
use keystead::{Api, Call, Error, Options};

use crate::output::Output;

#[derive(Args)]
pub struct VendorArguments {
    /// The server's address.
    #[arg(long, env = "KEYSTEAD_SERVER", default_value = "http://localhost:8420", global = true)]
    server: String,
    /// The API token (`keystead-server token create`).
    #[arg(long, env = "KEYSTEAD_TOKEN", hide_env_values = true, global = true)]
    token: Option<String>,
    #[command(subcommand)]
    command: VendorCommand,
}

#[derive(Subcommand)]
enum VendorCommand {
    /// Products.
    #[command(subcommand)]
    Product(catalog::Product),
    /// Editions of a product.
    #[command(subcommand)]
    Edition(catalog::Edition),
    /// Policies of a product.
    #[command(subcommand)]
    Policy(catalog::Policy),
    /// Product keys.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Licenses.
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

/// Runs a command.
pub fn run(arguments: VendorArguments, output: &Output) -> Result<ExitCode, Error> {
    let api = Api::new(arguments.server.trim_end_matches('/'), &Options::default())?;
    let token = arguments.token.unwrap_or_default();
    if token.is_empty() && !arguments.command.is_public() {
        let detail = Some("set KEYSTEAD_TOKEN to an API token of the server".to_owned());
        return Err(Error { detail, ..Code::SignInRequired.into() });
    }
    let vendor = Vendor { api, token };
    match arguments.command {
        VendorCommand::Product(command) => catalog::product(&vendor, command, output)?,
        VendorCommand::Edition(command) => catalog::edition(&vendor, command, output)?,
        VendorCommand::Policy(command) => catalog::policy(&vendor, command, output)?,
        VendorCommand::Keys(command) => keys::run(&vendor, command, output)?,
        VendorCommand::License(command) => licenses::run(&vendor, command, output)?,
        VendorCommand::Validate(question) => return validate::run(&vendor, question, output),
    }
    Ok(ExitCode::SUCCESS)
}

impl VendorCommand {
    const fn is_public(&self) -> bool {
        matches!(self, VendorCommand::Product(catalog::Product::Profile { .. }))
    }
}
