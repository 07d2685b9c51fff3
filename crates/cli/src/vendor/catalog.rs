use clap::{Subcommand, ValueEnum};
use keystead::protocol::api::{
    AccountRule, AppProfile, Channel, EditionRequest, EditionView, PolicyRequest, PolicyRules, PolicyView,
    ProductRequest, ProductView, Term,
};
use keystead::{Call, Error};

use super::Vendor;
use crate::output::Output;

#[derive(Subcommand)]
pub enum Product {
    /// Define a product.
    Create {
        /// The short name: lower-case letters, digits, dots and dashes.
        slug: String,
        /// The name people read.
        #[arg(long)]
        name: String,
    },
    /// List the products.
    List,
    /// Print what an application must know of its vendor, to be shipped inside it.
    Profile {
        /// The product's short name.
        slug: String,
    },
}

pub fn product(vendor: &Vendor, command: Product, output: &Output) -> Result<(), Error> {
    match command {
        Product::Create { slug, name } => {
            let request = ProductRequest { slug, name };
            let product: ProductView = vendor.call(Call::post("/api/v1/products").json(&request))?;
            output.result(&product, || format!("{} is defined as {}.", product.name, product.slug));
        }
        Product::List => {
            let products: Vec<ProductView> = vendor.call(Call::get("/api/v1/products"))?;
            output.result(&products, || {
                let rows = products.iter().map(|p| vec![p.slug.clone(), p.name.clone(), p.code.to_string()]);
                output.table(&["Product", "Name", "Number"], rows.collect(), "There are no products yet.")
            });
        }
        Product::Profile { slug } => {
            let profile: AppProfile =
                vendor.api.call(&Call::get(format!("/api/v1/products/{slug}/profile")))?;
            println!("{}", serde_json::to_string_pretty(&profile).unwrap_or_default());
        }
    }
    Ok(())
}

#[derive(Subcommand)]
pub enum Edition {
    /// Define an edition.
    Create {
        /// The product's short name.
        product: String,
        /// The edition's short name.
        slug: String,
        /// The name people read.
        #[arg(long)]
        name: String,
        /// The features it unlocks, separated by commas.
        #[arg(long, value_delimiter = ',')]
        features: Vec<String>,
    },
    /// List the editions of a product.
    List {
        /// The product's short name.
        product: String,
    },
}

pub fn edition(vendor: &Vendor, command: Edition, output: &Output) -> Result<(), Error> {
    match command {
        Edition::Create { product, slug, name, features } => {
            let request = EditionRequest { slug, name, features };
            let path = format!("/api/v1/products/{product}/editions");
            let edition: EditionView = vendor.call(Call::post(path).json(&request))?;
            output.result(&edition, || format!("{} {} is defined.", edition.product, edition.slug));
        }
        Edition::List { product } => {
            let editions: Vec<EditionView> =
                vendor.call(Call::get(format!("/api/v1/products/{product}/editions")))?;
            output.result(&editions, || {
                let rows =
                    editions.iter().map(|e| vec![e.slug.clone(), e.name.clone(), e.features.join(", ")]);
                let empty = "The product has no editions yet.";
                output.table(&["Edition", "Name", "Features"], rows.collect(), empty)
            });
        }
    }
    Ok(())
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Sold {
    Retail,
    Oem,
    Volume,
    Trial,
    Subscription,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Account {
    Never,
    Optional,
    Required,
}

#[derive(Subcommand)]
pub enum Policy {
    /// Define a policy; what is not given has a sensible default.
    Create {
        /// The product's short name.
        product: String,
        /// The policy's short name.
        slug: String,
        /// How it is sold.
        #[arg(long, value_enum, default_value = "retail")]
        channel: Sold,
        /// Devices at the same time.
        #[arg(long, default_value_t = 1)]
        seats: u32,
        /// Days from the first activation that the license lasts; for ever if absent.
        #[arg(long)]
        days: Option<u32>,
        /// Days that a certificate serves without a refresh.
        #[arg(long)]
        lease_days: Option<u32>,
        /// Days after which a device refreshes.
        #[arg(long)]
        refresh_days: Option<u32>,
        /// Moves to changed hardware within a year.
        #[arg(long)]
        rebinds: Option<u32>,
        /// New device keys on a machine that has a seat already, within a year.
        #[arg(long)]
        reinstalls: Option<u32>,
        /// Device keys that share the seat of one machine: its users and systems.
        #[arg(long)]
        keys_per_seat: Option<u32>,
        /// Older states of an activation within 30 days before the owner is asked.
        #[arg(long)]
        forks: Option<u32>,
        /// Hours for which a container keeps its seat without a sign of life; 0: as long as other devices.
        #[arg(long)]
        floating_hours: Option<u32>,
        /// Whether an account is needed.
        #[arg(long, value_enum, default_value = "optional")]
        account: Account,
    },
    /// List the policies of a product.
    List {
        /// The product's short name.
        product: String,
    },
}

pub fn policy(vendor: &Vendor, command: Policy, output: &Output) -> Result<(), Error> {
    match command {
        Policy::Create {
            product,
            slug,
            channel,
            seats,
            days,
            lease_days,
            refresh_days,
            rebinds,
            reinstalls,
            keys_per_seat,
            forks,
            floating_hours,
            account,
        } => {
            let defaults = PolicyRules::default();
            let lease_days = lease_days.unwrap_or(defaults.lease_days);
            let rules = PolicyRules {
                channel: channel.into(),
                seats,
                term: days.map_or(Term::Perpetual, Term::Days),
                lease_days,
                refresh_days: refresh_days.unwrap_or(defaults.refresh_days.min(lease_days)),
                rebinds: rebinds.unwrap_or(defaults.rebinds),
                reinstalls: reinstalls.unwrap_or(defaults.reinstalls),
                keys_per_seat: keys_per_seat.unwrap_or(defaults.keys_per_seat),
                forks: forks.unwrap_or(defaults.forks),
                floating_hours: floating_hours.unwrap_or(defaults.floating_hours),
                account: account.into(),
                ..defaults
            };
            let path = format!("/api/v1/products/{product}/policies");
            let policy: PolicyView = vendor.call(Call::post(path).json(&PolicyRequest { slug, rules }))?;
            output.result(&policy, || format!("Policy {} is defined.", policy.slug));
        }
        Policy::List { product } => {
            let policies: Vec<PolicyView> =
                vendor.call(Call::get(format!("/api/v1/products/{product}/policies")))?;
            output.result(&policies, || {
                let rows = policies.iter().map(|policy| {
                    vec![
                        policy.slug.clone(),
                        policy.rules.seats.to_string(),
                        policy.rules.lease_days.to_string(),
                    ]
                });
                let empty = "The product has no policies yet.";
                output.table(&["Policy", "Seats", "Lease (days)"], rows.collect(), empty)
            });
        }
    }
    Ok(())
}

impl From<Sold> for Channel {
    fn from(sold: Sold) -> Self {
        match sold {
            Sold::Retail => Channel::Retail,
            Sold::Oem => Channel::Oem,
            Sold::Volume => Channel::Volume,
            Sold::Trial => Channel::Trial,
            Sold::Subscription => Channel::Subscription,
        }
    }
}

impl From<Account> for AccountRule {
    fn from(account: Account) -> Self {
        match account {
            Account::Never => AccountRule::Never,
            Account::Optional => AccountRule::Optional,
            Account::Required => AccountRule::Required,
        }
    }
}
