//! The names in an application's OAuth scope.

/// Use the account's licenses and devices.
pub const LICENSES: &str = "licenses";
/// Change who owns the account's licenses, for a few minutes after a sign-in. Only granted when asked for.
pub const OWNERSHIP: &str = "ownership";
/// Know the account's name.
pub const PROFILE: &str = "profile";
/// Act for the vendor as far as the account's role permits.
pub const VENDOR: &str = "vendor";

/// Whether a space-separated scope contains a name.
pub fn contains(scope: &str, name: &str) -> bool {
    scope.split(' ').any(|word| word == name)
}
