use ed25519_dalek::SigningKey;
use keystead_protocol::api::{ActivateRequest, DeviceDescription, RefreshRequest};
use keystead_protocol::certificate::{DeviceRequest, Wanted};
use keystead_protocol::device_key::{DevicePublicKey, DeviceSigner as _};
use keystead_protocol::fingerprint::{Component, Fingerprint, MachineClass, Tag, Tags};
use keystead_protocol::offline::{Commitment, InstallationId};
use keystead_protocol::proof::{Proof, Request};
use keystead_protocol::text::to_base64url;

use crate::context::App;
use crate::request::SignedRequest;
use crate::security::nonce;

/// The short name of the product that devices use.
pub const PRODUCT: &str = "studio";
/// The product's number in installation IDs.
pub const PRODUCT_CODE: u16 = 1;

/// A device with a key and hardware.
#[derive(Clone)]
pub struct Device {
    key: SigningKey,
    /// The current hardware.
    pub fingerprint: Fingerprint,
}

impl Device {
    /// The device with this number. The same number always gives the same key and hardware.
    pub fn new(number: u8) -> Self {
        let mut fingerprint = Fingerprint::empty(MachineClass::Phys);
        fingerprint.fp = Component::ALL.into_iter().map(|part| (part, tags(part, number))).collect();
        Self { key: SigningKey::from_bytes(&[number; 32]), fingerprint }
    }

    /// A container, which has no hardware of its own.
    pub fn container(number: u8) -> Self {
        let mut device = Self::new(number);
        device.fingerprint.fp.retain(|part, _| *part == Component::Osid);
        device
    }

    /// The same machine with the key of the device `number`, as after a reinstallation.
    pub fn with_key_of(&self, number: u8) -> Self {
        Self { key: Self::new(number).key, fingerprint: self.fingerprint.clone() }
    }

    /// The same device with new values for `parts`.
    pub fn with_new(&self, parts: &[Component]) -> Self {
        let mut device = self.clone();
        device.fingerprint.fp.extend(parts.iter().map(|&part| (part, tags(part, 0xff))));
        device
    }

    /// The same device with a new mainboard. Its owner must confirm this change.
    pub fn with_new_board(&self) -> Self {
        self.with_new(&[Component::Tpm, Component::Uuid, Component::Board])
    }

    /// The device's public key.
    pub fn public_key(&self) -> DevicePublicKey {
        self.key.public_key()
    }

    /// The device's description in requests.
    pub fn description(&self) -> DeviceDescription {
        DeviceDescription {
            key: self.public_key().into(),
            name: "Desk PC".to_owned(),
            platform: "Debian".to_owned(),
            fingerprint: self.fingerprint.clone(),
        }
    }

    /// The device's request to activate with a product key.
    pub fn with_product_key(&self, product_key: &str) -> ActivateRequest {
        ActivateRequest { product_key: Some(product_key.to_owned()), ..self.without_product_key() }
    }

    /// The device's request to activate with a license of the signed-in account.
    pub fn without_product_key(&self) -> ActivateRequest {
        ActivateRequest {
            product: PRODUCT.to_owned(),
            product_key: None,
            license: None,
            device: self.description(),
            app_version: None,
        }
    }

    /// The device's request to refresh, with the ratchet value of its last response and new random bytes.
    pub fn refresh(&self, ratchet: &str, random: u8) -> RefreshRequest {
        let (r, x) = (ratchet.to_owned(), to_base64url(&[random; 16]));
        let ratchet = keystead_protocol::api::Ratchet { r, x };
        RefreshRequest { ratchet, fingerprint: self.fingerprint.clone() }
    }

    /// Signs a request over a fresh nonce of the server.
    pub fn sign(&self, app: &App, request: SignedRequest) -> SignedRequest {
        let nonce = nonce::fresh(&app.keys.nonce(), app.now());
        let signed = Request { method: &request.method, path: &request.path, body: &request.body };
        let Ok(proof) = Proof::sign(&self.key, signed, &nonce, app.now() / 1000);
        SignedRequest { proof: Some(proof.to_header()), ..request }
    }

    /// The device's installation ID, and the nonce that its commitment uses.
    pub fn installation_id(&self) -> (InstallationId, u64) {
        let (device_key, fingerprint) = (&self.public_key(), &self.fingerprint);
        let ids = (0..).find_map(|nonce| {
            let commitment = Commitment { product: PRODUCT, device_key, fingerprint, nonce };
            Some((InstallationId::of(PRODUCT_CODE, &commitment)?, nonce))
        });
        ids.expect("most nonces give an id")
    }

    /// The device's request file with an id.
    pub fn request_file(&self, app: &App, id: u8, wanted: Wanted) -> String {
        let (issuer, product) = (app.keys.issuer.clone(), PRODUCT.to_owned());
        let request = DeviceRequest { id: [id; 16], issuer, product, device_key: self.public_key(), wanted };
        let Ok(file) = request.seal(&self.key);
        file
    }

    /// The part of the device's request file that requests a seat.
    pub fn wanted_seat(&self) -> Wanted {
        let DeviceDescription { name, platform, fingerprint, .. } = self.description();
        Wanted::Activation { name, platform, app_version: String::new(), fingerprint }
    }
}

fn tags(part: Component, number: u8) -> Tags {
    Tags::new([Tag::of(&[0; 32], part, &number.to_string())]).unwrap()
}
