use keystead_protocol::api::{Activated, RebindRequest};
use keystead_protocol::id::ActivationId;

use crate::{Call, Client, Error};

impl Client {
    /// "This is the device I am using now": moves an activation of the signed-in account to this device.
    pub fn reactivate(&self, activation: ActivationId, device_name: &str) -> Result<(), Error> {
        let turn = self.files.lock()?;
        let key = self.usable_key(&turn)?;
        let request = RebindRequest {
            device: self.describe(&key, device_name),
            confirm: "this_is_that_device".to_owned(),
        };
        let path = format!("/api/v1/activations/{activation}/rebind");
        let answer: Activated = self.with_sign_in(|access| {
            self.api.call(&Call::post(path.clone()).json(&request).signed_in(access).signed(&key))
        })?;
        self.keep(answer)
    }

    /// The activation that this device has, ended or not, as far as is known without a network.
    pub fn activation(&self) -> Result<Option<ActivationId>, Error> {
        Ok(self.files.activation()?.map(|kept| kept.activation))
    }
}
