//! The main job, played with the real binaries: every step says what it did and asserts it.

mod device;
mod machine;
mod story;

pub use machine::Machine;

use crate::command::build_packages;

/// Builds, and plays the story.
pub fn run(keep: bool) -> anyhow::Result<()> {
    println!("Building the server and the command line ...");
    build_packages(&["-p", "keystead-server"])?;
    build_packages(&["-p", "keystead-cli", "--features", "simulated-hardware"])?;
    story::play(keep)
}
