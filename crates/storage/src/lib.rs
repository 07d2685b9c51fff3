//! Storage: the only crate with SQL. SQLite and PostgreSQL share the same statements.
//!
//! [`Store::read`] runs a closure on a read-only connection. [`Store::write`] is the only way to change data.
//! Closures are synchronous, so a transaction never waits for asynchronous work.
//!
//! The modules `accounts`, `catalog`, `licensing`, `oauth`, `logs` and `delivery` have one file per table or
//! topic. Methods begin with the name of their table: `license_by_id`, `license_insert`.

mod accounts;
mod catalog;
mod connection;
mod delivery;
mod error;
mod idempotency;
mod json_column;
mod key_record;
mod licensing;
mod logs;
mod migration;
mod oauth;
mod store;
#[cfg(feature = "testing")]
pub mod testing;

pub use accounts::account::{Account, Role};
pub use accounts::credential::{AccountSession, SessionRef};
pub use accounts::email_link::{EmailLink, LinkPurpose};
pub use accounts::passkey::Passkey;
pub use accounts::second_factor::{MfaChallenge, Totp};
pub use accounts::sign_in_event::{SignInRow, SignInTally};
pub use accounts::upstream_identity::UpstreamIdentity;
pub use accounts::web_session::WebSession;
pub use catalog::edition::Edition;
pub use catalog::key_batch::KeyBatch;
pub use catalog::policy::Policy;
pub use catalog::product::Product;
pub use catalog::product_key::{ProductKeyStatus, StoredKey};
pub use catalog::tenant::Tenant;
pub use connection::timeouts::Timeouts;
pub use connection::{Connection, Location};
pub use delivery::message::QueuedMessage;
pub use delivery::queued_email::QueuedEmail;
pub use error::Error;
pub use idempotency::Answer;
pub use key_record::{KeyRecord, RootKey, SecretCheck, StoredKeyset};
pub use licensing::activation::{ActivationDetails, ActivationRow, ActivationSummary};
pub use licensing::consent::Consent;
pub use licensing::device::{Device, Listed};
pub use licensing::offline::{OfflineFile, OfflineInstallation};
pub use logs::log_proof::{LogEntry, OpenNote, VerifiedLog};
pub use logs::personal_fields::Personal;
pub use logs::sequencer::{Sequenced, StoredCheckpoint};
pub use migration::migrations;
pub use oauth::api_token::ApiToken;
pub use oauth::app_session::AppSession;
pub use oauth::app_token::{AppToken, TokenKind};
pub use oauth::authorization_code::AuthorizationCode;
pub use store::Store;
pub use store::journal::{AuditEvent, AuditRow, Message};
pub use store::options::Options;
pub use store::transaction::Tx;

/// A SHA-256 digest. The database stores a bearer secret only as its digest.
pub type Digest = [u8; 32];
