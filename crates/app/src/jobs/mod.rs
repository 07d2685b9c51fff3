//! Recurring jobs of a running server.

mod deliver_messages;
mod follow_keys;
mod prune;
mod sequence_logs;

use crate::context::Shared;
use crate::email::delivery;

pub use prune::{Pruned, prune};

/// Runs all jobs until the server stops.
pub async fn run(app: Shared) {
    tokio::join!(
        delivery::run(app.clone()),
        follow_keys::run(app.clone()),
        sequence_logs::run(app.clone()),
        deliver_messages::run(app.clone(), deliver_messages::consumers()),
        prune::run(app),
    );
}
