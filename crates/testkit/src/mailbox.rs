use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;
use mail_parser::MessageParser;

/// The outbox folder of a server. A server without a mail server writes its emails there.
pub struct Mailbox {
    folder: PathBuf,
}

/// An email as its recipient sees it.
#[derive(Debug, Clone)]
pub struct Email {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Email {
    /// The path and the query of the first link.
    pub fn link(&self) -> anyhow::Result<String> {
        let start = self.text.find("http").context("there is no link in the email")?;
        let link = self.text[start..].split_whitespace().next().unwrap_or_default();
        let path = link.splitn(4, '/').nth(3).context("the link has no path")?;
        Ok(format!("/{path}"))
    }
}

impl Mailbox {
    /// The outbox in a server's data folder.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join("outbox") }
    }

    /// Waits for an email to `address`. Removes and returns the oldest one.
    pub fn next(&self, address: &str) -> anyhow::Result<Email> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            if let Some(email) = self.take(address)? {
                return Ok(email);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        anyhow::bail!("no email to {address} came within ten seconds")
    }

    /// Removes and returns the oldest email to `address`, if there is one.
    pub fn take(&self, address: &str) -> anyhow::Result<Option<Email>> {
        let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "eml") {
                files.push((std::fs::metadata(&path)?.modified()?, path));
            }
        }
        files.sort();
        for (_, path) in files {
            let bytes = std::fs::read(&path)?;
            let Some(message) = MessageParser::default().parse(&bytes) else { continue };
            let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default();
            // A file without the signature line is still incomplete.
            let Some(text) = message.body_text(0).filter(|text| text.contains("\n-- ")) else { continue };
            if to == address {
                let subject = message.subject().unwrap_or_default().to_owned();
                let email = Email { subject, text: text.into_owned() };
                std::fs::remove_file(&path)?;
                return Ok(Some(email));
            }
        }
        Ok(None)
    }
}
