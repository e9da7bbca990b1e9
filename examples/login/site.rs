//! Which site to sign in to, and as whom.

use anyhow::{Context, Result, bail};
use clap::builder::NonEmptyStringValueParser;
use creatio_auth::Site;
use creatio_emulator::{Emulator, Options};

use crate::connection::Connection;
use crate::output::say;
use crate::reach::{Fields, ReachArguments};
use crate::secret;

#[derive(clap::Args)]
pub struct SiteArguments {
    /// The site, for example https://example.creatio.com; the bundled emulator if not given
    #[arg(long, requires = "user")]
    pub url: Option<String>,
    /// The user's name; the password comes from CREATIO_PASSWORD or a prompt
    #[arg(long, requires = "url", value_parser = NonEmptyStringValueParser::new())]
    pub user: Option<String>,
    #[command(flatten)]
    reach: ReachArguments,
}

impl SiteArguments {
    /// The bundled emulator, unless a site was given.
    pub fn emulator(&self) -> Result<Option<Emulator>> {
        if self.url.is_some() {
            return Ok(None);
        }
        let emulator = Emulator::start(Options { runtime: self.reach.emulated(), ..Options::default() })
            .context("cannot start the emulator")?;
        say!("emulator  started at {}", emulator.url())?;
        Ok(Some(emulator))
    }

    /// The URL to sign in to, the user's name and the password.
    pub fn login(&self, emulator: Option<&Emulator>) -> Result<(String, String, String)> {
        match (emulator, &self.url, &self.user) {
            (None, Some(url), Some(user)) => Ok((url.clone(), user.clone(), ask_password()?)),
            (Some(emulator), ..) => Ok((emulator.url(), "Supervisor".into(), "Supervisor".into())),
            _ => bail!("give --url and --user"),
        }
    }

    /// What goes with every request.
    pub fn fields(&self) -> Result<Fields> {
        self.reach.fields()
    }

    /// Connects to the site, and finds out its runtime.
    pub fn connect<'u>(&self, url: &'u str, fields: &Fields) -> Result<(Connection<'u>, Site<'u>)> {
        self.reach.connect(url, fields)
    }
}

pub fn ask_password() -> Result<String> {
    secret::ask("password", "CREATIO_PASSWORD")
}
