use serde::{Deserialize, Serialize};

use crate::id::AccountId;

/// The signed-in account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountView {
    /// The account's id.
    pub id: AccountId,
    /// The email address.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// Time of creation.
    pub created_at: i64,
}

/// Signs an account out of every browser and application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignOutRequest {
    /// The account's email address.
    pub email: String,
    /// The reason, for the audit log: 1 to 500 characters.
    pub reason: String,
}

/// An account that was signed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedOut {
    /// The account's id.
    pub account: AccountId,
}

/// Initials shown in place of a picture: the first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = words.first().and_then(|word| word.chars().next());
    let last = words.get(1..).and_then(<[_]>::last).and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        assert_eq!(initials("Maria de la Cruz"), "MC");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials(""), "");
    }
}
