//! What was logged of the audit log's chain is there when somebody has rebuilt it.

use std::time::{Duration, Instant};

use keystead_storage::testing::Database;
use serde_json::Value;

use crate::logged_server::LoggedServer;

/// Number and hash of the audit log's end, each time that the server said it; waits until it was said `times` times.
fn logged_ends(server: &LoggedServer, times: usize) -> Vec<(i64, String)> {
    let end = |line: Value| {
        let fields = &line["fields"];
        let head = fields["audit"].as_str().filter(|_| fields["message"] == "the logs reach to here")?;
        let (number, hash) = head.split_once(':')?;
        Some((number.parse().unwrap(), hash.to_owned()))
    };
    let began = Instant::now();
    loop {
        let ends: Vec<_> = server.log().into_iter().filter_map(end).collect();
        if ends.len() >= times {
            return ends;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{ends:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_log_says_where_the_audit_log_ends() {
    for database in Database::each() {
        let mut server = LoggedServer::on(&database);
        logged_ends(&server, 1);
        server.token();
        server.restart();
        let ends = logged_ends(&server, 2);
        let [before, after] = &ends[..] else { panic!("{ends:?}") };
        assert_eq!((after.0, after.1.len()), (before.0 + 1, 64), "the token is one more entry");
        assert_ne!(after.1, before.1);
    }
}
