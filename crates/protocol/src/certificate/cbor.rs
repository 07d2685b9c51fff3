//! Deterministic CBOR maps with integer keys, encoded and decoded strictly.

use ciborium::Value;

use super::CertificateError;

/// A map with integer keys. `encode` sorts the keys in bytewise order of their encoding.
#[derive(Default)]
pub(super) struct Claims(Vec<(i64, Value)>);

impl Claims {
    pub(super) fn with(mut self, key: i64, value: impl Into<Value>) -> Self {
        self.0.push((key, value.into()));
        self
    }

    pub(super) fn encode(mut self) -> Vec<u8> {
        self.0.sort_by_key(|(key, _)| encoding_order(*key));
        encode(&self.into_value())
    }

    pub(super) fn into_value(self) -> Value {
        Value::Map(self.0.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
    }

    /// Decodes a map. Accepts its deterministic encoding only.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, CertificateError> {
        let value: Value = ciborium::from_reader(bytes).map_err(|_| CertificateError::Malformed)?;
        if !is_ordered(&value) || encode(&value) != bytes {
            return Err(CertificateError::Malformed);
        }
        Self::from_value(value)
    }

    pub(super) fn from_value(value: Value) -> Result<Self, CertificateError> {
        let entries = value.into_map().map_err(|_| CertificateError::Malformed)?;
        entries
            .into_iter()
            .map(|(key, value)| Ok((integer(&key)?, value)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub(super) fn take(&mut self, key: i64) -> Result<Value, CertificateError> {
        let at = self.0.iter().position(|(known, _)| *known == key).ok_or(CertificateError::Malformed)?;
        Ok(self.0.swap_remove(at).1)
    }

    pub(super) fn text(&mut self, key: i64) -> Result<String, CertificateError> {
        self.take(key)?.into_text().map_err(|_| CertificateError::Malformed)
    }

    pub(super) fn integer(&mut self, key: i64) -> Result<i64, CertificateError> {
        integer(&self.take(key)?)
    }

    pub(super) fn unsigned(&mut self, key: i64) -> Result<u64, CertificateError> {
        u64::try_from(self.integer(key)?).map_err(|_| CertificateError::Malformed)
    }

    pub(super) fn bytes<const N: usize>(&mut self, key: i64) -> Result<[u8; N], CertificateError> {
        bytes(&self.take(key)?)
    }

    pub(super) fn array(&mut self, key: i64) -> Result<Vec<Value>, CertificateError> {
        self.take(key)?.into_array().map_err(|_| CertificateError::Malformed)
    }

    pub(super) fn remaining_keys(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().map(|(key, _)| *key)
    }

    pub(super) fn into_entries(self) -> Vec<(i64, Value)> {
        self.0
    }
}

pub(super) fn integer(value: &Value) -> Result<i64, CertificateError> {
    let integer = value.as_integer().ok_or(CertificateError::Malformed)?;
    i64::try_from(i128::from(integer)).map_err(|_| CertificateError::Malformed)
}

pub(super) fn bytes<const N: usize>(value: &Value) -> Result<[u8; N], CertificateError> {
    value.as_bytes().and_then(|bytes| bytes.as_slice().try_into().ok()).ok_or(CertificateError::Malformed)
}

pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    ciborium::into_writer(value, &mut bytes).expect("writing to memory does not fail");
    bytes
}

/// Bytewise order of the encoded keys: non-negative before negative, each by magnitude.
fn encoding_order(key: i64) -> (bool, u64) {
    (key < 0, if key < 0 { !key as u64 } else { key as u64 })
}

/// Whether the integer keys of every map are strictly ascending. Re-encoding keeps the order of the keys, so it does
/// not detect a wrong order.
fn is_ordered(value: &Value) -> bool {
    match value {
        Value::Map(entries) => {
            let keys: Option<Vec<_>> =
                entries.iter().map(|(key, _)| integer(key).ok().map(encoding_order)).collect();
            keys.is_some_and(|keys| keys.windows(2).all(|pair| pair[0] < pair[1]))
                && entries.iter().all(|(_, value)| is_ordered(value))
        }
        Value::Array(items) => items.iter().all(is_ordered),
        _ => true,
    }
}
