use std::process::ExitCode;

use keystead::protocol::id::DeviceId;
use keystead::{Client, Error};

use super::sign_in;
use crate::output::Output;

pub fn run(client: &Client, device: Option<DeviceId>, output: &Output) -> Result<ExitCode, Error> {
    match device {
        None => {
            client.deactivate()?;
            let result = serde_json::json!({ "seats_freed": 1 });
            output.result(&result, || "This device is deactivated; its seat is free.".to_owned());
        }
        Some(device) => {
            sign_in::ensure(client, output)?;
            let result = client.deactivate_device(device)?;
            output.result(&result, || match result.seats_freed {
                0 => "The device had no seat any more.".to_owned(),
                1 => "One seat is free. The product stops there at its next refresh.".to_owned(),
                seats => format!("{seats} seats are free. The products stop there at their next refresh."),
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}
