//! Builds proofs from a log's tiles, and verifies a whole log.

use std::collections::VecDeque;

use keystead_protocol::tlog::merkle::{self, Hash};
use keystead_protocol::tlog::{Log, TreeHead};

use crate::Error;
use crate::connection::Connection;
use crate::connection::param::params;
use crate::logs::personal_fields::Personal;
use crate::logs::sequencer::{Entry, StoredCheckpoint, entry_columns, read_checkpoint, read_entry};
use crate::logs::tile::{Tiles, Tree};

/// Number of entries per query.
const PAGE: u32 = 1000;

/// A log entry, as an inclusion proof needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The entry's position in the tree; `None` until the sequencer assigns one.
    pub index: Option<u64>,
    /// The input of the leaf hash.
    pub encoded: Vec<u8>,
}

/// A verified log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedLog {
    /// The size and root of the tree.
    pub head: TreeHead,
    /// The number of entries that are not in the tree yet.
    pub waiting: u64,
    /// The size of the largest checkpoint that the root countersigned; 0 if there is none.
    pub countersigned: u64,
}

/// Returns the tree head of a signed note; `None` if the expected key did not sign it.
pub type OpenNote<'a> = &'a dyn Fn(&str) -> Option<TreeHead>;

impl Connection {
    /// A log entry by the id of its certificate or audit event.
    pub fn log_entry(&mut self, log: Log, id: &[u8; 16]) -> Result<Option<LogEntry>, Error> {
        let sql = match log {
            Log::Issue => concat!("SELECT ", entry_columns!(issue), " FROM issue_log WHERE token_id = $1"),
            Log::Audit => concat!("SELECT ", entry_columns!(audit), " FROM audit WHERE id = $1"),
        };
        let entry = self.query_one(sql, params![id], |row| read_entry(log, row))?;
        Ok(entry.map(|entry| LogEntry { index: entry.index, encoded: entry.encoded }))
    }

    /// The head of a log's tree with `size` entries. The log must have at least `size` entries.
    pub fn log_head(&mut self, log: Log, size: u64) -> Result<TreeHead, Error> {
        Ok(TreeHead { size, root: merkle::root(&mut Tiles::new(self, log), size)? })
    }

    /// The proof that the entry `index` is in a log's tree of `size` entries.
    pub fn log_inclusion_proof(&mut self, log: Log, index: u64, size: u64) -> Result<Vec<Hash>, Error> {
        merkle::inclusion_proof(&mut Tiles::new(self, log), index, size)
    }

    /// The proof that a log's tree of `size` entries begins with its tree of `old_size`.
    pub fn log_consistency_proof(&mut self, log: Log, old_size: u64, size: u64) -> Result<Vec<Hash>, Error> {
        merkle::consistency_proof(&mut Tiles::new(self, log), old_size, size)
    }

    /// Verifies a whole log. Checks the fields of every entry against its leaf, and the leaves against the
    /// tiles. Checks the tree against every checkpoint of the log's key and every countersigned checkpoint.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] with the first defect.
    pub fn log_verify(
        &mut self,
        log: Log,
        open: OpenNote<'_>,
        open_countersigned: OpenNote<'_>,
    ) -> Result<VerifiedLog, Error> {
        // The sequencer may append entries during the verification.
        self.in_snapshot(|connection| {
            let signed = connection.checkpoints(log)?;
            let countersigned = connection.log_countersignatures_of_log(log)?;
            let checkpoints = Checkpoints { log, signer: "the log's key", rest: signed.into(), open };
            let countersigned =
                Checkpoints { log, signer: "the root", rest: countersigned.into(), open: open_countersigned };
            verify(connection, log, [checkpoints, countersigned])
        })
    }

    fn log_entries(&mut self, log: Log, from: u64) -> Result<Vec<(Entry, Option<Personal>)>, Error> {
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        match log {
            Log::Issue => self.query(
                concat!(
                    "SELECT ",
                    entry_columns!(issue),
                    " FROM issue_log WHERE log_index >= $1 ORDER BY log_index LIMIT $2"
                ),
                params![from, PAGE],
                |row| Ok((read_entry(log, row)?, None)),
            ),
            Log::Audit => self.query(
                concat!(
                    "SELECT ",
                    entry_columns!(audit),
                    ", salt, address, browser FROM audit LEFT JOIN audit_personal ON event_id = id \
                     WHERE log_index >= $1 ORDER BY log_index LIMIT $2"
                ),
                params![from, PAGE],
                |row| Ok((read_entry(log, row)?, Personal::of_event(row)?)),
            ),
        }
    }

    /// Entries without an index. There are few, because the sequencer runs every second.
    fn waiting_entries(&mut self, log: Log) -> Result<Vec<Entry>, Error> {
        let sql = match log {
            Log::Issue => {
                concat!("SELECT ", entry_columns!(issue), " FROM issue_log WHERE log_index IS NULL")
            }
            Log::Audit => concat!("SELECT ", entry_columns!(audit), " FROM audit WHERE log_index IS NULL"),
        };
        self.query(sql, params![], |row| read_entry(log, row))
    }

