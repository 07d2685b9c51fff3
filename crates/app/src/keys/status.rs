//! The key status, as text for the operator.

use std::fmt::Write as _;

use keystead_domain::{DAY, Millis};
use keystead_protocol::certificate::KeyId;

use super::Keys;
use super::root::{Root, fingerprint};

impl Keys {
    /// Describes the keys folder, the root keys, the issuing keys and the secrets.
    pub fn status(&self, now: Millis) -> String {
        let current = self.current();
        let mut text = String::new();
        let mut line =
            |name: &str, value: String| writeln!(text, "{name:<14}{value}").expect("a text can grow");
        line("keys folder", self.folder.display().to_string());
        for (name, root) in ["root key", "next root key"].iter().zip(current.trust.roots()) {
            line(name, fingerprint(root.as_bytes()));
        }
        line(
            "root.key",
            match current.root {
                Root::Here(_) => "in the keys folder; move it to a safe place".to_owned(),
                Root::Away(_) => "moved away".to_owned(),
            },
        );
        line("keyset", current.trust.sequence().to_string());
        for key in &current.secrets.issuing {
            let id = KeyId::of(&key.verifying_key());
            let signs = current.signers.first().is_some_and(|signer| signer.key == *key);
            let status = match current.trust.sign_until(&key.verifying_key()) {
                _ if current.trust.ring().revokes(id) => "revoked".to_owned(),
                None => "waiting for the root key's signature; run `key request`".to_owned(),
                Some(until) if until < now => "expired".to_owned(),
                Some(until) => {
                    let days = (until - now) / DAY;
                    format!("{}, {days} days left", if signs { "signing" } else { "can sign" })
                }
            };
            line("issuing key", format!("{} {status}", id.to_hex()));
        }
        text
    }
}
