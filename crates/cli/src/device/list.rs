use std::process::ExitCode;

use keystead::{Client, Error};

use super::sign_in;
use crate::output::Output;

pub fn devices(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    sign_in::ensure_signed_in(client, output)?;
    let devices = client.devices()?;
    output.result(&devices, || {
        let rows = devices.iter().flat_map(|device| {
            device.activations.iter().map(|activation| {
                vec![
                    device.name.clone(),
                    device.platform.clone(),
                    activation.sentence.clone(),
                    device.id.to_string(),
                ]
            })
        });
        let empty = "No devices yet. Activate a device, then run `keystead link` on it.";
        output.table(&["Device", "Operating system", "State", "ID"], rows.collect(), empty)
    });
    Ok(ExitCode::SUCCESS)
}

pub fn licenses(client: &Client, output: &Output) -> Result<ExitCode, Error> {
    sign_in::ensure_signed_in(client, output)?;
    let licenses = client.licenses()?;
    output.result(&licenses, || {
        let rows = licenses.iter().map(|license| {
            vec![
                format!("{} {}", license.product_name, license.edition),
                format!("...-{}", license.key_last_group),
                format!("{} of {}", license.seats_used, license.seats),
                license.rebinds_left.to_string(),
                license.reinstalls_left.to_string(),
                license.id.to_string(),
            ]
        });
        let empty = "No licenses yet. Run `keystead link` on an activated device.";
        output.table(
            &["License", "Key", "Seats used", "Hardware changes left", "Reinstalls left", "ID"],
            rows.collect(),
            empty,
        )
    });
    Ok(ExitCode::SUCCESS)
}
