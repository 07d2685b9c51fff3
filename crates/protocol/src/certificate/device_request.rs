//! Request files: a device without a network writes its request to a file and signs it with its device key.

use ciborium::Value;

use super::armour::{armour, content};
use super::cbor::Claims;
use super::envelope::{Envelope, Purpose, seal_by_device};
use super::license::{fingerprint_from, fingerprint_value};
use super::{CertificateError, cbor, confirmation};
use crate::device_key::{DevicePublicKey, DeviceSigner};
use crate::fingerprint::{Component, Fingerprint, MachineClass};
use crate::id::ActivationId;

const ISSUER: i64 = 1;
const AUDIENCE: i64 = 3;
const REQUEST_ID: i64 = 7;
const CONFIRMATION: i64 = 8;
const VERSION: i64 = -65537;
const ACTIVATION: i64 = -65539;
const FINGERPRINT: i64 = -65545;
const MACHINE_CLASS: i64 = -65551;
const NAME: i64 = -65701;
const PLATFORM: i64 = -65702;
const APP_VERSION: i64 = -65703;
const UNREADABLE: i64 = -65704;
const RATCHET: i64 = -65705;
const PENDING: i64 = -65706;

const LABEL: &str = "KEYSTEAD REQUEST";

/// A request file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRequest {
    /// Random id, chosen by the device. The certificate in the response has the same id.
    pub id: [u8; 16],
    /// The vendor's short name.
    pub issuer: String,
    /// The product's short name.
    pub product: String,
    /// The device's public key, which verifies the request.
    pub device_key: DevicePublicKey,
    /// The requested action.
    pub wanted: Wanted,
}

/// The action of a request file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Issue a certificate for a device.
    Activation {
        /// The device's name.
        name: String,
        /// Operating system and version.
        platform: String,
        /// The application's version; empty if it has none.
        app_version: String,
        /// The hardware fingerprint.
        fingerprint: Fingerprint,
    },
    /// Free the seat. The device has already stopped using it.
    Release {
        /// The activation's id.
        activation: ActivationId,
        /// The ratchet value that the device would send next. The request is void once the ratchet has advanced.
        ratchet: [u8; 16],
        /// The random `x` of the last refresh, if its response may have been lost.
        pending: Option<[u8; 16]>,
    },
}

impl DeviceRequest {
    /// Signs the request with the device key and encodes it as a text file.
    pub fn seal<S: DeviceSigner>(&self, signer: &S) -> Result<String, S::Error> {
        let claims = Claims::default()
            .with(ISSUER, self.issuer.as_str())
            .with(AUDIENCE, self.product.as_str())
            .with(REQUEST_ID, self.id.as_slice())
            .with(CONFIRMATION, confirmation::write(&self.device_key))
            .with(VERSION, 1);
        let claims = match &self.wanted {
            Wanted::Activation { name, platform, app_version, fingerprint } => claims
                .with(FINGERPRINT, fingerprint_value(fingerprint))
                .with(MACHINE_CLASS, i64::from(fingerprint.class == MachineClass::Vm))
                .with(NAME, name.as_str())
                .with(PLATFORM, platform.as_str())
                .with(APP_VERSION, app_version.as_str())
                .with(UNREADABLE, numbers(&fingerprint.unreadable)),
            Wanted::Release { activation, ratchet, pending } => claims
                .with(ACTIVATION, activation.as_bytes().as_slice())
                .with(RATCHET, ratchet.as_slice())
                .with(PENDING, pending.map_or(Value::Null, |pending| Value::Bytes(pending.to_vec()))),
        };
        let sealed = seal_by_device(Purpose::Request, signer, claims.encode())?;
        Ok(armour(LABEL, sealed))
    }

    /// Reads a file and verifies its signature with the device key that it contains. The caller must check issuer and
    /// product.
    pub fn open(file: &str) -> Result<Self, CertificateError> {
        let bytes = content(LABEL, file)?;
        let key = |payload: &[u8]| confirmation::read(Claims::decode(payload)?.take(CONFIRMATION)?);
        let envelope = Envelope::open_by_device(&bytes, Purpose::Request, key)?;
        let mut claims = Claims::decode(envelope.payload())?;
        if claims.integer(VERSION)? != 1 {
            return Err(CertificateError::Unsupported);
        }
        Ok(Self {
            id: claims.bytes(REQUEST_ID)?,
            issuer: claims.text(ISSUER)?,
            product: claims.text(AUDIENCE)?,
            device_key: confirmation::read(claims.take(CONFIRMATION)?)?,
            wanted: match claims.bytes(ACTIVATION) {
                Ok(activation) => Wanted::Release {
                    activation: ActivationId::from_bytes(activation),
                    ratchet: claims.bytes(RATCHET)?,
                    pending: match claims.take(PENDING)? {
                        Value::Null => None,
                        pending => Some(cbor::bytes(&pending)?),
                    },
                },
                Err(_) => wanted_activation(&mut claims)?,
            },
        })
    }
}

fn wanted_activation(claims: &mut Claims) -> Result<Wanted, CertificateError> {
    let class = match claims.take(MACHINE_CLASS)? {
        value if value == Value::from(0) => MachineClass::Phys,
        value if value == Value::from(1) => MachineClass::Vm,
        _ => return Err(CertificateError::Unsupported),
    };
    Ok(Wanted::Activation {
        name: claims.text(NAME)?,
        platform: claims.text(PLATFORM)?,
        app_version: claims.text(APP_VERSION)?,
        fingerprint: Fingerprint {
            unreadable: components(claims.array(UNREADABLE)?)?,
            ..fingerprint_from(claims.take(FINGERPRINT)?, class)?
        },
    })
}

fn numbers(components: &[Component]) -> Value {
    Value::Array(components.iter().map(|component| Value::from(component.number())).collect())
}

fn components(numbers: Vec<Value>) -> Result<Vec<Component>, CertificateError> {
    let component = |number: Value| {
        let number = u64::try_from(cbor::integer(&number)?).ok();
        number.and_then(Component::from_number).ok_or(CertificateError::Malformed)
    };
    numbers.into_iter().map(component).collect()
}
