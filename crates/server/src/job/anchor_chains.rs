//! Says in the server's log where the audit log and the issue log end. Who can write the database can compute a whole chain
//! anew, but then it no longer has the hashes that were logged.

use std::time::Duration;

use keystead_protocol::text::to_hex;

use crate::app::Shared;

const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Does it every hour until the server stops.
pub async fn run(app: Shared) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        match app.store.read(|reader| reader.chain_ends()).await {
            Ok(ends) => {
                for end in ends {
                    let hash = to_hex(&end.hash);
                    tracing::info!(chain = end.chain, number = end.number, hash, "a chain ends here");
                }
            }
            Err(error) => tracing::error!(%error, "the chains could not be read"),
        }
    }
}
