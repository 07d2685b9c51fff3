//! How a request reaches the server decides what it may spend.

/// How a device asks for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Over the network, on the product key alone.
    Key,
    /// Over the network, with the owner's sign-in.
    Owner,
    /// By a file, and perhaps never otherwise: nobody would notice copies of it, and its certificate has to last.
    File,
}
