//! Activations of devices without a network: confirmed installation IDs and answered request files.

use keystead_domain::Millis;
use keystead_protocol::id::ActivationId;

use crate::connection::Connection;
use crate::connection::param::params;
use crate::connection::row::Row;
use crate::connection::statement::insert;
use crate::{Error, Tx};

/// An installation ID that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineInstallation {
    /// The 12 bytes of the installation ID.
    pub id: [u8; 12],
    /// The activation.
    pub activation: ActivationId,
    /// The granted row in the table of offline terms.
    pub row: u8,
    /// The actor that confirmed the installation ID.
    pub confirmed_by: String,
    /// Time of confirmation.
    pub confirmed_at: Millis,
    /// Time of the device's first online contact.
    pub opened_at: Option<Millis>,
}

/// A request file and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfflineFile {
    /// The id of the request file.
    pub id: [u8; 16],
    /// The activation.
    pub activation: ActivationId,
    /// The content of the answer, sealed and without a signature.
    pub answer: String,
    /// The actor that requested the answer.
    pub answered_by: String,
    /// Time of the answer.
    pub answered_at: Millis,
}

fn installation(row: &Row<'_>) -> Result<OfflineInstallation, Error> {
    let granted: i64 = row.get("grant_row")?;
    Ok(OfflineInstallation {
        id: row.bytes("installation_id")?,
        activation: row.id("activation_id")?,
        row: u8::try_from(granted).map_err(|_| Error::inconsistent("offline_installation", "grant_row"))?,
        confirmed_by: row.get("confirmed_by")?,
        confirmed_at: row.get("confirmed_at")?,
        opened_at: row.get("opened_at")?,
    })
}

impl Connection {
    /// A confirmed installation by its installation ID.
    pub fn offline_installation_by_id(
        &mut self,
        id: &[u8; 12],
    ) -> Result<Option<OfflineInstallation>, Error> {
        self.query_one(
            "SELECT installation_id, activation_id, grant_row, confirmed_by, confirmed_at, opened_at \
             FROM offline_installation WHERE installation_id = $1",
            params![id],
            installation,
        )
    }

    /// An answered request file by its id.
    pub fn offline_file_by_id(&mut self, id: &[u8; 16]) -> Result<Option<OfflineFile>, Error> {
        self.query_one(
            "SELECT request_id, activation_id, answer, answered_by, answered_at FROM offline_file \
             WHERE request_id = $1",
            params![id],
            |row| {
                Ok(OfflineFile {
                    id: row.bytes("request_id")?,
                    activation: row.id("activation_id")?,
                    answer: row.get("answer")?,
                    answered_by: row.get("answered_by")?,
                    answered_at: row.get("answered_at")?,
                })
            },
        )
    }
}

impl Tx<'_> {
    /// Stores a confirmed installation ID.
    pub fn offline_installation_insert(&mut self, installation: &OfflineInstallation) -> Result<(), Error> {
        insert!(self.change, "offline_installation" {
            installation_id: &installation.id,
            activation_id: installation.activation.as_bytes(),
            grant_row: i64::from(installation.row),
            confirmed_by: &installation.confirmed_by,
            confirmed_at: installation.confirmed_at,
        })
    }

    /// Stores the answer to a request file.
    pub fn offline_file_insert(&mut self, file: &OfflineFile) -> Result<(), Error> {
        insert!(self.change, "offline_file" {
            request_id: &file.id,
            activation_id: file.activation.as_bytes(),
            answer: &file.answer,
            answered_by: &file.answered_by,
            answered_at: file.answered_at,
        })
    }

    /// Records the device's first online contact; `false` if one was recorded before.
    pub fn offline_installation_open(&mut self, id: &[u8; 12], now: Millis) -> Result<bool, Error> {
        let opened = self.execute(
            "UPDATE offline_installation SET opened_at = $2 WHERE installation_id = $1 AND opened_at IS NULL",
            params![id, now],
        )?;
        Ok(opened == 1)
    }
}
