//! Storage: the only SQL, one text for SQLite and PostgreSQL.
//!
//! [`Store::read`] runs a closure on a read-only connection. [`Store::write`] is the only way to change data. Closures
//! are synchronous, so a transaction can never wait for the network.

mod account;
mod activation;
mod attempts;
mod authorization;
mod catalog;
mod commit_mark;
mod connection;
mod device;
mod email_link;
mod error;
mod grant;
mod idempotency;
mod journal;
mod json;
mod json_column;
mod key;
mod key_record;
mod email;
mod license;
mod log_proof;
mod migration;
mod offline;
mod options;
mod outbox;
mod param;
mod passkey;
mod personal;
mod principal;
mod queue;
mod read_pool;
mod row;
mod second_factor;
mod sequencer;
mod session;
mod sign_in;
mod store;
mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
mod threads;
mod tile;
mod timeouts;
mod token;
mod transaction;
mod upstream;
mod writer;

pub use account::{Account, Role};
pub use activation::{ActivationDetails, ActivationRow, ActivationSummary};
pub use authorization::AuthorizationCode;
pub use catalog::{Edition, KeyBatch, Policy, Product};
pub use connection::{Location, Connection};
pub use device::{Device, Listed};
pub use email_link::{EmailLink, LinkPurpose};
pub use error::Error;
pub use idempotency::Answer;
pub use journal::{AuditEvent, AuditRow, Message};
pub use key::{ProductKeyStatus, StoredKey};
pub use key_record::{KeyRecord, RootKey, SecretCheck, StoredKeyset};
pub use email::QueuedEmail;
pub use license::Consent;
pub use log_proof::{LogEntry, VerifiedLog};
pub use migration::migrations;
pub use offline::{OfflineFile, OfflineInstallation};
pub use options::Options;
pub use outbox::QueuedMessage;
pub use passkey::Passkey;
pub use personal::Personal;
pub use principal::{AccountSession, SessionRef};
pub use second_factor::{MfaChallenge, Totp};
pub use sequencer::{Sequenced, StoredCheckpoint};
pub use session::{AppSession, AppToken, TokenKind, WebSession};
pub use sign_in::{SignInRow, SignInTally};
pub use store::Store;
pub use tenant::Tenant;
pub use timeouts::Timeouts;
pub use token::ApiToken;
pub use transaction::Tx;
pub use upstream::UpstreamIdentity;

/// The SHA-256 digest that a bearer secret is stored under.
pub type Digest = [u8; 32];
