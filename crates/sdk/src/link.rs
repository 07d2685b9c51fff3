use keystead_protocol::Code;
use keystead_protocol::api::{LicenseView, LinkRequest, LinkingConsent, LinkingDisclosure, NewKey};
use keystead_protocol::id::LicenseId;

use crate::{Call, Client, Error, Refreshed};

impl Client {
    /// What is stored when the license is linked, to be shown before [`Client::link`].
    pub fn linking_disclosure(&self) -> Result<LinkingDisclosure, Error> {
        self.api.call(&Call::get("/api/v1/linking-disclosure"))
    }

    /// Links this device's license to the signed-in account, whose user agreed to the disclosure of that version.
    pub fn link(&self, agreed_version: u32) -> Result<Refreshed, Error> {
        let kept = self.kept()?;
        let request = LinkRequest {
            activation: Some(kept.activation),
            product_key: None,
            consent: LinkingConsent { version: agreed_version, agreed: true },
        };
        let (path, key) = (format!("/api/v1/licenses/{}/link", kept.license), self.key_for(&kept)?);
        let _: LicenseView = self.with_sign_in(|access| {
            self.api.call(&Call::post(path.clone()).json(&request).signed_in(access).signed(&key))
        })?;
        self.refresh()
    }

    /// Takes a license off the account; the new product key in the answer is shown this once.
    ///
    /// # Errors
    /// [`Code::ReauthenticationRequired`] or [`Code::PermissionMissing`] where the sign-in was
    /// not for [`crate::SignInPurpose::Ownership`] or is older than ten minutes: [`needs_ownership_sign_in`] tells both.
    pub fn unlink(&self, license: LicenseId) -> Result<NewKey, Error> {
        let path = format!("/api/v1/licenses/{license}/unlink");
        let key: NewKey =
            self.with_sign_in(|access| self.api.call(&Call::post(path.clone()).signed_in(access)))?;
        // The key is shown this once: nothing that fails from here on may lose it.
        if self.license().is_ok_and(|kept| kept == license) {
            self.refresh().ok();
        }
        Ok(key)
    }

    /// The license of this device.
    pub fn license(&self) -> Result<LicenseId, Error> {
        Ok(self.kept()?.license)
    }
}

/// Whether an error of [`Client::unlink`] is mended by signing in for [`crate::SignInPurpose::Ownership`].
pub fn needs_ownership_sign_in(error: &Error) -> bool {
    matches!(error.code, Code::ReauthenticationRequired | Code::PermissionMissing)
}
