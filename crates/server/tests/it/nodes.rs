//! More nodes beside a world's own: servers on the same database and the same keys folder.

use std::sync::Arc;

use keystead_app::clock::Clock;
use keystead_app::config::Config;
use keystead_app::context::App;
use keystead_server::{Server, listen, serve};
use keystead_storage::testing::Database;
use tokio::runtime::Runtime;

use crate::world::World;

/// One server of several on one database.
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

    /// Ends it and starts it again with nothing but what the database and the keys folder remember, on another port.
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

/// A world on PostgreSQL with two more nodes, which are asked in its place; nothing where there is no PostgreSQL.
pub fn two_nodes(change: impl FnOnce(&mut Config)) -> Option<([Node; 2], World)> {
    let world = World::open(Database::postgres()?, change);
    Some(([world.another_node(), world.another_node()], world))
}
