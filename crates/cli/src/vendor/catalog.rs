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
    /// Create a product.
    Create {
        /// The short name: lowercase letters, digits, dots, and dashes.
        slug: String,
        /// The display name.
        #[arg(long)]
        name: String,
    },
    /// List products.
    List,
    /// Print the application profile to ship with the application.
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
            output.result(&product, || format!("Created product {} ({}).", product.name, product.slug));
        }
        Product::List => {
            let products: Vec<ProductView> = vendor.call(Call::get("/api/v1/products"))?;
            output.result(&products, || {
                let rows = products.iter().map(|p| vec![p.slug.clone(), p.name.clone(), p.code.to_string()]);
                output.table(&["Product", "Name", "Number"], rows.collect(), "No products yet.")
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
    /// Create an edition.
    Create {
        /// The product's short name.
        product: String,
        /// The edition's short name.
        slug: String,
        /// The display name.
        #[arg(long)]
        name: String,
        /// The features it unlocks, separated by commas.
        #[arg(long, value_delimiter = ',')]
        features: Vec<String>,
    },
    /// List a product's editions.
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
            output.result(&edition, || format!("Created edition {} ({}).", edition.name, edition.slug));
        }
        Edition::List { product } => {
            let editions: Vec<EditionView> =
                vendor.call(Call::get(format!("/api/v1/products/{product}/editions")))?;
            output.result(&editions, || {
                let rows =
                    editions.iter().map(|e| vec![e.slug.clone(), e.name.clone(), e.features.join(", ")]);
                output.table(&["Edition", "Name", "Features"], rows.collect(), "No editions yet.")
            });
        }
    }
    Ok(())
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ChannelArgument {
    Retail,
    Oem,
    Volume,
    Trial,
    Subscription,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum AccountRuleArgument {
    Never,
    Optional,
    Required,
}

#[derive(Subcommand)]
pub enum Policy {
    /// Create a policy. Omitted rules use their defaults.
    Create {
        /// The product's short name.
        product: String,
        /// The policy's short name.
        slug: String,
        /// The sales channel.
        #[arg(long, value_enum, default_value = "retail")]
        channel: ChannelArgument,
        /// The number of devices at the same time.
        #[arg(long, default_value_t = 1)]
        seats: u32,
        /// Days from the first activation until the license expires; never by default.
        #[arg(long)]
        days: Option<u32>,
        /// Days that a certificate is valid without a refresh.
        #[arg(long)]
        lease_days: Option<u32>,
        /// Days between refreshes.
        #[arg(long)]
        refresh_days: Option<u32>,
        /// Hardware changes allowed per year.
        #[arg(long)]
        rebinds: Option<u32>,
        /// New device keys per year for a machine that already has a seat.
        #[arg(long)]
        reinstalls: Option<u32>,
        /// Device keys that may share a machine's seat, for its users and operating systems.
        #[arg(long)]
        keys_per_seat: Option<u32>,
        /// Forks of an activation within 30 days before the owner is asked.
        #[arg(long)]
        forks: Option<u32>,
        /// Hours until a container loses its seat without a refresh; 0 treats it like other devices.
        #[arg(long)]
        floating_hours: Option<u32>,
        /// Whether activations need an account.
        #[arg(long, value_enum, default_value = "optional")]
        account: AccountRuleArgument,
    },
    /// List a product's policies.
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
            output.result(&policy, || format!("Created policy {}.", policy.slug));
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
                output.table(&["Policy", "Seats", "Lease (days)"], rows.collect(), "No policies yet.")
            });
        }
    }
    Ok(())
}

impl From<ChannelArgument> for Channel {
    fn from(argument: ChannelArgument) -> Self {
        match argument {
            ChannelArgument::Retail => Channel::Retail,
            ChannelArgument::Oem => Channel::Oem,
            ChannelArgument::Volume => Channel::Volume,
            ChannelArgument::Trial => Channel::Trial,
            ChannelArgument::Subscription => Channel::Subscription,
        }
    }
}

impl From<AccountRuleArgument> for AccountRule {
    fn from(argument: AccountRuleArgument) -> Self {
        match argument {
            AccountRuleArgument::Never => AccountRule::Never,
            AccountRuleArgument::Optional => AccountRule::Optional,
            AccountRuleArgument::Required => AccountRule::Required,
        }
    }
}
