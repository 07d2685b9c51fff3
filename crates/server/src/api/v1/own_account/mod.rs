pub mod disclosure;
pub mod show;
