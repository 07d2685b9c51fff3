//! The channel of a seat request. It determines which budgets apply.

/// How a device asks for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Online, with the product key only.
    Key,
    /// Online, with the owner's sign-in.
    Owner,
    /// By file, for a device that may never come online. Copies of its state would go unnoticed, and its certificate
    /// must last.
    File,
}
