//! Verifies proofs without trusting the log: RFC 9162, sections 2.1.3.2 and 2.1.4.2, for the proofs of RFC 6962.

use super::TreeHead;
use super::merkle::{Hash, node_hash, tree_hash};

/// A position on the path from a leaf to the root: the index of a node in its level, and the index of the level's last
/// node.
struct Path {
    node: u64,
    last: u64,
}

impl Path {
    /// Whether the next sibling is on the left. A last node without a sibling first moves up to the level where it has
    /// a left sibling.
    fn is_right_child(&mut self) -> bool {
        if self.node & 1 == 0 && self.node != self.last {
            return false;
        }
        while self.node & 1 == 0 && self.node != 0 {
            self.rise();
        }
        true
    }

    fn rise(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }

    fn is_at_root(&self) -> bool {
        self.last == 0
    }
}

/// Whether `proof` proves that the leaf hash `leaf` is at `index` in the tree.
pub fn verify_inclusion(head: &TreeHead, index: u64, leaf: &Hash, proof: &[Hash]) -> bool {
    if index >= head.size {
        return false;
    }
    let mut path = Path { node: index, last: head.size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        if path.is_at_root() {
            return false;
        }
        hash = if path.is_right_child() { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        path.rise();
    }
    path.is_at_root() && hash == head.root
}

/// Whether `proof` proves that the tree `new` extends the tree `old`.
pub fn verify_consistency(old: &TreeHead, new: &TreeHead, proof: &[Hash]) -> bool {
    if old.size == 0 || old.size >= new.size {
        let empty = old.size == 0 && old.root == tree_hash(&[]);
        return proof.is_empty() && (old == new || empty && new.size > 0);
    }
    let mut path = Path { node: old.size - 1, last: new.size - 1 };
    while path.node & 1 == 1 {
        path.rise();
    }
    // The old root is a node of the new tree if and only if the old size is a power of two.
    let (first, rest) = if old.size.is_power_of_two() {
        (old.root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let (mut old_root, mut new_root) = (first, first);
    for sibling in rest {
        if path.is_at_root() {
            return false;
        }
        if path.is_right_child() {
            old_root = node_hash(sibling, &old_root);
            new_root = node_hash(sibling, &new_root);
        } else {
            new_root = node_hash(&new_root, sibling);
        }
        path.rise();
    }
    path.is_at_root() && old_root == old.root && new_root == new.root
}
