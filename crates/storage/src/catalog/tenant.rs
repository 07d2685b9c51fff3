//! The vendor that runs this server. The table has one row.

use keystead_domain::Millis;
use keystead_protocol::id::TenantId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// The vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// The vendor's id. The key that authenticates product keys is derived from it.
    pub id: TenantId,
    /// The short name. Certificates name it as their issuer.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// The salt for device fingerprints.
    pub fingerprint_salt: [u8; 32],
    /// Time of the server's first start.
    pub created_at: Millis,
}

impl Connection {
    /// The vendor; `None` before the first start.
    pub fn tenant(&mut self) -> Result<Option<Tenant>, Error> {
        self.query_one("SELECT id, slug, name, fingerprint_salt, created_at FROM tenant", params![], |row| {
            Ok(Tenant {
                id: row.id("id")?,
                slug: row.get("slug")?,
                name: row.get("name")?,
                fingerprint_salt: row.bytes("fingerprint_salt")?,
                created_at: row.get("created_at")?,
            })
        })
    }
}

impl Tx<'_> {
    /// Stores the vendor at the first start.
    pub fn tenant_insert(&mut self, tenant: &Tenant) -> Result<(), Error> {
        insert!(self.change, "tenant" {
            id: tenant.id.as_bytes(),
            slug: &tenant.slug,
            name: &tenant.name,
            fingerprint_salt: &tenant.fingerprint_salt,
            created_at: tenant.created_at,
        })
    }
}
