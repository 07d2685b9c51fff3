use super::World;

/// Maximum number of emails read at once.
const MAX_EMAILS: u32 = 100;

/// An email in the queue.
#[derive(Debug)]
pub struct Email {
    /// The recipient's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl Email {
    /// The secret of the one-time link in the text.
    pub fn link_token(&self) -> &str {
        let (_, token) = self.text.split_once("token=").expect("the email has a link");
        token.split(|c: char| c.is_whitespace() || c == '&').next().unwrap_or_default()
    }
}

impl World {
    /// All emails in the queue, oldest first. No job sends them, so all emails stay in the queue.
    pub async fn emails(&self) -> Vec<Email> {
        let now = self.now();
        let queued = self.read(move |connection| connection.queued_emails_due(now, MAX_EMAILS)).await;
        let opened = queued.into_iter().map(|email| {
            let text = self.app.keys.open_sealed("email", email.id.as_bytes(), &email.body).unwrap();
            Email { to: email.recipient, subject: email.subject, text: String::from_utf8(text).unwrap() }
        });
        opened.collect()
    }

    /// The subjects of the emails to a customer's address, oldest first.
    pub async fn subjects_to(&self, address: &str) -> Vec<String> {
        let emails = self.emails().await.into_iter().filter(|email| email.to == address);
        emails.map(|email| email.subject).collect()
    }
}
