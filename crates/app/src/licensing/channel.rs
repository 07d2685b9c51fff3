//! The channel of a seat request. It determines which budgets apply.

/// How a device requests a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Online, with the product key only.
    Key,
    /// Online, with the owner's sign-in.
    Owner,
    /// By file, for a device that may never come online. The server cannot detect copies of its state. Its
    /// seat does not float, because its certificate must last.
    File,
}
