use std::path::Path;

use crate::data_dir::DataDir;
use crate::default_dirs::default_second_folder;
use crate::{Api, Error, Options, Profile, Proxy};

/// One product of one vendor on this device.
pub struct Client {
    pub(crate) profile: Profile,
    pub(crate) api: Api,
    pub(crate) data_dir: DataDir,
    pub(crate) options: Options,
}

impl Client {
    /// Opens the data folder with default options. Needs no network.
    pub fn open(profile: Profile, folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::open_with(profile, folder, Options::default())
    }

    /// Opens the data folder. Needs no network.
    pub fn open_with(profile: Profile, folder: impl AsRef<Path>, options: Options) -> Result<Self, Error> {
        let second = options.second_folder.clone().or_else(default_second_folder);
        let data_dir =
            DataDir::open(folder.as_ref(), second.as_deref(), &profile.roots.issuer, &profile.product)?;
        data_dir.device_key(&options.tpm)?;
        let api = Api::new(&*profile.server, &options)?;
        let client = Self { profile, api, data_dir, options };
        if let chosen @ (Proxy::Direct | Proxy::Address(_)) = client.proxy() {
            // Ignore a stored proxy that this build does not support.
            client.api.use_proxy(&client.options, &chosen).ok();
        }
        Ok(client)
    }

    /// The proxy in use: the application's if it sets one, otherwise the one that the user stored.
    pub fn proxy(&self) -> Proxy {
        match &self.options.proxy {
            // Ignore a stored proxy that cannot be read.
            Proxy::System => self.data_dir.proxy().ok().flatten().unwrap_or_default(),
            by_application => by_application.clone(),
        }
    }

    /// Stores the user's proxy for all products of this vendor on this device, and uses it from now on.
    pub fn set_proxy(&self, proxy: &Proxy) -> Result<(), Error> {
        self.api.use_proxy(&self.options, proxy)?;
        self.data_dir.store_proxy(proxy)
    }

    /// The vendor's data folder.
    pub fn folder(&self) -> &Path {
        self.data_dir.folder()
    }

    /// The vendor's profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}
