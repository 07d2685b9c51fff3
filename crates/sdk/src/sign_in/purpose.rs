/// What the user signs in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignInPurpose {
    /// To identify the user and to use their licenses.
    #[default]
    Use,
    /// Also to change who owns a license, for a few minutes. The user authenticates again even if already signed in (RFC 9470).
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
