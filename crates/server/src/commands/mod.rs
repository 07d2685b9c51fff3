//! What the operator does on the server itself, beside running it.

mod audit;
mod key;
mod staff;
mod time_format;
mod token;

pub use audit::Audit;
pub use key::Key;
pub use staff::Staff;
pub use token::Token;
