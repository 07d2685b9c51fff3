//! The typed confirmation: a BLS signature on BLS12-381 in G1 (draft-irtf-cfrg-bls-signature, minimal-signature-size).
//! Its 48 bytes fit exactly four lines. The application ships with a table of grants, and the signature covers the
//! number of one row. The device finds the row by trying all rows.

use std::fmt;
use std::str::FromStr;

use blst::BLST_ERROR::BLST_SUCCESS;
use blst::min_sig::{PublicKey, SecretKey, Signature};
use zeroize::Zeroizing;

use super::InstallationId;
use crate::typed_code::{self, CodeError, Kind};

const SUITE: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
const LINES: usize = 4;
const LINE_BYTES: usize = 12;
/// Maximum number of attempts to create a signature with a text form. Two attempts are needed on average; the limit is
/// never reached in practice.
const REDRAWS: u8 = 24;

/// The signed message.
fn message(issuer: &str, product: &str, id: InstallationId, row: u8, redraw: u8) -> Vec<u8> {
    [b"lic/cid/v1\0", issuer.as_bytes(), b"\0", product.as_bytes(), b"\0", &id.payload(), &[row, redraw]]
        .concat()
}

/// The server's key for signing confirmations.
pub struct ConfirmationKey {
    key: SecretKey,
    issuer: String,
}

impl ConfirmationKey {
    /// Derives the key from a 32-byte secret, for the vendor with the short name `issuer`.
    pub fn derive(secret: &Zeroizing<[u8; 32]>, issuer: &str) -> Self {
        let key = SecretKey::key_gen(&**secret, b"lic/cid/key/v1").expect("32 bytes are enough");
        Self { key, issuer: issuer.to_owned() }
    }

    /// The public key (96 bytes), which applications ship with.
    pub fn public(&self) -> [u8; 96] {
        self.key.sk_to_pk().to_bytes()
    }

    /// Grants row `row` of the table to the installation `id`. The result is deterministic.
    pub fn confirm(&self, product: &str, id: InstallationId, row: u8) -> Option<Confirmation> {
        (0..REDRAWS).find_map(|redraw| {
            let message = message(&self.issuer, product, id, row, redraw);
            let signature = self.key.sign(&message, SUITE, &[]).to_bytes();
            Confirmation(signature).lines().map(|_| Confirmation(signature))
        })
    }
}

/// Verifies confirmations with the public key that applications ship with.
#[derive(Debug, Clone)]
pub struct ConfirmationVerifier {
    key: PublicKey,
    issuer: String,
}

impl ConfirmationVerifier {
    /// Parses a public key; `None` if it is invalid.
    pub fn new(public: &[u8; 96], issuer: &str) -> Option<Self> {
        let key = PublicKey::key_validate(public).ok()?;
        Some(Self { key, issuer: issuer.to_owned() })
    }

    /// Finds the row that was granted to the installation, among the first `rows` rows of the table.
    pub fn granted(
        &self,
        confirmation: &Confirmation,
        product: &str,
        id: InstallationId,
        rows: u8,
    ) -> Option<Grant> {
        let signature = Signature::sig_validate(&confirmation.0, true).ok()?;
        // Low redraw numbers are most likely. So every row is tried with a low number before a higher number is tried.
        (0..REDRAWS).flat_map(|redraw| (0..rows).map(move |row| Grant { row, redraw })).find(|grant| {
            let message = message(&self.issuer, product, id, grant.row, grant.redraw);
            signature.verify(false, &message, SUITE, &[], &self.key, false) == BLST_SUCCESS
        })
    }

    /// Verifies a grant found earlier, with one check instead of a search.
    pub fn grants(
        &self,
        confirmation: &Confirmation,
        product: &str,
        id: InstallationId,
        grant: Grant,
    ) -> bool {
        let message = message(&self.issuer, product, id, grant.row, grant.redraw);
        Signature::sig_validate(&confirmation.0, true).is_ok_and(|signature| {
            signature.verify(false, &message, SUITE, &[], &self.key, false) == BLST_SUCCESS
        })
    }
}

/// The grant in a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Grant {
    /// The row number.
    pub row: u8,
    /// The number of redraws.
    pub redraw: u8,
}

/// A confirmation in binary form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Confirmation([u8; 48]);

/// Why a typed confirmation is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmationError {
    /// The number of lines is not four.
    #[error("a confirmation has four lines of 25 letters and digits; lines entered: {0}")]
    Lines(usize),
    /// A line is invalid.
    #[error("line {line}: {error}")]
    Line {
        /// The line number, 1 to 4.
        line: usize,
        /// The defect.
        error: CodeError,
    },
}

impl Confirmation {
    /// The 48 bytes.
    pub const fn as_bytes(&self) -> &[u8; 48] {
        &self.0
    }

    /// A confirmation from its 48 bytes.
    pub const fn from_bytes(bytes: [u8; 48]) -> Self {
        Self(bytes)
    }

    /// The four lines; `None` if a check symbol has no letter.
    pub fn lines(&self) -> Option<[String; LINES]> {
        let mut lines: [String; LINES] = Default::default();
        for (n, part) in self.0.chunks_exact(LINE_BYTES).enumerate() {
            let payload = part.iter().fold(0u128, |sum, &byte| sum << 8 | u128::from(byte));
            lines[n] = typed_code::encode(Kind::ConfirmationLine(n as u8), payload)?;
        }
        Some(lines)
    }
}

impl FromStr for Confirmation {
    type Err = ConfirmationError;

    /// Parses four lines.
    fn from_str(typed: &str) -> Result<Self, ConfirmationError> {
        let lines: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.len() != LINES {
            return Err(ConfirmationError::Lines(lines.len()));
        }
        let mut bytes = [0; 48];
        for (n, part) in bytes.chunks_exact_mut(LINE_BYTES).enumerate() {
            let payload = typed_code::decode(Kind::ConfirmationLine(n as u8), lines[n])
                .map_err(|error| ConfirmationError::Line { line: n + 1, error })?;
            part.copy_from_slice(&payload.to_be_bytes()[4..]);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confirmation(…)")
    }
}
