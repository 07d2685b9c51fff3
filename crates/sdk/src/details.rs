use keystead_protocol::api::ActivationDetails;

use crate::{Call, Client, Error};

impl Client {
    /// What the server knows of this device's activation and its license; kept for [`Client::known_details`].
    pub fn details(&self) -> Result<ActivationDetails, Error> {
        let kept = self.kept()?;
        let path = format!("/api/v1/activations/{}", kept.activation);
        let details = self.api.call(&Call::get(path).signed(&self.key_for(&kept)?))?;
        self.files.keep_details(&details)?;
        Ok(details)
    }

    /// The same as it was last told; never asks the network.
    pub fn known_details(&self) -> Result<Option<ActivationDetails>, Error> {
        self.files.details()
    }
}
