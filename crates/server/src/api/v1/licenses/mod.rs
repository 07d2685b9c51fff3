pub mod link;
pub mod list;
pub mod reissue_key;
pub mod resume;
pub mod revoke;
pub mod suspend;
pub mod unlink;
