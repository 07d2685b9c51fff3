//! Exit codes: 0 for success, 2 for wrong usage (from clap), and one for each kind of error.

use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::protocol::code::Kind;

/// The table at the end of `keystead --help`.
pub const HELP: &str = "Exit codes:
  0  success; for `state`: activated
  2  wrong usage
  3  invalid input (codes 1xxx), or a mistyped product key
  4  not allowed by the license (2xxx)
  5  not allowed for the device or its activation (3xxx); for `state`: not activated
  6  not signed in, or no permission (4xxx)
  7  server error (5xxx)
  8  problem with the network, the clock, or this device (6xxx)";

/// The exit code for a Keystead code.
pub fn code(code: Code) -> ExitCode {
    ExitCode::from(match (code, code.kind()) {
        (Code::ProductKeyMistyped, _) | (_, Kind::Input) => 3,
        (_, Kind::License) => 4,
        (_, Kind::Device) => 5,
        (_, Kind::SignIn) => 6,
        (_, Kind::Server) => 7,
        (_, Kind::Client) => 8,
    })
}
