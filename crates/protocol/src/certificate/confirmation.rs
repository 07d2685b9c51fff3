//! The key that a certificate is bound to: the claim `cnf` (RFC 8747) with a COSE key (RFC 9053, section 7).

use ciborium::Value;

use super::CertificateError;
use super::cbor::Claims;
use crate::device_key::DevicePublicKey;

const COSE_KEY: i64 = 1;
const KEY_TYPE: i64 = 1;
const CURVE: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;

/// Key type and curve of Ed25519: OKP, Ed25519.
const ED25519: (i64, i64) = (1, 6);
/// Key type and curve of P-256: EC2, P-256. Only the sign of y is encoded.
const P256: (i64, i64) = (2, 1);

const EVEN: u8 = 2;
const ODD: u8 = 3;

pub(super) fn write(key: &DevicePublicKey) -> Claims {
    let of = |(kind, curve)| Claims::default().with(KEY_TYPE, kind).with(CURVE, curve);
    let key = match key {
        DevicePublicKey::Ed25519(point) => of(ED25519).with(X, point.as_slice()),
        DevicePublicKey::P256([sign, x @ ..]) => of(P256).with(X, x.as_slice()).with(Y, *sign == ODD),
    };
    Claims::default().with(COSE_KEY, key)
}

pub(super) fn read(value: Value) -> Result<DevicePublicKey, CertificateError> {
    let mut key = Claims::from_value(Claims::from_value(value)?.take(COSE_KEY)?)?;
    match (key.integer(KEY_TYPE)?, key.integer(CURVE)?) {
        ED25519 => Ok(DevicePublicKey::Ed25519(key.bytes(X)?)),
        P256 => {
            let odd = key.take(Y)?.as_bool().ok_or(CertificateError::Unsupported)?;
            let mut point = [if odd { ODD } else { EVEN }; 33];
            point[1..].copy_from_slice(&key.bytes::<32>(X)?);
            Ok(DevicePublicKey::P256(point))
        }
        _ => Err(CertificateError::Unsupported),
    }
}
