//! Columns that hold JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;

pub(crate) fn encode(column: &'static str, value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Json { column, source })
}

pub(crate) fn decode<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|source| Error::Json { column, source })
}
