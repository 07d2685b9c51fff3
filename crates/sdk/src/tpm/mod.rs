//! A device key in a TPM 2.0. The TPM is reached through the kernel's `/dev/tpmrm0` or an
//! emulator's socket. The module implements the five TPM commands itself and needs no TPM library.

mod error;
mod transport;
mod wire;

use std::path::{Path, PathBuf};

pub(crate) use error::Error;
use transport::Transport;
use wire::{
    ECDSA, ENDORSEMENT_KEY, NULL, PARENT_KEY, Point, Reader, SHA256, SIGNING_KEY, creation, sized, words,
};

const DEVICE: &str = "/dev/tpmrm0";

/// The TPM that holds the device key and is part of the fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tpm {
    /// This machine's TPM, if the user may access it.
    #[default]
    System,
    /// No TPM: the device key is stored in a file.
    Unused,
    /// The TPM behind this device file or UNIX socket.
    At(PathBuf),
}

impl Tpm {
    /// The path of the TPM, if it exists.
    pub(crate) fn path(&self) -> Option<&Path> {
        let path = match self {
            Self::System => Path::new(DEVICE),
            Self::Unused => return None,
            Self::At(path) => path,
        };
        path.exists().then_some(path)
    }
}

const OWNER: u32 = 0x4000_0001;
const ENDORSEMENT: u32 = 0x4000_000b;

const CREATE_PRIMARY: u32 = 0x131;
const CREATE: u32 = 0x153;
const LOAD: u32 = 0x157;
const SIGN: u32 = 0x15d;
const FLUSH_CONTEXT: u32 = 0x165;

const NO_SESSIONS: u16 = 0x8001;
const SESSIONS: u16 = 0x8002;
/// The authorization area's length, then one session with an empty password.
const EMPTY_PASSWORD: [u8; 13] = [0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0];
/// The empty ticket for an unrestricted key: TPM_ST_HASHCHECK, the null hierarchy, no digest.
const NO_TICKET: [u16; 4] = [0x8024, 0x4000, 0x0007, 0];

const MAX_BLOB_BYTES: usize = 2048;

/// A signing key in the form that is stored outside its TPM. Only this TPM can use the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyBlob {
    bytes: Vec<u8>,
    point: Point,
}

impl KeyBlob {
    /// Parses a stored blob.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader(bytes);
        reader.sized()?;
        let point = reader.public(&SIGNING_KEY)?;
        if !reader.0.is_empty() || bytes.len() > MAX_BLOB_BYTES {
            return Err(Error::Malformed);
        }
        Ok(Self { bytes: bytes.to_vec(), point })
    }

    /// The bytes to store: TPM2B_PRIVATE, then TPM2B_PUBLIC.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The public key in SEC 1's compressed form.
    pub(crate) fn public_point(&self) -> [u8; 33] {
        let mut compressed = [2 | self.point[64] & 1; 33];
        compressed[1..].copy_from_slice(&self.point[1..33]);
        compressed
    }
}

/// A connection to a TPM. Unusable after an [`Error::Io`].
pub(crate) struct Connection(Transport);

impl Connection {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self(Transport::open(path)?))
    }

    /// The point of the endorsement key. It identifies the TPM for its lifetime, so hash it at
    /// once.
    pub(crate) fn endorsement_key(&mut self) -> Result<Point, Error> {
        let (handle, point) = self.create_primary(ENDORSEMENT, &ENDORSEMENT_KEY)?;
        self.command(FLUSH_CONTEXT, handle, &[])?;
        Ok(point)
    }

    pub(crate) fn create_key(&mut self) -> Result<KeyBlob, Error> {
        let (parent, _) = self.create_primary(OWNER, &PARENT_KEY)?;
        let response = self.last_command(CREATE, parent, &creation(&SIGNING_KEY))?;
        let mut reader = Reader(&response);
        reader.take(4)?;
        let (private, public) = (reader.sized()?, reader.sized()?);
        KeyBlob::from_bytes(&[sized(private), sized(public)].concat())
    }

    /// Signs a SHA-256 digest. Returns r, then s.
    pub(crate) fn sign(&mut self, blob: &KeyBlob, digest: &[u8; 32]) -> Result<[u8; 64], Error> {
        let (parent, _) = self.create_primary(OWNER, &PARENT_KEY)?;
        let key = Reader(&self.last_command(LOAD, parent, &blob.bytes)?).u32()?;
        // NULL selects the key's own scheme.
        let rest = [sized(digest), words(&[NULL]), words(&NO_TICKET)].concat();
        let response = self.last_command(SIGN, key, &rest)?;
        let mut reader = Reader(&response);
        reader.take(4)?;
        if reader.take(4)? != words(&[ECDSA, SHA256]) {
            return Err(Error::Malformed);
        }
        let mut signature = [0; 64];
        reader.coordinates(&mut signature)?;
        Ok(signature)
    }

    fn create_primary(&mut self, hierarchy: u32, key: &[u16]) -> Result<(u32, Point), Error> {
        let response = self.command(CREATE_PRIMARY, hierarchy, &creation(key))?;
        let mut reader = Reader(&response);
        let handle = reader.u32()?;
        reader.take(4)?;
        Ok((handle, reader.public(key)?))
    }

    /// Runs a command on an object and unloads it, whatever the outcome.
    fn last_command(&mut self, code: u32, handle: u32, rest: &[u8]) -> Result<Vec<u8>, Error> {
        let response = self.command(code, handle, rest);
        let flushed = self.command(FLUSH_CONTEXT, handle, &[]);
        let response = response?;
        flushed?;
        Ok(response)
    }

    /// Runs a command. Returns the response without its header: the handle if an object was loaded,
    /// the length of the parameters if there was a session, and the parameters.
    fn command(&mut self, code: u32, handle: u32, rest: &[u8]) -> Result<Vec<u8>, Error> {
        let (tag, session) = match code {
            FLUSH_CONTEXT => (NO_SESSIONS.to_be_bytes(), &[][..]),
            _ => (SESSIONS.to_be_bytes(), &EMPTY_PASSWORD[..]),
        };
        let body = [&code.to_be_bytes(), &handle.to_be_bytes(), session, rest].concat();
        let size = (6 + body.len()) as u32;
        let response = self.0.exchange(&[&tag[..], &size.to_be_bytes(), &body].concat())?;
        let mut reader = Reader(&response);
        let response_tag = reader.array()?;
        reader.take(4)?;
        match reader.u32()? {
            0 if response_tag == tag => Ok(reader.0.to_vec()),
            0 => Err(Error::Malformed),
            code => Err(Error::Refused(code)),
        }
    }
}
