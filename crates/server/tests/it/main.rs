//! The server by requests: a real server on a free port, on SQLite always and on PostgreSQL where
//! `KEYSTEAD_TEST_POSTGRES` names a server; its clock moves only when told.
#![allow(clippy::unwrap_used)]

mod abuse;
mod access;
mod accounts;
mod activate;
mod authorization;
mod credentials;
mod hardware;
mod key_ceremony;
mod key_folder;
mod key_rotation;
mod keys;
mod link;
mod model;
mod oauth2_client;
mod offline;
mod private_files;
mod race;
mod sign_in;
mod staff;
mod validate;
mod world;
