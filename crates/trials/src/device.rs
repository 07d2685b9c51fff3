use ed25519_dalek::SigningKey;
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::proof::{Proof, Request};
use keystead_protocol::text::to_base64url;
use serde_json::{Value, json};

/// A device with a key and hardware of its own.
#[derive(Debug, Clone)]
pub struct Device {
    number: u32,
    key: SigningKey,
    /// Its hardware as it is now.
    pub fingerprint: Fingerprint,
}

impl Device {
    /// The device with a number: always the same key and hardware.
    pub fn new(number: u32) -> Self {
        let mut seed = [0xd5; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        let fp = Component::ALL.into_iter().map(|component| (component, tags(number, component))).collect();
        let fingerprint = Fingerprint { class: MachineClass::Phys, fp, unreadable: Vec::new() };
        Self { number, key: SigningKey::from_bytes(&seed), fingerprint }
    }

    /// The same hardware after its system was installed anew: the key is another one.
    pub fn reinstalled(&self) -> Self {
        Self { key: Device::new(self.number + 1_000_000).key, ..self.clone() }
    }

    /// Replaces parts.
    pub fn replace(&mut self, parts: &[Component]) {
        for part in parts {
            self.fingerprint.fp.insert(*part, tags(self.number + 500_000, *part));
        }
    }

    /// Signs a request over a nonce of the server's; the header's value.
    pub fn proof(&self, method: &str, path: &str, body: &[u8], nonce: &str) -> String {
        Proof::sign(&self.key, Request { method, path, body }, nonce, 0).to_header()
    }

    /// Its public key, base64url.
    pub fn public_key(&self) -> String {
        to_base64url(self.key.verifying_key().as_bytes())
    }

    /// How it describes itself.
    pub fn description(&self) -> Value {
        let mut description = serde_json::to_value(&self.fingerprint).unwrap_or_default();
        description["key"] = json!({ "alg": "Ed25519", "pk": self.public_key() });
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
