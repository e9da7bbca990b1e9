//! Where an example goes, and as whom.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use creatio_auth::Runtime;
use creatio_emulator::{Emulator, Options};

use crate::secret;

#[derive(Args)]
pub struct PlaceArguments {
    /// The site, for example https://example.creatio.com; the bundled emulator if not given
    #[arg(long, requires = "user")]
    url: Option<String>,
    /// The user's name
    #[arg(long, requires = "url")]
    user: Option<String>,
    /// The site's runtime
    #[arg(long, default_value = "net-framework")]
    runtime: RuntimeName,
}

#[derive(Clone, Copy, ValueEnum)]
enum RuntimeName {
    NetFramework,
    Net,
}

/// A site, and who signs in there.
pub struct Place {
    pub url: String,
    pub runtime: Runtime,
    pub user: String,
    pub password: String,
    /// The site, where it is the bundled one.
    pub emulator: Option<Emulator>,
}

impl PlaceArguments {
    pub fn place(&self) -> Result<Place> {
        let (runtime, emulated) = match self.runtime {
            RuntimeName::NetFramework => (Runtime::NetFramework, creatio_emulator::Runtime::NetFramework),
            RuntimeName::Net => (Runtime::Net, creatio_emulator::Runtime::Net),
        };
        let emulator = match self.url {
            Some(_) => None,
            None => Some(Emulator::start(Options { runtime: emulated, ..Options::default() })?),
        };
        let (url, user, password) = match (&emulator, &self.url, &self.user) {
            (Some(emulator), ..) => (emulator.url(), "Supervisor".to_owned(), "Supervisor".to_owned()),
            (None, Some(url), Some(user)) => {
                (url.clone(), user.clone(), secret::ask("password", "CREATIO_PASSWORD")?)
            }
            _ => bail!("give --url and --user"),
        };
        Ok(Place { url, runtime, user, password, emulator })
    }
}
