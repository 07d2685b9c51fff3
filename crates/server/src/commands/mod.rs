//! Operator commands on the server's machine.

mod key;
mod log;
mod staff;
mod token;

pub use key::Key;
pub use log::Log;
pub use staff::Staff;
pub use token::Token;
