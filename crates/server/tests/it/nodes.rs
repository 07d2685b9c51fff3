//! Additional nodes of a world: servers on the same database and keys folder.

use std::sync::Arc;

use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::context::App;
use keystead_server::{Server, listen, serve};
use keystead_storage::testing::Database;
use tokio::runtime::Runtime;

use crate::world::World;

/// One of several servers on one database.
pub struct Node {
    pub url: String,
    config: Config,
    clock: Clock,
    runtime: Arc<Runtime>,
    running: Option<Server>,
}

impl Node {
    pub fn start(config: Config, clock: Clock, runtime: Arc<Runtime>) -> Self {
        let mut node = Self { url: String::new(), config, clock, runtime, running: None };
        node.begin();
        node
    }

    /// Restarts the node on another port. Only the database and the keys folder are kept.
    pub fn restart(&mut self) {
        self.end();
        self.begin();
    }

    fn begin(&mut self) {
        let running = self.runtime.block_on(async {
            let app = App::open(self.config.clone(), self.clock.clone()).await.unwrap();
            serve(app, listen(([127, 0, 0, 1], 0).into()).unwrap()).unwrap()
        });
        self.url = format!("http://{}", running.address);
        self.running = Some(running);
    }

    fn end(&mut self) {
        if let Some(server) = self.running.take() {
            let stopped = self.runtime.block_on(server.stop());
            assert!(stopped.is_ok() || std::thread::panicking(), "{stopped:?}");
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.end();
    }
}

/// A world on PostgreSQL, and two more nodes on its database and keys folder. `None` without a PostgreSQL
/// server.
pub fn two_nodes(change: impl FnOnce(&mut Config)) -> Option<([Node; 2], World)> {
    let world = World::open(Database::postgres()?, change);
    Some(([world.another_node(), world.another_node()], world))
}
