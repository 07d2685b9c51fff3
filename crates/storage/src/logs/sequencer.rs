//! Assigns positions in a log's tree to committed entries. A run takes any entry without an index, regardless
//! of age. Entries of slow transactions are therefore never skipped.

use keystead_domain::{HOUR, Millis};
use keystead_protocol::tlog::{AuditEntry, Hash, Log, TreeHead};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::logs::tile::Tree;
use crate::store::journal::issue_entry;
use crate::{Error, Tx};

/// The result of one run of the sequencer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequenced {
    /// The tree afterwards.
    pub head: TreeHead,
    /// The number of entries that were appended.
    pub added: u64,
}

/// A stored signed tree head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// The size of the tree.
    pub size: u64,
    /// The signed note.
    pub note: String,
}

pub(crate) fn read_checkpoint(row: &Row<'_>) -> Result<StoredCheckpoint, Error> {
    Ok(StoredCheckpoint { size: row.number("size")?, note: row.get("note")? })
}

/// Columns of an entry, in the order of the fields of its encoding.
macro_rules! entry_columns {
    (issue) => {
        "token_id, covers, hash, activation_id, actor, reason, issued_at, leaf, log_index"
    };
    (audit) => {
        "id, at, actor, action, subject, detail, personal_hash, leaf, log_index"
    };
}
pub(crate) use entry_columns;

/// An entry of a log, read from its row.
pub(crate) struct Entry {
    pub(crate) id: [u8; 16],
    /// The input of the leaf hash, encoded from the row's fields.
    pub(crate) encoded: Vec<u8>,
    /// The leaf hash of the row's fields.
    pub(crate) computed: Hash,
    /// The stored leaf hash. Entries that are older than the tree have none until they are sequenced.
    pub(crate) stored: Option<Hash>,
    pub(crate) index: Option<u64>,
    /// The digest of the personal fields.
    pub(crate) personal: Option<Hash>,
}

pub(crate) fn read_entry(log: Log, row: &Row<'_>) -> Result<Entry, Error> {
    let (id, encoded, personal) = match log {
        Log::Issue => {
            let entry = issue_entry(row)?;
            (entry.token_id, entry.encode(), None)
        }
        Log::Audit => {
            let entry = audit_entry(row)?;
            (*entry.id.as_bytes(), entry.encode(), entry.personal)
        }
    };
    let computed = keystead_protocol::tlog::merkle::leaf_hash(&encoded);
    let stored = row.optional_bytes("leaf")?;
    let index = row.get::<Option<i64>>("log_index")?.map(|index| index as u64);
    Ok(Entry { id, encoded, computed, stored, index, personal })
}

fn audit_entry(row: &Row<'_>) -> Result<AuditEntry, Error> {
    Ok(AuditEntry {
        id: row.id("id")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        personal: row.optional_bytes("personal_hash")?,
    })
}

impl Connection {
    /// Whether a log has entries without an index.
    pub fn log_has_unsequenced(&mut self, log: Log) -> Result<bool, Error> {
        let sql = match log {
            Log::Issue => "SELECT 1 AS one FROM issue_log WHERE log_index IS NULL LIMIT 1",
            Log::Audit => "SELECT 1 AS one FROM audit WHERE log_index IS NULL LIMIT 1",
        };
        Ok(self.query_one(sql, params![], |_| Ok(()))?.is_some())
    }

    /// The newest checkpoint of a log; `None` while the log is empty.
    pub fn log_checkpoint(&mut self, log: Log) -> Result<Option<StoredCheckpoint>, Error> {
        self.query_one(
            "SELECT size, note FROM log_checkpoint WHERE log = $1 ORDER BY size DESC LIMIT 1",
            params![log.name()],
            read_checkpoint,
        )
    }
}

