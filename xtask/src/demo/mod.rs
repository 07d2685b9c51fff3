//! Demonstrates the main customer journey with the real binaries. Prints and checks every step.

mod device;
mod machine;
mod story;

pub use machine::Machine;

use crate::command::build_packages;

/// Builds the binaries and runs the demo.
pub fn run(keep: bool) -> anyhow::Result<()> {
    println!("Building the server and the command line ...");
    build_packages(&["-p", "keystead-server"])?;
    build_packages(&["-p", "keystead-cli", "--features", "simulated-hardware"])?;
    story::play(keep)
}
