//! The connection to a TPM, through the kernel's resource manager or an emulator's socket.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
#[cfg(unix)]
use std::os::unix::{fs::FileTypeExt as _, net::UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use super::error::Error;
use super::wire::{HEADER, Reader};

const MAX_MESSAGE_BYTES: usize = 4096;
/// Time limit of a command over a socket. A device's driver has its own limits.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(super) enum Transport {
    Device(File),
    #[cfg(unix)]
    Socket(UnixStream),
}

impl Transport {
    /// Opens a character device, or connects to a UNIX socket.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        if std::fs::metadata(path)?.file_type().is_socket() {
            return UnixStream::connect(path).map(Self::Socket);
        }
        File::options().read(true).write(true).open(path).map(Self::Device)
    }

    /// Sends a command and waits for the whole response. Open a new connection after an error,
    /// because the response might still arrive on the old one.
    pub(super) fn exchange(&mut self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            // The write returns when the TPM has executed the command.
            Self::Device(file) => file.write_all(message)?,
            #[cfg(unix)]
            Self::Socket(socket) => {
                socket.set_write_timeout(Some(COMMAND_TIMEOUT))?;
                socket.write_all(message)?;
            }
        }
        // A device may return its response in a single read, so the buffer must hold the whole
        // response.
        let mut response = vec![0; MAX_MESSAGE_BYTES];
        let start = Instant::now();
        let (mut filled, mut size) = (0, HEADER);
        while filled < size {
            let left = COMMAND_TIMEOUT.checked_sub(start.elapsed()).filter(|left| !left.is_zero());
            let left = left.ok_or(io::Error::from(ErrorKind::TimedOut))?;
            filled += self.read(&mut response[filled..], left)?;
            if filled >= HEADER {
                size = Reader(&response[2..]).u32()? as usize;
            }
            if size > MAX_MESSAGE_BYTES {
                return Err(Error::Malformed);
            }
        }
        if filled > size {
            return Err(Error::Malformed);
        }
        response.truncate(size);
        Ok(response)
    }

    #[cfg_attr(not(unix), allow(unused_variables, reason = "only a socket can be waited for"))]
    fn read(&mut self, into: &mut [u8], left: Duration) -> io::Result<usize> {
        let read = match self {
            Self::Device(file) => file.read(into),
            #[cfg(unix)]
            Self::Socket(socket) => socket.set_read_timeout(Some(left)).and_then(|()| socket.read(into)),
        };
        match read {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => Ok(0),
            outcome => outcome,
        }
    }
}
