//! The C interface. Every function that can fail returns 0 for success or the number of a code. It
//! writes JSON to `out`: the result, or the problem with `code`, `number`, `cause`, `detail`,
//! `next_action`, `request_id` and `facts`. The caller owns this text and frees it with
//! `keystead_string_free`. A panic never reaches the caller.

mod account;
mod auto_refresh;
mod client;
mod codes;
mod guard;
mod settings;
mod text;
