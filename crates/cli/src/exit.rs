//! Exit codes: 0 done, 2 wrong usage (clap's), and one for each kind of outcome.

use std::process::ExitCode;

use keystead::protocol::Code;
use keystead::protocol::code::Kind;

/// The table that `keystead --help` ends with.
pub const HELP: &str = "Exit codes:
  0  done; for `state`: activated
  2  wrong usage
  3  the input is wrong (codes 1xxx), or the product key is mistyped
  4  the license does not allow it (2xxx)
  5  the device or its activation does not allow it (3xxx); for `state`: not activated
  6  nobody, or the wrong person, is signed in (4xxx)
  7  the server failed (5xxx)
  8  the network, the clock or this machine is at fault (6xxx)";

/// The exit code for a code.
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