impl Tx<'_> {
    /// Appends up to `limit` entries to a log's tree and stores the checkpoint that `sign` creates. Returns
    /// `None` if another node is sequencing the log.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] if the newest checkpoint does not match the stored tree. The checkpoint or the
    /// tree was then tampered with.
    pub fn log_sequence(
        &mut self,
        log: Log,
        limit: u32,
        at: Millis,
        sign: &dyn Fn(&TreeHead) -> String,
    ) -> Result<Option<Sequenced>, Error> {
        if !self.lock_sequence(log)? {
            return Ok(None);
        }
        let mut tree = Tree::load(self, log)?;
        let signed = self.log_checkpoint(log)?.map_or(0, |checkpoint| checkpoint.size);
        if signed != tree.size {
            let what = format!("{log}: the checkpoint has {signed} entries, the tree {}", tree.size);
            return Err(Error::inconsistent("log_tile", what));
        }
        let entries = self.assign_indexes(log, tree.size, limit)?;
        for entry in &entries {
            for tile in tree.push(entry.stored.unwrap_or(entry.computed)) {
                self.store_tile(log, &tile)?;
            }
        }
        let head = tree.head();
        if !entries.is_empty() {
            for tile in tree.open_tiles() {
                self.store_tile(log, tile)?;
            }
            self.store_checkpoint(log, &head, &sign(&head), at)?;
        }
        Ok(Some(Sequenced { head, added: entries.len() as u64 }))
    }

    /// Takes the lock for sequencing a log; `false` if another node has it. The other nodes then skip their
    /// run instead of waiting. On SQLite, `BEGIN IMMEDIATE` already excludes other writers.
    fn lock_sequence(&mut self, log: Log) -> Result<bool, Error> {
        const LOCK_POSTGRES: &str = "SELECT pg_try_advisory_xact_lock(7235420, $1::int8::int4) AS taken";
        if self.is_sqlite() {
            return Ok(true);
        }
        let taken = self.query_one(LOCK_POSTGRES, params![log as u32], |row| row.get("taken"))?;
        Ok(taken.unwrap_or(false))
    }

    /// Assigns the next indexes to entries without one, in the order of their ids.
    fn assign_indexes(&mut self, log: Log, next: u64, limit: u32) -> Result<Vec<Entry>, Error> {
        let (assign, assigned) = match log {
            Log::Issue => (
                "UPDATE issue_log SET log_index = $1 + n.place FROM \
                 (SELECT w.entry_id, ROW_NUMBER() OVER (ORDER BY w.entry_id) - 1 AS place FROM \
                 (SELECT token_id AS entry_id FROM issue_log WHERE log_index IS NULL ORDER BY token_id LIMIT $2) w) n \
                 WHERE n.entry_id = issue_log.token_id",
                concat!(
                    "SELECT ",
                    entry_columns!(issue),
                    " FROM issue_log WHERE log_index >= $1 ORDER BY log_index"
                ),
            ),
            Log::Audit => (
                "UPDATE audit SET log_index = $1 + n.place FROM \
                 (SELECT w.entry_id, ROW_NUMBER() OVER (ORDER BY w.entry_id) - 1 AS place FROM \
                 (SELECT id AS entry_id FROM audit WHERE log_index IS NULL ORDER BY id LIMIT $2) w) n \
                 WHERE n.entry_id = audit.id",
                concat!(
                    "SELECT ",
                    entry_columns!(audit),
                    " FROM audit WHERE log_index >= $1 ORDER BY log_index"
                ),
            ),
        };
        let next = i64::try_from(next).unwrap_or(i64::MAX);
        let count = self.execute(assign, params![next, limit])?;
        let entries = self.query(assigned, params![next], |row| read_entry(log, row))?;
        if entries.len() as u64 != count {
            return Err(Error::inconsistent("log_tile", format!("{log}: an index is beyond the tree")));
        }
        self.store_missing_leaves(log, &entries)?;
        Ok(entries)
    }

    /// Stores the leaf hashes of entries that are older than the log's tree.
    fn store_missing_leaves(&mut self, log: Log, entries: &[Entry]) -> Result<(), Error> {
        let sql = match log {
            Log::Issue => "UPDATE issue_log SET leaf = $2 WHERE token_id = $1",
            Log::Audit => "UPDATE audit SET leaf = $2 WHERE id = $1",
        };
        let mut missing = entries.iter().filter(|entry| entry.stored.is_none());
        missing.try_for_each(|entry| self.change(sql, params![&entry.id, &entry.computed]))
    }

    fn store_checkpoint(&mut self, log: Log, head: &TreeHead, note: &str, at: Millis) -> Result<(), Error> {
        let size = i64::try_from(head.size).unwrap_or(i64::MAX);
        insert!(self.change, "log_checkpoint" {
            log: log.name(),
            hour_at: at - at.rem_euclid(HOUR),
            size: size,
            note: note,
        } "ON CONFLICT (log, hour_at) DO UPDATE SET size = excluded.size, note = excluded.note")
    }
}
