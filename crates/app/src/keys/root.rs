//! The root key. `root.key` holds the private key; `root.pub` holds the public key, which applications pin.
//! `root.key` may be moved to another machine.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use keystead_protocol::text::{array_from_base64url, to_base64url, to_hex};
use keystead_storage::RootKey;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::entropy;
use crate::security::private_files;

const PRIVATE: &str = "root.key";
const PUBLIC: &str = "root.pub";
const NEXT: &str = "root-next.key";

/// The root key, as found in the keys folder.
pub enum Root {
    /// The private key is present.
    Here(Box<SigningKey>),
    /// Only the public key is present.
    Away(VerifyingKey),
}

impl Root {
    /// Reads the root key; `None` if it does not exist.
    pub fn read(folder: &Path) -> anyhow::Result<Option<Self>> {
        let Some(public) = read(&folder.join(PUBLIC))? else { return Ok(None) };
        let public = VerifyingKey::from_bytes(&public).with_context(|| format!("{PUBLIC} is damaged"))?;
        // `root.key` is created before `root.pub`. If only `root.pub` exists, `root.key` was moved away.
        let Some(private) = read(&folder.join(PRIVATE))? else { return Ok(Some(Root::Away(public))) };
        let key = SigningKey::from_bytes(&private);
        let both = format!("{PRIVATE} and {PUBLIC} in {} do not belong together", folder.display());
        anyhow::ensure!(key.verifying_key() == public, both);
        Ok(Some(Root::Here(Box::new(key))))
    }

    /// Reads the root key, or creates it. If another node creates the key first, uses that key.
    pub fn read_or_draw(folder: &Path) -> anyhow::Result<Self> {
        if let Some(root) = Self::read(folder)? {
            return Ok(root);
        }
        let key = read_or_draw(&folder.join(PRIVATE))?;
        private_files::create(&folder.join(PUBLIC), to_base64url(key.verifying_key().as_bytes()).as_bytes())?;
        Self::read(folder)?.with_context(|| format!("{PUBLIC} is gone"))
    }

    /// The public key.
    pub fn public(&self) -> VerifyingKey {
        match self {
            Root::Here(key) => key.verifying_key(),
            Root::Away(key) => *key,
        }
    }
}

/// Reads the next root key from the folder, or creates it.
pub fn read_or_draw_next(folder: &Path) -> anyhow::Result<SigningKey> {
    read_or_draw(&folder.join(NEXT))
}

/// Reads a root key file that was moved to this machine.
pub fn read_private(path: &Path) -> anyhow::Result<SigningKey> {
    let key = read(path)?.with_context(|| format!("{} does not exist", path.display()))?;
    Ok(SigningKey::from_bytes(&key))
}

/// The SHA-256 of a root's public key, for comparison by people.
pub fn fingerprint(root: &RootKey) -> String {
    format!("sha256:{}", to_hex(&Sha256::digest(root)))
}

fn read_or_draw(path: &Path) -> anyhow::Result<SigningKey> {
    private_files::create(path, to_base64url(&entropy::bytes::<32>()).as_bytes())?;
    read_private(path)
}

fn read(path: &Path) -> anyhow::Result<Option<Zeroizing<[u8; 32]>>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let key = array_from_base64url(text.trim()).with_context(|| format!("{} is damaged", path.display()))?;
    Ok(Some(Zeroizing::new(key)))
}
