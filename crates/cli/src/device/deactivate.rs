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
            output.result(&result, || "This device is deactivated, and its seat is free.".to_owned());
        }
        Some(device) => {
            sign_in::ensure_signed_in(client, output)?;
            let result = client.deactivate_device(device)?;
            output.result(&result, || match result.seats_freed {
                0 => "The device didn't use a seat.".to_owned(),
                1 => "1 seat is free. The product stops working on that device when it next connects."
                    .to_owned(),
                seats => format!(
                    "{seats} seats are free. The products stop working on that device when it next connects."
                ),
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}
