//! The C interface. Every function that can fail gives a number: 0 for done, else the number of a code, and puts JSON into
//! `out`: the result, or the problem with `code`, `number`, `cause`, `detail`, `next_action`, `request_id` and `facts`. What
//! is put there belongs to the caller, who gives it back with `keystead_string_free`. No function lets a panic out.

mod account;
mod client;
mod codes;
mod guard;
mod settings;
mod text;
mod upkeep;
