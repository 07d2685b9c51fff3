//! Every hour the server's log names the heads of the audit log and the issue log. It is kept where the database's writer cannot
//! change it, so a chain that was computed anew does not fit what was noted (`keystead-server audit verify --noted`).

use std::time::Duration;

use crate::audit::verify_logs::{chain_heads, written};
use crate::context::Shared;

const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Does it until the server stops.
pub async fn run(app: Shared) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        match chain_heads(&app).await {
            Ok(heads) => tracing::info!(
                audit = written(&heads.audit),
                issue = written(&heads.issue),
                "the logs reach to here"
            ),
            Err(error) => error.log(),
        }
    }
}
