use keystead_protocol::api::{Activated, RebindRequest};
use keystead_protocol::id::ActivationId;

use crate::{Call, Client, Error};

impl Client {
    /// Moves an activation of the signed-in account to this device ("This is the device I am using now").
    pub fn reactivate(&self, activation: ActivationId, device_name: &str) -> Result<(), Error> {
        let lock = self.data_dir.lock()?;
        let key = self.usable_key(&lock)?;
        let request = RebindRequest {
            device: self.describe(&key, device_name),
            confirm: "this_is_that_device".to_owned(),
        };
        let path = format!("/api/v1/activations/{activation}/rebind");
        let response: Activated = self.with_sign_in(|access| {
            self.api.call(&Call::post(path.clone()).json(&request).signed_in(access).signed(&key))
        })?;
        self.store_response(response)
    }

    /// The id of the stored activation, even if it has ended. Never uses the network.
    pub fn activation(&self) -> Result<Option<ActivationId>, Error> {
        Ok(self.data_dir.activation()?.map(|record| record.activation))
    }
}
