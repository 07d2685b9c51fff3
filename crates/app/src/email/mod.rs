//! Letters to people: written with the change that they tell of, sent by a job afterwards (see `job/send_letters.rs`).
//! Where no mail server is configured they become files in the data folder's `outbox`.

pub mod delivery;
pub mod email_link;
pub mod notifications;

use std::path::PathBuf;

use anyhow::Context as _;
use keystead_domain::Millis;
use keystead_protocol::id::LetterId;
use keystead_storage::{Error, Letter, Tx};
use lettre::message::Mailbox;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::sync::Notify;

use crate::config::Config;
use crate::context::App;
use crate::i18n::Text;

/// The way to the mail server.
pub struct Mail {
    transport: Transport,
    from: Mailbox,
    /// Rings when a letter was written.
    pub written: Notify,
}

enum Transport {
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    Outbox(AsyncFileTransport<Tokio1Executor>),
}

/// A letter's words, before it is written into a transaction.
pub struct Draft {
    letter: Letter,
}

impl Mail {
    /// Opens the way that is configured.
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

    /// Sends one letter. `text` is its opened body.
    pub async fn send(&self, letter: &Letter, text: String) -> anyhow::Result<()> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(letter.recipient.parse().context("recipient")?)
            .subject(letter.subject.clone())
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
        "no mail server is configured (mail.smtp_url): letters are put into a folder and reach nobody"
    );
    Ok(folder)
}

impl Draft {
    /// Writes to `recipient`.
    pub fn new(app: &App, recipient: &str, subject: Text<'_>, text: Text<'_>, now: Millis) -> Self {
        let id = app.new_id::<LetterId>();
        let text = format!("{text}\n\n-- \n{}\n{}\n", app.tenant.name, app.public_url);
        let body = app.keys.seal("letter", id.as_bytes(), text.as_bytes());
        let recipient = recipient.to_owned();
        let letter =
            Letter { id, recipient, subject: subject.to_string(), body, created_at: now, attempts: 0 };
        Self { letter }
    }

    /// Puts the letter on its way, if the transaction is committed.
    pub fn post(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.insert_letter(&self.letter)
    }
}
