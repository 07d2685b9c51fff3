//! Plays the main job with the real binaries. Every step is described and asserted.

mod device;
mod machine;
mod story;

pub use machine::Machine;

use crate::command::build_packages;

/// Builds the binaries and plays the story.
pub fn run(keep: bool) -> anyhow::Result<()> {
    println!("Building the server and the command line ...");
    build_packages(&["-p", "keystead-server"])?;
    build_packages(&["-p", "keystead-cli", "--features", "simulated-hardware"])?;
    story::play(keep)
}
