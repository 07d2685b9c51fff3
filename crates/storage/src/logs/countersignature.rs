//! Checkpoints that the root countersigned. They are never pruned.

use keystead_domain::Millis;
use keystead_protocol::tlog::Log;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::logs::sequencer::{StoredCheckpoint, read_checkpoint};
use crate::{Error, Tx};

impl Connection {
    /// The largest countersigned checkpoint of a log; `None` if there is none.
    pub fn log_countersignature_latest(&mut self, log: Log) -> Result<Option<StoredCheckpoint>, Error> {
        self.query_one(
            "SELECT size, note FROM log_countersignature WHERE log = $1 ORDER BY size DESC LIMIT 1",
            params![log.name()],
            read_checkpoint,
        )
    }

    /// The countersigned checkpoints of a log, smallest first.
    pub fn log_countersignatures_of_log(&mut self, log: Log) -> Result<Vec<StoredCheckpoint>, Error> {
        self.query(
            "SELECT size, note FROM log_countersignature WHERE log = $1 ORDER BY size",
            params![log.name()],
            read_checkpoint,
        )
    }
}

impl Tx<'_> {
    /// Stores a countersigned checkpoint. An existing checkpoint of the same size is kept.
    pub fn log_countersignature_set(
        &mut self,
        log: Log,
        checkpoint: &StoredCheckpoint,
        now: Millis,
    ) -> Result<(), Error> {
        insert!(self.change, "log_countersignature" {
            log: log.name(),
            size: i64::try_from(checkpoint.size).unwrap_or(i64::MAX),
            note: &checkpoint.note,
            signed_at: now,
        } "ON CONFLICT (log, size) DO NOTHING")
    }
}
