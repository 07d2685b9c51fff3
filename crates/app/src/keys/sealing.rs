//! Seals values (XChaCha20-Poly1305) that only this server reads again. A sealed value begins with the
//! generation of its key.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::entropy;

/// The keys, oldest first.
pub struct Sealing(Vec<XChaCha20Poly1305>);

impl Sealing {
    /// Uses keys of all generations, oldest first. There must be at least one.
    pub fn new(keys: &[[u8; 32]]) -> Self {
        Self(keys.iter().map(|key| XChaCha20Poly1305::new(&Key::from(*key))).collect())
    }

    /// Seals with the newest key. The value can only be opened under the same `kind` and `id`.
    pub fn seal(&self, kind: &str, id: &[u8; 16], secret: &[u8]) -> Vec<u8> {
        let newest = self.0.len() - 1;
        let generation = u8::try_from(newest).expect("generations are counted in a byte");
        let nonce = entropy::bytes::<24>();
        let sealed = self.0[newest]
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: &data(generation, kind, id) })
            .expect("what is sealed is small");
        [&[generation], &nonce[..], &sealed].concat()
    }

    /// Opens a value that any generation sealed. `None` if it was tampered with, or has another kind or id.
    pub fn open(&self, kind: &str, id: &[u8; 16], sealed: &[u8]) -> Option<Vec<u8>> {
        let (&generation, sealed) = sealed.split_first()?;
        let (nonce, sealed) = sealed.split_first_chunk::<24>()?;
        let key = self.0.get(usize::from(generation))?;
        key.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &data(generation, kind, id) }).ok()
    }
}

fn data(generation: u8, kind: &str, id: &[u8; 16]) -> Vec<u8> {
    [&[generation], kind.as_bytes(), id].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_leaves_what_was_sealed_before_it_readable() {
        let (old, both) = (Sealing::new(&[[1; 32]]), Sealing::new(&[[1; 32], [2; 32]]));
        let sealed = old.seal("email", &[7; 16], b"Hello");
        assert_eq!(both.open("email", &[7; 16], &sealed).unwrap(), b"Hello");
        let resealed = both.seal("email", &[7; 16], b"Hello");
        assert_eq!((resealed[0], old.open("email", &[7; 16], &resealed)), (1, None));
        assert_eq!(both.open("answer", &[7; 16], &resealed), None);
    }
}
