use std::process::ExitCode;

use keystead::protocol::api::{SignedValidation, ValidationRequest};
use keystead::protocol::id::ActivationId;
use keystead::{Call, Error};

use super::Vendor;
use crate::exit;
use crate::output::Output;

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub struct Validate {
    /// A product key.
    #[arg(long)]
    key: Option<String>,
    /// A certificate, base64url.
    #[arg(long)]
    certificate: Option<String>,
    /// An activation.
    #[arg(long)]
    activation: Option<ActivationId>,
}

pub fn run(vendor: &Vendor, question: Validate, output: &Output) -> Result<ExitCode, Error> {
    let request = match question {
        Validate { key: Some(key), .. } => ValidationRequest::ProductKey(key),
        Validate { certificate: Some(certificate), .. } => ValidationRequest::Certificate(certificate),
        Validate { activation: Some(activation), .. } => ValidationRequest::Activation(activation),
        Validate { .. } => return Ok(ExitCode::from(2)),
    };
    let answer: SignedValidation = vendor.call(Call::post("/api/v1/validations").json(&request))?;
    let validation = &answer.validation;
    let code = validation.code.as_ref().and_then(|code| code.parse::<keystead::protocol::Code>().ok());
    output.result(&answer, || match (validation.valid, code) {
        (true, _) => "Valid.".to_owned(),
        (false, Some(code)) => format!("Not valid. {}\n[{}]", code.cause(), code.name()),
        (false, None) => "Not valid.".to_owned(),
    });
    Ok(match code {
        Some(code) if !validation.valid => exit::code(code),
        _ => ExitCode::SUCCESS,
    })
}
