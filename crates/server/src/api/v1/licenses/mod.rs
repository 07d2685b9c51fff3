pub mod change_status;
pub mod link;
pub mod list;
pub mod reissue_key;
pub mod unlink;
