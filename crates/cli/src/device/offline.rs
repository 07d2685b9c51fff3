use std::path::{Display, Path};
use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::{Client, Error, ReleaseProof, device_name};

use super::state;
use crate::output::Output;

/// Shows what is to be typed on the account page, on any device with a network.
pub fn begin(client: &Client, anew: bool, output: &Output) -> Result<ExitCode, Error> {
    let request = client.begin_offline(anew)?;
    output.result(&request, || {
        format!(
            "Installation ID:\n\n    {}\n\nType it at {}\nor read it to the vendor's support. Then run `keystead offline` with {} you get.",
            request.installation_id,
            request.address,
            if request.lines == 1 { "the line" } else { "the four lines" }
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
    let proof = match client.release_offline() {
        // It was given back before: the proof is shown again.
        Err(error) if error.code == Code::NotActivated => client.release_proofs()?.pop().ok_or(error)?,
        proof => proof?,
    };
    let ReleaseProof { installation_id, code } = &proof;
    output.result(&proof, || {
        format!(
            "This device is deactivated. To free its seat, type both at the account page:\n\n    Installation ID  {installation_id}\n    Code             {code}\n"
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Saves what is to be brought to the account page.
pub fn save_request(
    client: &Client,
    file: &Path,
    name: Option<String>,
    output: &Output,
) -> Result<ExitCode, Error> {
    client.save_request(file, &name.unwrap_or_else(device_name))?;
    Ok(show_saved(client, file, output, |file, address| {
        format!("Bring {file} to {address}\nThen run `keystead offline --open FILE` with the file you get.")
    }))
}

/// Takes the file that answers.
pub fn open_file(client: &Client, file: &Path, output: &Output) -> Result<ExitCode, Error> {
    client.open_license_file(file)?;
    state::show(client, output)
}

/// Ends the activation and saves what frees its seat.
pub fn release_to_file(client: &Client, file: &Path, output: &Output) -> Result<ExitCode, Error> {
    client.release_to_file(file)?;
    Ok(show_saved(client, file, output, |file, address| {
        format!("This device is deactivated. To free its seat, bring {file} to {address}")
    }))
}

/// Shows a saved file and the address of the page that takes it.
fn show_saved(
    client: &Client,
    file: &Path,
    output: &Output,
    sentence: impl FnOnce(Display<'_>, &str) -> String,
) -> ExitCode {
    let address = format!("{}/offline/file", client.profile().server);
    let saved = serde_json::json!({ "file": file, "address": address });
    output.result(&saved, || sentence(file.display(), &address));
    ExitCode::SUCCESS
}
