//! The secrets, parsed into usable keys.

use ed25519_dalek::SigningKey;
use keystead_protocol::ProductKey;
use keystead_protocol::offline::ConfirmationKey;
use keystead_protocol::product_key::{IndexKey, MacKey};
use keystead_storage::Tenant;
use zeroize::Zeroizing;

use super::sealing::Sealing;
use super::secret_file::{Kind, SecretFile};
use crate::oauth::id_token::IdTokens;

/// The secrets of one epoch of product keys.
struct ProductKeySecrets {
    mac: MacKey,
    index: IndexKey,
}

/// All secrets except the root key. Generations are ordered oldest first.
pub struct Secrets {
    /// Keys that sign certificates.
    pub issuing: Vec<SigningKey>,
    product_keys: Vec<ProductKeySecrets>,
    /// Keys that seal stored values.
    pub sealing: Sealing,
    /// Keys for nonces, digests of codes, and derived refresh tokens.
    pub nonce: Vec<[u8; 32]>,
    /// Secret that advances ratchets.
    pub ratchet: [u8; 32],
    /// Keys that sign ID tokens.
    pub id_tokens: IdTokens,
    /// Key that signs confirmations for devices without a network.
    pub confirmation: ConfirmationKey,
    /// Secret from which the secrets shared with devices are derived.
    pub offline: [u8; 32],
    /// Keys that sign the checkpoints of the logs.
    pub log: Vec<SigningKey>,
}

impl Secrets {
    /// Derives the secrets from the file.
    pub fn derive(file: &SecretFile, tenant: &Tenant) -> anyhow::Result<Self> {
        let newest = |kind| file.arrays(kind).map(|secrets| *secrets.last().expect("there is one of each"));
        let macs = file.arrays(Kind::ProductKeyMac)?;
        let indexes = file.arrays(Kind::ProductKeyIndex)?;
        let product_keys = macs.iter().zip(indexes).map(|(mac, index)| ProductKeySecrets {
            mac: MacKey::derive(tenant.id.as_bytes(), mac),
            index: IndexKey::new(index),
        });
        Ok(Self {
            issuing: file.arrays(Kind::Issuing)?.iter().map(SigningKey::from_bytes).collect(),
            product_keys: product_keys.collect(),
            sealing: Sealing::new(&file.arrays(Kind::Sealing)?),
            nonce: file.arrays(Kind::Nonce)?,
            ratchet: newest(Kind::Ratchet)?,
            id_tokens: IdTokens::new(&file.bytes(Kind::IdToken)?)?,
            confirmation: ConfirmationKey::derive(&Zeroizing::new(newest(Kind::Confirmation)?), &tenant.slug),
            offline: newest(Kind::Offline)?,
            log: file.arrays(Kind::Log)?.iter().map(SigningKey::from_bytes).collect(),
        })
    }

    /// A product key of the newest epoch. `None` if `random` gives no usable key.
    pub fn mint(&self, product_code: u16, random: u64) -> Option<ProductKey> {
        let epoch = self.product_keys.len() - 1;
        let kid = u8::try_from(epoch).expect("there are 16 epochs");
        ProductKey::mint(&self.product_keys[epoch].mac, kid, product_code, random)
    }

    /// Whether this server created the key. An unknown epoch takes the same time as a known one.
    pub fn is_authentic(&self, key: ProductKey) -> bool {
        let known = usize::from(key.kid()) < self.product_keys.len();
        key.is_authentic(&self.of_epoch(key).mac) && known
    }

    /// The digest under which the key is stored.
    pub fn index(&self, key: ProductKey) -> [u8; 16] {
        key.index(&self.of_epoch(key).index)
    }

    fn of_epoch(&self, key: ProductKey) -> &ProductKeySecrets {
        self.product_keys.get(usize::from(key.kid())).unwrap_or(&self.product_keys[0])
    }
}
