use std::convert::Infallible;

use keystead_protocol::api::DeviceKey;
use keystead_protocol::certificate::{DeviceRequest, Wanted};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner};
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::proof::{Proof, Request};
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

/// A device with its own key and hardware.
#[derive(Debug, Clone)]
pub struct Device {
    number: u32,
    key: Key,
    /// The device's current hardware.
    pub fingerprint: Fingerprint,
}

/// A key in a file, or a simulated TPM key.
#[derive(Debug, Clone)]
enum Key {
    File(ed25519_dalek::SigningKey),
    Chip(p256::ecdsa::SigningKey),
}

impl DeviceSigner for Key {
    type Error = Infallible;

    fn public_key(&self) -> DevicePublicKey {
        match self {
            Key::File(key) => key.public_key(),
            Key::Chip(key) => DevicePublicKey::from_bytes(key.verifying_key().to_sec1_point(true).as_bytes())
                .unwrap_or_else(|| unreachable!("a compressed point has 33 bytes")),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], Infallible> {
        match self {
            Key::File(key) => DeviceSigner::sign(key, message),
            Key::Chip(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                Ok(signature.to_bytes().into())
            }
        }
    }
}

fn seed(number: u32) -> [u8; 32] {
    let mut seed = [0xd5; 32];
    seed[..4].copy_from_slice(&number.to_be_bytes());
    seed
}

impl Device {
    /// A numbered device. The same number gives the same key and hardware.
    pub fn new(number: u32) -> Self {
        let fp = Component::ALL.into_iter().map(|component| (component, tags(number, component))).collect();
        let fingerprint = Fingerprint { class: MachineClass::Phys, fp, unreadable: Vec::new() };
        Self { number, key: Key::File(ed25519_dalek::SigningKey::from_bytes(&seed(number))), fingerprint }
    }

    /// A numbered device with a key in a TPM.
    pub fn with_chip(number: u32) -> Self {
        // The seed starts with the number, so its value is below the order of the curve.
        let key = p256::ecdsa::SigningKey::from_slice(&seed(number))
            .unwrap_or_else(|_| unreachable!("small numbers are scalars"));
        Self { key: Key::Chip(key), ..Self::new(number) }
    }

    /// The same hardware after a reinstallation of the system, with another key.
    pub fn reinstalled(&self) -> Self {
        self.with_key_of(self.number + 1_000_000)
    }

    /// The same hardware with the key of the device `number`. This simulates another user of the machine.
    pub fn with_key_of(&self, number: u32) -> Self {
        Self { key: Device::new(number).key, ..self.clone() }
    }

    /// Replaces hardware components.
    pub fn replace(&mut self, parts: &[Component]) {
        for part in parts {
            self.fingerprint.fp.insert(*part, tags(self.number + 500_000, *part));
        }
    }

    /// Signs a request with a nonce from the server; returns the value of the header.
    pub fn proof(&self, method: &str, path: &str, body: &[u8], nonce: &str) -> String {
        let Ok(proof) = Proof::sign(&self.key, Request { method, path, body }, nonce, 0);
        proof.to_header()
    }

    /// A request file that asks for a seat.
    pub fn request(&self, issuer: &str, product: &str) -> String {
        self.numbered_request(0x1d, issuer, product)
    }

    /// A request file that asks for a seat. Different numbers give different request ids.
    pub fn numbered_request(&self, number: u8, issuer: &str, product: &str) -> String {
        let wanted = Wanted::Activation {
            name: format!("Device {}", self.number),
            platform: "Debian".to_owned(),
            app_version: String::new(),
            fingerprint: self.fingerprint.clone(),
        };
        let (issuer, product) = (issuer.to_owned(), product.to_owned());
        let request =
            DeviceRequest { id: [number; 16], issuer, product, device_key: self.public_key(), wanted };
        let Ok(text) = request.seal(&self.key);
        text
    }

    /// The device's public key.
    pub fn public_key(&self) -> DevicePublicKey {
        self.key.public_key()
    }

    /// The device's description in API requests.
    pub fn description(&self) -> Value {
        let mut description = serde_json::to_value(&self.fingerprint).unwrap_or_default();
        description["key"] = json!(DeviceKey::from(self.public_key()));
        description["name"] = format!("Device {}", self.number).into();
        description["platform"] = "Debian".into();
        description
    }
}

fn tags(number: u32, component: Component) -> Tags {
    let value = number.wrapping_mul(2_654_435_761).rotate_left(u32::from(component.number()) * 3) as u16;
    Tags::new([Tag(value.to_be_bytes())])
        .unwrap_or_else(|| unreachable!("one tag is neither none nor too many"))
}
