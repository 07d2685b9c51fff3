//! A seat for as long as a program runs, for containers and shared machines.

use std::sync::Arc;

use crate::{Client, Error, Upkeep};

/// A seat that is given back when this is dropped. Where that fails, it is another's as soon as its lease has ended.
#[must_use = "the seat is given back when this is dropped"]
pub struct Seat {
    client: Arc<Client>,
    upkeep: Option<Upkeep>,
}

impl Client {
    /// Takes a seat with a product key, or with a license of the signed-in account, and keeps it by refreshing in the background.
    pub fn take_seat(self: &Arc<Self>, product_key: Option<&str>, device_name: &str) -> Result<Seat, Error> {
        match product_key {
            Some(key) => self.activate(key, device_name)?,
            None => self.activate_by_sign_in(device_name)?,
        }
        Ok(Seat { client: Arc::clone(self), upkeep: Some(self.keep_fresh(|_| {})?) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        // First of all, or it would refresh what is given back.
        drop(self.upkeep.take());
        self.client.deactivate().ok();
    }
}
