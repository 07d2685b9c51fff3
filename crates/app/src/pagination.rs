//! Keyset pagination.

use keystead_protocol::api::Page;

/// The requested page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<P> {
    /// The entry that precedes the page.
    pub after: Option<P>,
    /// Maximum number of entries.
    pub limit: u32,
}

/// Turns the result of a query with `limit + 1` rows into a page of at most `limit` items.
pub fn page<T>(mut items: Vec<T>, limit: u32, key: impl Fn(&T) -> String) -> Page<T> {
    let limit = limit as usize;
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(key) } else { None };
    Page { items, next }
}
