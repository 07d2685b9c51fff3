//! The C header: made from the exported functions and the codes, and checked in.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use keystead_protocol::Code;

use crate::command::root;

fn path() -> PathBuf {
    root().join("crates/sdk-c/include/keystead.h")
}

fn generate() -> anyhow::Result<String> {
    let folder = root().join("crates/sdk-c");
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).map_err(anyhow::Error::msg)?;
    config.header = Some(
        "/* The C interface of Keystead's client library; made by `cargo xtask header write`. */".into(),
    );
    config.after_includes = Some(codes());
    let bindings = cbindgen::Builder::new().with_crate(folder).with_config(config).generate()?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    Ok(String::from_utf8(text)?.replace("// # Safety", "// Safety:"))
}

/// The numbers that functions give; 0 is done. Numbers never change their meaning.
fn codes() -> String {
    let mut text = String::from(
        "/* What functions give: 0 for done, else the number of a code. */\n#define KEYSTEAD_DONE 0\n",
    );
    for code in Code::ALL {
        let _ = writeln!(text, "#define KEYSTEAD_{} {}", code.name().to_uppercase(), code.number());
    }
    text
}

/// Writes it.
pub fn write() -> anyhow::Result<()> {
    Ok(std::fs::write(path(), generate()?)?)
}

/// Fails if it is not what the code says.
pub fn check() -> anyhow::Result<()> {
    let kept = std::fs::read_to_string(path()).context("there is no header; run cargo xtask header write")?;
    anyhow::ensure!(
        kept == generate()?,
        "the C header is not what the code says; run cargo xtask header write"
    );
    Ok(())
}