    fn checkpoints(&mut self, log: Log) -> Result<Vec<StoredCheckpoint>, Error> {
        self.query(
            "SELECT size, note FROM log_checkpoint WHERE log = $1 ORDER BY size",
            params![log.name()],
            read_checkpoint,
        )
    }
}

fn defect(log: Log, what: impl ToString) -> Error {
    Error::inconsistent(if log == Log::Issue { "issue_log" } else { "audit" }, what)
}

/// The stored checkpoints of one signer, smallest first. Each checkpoint is checked when the rebuilt tree
/// reaches its size.
struct Checkpoints<'a> {
    log: Log,
    signer: &'static str,
    rest: VecDeque<StoredCheckpoint>,
    open: OpenNote<'a>,
}

impl Checkpoints<'_> {
    /// The size of the largest checkpoint.
    fn newest(&self) -> u64 {
        self.rest.back().map_or(0, |newest| newest.size)
    }

    /// Checks the checkpoints whose size the tree has reached.
    fn check(&mut self, tree: &Tree) -> Result<(), Error> {
        let Self { log, signer, .. } = *self;
        while let Some(StoredCheckpoint { size, note }) =
            self.rest.pop_front_if(|next| next.size <= tree.size)
        {
            let Some(head) = (self.open)(&note) else {
                return Err(defect(
                    log,
                    format!("the checkpoint of {size} entries is not signed by {signer}"),
                ));
            };
            if head != tree.head() {
                let what = format!("the checkpoint of {size} entries that {signer} signed has another root");
                return Err(defect(log, what));
            }
        }
        Ok(())
    }

    /// Checks that no checkpoint is larger than the complete tree.
    fn check_end(&self, tree: &Tree) -> Result<(), Error> {
        let Some(StoredCheckpoint { size, .. }) = self.rest.back() else { return Ok(()) };
        let (signer, there) = (self.signer, tree.size);
        Err(defect(self.log, format!("{signer} signed {size} entries, {there} are there")))
    }
}

fn verify(
    connection: &mut Connection,
    log: Log,
    mut signers: [Checkpoints<'_>; 2],
) -> Result<VerifiedLog, Error> {
    let [signed, countersigned] = [&signers[0], &signers[1]].map(Checkpoints::newest);
    let mut tree = Tree::default();
    loop {
        let page = connection.log_entries(log, tree.size)?;
        if page.is_empty() {
            break;
        }
        for (entry, personal) in page {
            check_entry(log, &entry, personal, tree.size)?;
            for tile in tree.push(entry.computed) {
                check_tile(connection, log, tile.level, tile.number, &tile.hashes)?;
            }
            for checkpoints in &mut signers {
                checkpoints.check(&tree)?;
            }
        }
    }
    for tile in tree.open_tiles() {
        check_tile(connection, log, tile.level, tile.number, &tile.hashes)?;
    }
    if tree.size != signed {
        return Err(defect(log, format!("{signed} entries were signed, {} are there", tree.size)));
    }
    for checkpoints in &signers {
        checkpoints.check_end(&tree)?;
    }
    if Tree::load(connection, log)? != tree {
        return Err(defect(log, "the stored tree has other entries"));
    }
    let waiting = connection.waiting_entries(log)?;
    for entry in &waiting {
        check_leaf(log, entry)?;
    }
    Ok(VerifiedLog { head: tree.head(), waiting: waiting.len() as u64, countersigned })
}

fn check_entry(log: Log, entry: &Entry, personal: Option<Personal>, expected: u64) -> Result<(), Error> {
    if entry.index != Some(expected) {
        return Err(defect(log, format!("the entry {expected} is missing")));
    }
    check_leaf(log, entry)?;
    let erased_or_right = personal.is_none_or(|personal| entry.personal == Some(personal.digest()));
    if !erased_or_right {
        return Err(defect(log, format!("where the event {expected} came from was changed")));
    }
    Ok(())
}

fn check_leaf(log: Log, entry: &Entry) -> Result<(), Error> {
    if entry.stored.is_some_and(|stored| stored != entry.computed) {
        let id = keystead_protocol::text::to_hex(&entry.id);
        return Err(defect(log, format!("the entry {id} was changed")));
    }
    Ok(())
}

fn check_tile(
    connection: &mut Connection,
    log: Log,
    level: u32,
    number: u64,
    hashes: &[Hash],
) -> Result<(), Error> {
    if Tiles::new(connection, log).tile(level, number)? != hashes {
        let what = format!("the entries do not make the tile {number} of level {level}");
        return Err(defect(log, what));
    }
    Ok(())
}
