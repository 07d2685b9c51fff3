use keystead_protocol::api::{AccountView, Deactivated, DeviceView, LicenseView, Page};
use keystead_protocol::id::DeviceId;
use serde::de::DeserializeOwned;

use crate::{Call, Client, Error};

impl Client {
    /// Fetches the signed-in account and stores it for [`Client::known_account`].
    pub fn account(&self) -> Result<AccountView, Error> {
        let account =
            self.with_sign_in(|access| self.api.call(&Call::get("/api/v1/account").signed_in(access)))?;
        self.data_dir.store_account(&account)?;
        Ok(account)
    }

    /// The signed-in account as last received. Never uses the network.
    pub fn known_account(&self) -> Result<Option<AccountView>, Error> {
        if self.is_signed_in()? { self.data_dir.account() } else { Ok(None) }
    }

    /// All devices of the account.
    pub fn devices(&self) -> Result<Vec<DeviceView>, Error> {
        self.pages("/api/v1/devices")
    }

    /// All licenses of the account.
    pub fn licenses(&self) -> Result<Vec<LicenseView>, Error> {
        self.pages("/api/v1/licenses")
    }

    /// Removes one of the account's devices and frees its seats.
    pub fn deactivate_device(&self, device: DeviceId) -> Result<Deactivated, Error> {
        let path = format!("/api/v1/devices/{device}/deactivate");
        self.with_sign_in(|access| self.api.call(&Call::post(path.clone()).signed_in(access)))
    }

    fn pages<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Error> {
        let (mut all, mut query) = (Vec::new(), String::new());
        loop {
            let page: Page<T> = self.with_sign_in(|access| {
                self.api.call(&Call::get(path).query(query.clone()).signed_in(access))
            })?;
            all.extend(page.items);
            match page.next {
                Some(next) => query = format!("?after={next}"),
                None => return Ok(all),
            }
        }
    }
}
