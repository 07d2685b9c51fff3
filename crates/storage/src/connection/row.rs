//! Rows of either database. Columns are accessed by name.

use std::cell::Cell;

use keystead_protocol::device_key::DevicePublicKey;

use crate::Error;
use crate::connection::json;

/// A type that both databases support.
pub(crate) trait Column:
    rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a>
{
}
impl<T: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a>> Column for T {}

/// A row of either database. Columns are accessed by name.
pub(crate) struct Row<'a> {
    source: Source<'a>,
    // Index of the column to try first. Most columns are read in the order of the SELECT.
    next: Cell<usize>,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>, &'a [String]),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) fn sqlite(row: &'a rusqlite::Row<'a>, columns: &'a [String]) -> Self {
        Self { source: Source::Sqlite(row, columns), next: Cell::new(0) }
    }

    pub(crate) fn postgres(row: &'a tokio_postgres::Row) -> Self {
        Self { source: Source::Postgres(row), next: Cell::new(0) }
    }

    fn name(&self, at: usize) -> Option<&str> {
        match &self.source {
            Source::Sqlite(_, columns) => columns.get(at).map(String::as_str),
            Source::Postgres(row) => row.columns().get(at).map(tokio_postgres::Column::name),
        }
    }

    fn position(&self, column: &'static str) -> Result<usize, Error> {
        let next = self.next.get();
        let at = if self.name(next) == Some(column) {
            next
        } else {
            let known = (0..).map_while(|at| self.name(at)).position(|known| known == column);
            known.ok_or_else(|| rusqlite::Error::InvalidColumnName(column.to_owned()))?
        };
        self.next.set(at + 1);
        Ok(at)
    }

    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, Error> {
        let at = self.position(column)?;
        match &self.source {
            Source::Sqlite(row, _) => Ok(row.get(at)?),
            Source::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    /// A text column, borrowed from the row.
    pub(crate) fn text(&self, column: &'static str) -> Result<&str, Error> {
        let at = self.position(column)?;
        match &self.source {
            Source::Sqlite(row, _) => Ok(row.get_ref(at)?.as_str().map_err(rusqlite::Error::from)?),
            Source::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    /// A binary column, borrowed from the row; `None` for NULL.
    fn slice(&self, column: &'static str) -> Result<Option<&[u8]>, Error> {
        let at = self.position(column)?;
        match &self.source {
            Source::Sqlite(row, _) => {
                Ok(row.get_ref(at)?.as_blob_or_null().map_err(rusqlite::Error::from)?)
            }
            Source::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    pub(crate) fn bytes<const N: usize>(&self, column: &'static str) -> Result<[u8; N], Error> {
        self.optional_bytes(column)?.ok_or_else(|| Error::inconsistent(column, "nothing"))
    }

    pub(crate) fn optional_bytes<const N: usize>(
        &self,
        column: &'static str,
    ) -> Result<Option<[u8; N]>, Error> {
        let sized = |bytes: &[u8]| {
            bytes.try_into().map_err(|_| Error::inconsistent(column, format!("not {N} bytes")))
        };
        self.slice(column)?.map(sized).transpose()
    }

    pub(crate) fn device_key(&self, column: &'static str) -> Result<DevicePublicKey, Error> {
        let bytes = self.slice(column)?.unwrap_or_default();
        DevicePublicKey::from_bytes(bytes).ok_or_else(|| Error::inconsistent(column, "no device key"))
    }

    pub(crate) fn id<T: From<[u8; 16]>>(&self, column: &'static str) -> Result<T, Error> {
        self.bytes(column).map(T::from)
    }

    pub(crate) fn optional_id<T: From<[u8; 16]>>(&self, column: &'static str) -> Result<Option<T>, Error> {
        Ok(self.optional_bytes(column)?.map(T::from))
    }

    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Error> {
        let value: i64 = self.get(column)?;
        T::try_from(value).map_err(|_| Error::inconsistent(column, format!("{value} is out of range")))
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, Error> {
        json::decode(column, self.text(column)?)
    }
}
