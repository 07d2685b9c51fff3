use std::path::{Display, Path};
use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::{Client, Error, ReleaseProof, device_name};

use super::state;
use crate::output::Output;

/// Shows the Installation ID, which the user confirms on the account page.
pub fn begin(client: &Client, restart: bool, output: &Output) -> Result<ExitCode, Error> {
    let request = client.begin_offline(restart)?;
    output.result(&request, || {
        format!(
            "Installation ID:\n\n    {}\n\nEnter it at {}\nor give it to the vendor's support. Then run `keystead offline` with {} you get.",
            request.installation_id,
            request.address,
            if request.lines == 1 { "the line" } else { "the four lines" }
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Enters the confirmation.
pub fn finish(client: &Client, lines: &[String], output: &Output) -> Result<ExitCode, Error> {
    client.finish_offline(&lines.join("\n"))?;
    state::show(client, output)
}

/// Deactivates this device and shows the release proof.
pub fn release(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    let proof = match client.release_offline() {
        // Already released: show the proof again.
        Err(error) if error.code == Code::NotActivated => client.release_proofs()?.pop().ok_or(error)?,
        proof => proof?,
    };
    let ReleaseProof { installation_id, code } = &proof;
    output.result(&proof, || {
        format!(
            "This device is deactivated. To free its seat, enter both on the account page:\n\n    Installation ID  {installation_id}\n    Code             {code}\n"
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Saves a request file for the account page.
pub fn save_request(
    client: &Client,
    file: &Path,
    name: Option<String>,
    output: &Output,
) -> Result<ExitCode, Error> {
    client.save_request(file, &name.unwrap_or_else(device_name))?;
    Ok(show_saved(client, file, output, |file, address| {
        format!("Take {file} to {address}\nThen run `keystead offline --open FILE` with the file you get.")
    }))
}

/// Opens the license file.
pub fn open_file(client: &Client, file: &Path, output: &Output) -> Result<ExitCode, Error> {
    client.open_license_file(file)?;
    state::show(client, output)
}

/// Deactivates this device and saves a release file.
pub fn release_to_file(client: &Client, file: &Path, output: &Output) -> Result<ExitCode, Error> {
    client.release_to_file(file)?;
    Ok(show_saved(client, file, output, |file, address| {
        format!("This device is deactivated. To free its seat, take {file} to {address}")
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
