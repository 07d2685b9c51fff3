//! A log's Merkle tree as tiles of 256 hashes (C2SP tlog-tiles). Level 0 holds the leaf hashes; a hash of level n + 1 is
//! the root of a full tile of level n. Full tiles never change, and the open tile of a level only grows.

use std::collections::BTreeMap;

use keystead_protocol::tlog::merkle::{Hash, Subtrees, node_hash, tree_hash};
use keystead_protocol::tlog::{Log, TreeHead};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// The binary logarithm of a tile's width.
const HEIGHT: u32 = 8;
const WIDTH: usize = 1 << HEIGHT;

/// A tile of one level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tile {
    pub(crate) level: u32,
    pub(crate) number: u64,
    pub(crate) hashes: Vec<Hash>,
}

fn read_hashes(row: &Row<'_>) -> Result<Vec<Hash>, Error> {
    let bytes: Vec<u8> = row.get("hashes")?;
    let (hashes, []) = bytes.as_chunks::<32>() else {
        return Err(Error::inconsistent("log_tile", "a part of a hash"));
    };
    Ok(hashes.to_vec())
}

/// The right edge of a tree. It is sufficient for appending entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    pub(crate) size: u64,
    /// The open tile of each level; it may be empty.
    open: Vec<Tile>,
}

impl Tree {
    /// Reads the right edge of a log's tree.
    pub(crate) fn load(connection: &mut Connection, log: Log) -> Result<Self, Error> {
        let mut tree = Self::default();
        for level in 0.. {
            let last = connection.query_one(
                "SELECT number, hashes FROM log_tile WHERE log = $1 AND level = $2 ORDER BY number DESC LIMIT 1",
                params![log.name(), level],
                |row| Ok((row.number::<u64>("number")?, read_hashes(row)?)),
            )?;
            let Some((number, hashes)) = last else { break };
            let count = number * WIDTH as u64 + hashes.len() as u64;
            if level == 0 {
                tree.size = count;
            } else if count != tree.size >> (HEIGHT * level) {
                return Err(Error::inconsistent("log_tile", format!("the sizes of level {level} and {log}")));
            }
            let full = hashes.len() == WIDTH;
            let hashes = if full { Vec::new() } else { hashes };
            tree.open.push(Tile { level, number: number + u64::from(full), hashes });
        }
        Ok(tree)
    }

    /// Appends a leaf and returns the tiles that it filled.
    pub(crate) fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut full = Vec::new();
        let mut hash = leaf;
        self.size += 1;
        for level in 0.. {
            if self.open.len() == level as usize {
                self.open.push(Tile { level, ..Tile::default() });
            }
            let tile = &mut self.open[level as usize];
            tile.hashes.push(hash);
            if tile.hashes.len() < WIDTH {
                break;
            }
            hash = tree_hash(&tile.hashes);
            let next = Tile { level, number: tile.number + 1, hashes: Vec::new() };
            full.push(std::mem::replace(tile, next));
        }
        full
    }

    /// The size and the Merkle tree hash, folded from the complete subtrees at the right edge.
    pub(crate) fn head(&self) -> TreeHead {
        let mut root: Option<Hash> = None;
        for tile in &self.open {
            let mut rest = &tile.hashes[..];
            while !rest.is_empty() {
                let (before, last) = rest.split_at(rest.len() - (1 << rest.len().trailing_zeros()));
                let subtree = tree_hash(last);
                root = Some(root.map_or(subtree, |right| node_hash(&subtree, &right)));
                rest = before;
            }
        }
        TreeHead { size: self.size, root: root.unwrap_or_else(|| tree_hash(&[])) }
    }

    /// The open tiles that are not empty.
    pub(crate) fn open_tiles(&self) -> impl Iterator<Item = &Tile> {
        self.open.iter().filter(|tile| !tile.hashes.is_empty())
    }
}

impl Tx<'_> {
    pub(crate) fn store_tile(&mut self, log: Log, tile: &Tile) -> Result<(), Error> {
        let number = i64::try_from(tile.number).unwrap_or(i64::MAX);
        insert!(self.change, "log_tile" {
            log: log.name(),
            level: tile.level,
            number: number,
            hashes: &tile.hashes.concat()[..],
        } "ON CONFLICT (log, level, number) DO UPDATE SET hashes = excluded.hashes")
    }
}

/// Reads a log's tiles, and each tile only once.
pub(crate) struct Tiles<'a> {
    connection: &'a mut Connection,
    log: Log,
    known: BTreeMap<(u32, u64), Vec<Hash>>,
}

impl<'a> Tiles<'a> {
    pub(crate) fn new(connection: &'a mut Connection, log: Log) -> Self {
        Self { connection, log, known: BTreeMap::new() }
    }

    /// The stored hashes of a tile; empty if it is missing.
    pub(crate) fn tile(&mut self, level: u32, number: u64) -> Result<&[Hash], Error> {
        if !self.known.contains_key(&(level, number)) {
            let stored = self.connection.query_one(
                "SELECT hashes FROM log_tile WHERE log = $1 AND level = $2 AND number = $3",
                params![self.log.name(), level, i64::try_from(number).unwrap_or(i64::MAX)],
                read_hashes,
            )?;
            self.known.insert((level, number), stored.unwrap_or_default());
        }
        Ok(&self.known[&(level, number)])
    }
}

impl Subtrees for Tiles<'_> {
    type Error = Error;

    fn hash(&mut self, height: u32, index: u64) -> Result<Hash, Error> {
        let (level, within) = (height / HEIGHT, height % HEIGHT);
        let first = index << within;
        let (number, at) = (first / WIDTH as u64, first as usize % WIDTH);
        let hashes = self.tile(level, number)?.get(at..at + (1 << within));
        hashes.map(tree_hash).ok_or_else(|| {
            Error::inconsistent("log_tile", format!("the tile {number} of level {level} has no hash {at}"))
        })
    }
}
