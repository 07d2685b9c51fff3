/// The purpose of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignInPurpose {
    /// Identify the user and use their licenses.
    #[default]
    Use,
    /// Also change the owner of a license. The user must have authenticated within the last ten
    /// minutes (RFC 9470).
    Ownership,
}

impl SignInPurpose {
    pub(super) const fn scope(self) -> &'static str {
        match self {
            SignInPurpose::Use => "profile email licenses",
            SignInPurpose::Ownership => "profile email licenses ownership",
        }
    }

    /// Maximum age of the authentication, seconds.
    pub(super) const fn max_age(self) -> Option<&'static str> {
        match self {
            SignInPurpose::Use => None,
            SignInPurpose::Ownership => Some("600"),
        }
    }
}
