use std::fs::OpenOptions;
use std::io::{BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use keystead::protocol::Code;
use keystead::protocol::api::{KeyBatchLine, KeyBatchRequest};
use keystead::{Call, Error};

use super::Vendor;
use crate::output::Output;

#[derive(Subcommand)]
pub enum Keys {
    /// Create product keys. They are shown only once; the server stores digests.
    Make {
        /// The product's short name.
        product: String,
        /// The edition that the keys unlock.
        #[arg(long)]
        edition: String,
        /// The policy of the keys' licenses.
        #[arg(long)]
        policy: String,
        /// The number of keys.
        #[arg(long, default_value_t = 1)]
        count: u32,
        /// A note about their purpose.
        #[arg(long, default_value = "")]
        note: String,
        /// A new file for the keys, one per line; standard output by default.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

pub fn run(vendor: &Vendor, command: Keys, output: &Output) -> Result<(), Error> {
    let Keys::Make { product, edition, policy, count, note, out } = command;
    let mut sink = open(out.as_deref())?;
    let bar = progress(count, output, out.is_some());
    let request = KeyBatchRequest { edition, policy, count, note };
    let call = Call::post(format!("/api/v1/products/{product}/key-batches")).json(&request);
    let (mut made, mut failure) = (0u64, None);
    vendor.api.make_keys(&vendor.authenticated(call), |line| match line {
        KeyBatchLine::Keys(keys) => {
            made += keys.len() as u64;
            for key in keys {
                if let Err(error) = writeln!(sink, "{key}") {
                    failure.get_or_insert(Error {
                        detail: Some(error.to_string()),
                        ..Code::StorageFailed.into()
                    });
                }
            }
            bar.set_position(made);
        }
        KeyBatchLine::Failed(code) => {
            let code = code.parse().unwrap_or(Code::Internal);
            failure.get_or_insert(Error { detail: Some(format!("after {made} keys")), ..code.into() });
        }
        KeyBatchLine::Batch(_) | KeyBatchLine::Done(_) => {}
    })?;
    bar.finish_and_clear();
    let flushed =
        sink.flush().map_err(|error| Error { detail: Some(error.to_string()), ..Code::StorageFailed.into() });
    failure.map_or(flushed, Err)?;
    if made != u64::from(count) {
        return Err(Error {
            detail: Some(format!("the response ended after {made} keys")),
            ..Code::ServerUnavailable.into()
        });
    }
    if let Some(path) = out {
        eprintln!("Saved {made} product keys to {}.", path.display());
    }
    Ok(())
}

fn open(path: Option<&Path>) -> Result<Box<dyn Write>, Error> {
    let Some(path) = path else { return Ok(Box::new(BufWriter::new(std::io::stdout().lock()))) };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => Ok(Box::new(BufWriter::new(file))),
        Err(error) => {
            Err(Error { detail: Some(format!("{}: {error}", path.display())), ..Code::StorageFailed.into() })
        }
    }
}

fn progress(count: u32, output: &Output, to_file: bool) -> ProgressBar {
    let shown = !output.json && to_file && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(u64::from(count)), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} keys, {eta} left") {
        bar.set_style(style);
    }
    bar
}
