//! Signs and opens the checkpoints of the logs.

use keystead_protocol::tlog::{Log, TreeHead, checkpoint};

use super::Keys;

impl Keys {
    /// Signs a log's tree head with the newest log key.
    pub fn sign_checkpoint(&self, log: Log, head: &TreeHead) -> String {
        let current = self.current();
        let key = current.secrets.log.last().expect("there is one since the start");
        checkpoint::sign(&log.origin(&self.issuer), head, key)
    }

    /// Verifies a checkpoint with the current and earlier log keys, and returns its tree head.
    pub fn open_checkpoint(&self, log: Log, note: &str) -> Option<TreeHead> {
        let (current, origin) = (self.current(), log.origin(&self.issuer));
        let keys = current.secrets.log.iter().rev();
        keys.map(|key| checkpoint::verify(note, &origin, &key.verifying_key())).find_map(Result::ok)
    }

    /// Verifies a checkpoint that a root of this server countersigned, and returns its tree head.
    pub fn open_countersigned(&self, log: Log, note: &str) -> Option<TreeHead> {
        self.current().trust.open_countersigned(log, note)
    }

    /// The public keys of a log, newest first, as signed-note verifier keys.
    pub fn log_verifier_keys(&self, log: Log) -> Vec<String> {
        let (current, origin) = (self.current(), log.origin(&self.issuer));
        let keys = current.secrets.log.iter().rev();
        keys.map(|key| checkpoint::verifier_key(&origin, &key.verifying_key())).collect()
    }
}
