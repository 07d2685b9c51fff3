use std::process::ExitCode;

use keystead::{Client, Error};

use super::state;
use crate::output::Output;

/// Shows what is to be typed on the account page, on any device with a network.
pub fn begin(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    let request = client.begin_offline()?;
    output.result(&request, || {
        format!(
            "Installation ID:\n\n    {}\n\nType it at {}\nor read it to the vendor's support. Then run `keystead offline` with the four lines you get.",
            request.installation_id, request.address
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Takes the confirmation.
pub fn finish(client: &Client, lines: &[String], output: &Output) -> Result<ExitCode, Error> {
    client.finish_offline(&lines.join("\n"))?;
    state::show(client, output)
}

/// Ends the activation and shows the proof of it.
pub fn release(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    let (installation_id, code) = client.release_offline()?;
    let proof = serde_json::json!({ "installation_id": installation_id, "code": code });
    output.result(&proof, || {
        format!(
            "This device is deactivated. To free its seat, type both at the account page:\n\n    Installation ID  {installation_id}\n    Code             {code}\n"
        )
    });
    Ok(ExitCode::SUCCESS)
}
