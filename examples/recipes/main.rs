//! Recipes, each a subcommand: a record that is created once though its connection is cut, a batch, a business process, files up
//! and down, DataService. Without `--url` they run against the bundled emulator; without a subcommand, one after the other.

mod batch;
#[path = "../session/client.rs"]
mod client;
#[path = "../login/connection.rs"]
mod connection;
mod create;
mod data_service;
mod download;
#[path = "../login/output.rs"]
mod output;
mod process;
#[path = "../login/reach.rs"]
mod reach;
#[path = "../login/secret.rs"]
mod secret;
#[path = "../login/site.rs"]
mod site;
#[path = "../login/trace.rs"]
mod trace;
mod upload;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use client::Client;
use creatio_auth::{Call, Credentials, Path};
use creatio_emulator::Emulator;
use output::say;
use site::SiteArguments;

#[derive(Parser)]
#[command(about = "Recipes for what comes after the login")]
struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    #[command(subcommand)]
    recipe: Option<Recipe>,
}

#[derive(Subcommand)]
enum Recipe {
    /// Creates a contact with an Id of its own, again if the connection is cut, and never two
    Create,
    /// Sends a batch whose body is written, and whose answer is read, a piece at a time
    Batch,
    /// Runs a business process, and shows what it gives
    Process {
        /// The code of the process
        #[arg(long, default_value = "UsrEcho")]
        code: String,
        /// A parameter, and its text
        #[arg(long, num_args = 2, value_names = ["NAME", "TEXT"], default_values = ["Text", "Zoë"])]
        parameter: Vec<String>,
        /// A parameter that it gives back
        #[arg(long, default_value = "Length")]
        result: String,
    },
    /// Attaches a file to a contact by OData (from Creatio 8.3.2 on)
    Upload,
    /// Downloads a file in pieces, and goes on where it stopped if the connection is cut
    Download {
        /// Where the record of the file is
        #[arg(long, default_value = "SysFile")]
        schema: String,
        /// Its Id; that of a file that is uploaded first if not given
        #[arg(long)]
        id: Option<String>,
        /// Where it goes; nowhere if not given
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Selects and inserts by DataService, and several at once
    DataService,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse()).map(|()| true))
}

fn run(arguments: &Arguments) -> Result<()> {
    let emulator = arguments.site.emulator()?;
    let (url, user, mut password) = arguments.site.login(emulator.as_ref())?;
    let fields = arguments.site.fields()?;
    let (connection, site) = arguments.site.connect(&url, &fields)?;
    let mut memory = [0; 4096];
    let mut client = Client {
        connection,
        session: fields.session(site, &mut memory)?,
        credentials: Credentials::new(&user, &mut password),
    };
    client.sign_in()?;
    match &arguments.recipe {
        Some(recipe) => cook(recipe, &mut client, emulator.as_ref())?,
        None => {
            for name in ["create", "batch", "process", "upload", "download", "data-service"] {
                let recipe = Arguments::try_parse_from(["recipes", name])?.recipe.context("each has a name")?;
                cook(&recipe, &mut client, emulator.as_ref())?;
            }
        }
    }
    client.log_out()
}

/// The emulator, if it is one, cuts a connection in the middle, or ends the session.
fn cook(recipe: &Recipe, client: &mut Client<'_>, emulator: Option<&Emulator>) -> Result<()> {
    match recipe {
        Recipe::Create => create::create(client, emulator),
        Recipe::Batch => batch::batch(client),
        Recipe::Process { code, parameter, result } => process::run(client, code, parameter, result),
        Recipe::Upload => {
            let file = upload::upload(client)?;
            delete(client, "SysFile", &file)
        }
        Recipe::Download { schema, id: Some(id), to } => {
            download::download(client, schema, id, to.as_deref(), emulator)
        }
        Recipe::Download { id: None, to, .. } => {
            let file = upload::upload(client)?;
            download::download(client, "SysFile", &file, to.as_deref(), emulator)?;
            delete(client, "SysFile", &file)
        }
        Recipe::DataService => data_service::several(client),
    }
}

fn delete(client: &mut Client<'_>, collection: &str, id: &str) -> Result<()> {
    client.call(&Call::delete(Path::site(&format!("/odata/{collection}({id})"))?))?;
    say!("deleted   {collection} {id}")
}

/// A GUID of random bits, version 4 (RFC 9562, 5.4): the Id of a record.
fn guid() -> String {
    let mut bits = u128::from(client::random()) << 64 | u128::from(client::random());
    bits = bits & !(0xF << 76 | 3 << 62) | 4 << 76 | 2 << 62;
    let digits = format!("{bits:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}
