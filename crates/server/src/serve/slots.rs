//! Limits the number of connections, in total and per network.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use keystead_app::security::origin::network;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connection limits.
pub struct Slots {
    all: Arc<Semaphore>,
    /// Connections per network; `None` if networks are not limited.
    networks: Option<Arc<Networks>>,
}

struct Networks {
    limit: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// The slot of one connection, freed on drop.
pub struct Slot {
    _permit: OwnedSemaphorePermit,
    _in_network: Option<InNetwork>,
}

struct InNetwork {
    networks: Arc<Networks>,
    network: IpAddr,
}

impl Slots {
    /// Allows `all` connections in total and `per_network` per network, if set. No network gets more than half of all
    /// connections.
    pub fn new(all: usize, per_network: Option<usize>) -> Self {
        let networks = per_network.map(|limit| {
            let limit = limit.min(all.div_ceil(2));
            Arc::new(Networks { limit, open: Mutex::default() })
        });
        Self { all: Arc::new(Semaphore::new(all)), networks }
    }

    /// Whether the next connection must wait for another to end.
    pub fn are_taken(&self) -> bool {
        self.all.available_permits() == 0
    }

    /// Waits for a free connection slot.
    pub async fn free(&self) -> OwnedSemaphorePermit {
        // The semaphore is never closed.
        Arc::clone(&self.all).acquire_owned().await.expect("the semaphore is open")
    }

    /// Takes a slot for a connection from `peer`. Returns `None` if the peer's network has reached its limit.
    pub fn take(&self, permit: OwnedSemaphorePermit, peer: IpAddr) -> Option<Slot> {
        let in_network = match &self.networks {
            Some(networks) => Some(networks.enter(network(peer))?),
            None => None,
        };
        Some(Slot { _permit: permit, _in_network: in_network })
    }
}

impl Networks {
    fn enter(self: &Arc<Self>, network: IpAddr) -> Option<InNetwork> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(network).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(InNetwork { networks: Arc::clone(self), network })
    }
}

impl Drop for InNetwork {
    fn drop(&mut self) {
        let mut open = self.networks.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = open.entry(self.network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_network_that_is_full_leaves_places_to_others_and_gets_its_own_back() {
        let slots = Slots::new(4, Some(3));
        let here: IpAddr = [192, 0, 2, 1].into();
        let first = slots.take(slots.free().await, here).unwrap();
        let _second = slots.take(slots.free().await, here).unwrap();
        assert!(slots.take(slots.free().await, here).is_none(), "half of all is the most");
        let _other = slots.take(slots.free().await, [192, 0, 2, 2].into()).unwrap();
        drop(first);
        assert!(slots.take(slots.free().await, here).is_some());
        assert_eq!(slots.networks.unwrap().open.lock().unwrap().len(), 2);
    }
}
