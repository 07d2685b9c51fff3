//! Ids: one newtype per kind of object. The text form is a prefix and the 32 hexadecimal digits of a UUIDv7 (RFC
//! 9562, section 5.7). Ids of one kind sort by creation time, and an id never parses as another kind.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an id that starts with \"{expected}_\" followed by 32 hexadecimal digits")]
pub struct IdError {
    /// The prefix of the expected kind.
    pub expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of this kind's text form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// An id made at `unix_ms` (UTC milliseconds); `random` fills its 74 free bits.
            pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            /// The 16 bytes of the UUID.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the UUID.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let defect = IdError { expected: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(defect.clone())?;
                let bytes = crate::text::from_hex(digits).ok_or(defect.clone())?;
                Ok(Self(Uuid::from_bytes(bytes.try_into().map_err(|_| defect)?)))
            }
        }

        impl From<[u8; 16]> for $name {
            fn from(bytes: [u8; 16]) -> Self {
                Self::from_bytes(bytes)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some(concat!("^", $prefix, "_[0-9a-f]{32}$")))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )*};
}

ids! {
    /// A customer's account.
    AccountId = "acc";
    /// The use of one license by one device.
    ActivationId = "act";
    /// An API token of the vendor's automation.
    ApiTokenId = "tok";
    /// An event in the audit log.
    AuditEventId = "evt";
    /// A device that activated at least once.
    DeviceId = "dev";
    /// An edition of a product.
    EditionId = "edi";
    /// A device authorization grant (RFC 8628).
    GrantId = "gra";
    /// A batch of product keys.
    KeyBatchId = "bat";
    /// An email that waits to be sent.
    QueuedEmailId = "eml";
    /// A license.
    LicenseId = "lic";
    /// An outbox message, written in the transaction of its change.
    OutboxId = "msg";
    /// A passkey of an account.
    PasskeyId = "pky";
    /// A policy of a product.
    PolicyId = "pol";
    /// A product of the vendor.
    ProductId = "prd";
    /// A signed-in browser or application.
    SessionId = "ses";
    /// A linked account at an upstream provider.
    UpstreamIdentityId = "upi";
    /// The vendor that runs this server.
    TenantId = "ten";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_read() {
        let id = LicenseId::new(1_795_238_400_000, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().len(), 36);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let device = DeviceId::new(1, [0; 10]).to_string();
        assert_eq!(device.parse::<LicenseId>(), Err(IdError { expected: "lic" }));
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let earlier = LicenseId::new(1_000, [255; 10]);
        let later = LicenseId::new(1_001, [0; 10]);
        assert!(earlier < later && earlier.to_string() < later.to_string());
    }
}
