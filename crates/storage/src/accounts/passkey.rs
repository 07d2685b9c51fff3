//! Passkeys: public keys of WebAuthn credentials that sign an account in without a password.

use keystead_domain::Millis;
use keystead_protocol::id::{AccountId, PasskeyId};

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::connection::statement::update;
use crate::{Error, Tx};

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// The id in the database.
    pub id: PasskeyId,
    /// The credential id that the authenticator assigned.
    pub credential_id: Vec<u8>,
    /// The account.
    pub account: AccountId,
    /// The name that the owner chose.
    pub name: String,
    /// The credential's public key and counter, as JSON.
    pub credential: String,
    /// When the passkey was added.
    pub created_at: Millis,
    /// Time of the last sign-in with the passkey.
    pub used_at: Option<Millis>,
}

fn passkey(row: &Row<'_>) -> Result<Passkey, Error> {
    Ok(Passkey {
        id: row.id("id")?,
        credential_id: row.get("credential_id")?,
        account: row.id("account_id")?,
        name: row.get("name")?,
        credential: row.get("credential")?,
        created_at: row.get("created_at")?,
        used_at: row.get("used_at")?,
    })
}

/// The columns that [`passkey`] reads.
macro_rules! passkey_columns {
    () => {
        "id, credential_id, account_id, name, credential, created_at, used_at"
    };
}
#[cfg(feature = "testing")]
pub(crate) use passkey_columns;

impl Connection {
    /// The passkeys of an account, oldest first.
    pub fn passkeys_of_account(&mut self, account: AccountId, limit: u32) -> Result<Vec<Passkey>, Error> {
        self.query(
            concat!(
                "SELECT ",
                passkey_columns!(),
                " FROM passkey WHERE account_id = $1 ORDER BY id LIMIT $2"
            ),
            params![account.as_bytes(), limit],
            passkey,
        )
    }

    /// A passkey by its credential id.
    pub fn passkey_by_credential(&mut self, credential_id: &[u8]) -> Result<Option<Passkey>, Error> {
        self.query_one(
            concat!("SELECT ", passkey_columns!(), " FROM passkey WHERE credential_id = $1"),
            params![credential_id],
            passkey,
        )
    }
}

impl Tx<'_> {
    /// Stores a passkey; `false` if the credential is registered already.
    pub fn passkey_insert(&mut self, passkey: &Passkey) -> Result<bool, Error> {
        let stored = insert!(self.execute, "passkey" {
            id: passkey.id.as_bytes(),
            credential_id: &passkey.credential_id[..],
            account_id: passkey.account.as_bytes(),
            name: &passkey.name,
            credential: &passkey.credential,
            created_at: passkey.created_at,
        } "ON CONFLICT (credential_id) DO NOTHING")?;
        self.account_credential_changed(passkey.account, stored)
    }

    /// Records a sign-in with a passkey and stores the new counter; `false` if the passkey was removed.
    pub fn passkey_use(&mut self, id: PasskeyId, credential: &str, now: Millis) -> Result<bool, Error> {
        let used = update!(self.execute, "passkey" { id: id.as_bytes() } set {
            credential: credential,
            used_at: now,
        })?;
        Ok(used == 1)
    }

    /// Removes a passkey from its account; `false` if the account has no such passkey.
    pub fn passkey_delete(&mut self, account: AccountId, id: PasskeyId) -> Result<bool, Error> {
        let removed = self.execute(
            "DELETE FROM passkey WHERE id = $1 AND account_id = $2",
            params![id.as_bytes(), account.as_bytes()],
        )?;
        self.account_credential_changed(account, removed)
    }
}
