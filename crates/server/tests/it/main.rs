//! Tests of the server through HTTP. A real server runs on a free port, always on SQLite and also on PostgreSQL if
//! `KEYSTEAD_TEST_POSTGRES` is set. Its clock advances only when a test advances it.
#![allow(clippy::unwrap_used)]

mod abuse;
mod access;
mod accounts;
mod activate;
mod authenticator;
mod authorization;
mod command_output;
mod connections;
mod countersign;
mod credentials;
mod guessing;
mod hardware;
mod headers;
mod key_ceremony;
mod key_folder;
mod key_rotation;
mod keys;
mod link;
mod logged_server;
mod logs;
mod model;
mod nodes;
mod oauth2_client;
mod offline;
mod operations;
mod outage;
mod owners;
mod principals;
mod private_files;
mod prune;
mod race;
mod request_id;
mod seats;
mod sign_in;
mod sign_in_events;
mod staff;
mod validate;
mod world;
