pub mod sign_out;
