//! A row that every commit of a writer updates. If the response to a commit is lost, the row tells whether
//! the commit succeeded.
//!
//! PostgreSQL's `pg_xact_status` is not sufficient: after a crash or on a promoted standby, the id of a lost
//! transaction may be reused. SQLite needs no mark, because it runs in this process.

use keystead_domain::Millis;

use crate::Error;
use crate::connection::Connection;
use crate::connection::param::params;

/// Marks of writers that were opened longer ago are deleted. A writer that still runs recreates its mark with
/// the next commit.
const RETENTION: Millis = 90 * 24 * 60 * 60 * 1000;

/// The mark of one writer: the number of its last group of operations.
pub(crate) struct CommitMark {
    writer: String,
    opened_at: Millis,
    group: i64,
}

impl CommitMark {
    /// Creates the mark of a new writer; `None` if the database needs no mark.
    pub(crate) fn open(connection: &mut Connection, now: Millis) -> Result<Option<Self>, Error> {
        const NEW_ID_POSTGRES: &str = "SELECT gen_random_uuid()::text AS id";
        if connection.is_sqlite() {
            return Ok(None);
        }
        connection.execute("DELETE FROM writer WHERE opened_at < $1", params![now - RETENTION])?;
        let id = connection.query_one(NEW_ID_POSTGRES, params![], |row| row.get("id"))?;
        let writer = id.ok_or_else(|| Error::inconsistent("writer", "no id"))?;
        let mut mark = Self { writer, opened_at: now, group: 0 };
        mark.put(connection)?;
        Ok(Some(mark))
    }

    /// Increments the mark within the current transaction.
    pub(crate) fn put(&mut self, connection: &mut Connection) -> Result<(), Error> {
        self.group += 1;
        connection.change(
            "INSERT INTO writer (id, last_group, opened_at) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET last_group = excluded.last_group",
            params![self.writer.as_str(), self.group, self.opened_at],
        )
    }

    /// Whether the transaction with the last mark was committed; `None` if the database no longer knows the
    /// writer. Waits while another session still has the transaction open.
    pub(crate) fn is_committed(&self, connection: &mut Connection) -> Result<Option<bool>, Error> {
        const LAST_GROUP_POSTGRES: &str = "SELECT last_group FROM writer WHERE id = $1 FOR UPDATE";
        let last = connection.query_one(LAST_GROUP_POSTGRES, params![self.writer.as_str()], |row| {
            row.get::<i64>("last_group")
        })?;
        Ok(last.map(|last| last == self.group))
    }
}
