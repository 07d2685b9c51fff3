//! Failed attempts at passwords and codes. All nodes share the counts.

use keystead_domain::Millis;
use keystead_domain::guess_limits::{Attempts, Door};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::{Digest, Error, Tx};

impl Connection {
    /// The consecutive failed attempts at a [`Door`] (a place where a secret can be guessed) against one
    /// target.
    pub fn attempts_by_target(&mut self, door: Door, target: &Digest) -> Result<Attempts, Error> {
        let found = self.query_one(
            "SELECT failures, failed_at, locked_until_at FROM attempt_counter WHERE door = $1 AND target = $2",
            params![door.name(), target],
            |row| {
                Ok(Attempts {
                    failures: row.number("failures")?,
                    failed_at: row.get("failed_at")?,
                    locked_until: row.get("locked_until_at")?,
                })
            },
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl Tx<'_> {
    /// Stores the failed attempts at a door against one target.
    pub fn attempts_set(&mut self, door: Door, target: &Digest, attempts: Attempts) -> Result<(), Error> {
        self.change(
            "INSERT INTO attempt_counter (door, target, failures, failed_at, locked_until_at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (door, target) DO UPDATE SET failures = $3, failed_at = $4, locked_until_at = $5",
            params![door.name(), target, attempts.failures, attempts.failed_at, attempts.locked_until],
        )
    }

    /// Resets the failed attempts at a door against one target.
    pub fn attempts_clear(&mut self, door: Door, target: &Digest) -> Result<(), Error> {
        self.change(
            "DELETE FROM attempt_counter WHERE door = $1 AND target = $2",
            params![door.name(), target],
        )
    }

    /// Deletes counters whose last failure is older than `before`. If more than `most` counters remain, also
    /// deletes the ones with the fewest failures.
    pub fn attempts_prune(&mut self, before: Millis, most: u32) -> Result<u64, Error> {
        let old = self.execute("DELETE FROM attempt_counter WHERE failed_at < $1", params![before])?;
        let count = "SELECT COUNT(*) AS targets FROM attempt_counter";
        let targets: i64 = self.query_one(count, params![], |row| row.get("targets"))?.unwrap_or(0);
        let excess = targets - i64::from(most);
        if excess <= 0 {
            return Ok(old);
        }
        let least = self.execute(
            "DELETE FROM attempt_counter WHERE (door, target) IN \
             (SELECT door, target FROM attempt_counter ORDER BY failures, failed_at LIMIT $1)",
            params![excess],
        )?;
        Ok(old + least)
    }
}
