//! The email transport. Without a mail server, emails become files in the `outbox` folder of the data folder.

use std::path::PathBuf;

use anyhow::Context as _;
use keystead_storage::QueuedEmail;
use lettre::message::Mailbox;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Notify;

use crate::config::Config;

/// The email transport.
pub struct Mail {
    transport: Transport,
    from: Mailbox,
    /// Notified when an email was enqueued.
    pub written: Notify,
}

enum Transport {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Outbox(AsyncFileTransport<Tokio1Executor>),
}

impl Mail {
    /// Opens the configured transport.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let from = config.mail.from.parse().context("mail.from")?;
        let transport = match &config.mail.smtp_url {
            Some(url) => Transport::Smtp(Box::new(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url).context("mail.smtp_url")?.build(),
            )),
            None => Transport::Outbox(AsyncFileTransport::new(outbox(config)?)),
        };
        Ok(Self { transport, from, written: Notify::new() })
    }

    /// Sends one email. `text` is its unsealed body.
    pub async fn send(&self, email: &QueuedEmail, text: String) -> anyhow::Result<()> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(email.recipient.parse().context("recipient")?)
            .subject(email.subject.clone())
            .body(text)?;
        match &self.transport {
            Transport::Smtp(smtp) => smtp.send(message).await.map(drop)?,
            Transport::Outbox(folder) => folder.send(message).await.map(drop)?,
        }
        Ok(())
    }
}

fn outbox(config: &Config) -> anyhow::Result<PathBuf> {
    let folder = config.data.join("outbox");
    crate::security::private_files::folder(&folder)?;
    tracing::warn!(
        folder = %folder.display(),
        "no mail server is configured (mail.smtp_url): emails are put into a folder and reach nobody"
    );
    Ok(folder)
}
