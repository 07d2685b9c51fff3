use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::protocol::id::LicenseId;
use keystead::{Client, Error, SignInPurpose, needs_ownership_sign_in};

use super::{ask, sign_in, state};
use crate::output::Output;

/// Shows the disclosure, asks for consent, and links the license.
pub fn link(client: &Client, agree: bool, output: &Output) -> Result<ExitCode, Error> {
    client.license()?;
    let disclosure = client.linking_disclosure()?;
    for paragraph in &disclosure.paragraphs {
        output.note(&format!("{paragraph}\n"));
    }
    if !agree && !ask("Link this license to your account? [y/N]", "--agree")?.eq_ignore_ascii_case("y") {
        return Err(Code::ConsentMissing.into());
    }
    sign_in::ensure_signed_in(client, output)?;
    client.link(disclosure.version)?;
    state::show(client, output)
}

/// Unlinks a license from the account.
pub fn unlink(client: &Client, license: Option<LicenseId>, output: &Output) -> Result<ExitCode, Error> {
    sign_in::ensure_signed_in(client, output)?;
    let license = match license {
        Some(license) => license,
        None => client.license()?,
    };
    let key = match client.unlink(license) {
        Err(error) if needs_ownership_sign_in(&error) => {
            output.note("Unlinking changes who owns the license. Sign in again to continue.");
            sign_in::sign_in(client, SignInPurpose::Ownership, output)?;
            client.unlink(license)?
        }
        outcome => outcome?,
    };
    output.result(&key, || {
        format!(
            "The license is no longer linked to your account. Save its new product key; it's shown only once:\n\n    {}\n",
            key.product_key
        )
    });
    Ok(ExitCode::SUCCESS)
}
