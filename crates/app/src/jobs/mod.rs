//! Recurring jobs of a running server.

mod deliver_messages;
mod follow_keys;
mod prune;
mod sign_checkpoints;

use crate::context::Shared;
use crate::email::delivery;

pub use prune::{Pruned, prune};

/// Runs all jobs until the server stops.
pub async fn run(app: Shared) {
    tokio::join!(
        delivery::run(app.clone()),
        follow_keys::run(app.clone()),
        sign_checkpoints::run(app.clone()),
        deliver_messages::run(app.clone(), deliver_messages::consumers()),
        prune::run(app),
    );
}
