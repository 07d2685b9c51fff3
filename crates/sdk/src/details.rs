use keystead_protocol::api::ActivationDetails;

use crate::{Call, Client, Error};

impl Client {
    /// Fetches the details of this device's activation and license, and stores them for
    /// [`Client::known_details`].
    pub fn details(&self) -> Result<ActivationDetails, Error> {
        let record = self.require_activation()?;
        let path = format!("/api/v1/activations/{}", record.activation);
        let details = self.api.call(&Call::get(path).signed(&self.key_of_activation(&record)?))?;
        self.data_dir.store_details(&details)?;
        Ok(details)
    }

    /// The details as last received. Never uses the network.
    pub fn known_details(&self) -> Result<Option<ActivationDetails>, Error> {
        self.data_dir.details()
    }
}
