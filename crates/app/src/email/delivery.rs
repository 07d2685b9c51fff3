//! Sends emails as soon as they are committed. Failed emails are retried with growing delays for a day and a half.

use std::time::Duration;

use keystead_domain::Millis;
use keystead_storage::{Error, QueuedEmail};

use crate::context::Shared;
use crate::retry_schedule::{self, MAX_ATTEMPTS};

/// Emails per batch.
const AT_ONCE: u32 = 20;
/// Polling interval for emails that other nodes wrote and for due retries.
const LOOK: Duration = Duration::from_secs(20);

/// Sends emails until the server stops.
pub async fn run(app: Shared) {
    loop {
        match send_due(&app).await {
            Ok(0) => drop(tokio::time::timeout(LOOK, app.mail.written.notified()).await),
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "emails could not be sent");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

async fn send_due(app: &Shared) -> Result<usize, Error> {
    let now = app.now();
    let due = app.store.read(move |connection| connection.queued_emails_due(now, AT_ONCE)).await?;
    for email in &due {
        send(app, email, now).await?;
    }
    Ok(due.len())
}

async fn send(app: &Shared, email: &QueuedEmail, now: Millis) -> Result<(), Error> {
    let (id, next_at) = (email.id, now + retry_schedule::delay(email.attempts));
    if !app.store.write(move |tx| tx.queued_email_take(id, now, next_at)).await? {
        return Ok(());
    }
    let text = app
        .keys
        .open_sealed("email", id.as_bytes(), &email.body)
        // Earlier releases sealed emails with the kind `letter`.
        .or_else(|| app.keys.open_sealed("letter", id.as_bytes(), &email.body))
        .and_then(|text| String::from_utf8(text).ok());
    let sent = match text {
        Some(text) => app.mail.send(email, text).await,
        None => Err(anyhow::anyhow!("its seal is broken")),
    };
    match sent {
        Ok(()) => metrics::counter!("keystead_emails_sent_total").increment(1),
        Err(error) if email.attempts + 1 < MAX_ATTEMPTS => {
            tracing::warn!(email = %id, error = format!("{error:#}"), "an email could not be sent; it is tried again");
            return Ok(());
        }
        Err(error) => tracing::error!(email = %id, error = format!("{error:#}"), "an email is given up"),
    }
    app.store.write(move |tx| tx.queued_email_delete(id)).await
}
