use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, LinkRequest, LinkingConsent, LinkingDisclosure, NewKey};
use keystead_protocol::id::LicenseId;

use crate::{Call, Client, Error, RefreshOutcome};

impl Client {
    /// Fetches the disclosure of the data that the server stores when the license is linked. Show
    /// it before [`Client::link`].
    pub fn linking_disclosure(&self) -> Result<LinkingDisclosure, Error> {
        self.api.call(&Call::get("/api/v1/linking-disclosure"))
    }

    /// Links this device's license to the signed-in account. The user has agreed to this version of
    /// the disclosure.
    pub fn link(&self, agreed_version: u32) -> Result<RefreshOutcome, Error> {
        let record = self.require_activation()?;
        let request = LinkRequest {
            activation: Some(record.activation),
            product_key: None,
            consent: LinkingConsent { version: agreed_version, agreed: true },
        };
        let (path, key) =
            (format!("/api/v1/licenses/{}/link", record.license), self.key_of_activation(&record)?);
        let _: LicenseView = self.with_sign_in(|access| {
            self.api.call(&Call::post(path.clone()).json(&request).signed_in(access).signed(&key))
        })?;
        self.refresh()
    }

    /// Unlinks a license from the account. Returns its new product key, which is shown only once.
    ///
    /// # Errors
    /// [`Code::ReauthenticationRequired`] or [`Code::PermissionMissing`] if the sign-in is not for
    /// [`crate::SignInPurpose::Ownership`] or is older than ten minutes.
    /// [`needs_ownership_sign_in`] checks for both codes.
    pub fn unlink(&self, license: LicenseId) -> Result<NewKey, Error> {
        let path = format!("/api/v1/licenses/{license}/unlink");
        let key: NewKey =
            self.with_sign_in(|access| self.api.call(&Call::post(path.clone()).signed_in(access)))?;
        // The key is shown only once. A failing refresh must not lose it.
        if self.license().is_ok_and(|current| current == license) {
            self.refresh().ok();
        }
        Ok(key)
    }

    /// This device's license.
    pub fn license(&self) -> Result<LicenseId, Error> {
        Ok(self.require_activation()?.license)
    }
}

/// Whether signing in for [`crate::SignInPurpose::Ownership`] resolves an error of [`Client::unlink`].
pub fn needs_ownership_sign_in(error: &Error) -> bool {
    matches!(error.code, Code::ReauthenticationRequired | Code::PermissionMissing)
}
