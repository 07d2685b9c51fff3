use std::io;

/// A failed TPM command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The TPM could not be opened, or did not respond completely or in time.
    #[error("the TPM cannot be reached: {0}")]
    Io(#[from] io::Error),
    /// The TPM's response or a stored key blob is malformed.
    #[error("the TPM's response or the stored key is malformed")]
    Malformed,
    /// The TPM returned this error code. 0x1df means that another TPM created the key.
    #[error("the TPM refused: {0:#x}")]
    Refused(u32),
}

impl Error {
    /// Whether a retry is useless: the TPM is missing, the user may not access it, or it did not
    /// create the key.
    pub(crate) fn is_lasting(&self) -> bool {
        /// The bit is set in codes that reject the request, and clear in transient warnings.
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
