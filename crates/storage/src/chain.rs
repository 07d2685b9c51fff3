//! Where the audit log and the issue log end.

use crate::Error;
use crate::connection::Reader;
use crate::param::params;

/// The last entry of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainEnd {
    /// `audit` or `issue`.
    pub chain: String,
    /// The entry's number.
    pub number: i64,
    /// The hash over it and everything before it.
    pub hash: Vec<u8>,
}

impl Reader {
    /// The last entries of both chains.
    pub fn chain_ends(&mut self) -> Result<Vec<ChainEnd>, Error> {
        self.query("SELECT chain, number, hash FROM chain_head ORDER BY chain", params![], |row| {
            Ok(ChainEnd { chain: row.get("chain")?, number: row.get("number")?, hash: row.get("hash")? })
        })
    }
}
