//! Accounts: validation of email addresses, passwords and names.

use std::fmt;
use std::str::FromStr;

use crate::common_password::is_easily_guessed;

/// An email address, trimmed and lower-cased.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// Why typed input is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Not an email address.
    #[error("this isn't a valid email address")]
    Email,
    /// The name is empty, too long or contains control characters.
    #[error("a name has 1 to 100 characters")]
    Name,
    /// The short name contains invalid characters.
    #[error("a short name has 1 to 64 lowercase letters, digits, dots and dashes")]
    Slug,
    /// The password is too short, too long or too common.
    #[error("use 15 to 256 characters that are not easy to guess")]
    Password,
}

impl FromStr for Email {
    type Err = InputError;

    fn from_str(typed: &str) -> Result<Self, InputError> {
        let address = typed.trim().to_lowercase();
        let (local, domain) = address.rsplit_once('@').ok_or(InputError::Email)?;
        let plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';');
        let well_formed = !local.is_empty()
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty())
            && address.len() <= 254
            && address.chars().all(plain)
            && !local.contains('@');
        if well_formed { Ok(Self(address)) } else { Err(InputError::Email) }
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Validates a display name, trimmed: 1 to 100 characters without control characters.
pub fn check_name(typed: &str) -> Result<String, InputError> {
    let name = typed.trim();
    let fits = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(InputError::Name) }
}

/// Validates a short name for URLs and files: lower-case ASCII letters, digits, dots and dashes.
pub fn check_slug(typed: &str) -> Result<String, InputError> {
    let allowed =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let starts_well = typed.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    let fits = starts_well && typed.len() <= 64 && typed.bytes().all(allowed);
    if fits { Ok(typed.to_owned()) } else { Err(InputError::Slug) }
}

/// Validates a password (NIST SP 800-63B-4, section 3.1.1.2). It must have 15 to 256 characters. It must not be
/// common, a repeated shorter text, a keyboard walk or the account's email address. There are no composition rules.
pub fn check_password(password: &str, email: &Email) -> Result<(), InputError> {
    let fits = (15..=256).contains(&password.chars().count());
    if !fits || password.to_lowercase() == email.0 || is_easily_guessed(password) {
        return Err(InputError::Password);
    }
    Ok(())
}
