//! schemathesis against the live server: whatever the API's description allows and forbids, no answer is a mistake.

use std::process::Command;

use crate::command::{cargo, run as run_command, target};
use crate::server::Server;

const VERSION: &str = "schemathesis>=4,<5";

/// Installs schemathesis into a folder of the build and runs it on a server with a product and keys.
pub fn run() -> anyhow::Result<()> {
    let program = program()?;
    run_command(cargo().args(["build", "--quiet", "-p", "keystead-server"]))?;
    let folder = tempfile::tempdir()?;
    let limits = [
        ("KEYSTEAD_LIMITS__REQUESTS_PER_SECOND", "0"),
        ("KEYSTEAD_LIMITS__BAD_KEYS_PER_MINUTE", "0"),
        ("KEYSTEAD_LIMITS__SIGN_INS_PER_MINUTE", "0"),
    ];
    let server = Server::start(&folder.path().join("server"), &limits)?;
    let token = server.token()?;
    let mut command = Command::new(program);
    command.arg("run").arg(format!("{}/api/openapi.json", server.url()));
    command.args(["--header", &format!("Authorization: Bearer {token}")]);
    command.args(["--max-examples", "40", "--seed", "1", "--phases", "examples,coverage,fuzzing"]);
    command.args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,negative_data_rejection"]);
    run_command(&mut command)
}

fn program() -> anyhow::Result<std::path::PathBuf> {
    let folder = target().join("schemathesis");
    let program = folder.join("bin/schemathesis");
    if !program.exists() {
        println!("Installing {VERSION} into {}", folder.display());
        if run_command(Command::new("python3").args(["-m", "venv"]).arg(&folder)).is_err() {
            crate::ci::install("schemathesis", &["python3-venv"])?;
            run_command(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        }
        run_command(Command::new(folder.join("bin/pip")).args(["install", "--quiet", VERSION]))?;
    }
    Ok(program)
}
