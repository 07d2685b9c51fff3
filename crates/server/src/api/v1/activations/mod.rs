pub mod create;
pub mod rebind;
pub mod refresh;
pub mod release;
pub mod show;
