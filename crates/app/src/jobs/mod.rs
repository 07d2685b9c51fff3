//! Work that recurs while the server runs.

mod follow_keys;
mod note_chain_heads;
mod prune;

use crate::context::Shared;
use crate::email::delivery;

pub use prune::{Pruned, prune};

/// Runs every job until the server stops.
pub async fn run(app: Shared) {
    tokio::join!(
        delivery::run(app.clone()),
        follow_keys::run(app.clone()),
        note_chain_heads::run(app.clone()),
        prune::run(app),
    );
}
