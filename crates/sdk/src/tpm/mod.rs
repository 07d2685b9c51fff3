//! A device key in a TPM 2.0, reached through the kernel's `/dev/tpmrm0` or through an emulator's socket. The six commands that
//! are needed are written out here, so that nothing has to be linked.

mod transport;
mod wire;

use std::io;
use std::path::{Path, PathBuf};

use transport::Transport;
use wire::{
    ECDSA, ENDORSEMENT_KEY, NULL, PARENT_KEY, Point, Reader, SHA256, SIGNING_KEY, creation, sized, words,
};

const DEVICE: &str = "/dev/tpmrm0";

/// Which TPM keeps the device key and is a part of the hardware's fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tpm {
    /// This machine's, where there is one that this user may use.
    #[default]
    System,
    /// None: the device key is kept in a file.
    Unused,
    /// The one behind this device file or UNIX socket.
    At(PathBuf),
}

impl Tpm {
    /// Where it is, if it is there.
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
/// The length of the authorization area, then one session with an empty password.
const EMPTY_PASSWORD: [u8; 13] = [0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 0, 0, 0];
/// The empty ticket that an unrestricted key asks for: TPM_ST_HASHCHECK, the null hierarchy, no digest.
const NO_TICKET: [u16; 4] = [0x8024, 0x4000, 0x0007, 0];

const MAX_BLOB: usize = 2048;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The TPM cannot be opened, or did not answer in full or in time.
    #[error("the TPM cannot be reached: {0}")]
    Io(#[from] io::Error),
    /// The TPM's answer, or a key blob, is not of the form it should have.
    #[error("the TPM's answer or the kept key is malformed")]
    Malformed,
    /// The TPM refused with this code; 0x1df is what it says of another TPM's key.
    #[error("the TPM refused: {0:#x}")]
    Refused(u32),
}

impl Error {
    /// Whether trying again is of no use: the TPM is gone, closed to this user, or not the one that made the key.
    pub(crate) fn is_lasting(&self) -> bool {
        /// Set in codes that find fault with the request; warnings, which pass, do not have it.
        const FORMAT_ONE: u32 = 0x80;
        match self {
            Self::Io(error) => matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported
            ),
            Self::Malformed => true,
            Self::Refused(code) => code & FORMAT_ONE != 0,
        }
    }
}

/// A signing key as kept outside the TPM that made it, the only one that can use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyBlob {
    bytes: Vec<u8>,
    point: Point,
}

impl KeyBlob {
    /// Reads a kept blob.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader(bytes);
        reader.sized()?;
        let point = reader.public(&SIGNING_KEY)?;
        if !reader.0.is_empty() || bytes.len() > MAX_BLOB {
            return Err(Error::Malformed);
        }
        Ok(Self { bytes: bytes.to_vec(), point })
    }

    /// The bytes to keep: TPM2B_PRIVATE, then TPM2B_PUBLIC.
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

/// A connection to a TPM; of no use after an [`Error::Io`].
pub(crate) struct Connection(Transport);

impl Connection {
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self(Transport::open(path)?))
    }

    /// The endorsement key's point, which stays the same for the TPM's whole life: an identifier, to be hashed at once.
    pub(crate) fn endorsement_key(&mut self) -> Result<Point, Error> {
        let (handle, point) = self.create_primary(ENDORSEMENT, &ENDORSEMENT_KEY)?;
        self.command(FLUSH_CONTEXT, handle, &[])?;
        Ok(point)
    }

    /// Makes a new signing key.
    pub(crate) fn create_key(&mut self) -> Result<KeyBlob, Error> {
        let (parent, _) = self.create_primary(OWNER, &PARENT_KEY)?;
        let answer = self.last_command(CREATE, parent, &creation(&SIGNING_KEY))?;
        let mut reader = Reader(&answer);
        reader.take(4)?;
        let (private, public) = (reader.sized()?, reader.sized()?);
        KeyBlob::from_bytes(&[sized(private), sized(public)].concat())
    }

    /// Signs a SHA-256 digest: r, then s.
    pub(crate) fn sign(&mut self, blob: &KeyBlob, digest: &[u8; 32]) -> Result<[u8; 64], Error> {
        let (parent, _) = self.create_primary(OWNER, &PARENT_KEY)?;
        let key = Reader(&self.last_command(LOAD, parent, &blob.bytes)?).u32()?;
        // By the scheme that is the key's own.
        let rest = [sized(digest), words(&[NULL]), words(&NO_TICKET)].concat();
        let answer = self.last_command(SIGN, key, &rest)?;
        let mut reader = Reader(&answer);
        reader.take(4)?;
        if reader.take(4)? != words(&[ECDSA, SHA256]) {
            return Err(Error::Malformed);
        }
        let mut signature = [0; 64];
        reader.coordinates(&mut signature)?;
        Ok(signature)
    }

    fn create_primary(&mut self, hierarchy: u32, key: &[u16]) -> Result<(u32, Point), Error> {
        let answer = self.command(CREATE_PRIMARY, hierarchy, &creation(key))?;
        let mut reader = Reader(&answer);
        let handle = reader.u32()?;
        reader.take(4)?;
        Ok((handle, reader.public(key)?))
    }

    /// A command on an object that is unloaded afterwards, whatever came of it.
    fn last_command(&mut self, code: u32, handle: u32, rest: &[u8]) -> Result<Vec<u8>, Error> {
        let answer = self.command(code, handle, rest);
        let flushed = self.command(FLUSH_CONTEXT, handle, &[]);
        let answer = answer?;
        flushed?;
        Ok(answer)
    }

    /// Gives what follows the answer's header: the handle, if something was loaded; the length of the parameters, where there was
    /// a session; and the parameters.
    fn command(&mut self, code: u32, handle: u32, rest: &[u8]) -> Result<Vec<u8>, Error> {
        let (tag, session) = match code {
            FLUSH_CONTEXT => (NO_SESSIONS.to_be_bytes(), &[][..]),
            _ => (SESSIONS.to_be_bytes(), &EMPTY_PASSWORD[..]),
        };
        let body = [&code.to_be_bytes(), &handle.to_be_bytes(), session, rest].concat();
        let size = (6 + body.len()) as u32;
        let answer = self.0.exchange(&[&tag[..], &size.to_be_bytes(), &body].concat())?;
        let mut reader = Reader(&answer);
        let answered = reader.array()?;
        reader.take(4)?;
        match reader.u32()? {
            0 if answered == tag => Ok(reader.0.to_vec()),
            0 => Err(Error::Malformed),
            code => Err(Error::Refused(code)),
        }
    }
}
