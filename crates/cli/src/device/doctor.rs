use std::path::Path;
use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::{Client, Error, Finding};

use crate::exit;
use crate::output::Output;

/// Prints the report. The exit code is that of the first problem.
pub fn run(client: &Client, file: Option<&Path>, output: &Output) -> Result<ExitCode, Error> {
    let diagnostics = client.diagnose();
    if let Some(file) = file {
        let json = serde_json::to_vec_pretty(&diagnostics).unwrap_or_default();
        std::fs::write(file, json).map_err(|error| Error {
            detail: Some(format!("{}: {error}", file.display())),
            ..Code::StorageFailed.into()
        })?;
        output.note(&format!("Saved the report to {}. Review it before you share it.", file.display()));
    }
    output.result(&diagnostics, || diagnostics.findings.iter().map(line).collect::<Vec<_>>().join("\n"));
    let problem = diagnostics.findings.iter().find(|finding| !finding.ok).and_then(|finding| finding.code);
    Ok(problem.map_or(ExitCode::SUCCESS, exit::code))
}

fn line(finding: &Finding) -> String {
    let mark = if finding.ok { "ok" } else { "!!" };
    let next =
        finding.next_action.as_deref().map(|next| format!("\n                {next}")).unwrap_or_default();
    let code = finding.code.map(|code| format!(" [{code}]")).unwrap_or_default();
    let request = finding
        .request_id
        .as_ref()
        .map(|id| format!("\n                Request id: {id}"))
        .unwrap_or_default();
    format!("{mark}  {:<12}{}{code}{next}{request}", finding.check, finding.message)
}
