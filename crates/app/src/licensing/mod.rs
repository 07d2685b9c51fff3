//! Licenses, seats, activations and certificates.

pub mod activate_again;
pub mod activate_device;
pub mod budget;
pub mod certificate;
pub mod change_license_status;
pub mod claim_seat;
pub mod deactivate_device;
pub mod find_license;
pub mod link_key;
pub mod link_license;
pub mod list;
pub mod move_device;
pub mod rebind_device;
pub mod refresh_certificate;
pub mod release_activation;
pub mod rename_device;
pub mod share_seat;
pub mod show_activation;
pub mod transfer_license;
pub mod unlink_license;
pub mod validate;
pub mod view;
