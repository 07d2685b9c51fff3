//! Rows of either database; columns go by name.

use crate::Error;

/// A type that both databases can give.
pub(crate) trait Column: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a> {}
impl<T: rusqlite::types::FromSql + for<'a> postgres::types::FromSql<'a>> Column for T {}

/// A row of either database; columns go by name.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>, &'a [String]),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, Error> {
        match self {
            Row::Sqlite(row, columns) => {
                let at = columns.iter().position(|known| known == column);
                Ok(row.get(at.ok_or_else(|| rusqlite::Error::InvalidColumnName(column.to_owned()))?)?)
            }
            Row::Postgres(row) => Ok(row.try_get(column)?),
        }
    }

    pub(crate) fn bytes<const N: usize>(&self, column: &'static str) -> Result<[u8; N], Error> {
        sized(self.get(column)?, column)
    }

    pub(crate) fn optional_bytes<const N: usize>(
        &self,
        column: &'static str,
    ) -> Result<Option<[u8; N]>, Error> {
        self.get::<Option<Vec<u8>>>(column)?.map(|bytes| sized(bytes, column)).transpose()
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
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| Error::inconsistent(column, error))
    }
}

fn sized<const N: usize>(bytes: Vec<u8>, column: &'static str) -> Result<[u8; N], Error> {
    bytes.try_into().map_err(|_| Error::inconsistent(column, format!("not {N} bytes")))
}
