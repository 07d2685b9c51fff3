use std::time::Duration;

use keystead::{Client, Error, SignInPoll, SignInPurpose, device_name};

use crate::output::Output;

/// Signs in if no user is signed in.
pub fn ensure_signed_in(client: &Client, output: &Output) -> Result<(), Error> {
    if client.is_signed_in()? { Ok(()) } else { sign_in(client, SignInPurpose::Use, output) }
}

/// Shows the address at which the user approves the sign-in, and waits for the approval.
pub fn sign_in(client: &Client, purpose: SignInPurpose, output: &Output) -> Result<(), Error> {
    let pending = client.begin_sign_in(&device_name(), purpose)?;
    // Print to standard error: standard output is for the JSON result.
    eprintln!("To sign in, open {} and enter the code {}", pending.verification_uri, pending.user_code);
    eprintln!("Or open {}", pending.verification_uri_complete);
    output.note("Waiting for approval...");
    loop {
        std::thread::sleep(Duration::from_secs(pending.interval));
        if client.poll_sign_in(&pending)? == SignInPoll::Done {
            return Ok(());
        }
    }
}
