use std::time::Duration;

use keystead::{Client, Error, SignInPoll, SignInPurpose, device_name};

use crate::output::Output;

/// Signs in unless somebody is signed in.
pub fn ensure(client: &Client, output: &Output) -> Result<(), Error> {
    if client.is_signed_in()? { Ok(()) } else { sign_in(client, SignInPurpose::Use, output) }
}

/// Shows where to approve the sign-in and waits for it.
pub fn sign_in(client: &Client, purpose: SignInPurpose, output: &Output) -> Result<(), Error> {
    let pending = client.begin_sign_in(&device_name(), purpose)?;
    // On standard error, so that a script's JSON stays alone on standard output.
    eprintln!("To sign in, open {} and type the code {}", pending.verification_uri, pending.user_code);
    eprintln!("or open {}", pending.verification_uri_complete);
    output.say("Waiting for your approval there ...");
    loop {
        std::thread::sleep(Duration::from_secs(pending.interval));
        if client.poll_sign_in(&pending)? == SignInPoll::Done {
            return Ok(());
        }
    }
}
