//! The C interface. Every function that can fail returns a number, 0 for success or a code's number, and puts JSON into `out`: the
//! result, or the problem with `code`, `number`, `cause`, `detail`, `next_action`, `request_id` and `facts`. The caller owns that text
//! and frees it with `keystead_string_free`. No function panics into its caller.

mod account;
mod auto_refresh;
mod client;
mod codes;
mod guard;
mod settings;
mod text;
