pub mod deactivate;
pub mod list;
pub mod rename;
