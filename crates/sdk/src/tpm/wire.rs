//! The encoding of a TPM's messages. Names and numbers are those of the TCG's "Trusted Platform Module 2.0 Library", parts 2 and 3.

use super::error::Error;

/// A P-256 point in SEC 1's uncompressed form.
pub(super) type Point = [u8; 65];

/// Bytes of a message's header: tag, size, code.
pub(super) const HEADER: usize = 10;

const ECC: u16 = 0x23;
pub(super) const SHA256: u16 = 0x0b;
const AES: u16 = 0x06;
const CFB: u16 = 0x43;
pub(super) const ECDSA: u16 = 0x18;
const P256: u16 = 0x03;
pub(super) const NULL: u16 = 0x10;

/// The template of the TCG's storage root key. Another template would create another parent key,
/// which could not load existing blobs.
#[rustfmt::skip]
pub(super) const PARENT_KEY: [u16; 11] = [
    ECC, SHA256,
    0x0003, 0x0472, // restricted decrypt noDA userWithAuth sensitiveDataOrigin fixedParent fixedTPM
    0,
    AES, 128, CFB, NULL, P256, NULL,
];

/// The template of the TCG's endorsement key: L-2 of the EK credential profile.
#[rustfmt::skip]
pub(super) const ENDORSEMENT_KEY: [u16; 27] = [
    ECC, SHA256,
    0x0003, 0x00b2, // restricted decrypt adminWithPolicy sensitiveDataOrigin fixedParent fixedTPM
    32, 0x8371, 0x9767, 0x4484, 0xb3f8, 0x1a90, 0xcc8d, 0x46a5, 0xd724,
        0xfd52, 0xd76e, 0x0652, 0x0b64, 0xf2a1, 0xda1b, 0x3314, 0x69aa,
    AES, 128, CFB, NULL, P256, NULL,
];

#[rustfmt::skip]
pub(super) const SIGNING_KEY: [u16; 10] = [
    ECC, SHA256,
    0x0004, 0x0472, // sign noDA userWithAuth sensitiveDataOrigin fixedParent fixedTPM
    0,
    NULL, ECDSA, SHA256, P256, NULL,
];

pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(Error::Malformed)?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (head, tail) = self.0.split_first_chunk().ok_or(Error::Malformed)?;
        self.0 = tail;
        Ok(*head)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// Reads a TPM2B.
    pub(super) fn sized(&mut self) -> Result<&'a [u8], Error> {
        let length = u16::from_be_bytes(self.array()?);
        self.take(length.into())
    }

    /// Reads a TPM2B_PUBLIC and returns its point. The rest must match the template.
    pub(super) fn public(&mut self, key: &[u16]) -> Result<Point, Error> {
        let mut public = Reader(self.sized()?);
        if public.take(2 * key.len())? != words(key) {
            return Err(Error::Malformed);
        }
        let mut point = [4; 65];
        public.coordinates(&mut point[1..])?;
        if public.0.is_empty() { Ok(point) } else { Err(Error::Malformed) }
    }

    /// Reads two 32-byte numbers. A TPM may omit their leading zeros.
    pub(super) fn coordinates(&mut self, into: &mut [u8]) -> Result<(), Error> {
        for coordinate in into.chunks_exact_mut(32) {
            let number = self.sized()?;
            let zeros = coordinate.len().checked_sub(number.len()).ok_or(Error::Malformed)?;
            coordinate[..zeros].fill(0);
            coordinate[zeros..].copy_from_slice(number);
        }
        Ok(())
    }
}

pub(super) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// Encodes a TPM2B. All callers pass fewer bytes than its 16-bit length allows.
pub(super) fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

/// The parameters of TPM2_CreatePrimary and TPM2_Create: an empty password, the template with zeros
/// for the point, no outside information, and no PCRs.
pub(super) fn creation(key: &[u16]) -> Vec<u8> {
    let zeros = sized(&[0; 32]).repeat(2);
    let public = sized(&[words(key), zeros].concat());
    [words(&[4, 0, 0]), public, words(&[0, 0, 0])].concat()
}
