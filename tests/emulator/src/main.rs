//! Runs the emulator until Ctrl-C.

#![forbid(unsafe_code)]

mod arguments;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use creatio_emulator::Emulator;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("creatio-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> io::Result<()> {
    let ca_file = arguments.ca_file.take();
    let troubles = arguments.troubles;
    let options = arguments.into_options();
    let names: Vec<String> = options.users.iter().map(|user| user.name.clone()).collect();
    let clients = options.identity.iter().flat_map(|identity| &identity.clients);
    let clients: Vec<String> = clients.map(|client| client.id.clone()).collect();
    let emulator = Emulator::start(options)?;
    troubles.bring_on(&emulator);

    // Written before the URL appears, so that whoever waits for that line finds the file.
    if let (Some(path), Some(pem)) = (ca_file, emulator.certificate_pem()) {
        fs::write(path, pem)?;
    }
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", emulator.url())?;
    if let Some(url) = emulator.identity_url() {
        writeln!(stdout, "{url}")?;
    }
    stdout.flush()?;
    eprintln!(
        "Sign in as {}: POST {{\"UserName\":\"…\",\"UserPassword\":\"…\"}} as application/json to \
         {}/ServiceModel/AuthService.svc/Login",
        names.join(" or "),
        emulator.url()
    );
    if let Some(url) = emulator.identity_url() {
        eprintln!(
            "Or get a token as {}: POST grant_type=client_credentials&client_id=…&client_secret=… as \
             application/x-www-form-urlencoded to {url}/connect/token",
            clients.join(" or ")
        );
    }
    loop {
        thread::park();
    }
}
