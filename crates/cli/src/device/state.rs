use std::process::ExitCode;

use keystead::{Client, Error, RefreshOutcome, Status};

use crate::exit;
use crate::output::Output;

/// Prints the activation state. The exit code shows whether the product is activated.
pub fn show(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    let status = client.status()?;
    output.result(&status, || sentences(&status));
    Ok(match status.state.code() {
        Some(code) if !status.state.is_activated() => exit::code(code),
        _ => ExitCode::SUCCESS,
    })
}

fn sentences(status: &Status) -> String {
    let mut lines = vec![format!("{}.", status.sentence)];
    if let Some(detail) = &status.detail {
        lines.push(format!("What changed: {detail}."));
    }
    if status.in_grace {
        lines.push("The product keeps working for now.".to_owned());
    }
    lines.extend(status.next_action.map(str::to_owned));
    if let (Some(edition), true) = (&status.edition, status.state.is_activated()) {
        lines.push(format!("Edition: {edition}"));
    }
    lines.extend(status.code.map(|code| format!("[{code}]")));
    lines.join("\n")
}

/// Refreshes the certificate, then prints the activation state.
pub fn refresh(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    if client.refresh()? == RefreshOutcome::Renewed {
        output.note("The certificate is up to date.");
    }
    show(client, output)
}
