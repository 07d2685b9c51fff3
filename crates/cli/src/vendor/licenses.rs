use clap::Subcommand;
use keystead::protocol::api::{LicenseView, NewKey, Page, Reason};
use keystead::protocol::id::LicenseId;
use keystead::{Call, Error};

use super::Vendor;
use crate::output::Output;

#[derive(Subcommand)]
pub enum License {
    /// List licenses, newest first.
    List {
        /// The ID of the previous page's last license.
        #[arg(long)]
        after: Option<LicenseId>,
    },
    /// Suspend a license until it is resumed.
    Suspend(Target),
    /// Resume a suspended license.
    Resume(Target),
    /// Revoke a license permanently.
    Revoke(Target),
    /// Replace a leaked product key. License, owner, and devices stay the same.
    ReissueKey(Target),
}

#[derive(clap::Args)]
pub struct Target {
    /// The license's ID.
    license: LicenseId,
    /// The reason, for the audit log.
    #[arg(long)]
    reason: String,
}

pub fn run(vendor: &Vendor, command: License, output: &Output) -> Result<(), Error> {
    match command {
        License::List { after } => list(vendor, after, output),
        License::Suspend(target) => change(vendor, &target, "suspend", output),
        License::Resume(target) => change(vendor, &target, "resume", output),
        License::Revoke(target) => change(vendor, &target, "revoke", output),
        License::ReissueKey(target) => {
            let key: NewKey = vendor.call(call(&target, "reissue-key"))?;
            output.result(&key, || {
                format!("Save the new product key; it's shown only once:\n\n    {}\n", key.product_key)
            });
            Ok(())
        }
    }
}

fn list(vendor: &Vendor, after: Option<LicenseId>, output: &Output) -> Result<(), Error> {
    let query = after.map(|id| format!("?after={id}")).unwrap_or_default();
    let page: Page<LicenseView> = vendor.call(Call::get("/api/v1/licenses").query(query))?;
    output.result(&page, || {
        let rows = page.items.iter().map(|license| {
            let linked = if license.linked { "account" } else { "key" };
            vec![
                license.id.to_string(),
                format!("{} {}", license.product_name, license.edition),
                format!("...-{}", license.key_last_group),
                format!("{} of {}", license.seats_used, license.seats),
                linked.to_owned(),
                format!("{:?}", license.status).to_lowercase(),
            ]
        });
        let header = ["ID", "License", "Key", "Seats used", "Linked to", "Status"];
        let table = output.table(
            &header,
            rows.collect(),
            "No licenses yet. A license is created when its product key is first used.",
        );
        match &page.next {
            Some(next) => format!("{table}\nMore: --after {next}"),
            None => table,
        }
    });
    Ok(())
}

fn call(target: &Target, action: &str) -> Call<'static> {
    let reason = Reason { reason: target.reason.clone() };
    Call::post(format!("/api/v1/licenses/{}/{action}", target.license)).json(&reason)
}

fn change(vendor: &Vendor, target: &Target, action: &str, output: &Output) -> Result<(), Error> {
    let license: LicenseView = vendor.call(call(target, action))?;
    let status = format!("{:?}", license.status).to_lowercase();
    output.result(&license, || format!("The license is {status}."));
    Ok(())
}
