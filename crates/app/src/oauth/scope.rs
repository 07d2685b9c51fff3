//! OAuth scope names.

/// Use the account's licenses and devices.
pub const LICENSES: &str = "licenses";
/// Change the owner of the account's licenses, within minutes after a sign-in. Granted only on request.
pub const OWNERSHIP: &str = "ownership";
/// Read the account's name.
pub const PROFILE: &str = "profile";
/// Act for the vendor, within the permissions of the account's role.
pub const VENDOR: &str = "vendor";

/// Whether a space-separated scope contains a name.
pub fn contains(scope: &str, name: &str) -> bool {
    scope.split(' ').any(|word| word == name)
}
