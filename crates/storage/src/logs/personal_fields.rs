//! The personal fields of audit events. They can be erased.

use keystead_domain::Millis;
use keystead_protocol::id::AuditEventId;
use sha2::{Digest as _, Sha256};

use crate::connection::Connection;
use crate::connection::param::Param;
use crate::connection::row::Row;
use crate::{Digest, Error};

/// The origin of a request. The audit log's tree contains only a salted digest of these fields, so they can
/// be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// Random salt. Without it, trying all addresses would recover the fields from the digest.
    pub salt: [u8; 16],
    /// The client's address.
    pub address: String,
    /// The browser's name, from its user agent.
    pub browser: String,
}

impl Personal {
    /// The digest in the tree.
    pub fn digest(&self) -> Digest {
        let mut digest = Sha256::new_with_prefix(self.salt);
        for field in [&self.address, &self.browser] {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field.as_bytes());
        }
        digest.finalize().into()
    }

    pub(crate) fn insert(
        connection: &mut Connection,
        rows: &[(AuditEventId, Millis, &Self)],
    ) -> Result<(), Error> {
        let rows = rows.iter().map(|(event, at, personal)| {
            vec![
                Param::from(event.as_bytes()),
                Param::from(&personal.salt),
                Param::from(&personal.address),
                Param::from(&personal.browser),
                Param::from(*at),
            ]
        });
        connection.insert(
            "INSERT INTO audit_personal (event_id, salt, address, browser, noted_at)",
            &rows.collect::<Vec<_>>(),
        )
    }

    /// The personal fields of an audit event; `None` if it has none or they were erased.
    pub(crate) fn of_event(row: &Row<'_>) -> Result<Option<Self>, Error> {
        let Some(salt) = row.optional_bytes("salt")? else { return Ok(None) };
        Ok(Some(Self { salt, address: row.get("address")?, browser: row.get("browser")? }))
    }
}
