//! Warns about unprotected connections. An attacker on the network can read or redirect them.

use keystead_storage::{Error, Location};
use url::Url;

use crate::config::Mail;
use crate::security::protected_url::is_this_machine;

/// Warns about unprotected connections to the database and the mail server.
pub fn warn_of_them(database: &Location, mail: &Mail) -> Result<(), Error> {
    if !database.is_protected()? {
        tracing::warn!(
            "others on the way to PostgreSQL can read along or answer in its place; \
             add sslmode=verify-full and sslrootcert to database_url"
        );
    }
    if !is_mail_protected(mail) {
        tracing::warn!(
            "others on the way to the mail server can read links that open accounts; use smtps:// or ?tls=required in \
             mail.smtp_url"
        );
    }
    Ok(())
}

fn is_mail_protected(mail: &Mail) -> bool {
    let Some(url) = mail.smtp_url.as_ref().and_then(|url| url.parse::<Url>().ok()) else { return true };
    let demands_tls = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    url.scheme() == "smtps" || demands_tls || url.host_str().is_some_and(is_this_machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_sent_by_tls_or_to_this_machine() {
        let is_protected =
            |url: &str| is_mail_protected(&Mail { smtp_url: Some(url.to_owned()), ..Mail::default() });
        for url in [
            "smtps://user:password@mail.example:465",
            "smtp://mail.example:587?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]",
        ] {
            assert!(is_protected(url), "{url}");
        }
        for url in ["smtp://mail.example", "smtp://mail.example:25?tls=opportunistic", "smtp://10.0.0.1"] {
            assert!(!is_protected(url), "{url}");
        }
        assert!(is_mail_protected(&Mail::default()), "emails are put into a folder");
    }
}
