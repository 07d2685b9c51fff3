pub mod create;
pub mod list;
pub mod make_keys;
pub mod profile;
