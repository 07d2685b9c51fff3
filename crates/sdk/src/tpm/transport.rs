//! How commands get to a TPM and answers back: the kernel's resource manager, or the socket of an emulator.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Write as _};
#[cfg(unix)]
use std::os::unix::{fs::FileTypeExt as _, net::UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use super::Error;
use super::wire::{HEADER, Reader};

const MAX_MESSAGE: usize = 4096;
/// How long a socket may take over a command. A device's driver has its own limits.
const PATIENCE: Duration = Duration::from_secs(20);

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

    /// Sends a command and waits for all of its answer. After an error the answer might still come: open anew.
    pub(super) fn exchange(&mut self, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            // Returns when the command is done.
            Self::Device(file) => file.write_all(message)?,
            #[cfg(unix)]
            Self::Socket(socket) => {
                socket.set_write_timeout(Some(PATIENCE))?;
                socket.write_all(message)?;
            }
        }
        // A device may give its answer to one read only, so there must be room for all of it.
        let mut answer = vec![0; MAX_MESSAGE];
        let start = Instant::now();
        let (mut filled, mut size) = (0, HEADER);
        while filled < size {
            let left = PATIENCE.checked_sub(start.elapsed()).filter(|left| !left.is_zero());
            let left = left.ok_or(io::Error::from(ErrorKind::TimedOut))?;
            filled += self.read(&mut answer[filled..], left)?;
            if filled >= HEADER {
                size = Reader(&answer[2..]).u32()? as usize;
            }
            if size > MAX_MESSAGE {
                return Err(Error::Malformed);
            }
        }
        if filled > size {
            return Err(Error::Malformed);
        }
        answer.truncate(size);
        Ok(answer)
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
