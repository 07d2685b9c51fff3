//! Floating seats for containers and shared machines. A program has its seat while it runs.

use std::sync::Arc;

use crate::{AutoRefresh, Client, Error};

/// A floating seat, released on drop. If the release fails, the seat becomes free when its lease
/// expires.
#[must_use = "the seat is released when this is dropped"]
pub struct Seat {
    client: Arc<Client>,
    auto_refresh: Option<AutoRefresh>,
}

impl Client {
    /// Takes a seat with a product key. Without a product key, uses a license of the signed-in
    /// account. Refreshes the certificate in the background.
    pub fn take_seat(self: &Arc<Self>, product_key: Option<&str>, device_name: &str) -> Result<Seat, Error> {
        match product_key {
            Some(key) => self.activate(key, device_name)?,
            None => self.activate_by_sign_in(device_name)?,
        }
        Ok(Seat { client: Arc::clone(self), auto_refresh: Some(self.keep_fresh(|_| {})?) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // Stop the background refresh first. Otherwise it could run after the release.
        drop(self.auto_refresh.take());
        self.client.deactivate().ok();
    }
}
