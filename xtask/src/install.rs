//! Installs the tools, other than Rust, that the checks need.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{exists, is_root, run, target};

/// Installs Debian packages. Without root rights, the error names the packages and their use.
pub fn debian(what_for: &str, packages: &[&str]) -> anyhow::Result<()> {
    let list = packages.join(" ");
    anyhow::ensure!(is_root(), "{what_for} need Debian's packages {list}; install them, or run this as root");
    println!("Installing Debian's packages {list} for {what_for}");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(apt().args(["update", "-qq"]))?;
    run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
}

/// Installs the packages of missing `programs` (program, package).
pub fn programs(what_for: &str, programs: &[(&str, &str)]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        programs.iter().filter(|(program, _)| !exists(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { debian(what_for, &missing) }
}

/// Installs the packages of missing `files` (path, package).
pub fn files(what_for: &str, files: &[(&str, &str)]) -> anyhow::Result<()> {
    let missing: Vec<&str> =
        files.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() { Ok(()) } else { debian(what_for, &missing) }
}

/// Installs a program from PyPI into the build folder and returns its path. `requirement` contains the version.
pub fn python(requirement: &str, program: &str) -> anyhow::Result<PathBuf> {
    let python = python_with(program, &[requirement])?;
    Ok(python.with_file_name(program))
}

/// Creates a Python environment with packages from PyPI in the build folder. Returns the path of its Python.
pub fn python_with(name: &str, requirements: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = target().join(name);
    let (path, done) = (folder.join("bin/python"), folder.join("installed"));
    let wanted = requirements.join("\n");
    if std::fs::read_to_string(&done).ok().as_deref() != Some(&wanted) {
        println!("Installing {} into {}", requirements.join(" "), folder.display());
        if run(Command::new("python3").args(["-m", "venv"]).arg(&folder)).is_err() {
            debian(name, &["python3-venv"])?;
            run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        }
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet"]).args(requirements))?;
        std::fs::write(done, wanted)?;
    }
    Ok(path)
}

/// Installs the npm packages of a folder's lock file.
pub fn npm(folder: &Path) -> anyhow::Result<()> {
    programs("the checks with npm packages", &[("npm", "npm"), ("node", "nodejs")])?;
    run(Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(folder))
}

/// A command from the npm packages of `folder`, which runs in `folder`.
pub fn npm_program(folder: &Path, program: &str) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder).args(["exec", "--offline", "--", program]);
    command
}
