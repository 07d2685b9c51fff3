//! `secrets.json`: every secret except the root key, in all generations. A rotation adds a generation and
//! removes none, so older values stay readable.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use keystead_protocol::text::{array_from_base64url, from_base64url, to_base64url};
use keystead_storage::SecretCheck;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::entropy;
use crate::oauth::id_token::IdTokens;
use crate::security::private_files;

const NAME: &str = "secrets.json";

/// Purpose of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Signs certificates, times and validations. A root statement certifies its public key.
    Issuing,
    /// Authenticates product keys. A product key contains the secret's generation.
    ProductKeyMac,
    /// Derives the digest under which a product key is stored. Rotated together with the MAC.
    ProductKeyIndex,
    /// Seals stored values. A sealed value contains the secret's generation.
    Sealing,
    /// Key for nonces, for the digests of codes and attempts, and for derived refresh tokens.
    Nonce,
    /// Advances ratchets.
    Ratchet,
    /// Signs ID tokens. An ID token contains the key's id.
    IdToken,
    /// Signs confirmations for devices without a network. It is never rotated, because applications ship with
    /// its public key.
    Confirmation,
    /// Derives the offline secrets of devices. It is never rotated, because devices store these secrets.
    Offline,
    /// Signs the checkpoints of the logs. Older keys folders lack it and get it at the next start.
    Log,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 10] = [
        Kind::Issuing,
        Kind::ProductKeyMac,
        Kind::ProductKeyIndex,
        Kind::Sealing,
        Kind::Nonce,
        Kind::Ratchet,
        Kind::IdToken,
        Kind::Confirmation,
        Kind::Offline,
        Kind::Log,
    ];

    /// The name in the file and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Issuing => "issuing",
            Kind::ProductKeyMac => "product_key_mac",
            Kind::ProductKeyIndex => "product_key_index",
            Kind::Sealing => "sealing",
            Kind::Nonce => "nonce",
            Kind::Ratchet => "ratchet",
            Kind::IdToken => "id_token",
            Kind::Confirmation => "confirmation",
            Kind::Offline => "offline",
            Kind::Log => "log",
        }
    }

    /// Maximum number of generations. A product key has four bits for its epoch; a sealed value has one byte.
    const fn most(self) -> usize {
        match self {
            Kind::ProductKeyMac | Kind::ProductKeyIndex => 16,
            Kind::Confirmation | Kind::Offline => 1,
            _ => 256,
        }
    }

    fn draw(self) -> anyhow::Result<Secret> {
        let bytes = match self {
            Kind::IdToken => IdTokens::draw()?,
            _ => Zeroizing::new(entropy::bytes::<32>().to_vec()),
        };
        Ok(Secret(to_base64url(&bytes)))
    }
}

#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
struct Secret(String);

impl Secret {
    fn check(&self, kind: Kind, generation: usize) -> SecretCheck {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).expect("HMAC takes any key length");
        mac.update(b"keystead/secret-check/v1\0");
        mac.update(kind.name().as_bytes());
        let digest = mac.finalize().into_bytes();
        SecretCheck {
            kind: kind.name().to_owned(),
            generation: u32::try_from(generation).expect("there are few generations"),
            value: digest[..16].try_into().expect("SHA-256 has 32 bytes"),
        }
    }
}

/// The content of the file.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretFile(BTreeMap<Kind, Vec<Secret>>);

impl SecretFile {
    /// Reads the file; `None` if it does not exist.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let path = folder.join(NAME);
        let text = match fs::read(&path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        };
        let damaged = || format!("{} is damaged", path.display());
        let file: Self = serde_json::from_slice(&text).with_context(damaged)?;
        file.validate().with_context(damaged)?;
        Ok(Some(file))
    }

    /// Reads the file, or creates it. If another node creates the file first, uses its secrets.
    pub fn read_or_draw(folder: &Path) -> anyhow::Result<Self> {
        let drawn = Kind::ALL.map(|kind| kind.draw().map(|secret| (kind, vec![secret])));
        let drawn = Self(drawn.into_iter().collect::<anyhow::Result<_>>()?);
        private_files::create(&folder.join(NAME), &drawn.to_json()?)?;
        Self::read(folder)?.with_context(|| format!("{} is gone", folder.join(NAME).display()))
    }

    /// Replaces the file.
    pub fn replace(&self, folder: &Path) -> anyhow::Result<()> {
        self.validate()?;
        private_files::replace(&folder.join(NAME), &self.to_json()?)
    }

    /// Adds a generation.
    pub fn rotate(&mut self, kind: Kind) -> anyhow::Result<()> {
        let secrets = self.0.entry(kind).or_default();
        anyhow::ensure!(secrets.len() < kind.most(), "{} cannot be rotated again", kind.name());
        secrets.push(kind.draw()?);
        Ok(())
    }

    fn to_json(&self) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(serde_json::to_vec_pretty(self)?))
    }

    fn validate(&self) -> anyhow::Result<()> {
        for kind in Kind::ALL {
            let count = self.generations(kind);
            let least = usize::from(kind != Kind::Log);
            anyhow::ensure!((least..=kind.most()).contains(&count), "it has {count} secrets {}", kind.name());
        }
        let pairs = self.generations(Kind::ProductKeyMac) == self.generations(Kind::ProductKeyIndex);
        anyhow::ensure!(pairs, "its secrets of product keys are no pairs");
        Ok(())
    }

    /// Number of generations.
    pub fn generations(&self, kind: Kind) -> usize {
        self.0.get(&kind).map_or(0, Vec::len)
    }

    /// All generations of a secret, oldest first.
    pub fn bytes(&self, kind: Kind) -> anyhow::Result<Vec<Zeroizing<Vec<u8>>>> {
        self.decoded(kind, |text| from_base64url(text).map(Zeroizing::new))
    }

    /// All generations of a 32-byte secret, oldest first.
    pub fn arrays(&self, kind: Kind) -> anyhow::Result<Vec<[u8; 32]>> {
        self.decoded(kind, array_from_base64url)
    }

    fn decoded<T>(&self, kind: Kind, decode: impl Fn(&str) -> Option<T>) -> anyhow::Result<Vec<T>> {
        let decoded = self.0.get(&kind).into_iter().flatten().map(|secret| decode(&secret.0));
        decoded.collect::<Option<_>>().with_context(|| format!("a secret {} is damaged", kind.name()))
    }

    /// One check per secret. It identifies the secret without revealing it.
    pub fn checks(&self) -> Vec<SecretCheck> {
        let numbered =
            self.0.iter().flat_map(|(kind, secrets)| secrets.iter().enumerate().map(|one| (*kind, one)));
        numbered.map(|(kind, (generation, secret))| secret.check(kind, generation)).collect()
    }

    /// Fails if the secret that a check identifies is missing or different. Additional secrets are allowed,
    /// because an interrupted rotation leaves them behind.
    pub fn fit(&self, checks: &[SecretCheck]) -> anyhow::Result<()> {
        let ours = self.checks();
        for check in checks {
            let known =
                ours.iter().find(|own| (&own.kind, own.generation) == (&check.kind, check.generation));
            let SecretCheck { kind, generation, .. } = check;
            let Some(own) = known else {
                anyhow::bail!(
                    "{NAME} lacks generation {generation} of {kind}: it is older than the database"
                );
            };
            let same: bool = own.value.ct_eq(&check.value).into();
            anyhow::ensure!(same, "generation {generation} of {kind} in {NAME} is another secret");
        }
        Ok(())
    }
}
