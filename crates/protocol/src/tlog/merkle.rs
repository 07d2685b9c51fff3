//! Merkle tree hashes and proofs of a log (RFC 6962, section 2.1).
//!
//! Proofs are built from the hashes of complete subtrees, which never change once their last leaf exists. The caller
//! provides these hashes: see [`Subtrees`].

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Merkle tree hash over leaf hashes, or over the roots of complete subtrees of equal size. Without hashes,
/// `SHA-256("")`.
pub fn tree_hash(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(split(hashes.len() as u64) as usize);
            node_hash(&tree_hash(left), &tree_hash(right))
        }
    }
}

/// The largest power of two that is less than `size`. `size` must be at least 2.
fn split(size: u64) -> u64 {
    1 << (size - 1).ilog2()
}

/// A source of the hashes of complete subtrees.
pub trait Subtrees {
    /// Why a hash is unavailable.
    type Error;

    /// The hash of the subtree over the `2^height` leaves that start at `index * 2^height`. All these leaves are in
    /// the tree.
    fn hash(&mut self, height: u32, index: u64) -> Result<Hash, Self::Error>;
}

impl Subtrees for &[Hash] {
    type Error = std::convert::Infallible;

    fn hash(&mut self, height: u32, index: u64) -> Result<Hash, Self::Error> {
        let first = (index << height) as usize;
        Ok(tree_hash(&self[first..first + (1 << height)]))
    }
}

/// The Merkle tree hash of the first `size` leaves.
///
/// # Errors
/// Errors of `subtrees`.
pub fn root<S: Subtrees>(subtrees: &mut S, size: u64) -> Result<Hash, S::Error> {
    if size == 0 { Ok(tree_hash(&[])) } else { range_hash(subtrees, 0, size) }
}

/// The proof that the leaf `index` is in the tree of `size` leaves, bottom up: `PATH(index, D[0:size])`, section
/// 2.1.1.
///
/// # Errors
/// Errors of `subtrees`.
///
/// # Panics
/// If `index` is not below `size`.
pub fn inclusion_proof<S: Subtrees>(subtrees: &mut S, index: u64, size: u64) -> Result<Vec<Hash>, S::Error> {
    assert!(index < size, "the leaf {index} is not in a tree of {size}");
    let (mut begin, mut end) = (0, size);
    let mut siblings = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            siblings.push((middle, end));
            end = middle;
        } else {
            siblings.push((begin, middle));
            begin = middle;
        }
    }
    siblings.into_iter().rev().map(|(begin, end)| range_hash(subtrees, begin, end)).collect()
}

/// The proof that the tree of `size` leaves extends the tree of `old_size` leaves: `PROOF(old_size, D[0:size])`,
/// section 2.1.2. Every tree extends the empty tree, so the proof for `old_size` 0 is empty.
///
/// # Errors
/// Errors of `subtrees`.
///
/// # Panics
/// If `old_size` is above `size`.
pub fn consistency_proof<S: Subtrees>(
    subtrees: &mut S,
    old_size: u64,
    size: u64,
) -> Result<Vec<Hash>, S::Error> {
    assert!(old_size <= size, "a tree of {size} does not begin with one of {old_size}");
    if old_size == 0 {
        return Ok(Vec::new());
    }
    let (mut begin, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end != old_size {
        let middle = begin + split(end - begin);
        if old_size <= middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
        }
    }
    // The verifier knows the old root. It is omitted if it is a node of the new tree.
    if begin != 0 {
        ranges.push((begin, end));
    }
    ranges.into_iter().rev().map(|(begin, end)| range_hash(subtrees, begin, end)).collect()
}

fn range_hash<S: Subtrees>(subtrees: &mut S, begin: u64, end: u64) -> Result<Hash, S::Error> {
    let size = end - begin;
    if size.is_power_of_two() {
        return subtrees.hash(size.trailing_zeros(), begin / size);
    }
    let middle = begin + split(size);
    Ok(node_hash(&range_hash(subtrees, begin, middle)?, &range_hash(subtrees, middle, end)?))
}
