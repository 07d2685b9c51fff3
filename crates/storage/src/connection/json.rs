//! JSON columns. Each contains an object with its format version, `v`, and the fields of a type in `json_column`.
//!
//! Nodes of different releases may share a database. The reader ignores the version and unknown fields, and
//! has a default for every field that was added later. When an earlier release rewrites a row, it drops the
//! fields that it does not know. A change that an earlier release would misread needs a separate column.

use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _};

use crate::Error;

/// The version that this release writes.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Versioned<'a, T> {
    v: u32,
    #[serde(flatten)]
    content: &'a T,
}

/// Writes an object with its version.
pub(crate) fn encode(column: &'static str, content: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(&Versioned { v: VERSION, content }).map_err(|source| Error::Json { column, source })
}

/// Reads an object.
pub(crate) fn decode<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Error> {
    // Serde would read the elements of a list as the fields of a struct.
    if !text.starts_with('{') {
        return Err(Error::Json { column, source: serde_json::Error::custom("expected an object") });
    }
    read(column, text)
}

/// Reads an object. Also accepts a plain list, as in rows that were written before the format had versions.
pub(crate) fn decode_or_list<T, L>(column: &'static str, text: &str) -> Result<T, Error>
where
    T: DeserializeOwned + From<Vec<L>>,
    L: DeserializeOwned,
{
    if text.starts_with('[') { read::<Vec<L>>(column, text).map(T::from) } else { decode(column, text) }
}

fn read<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Json { column, source })
}
