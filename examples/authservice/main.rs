//! What the console program in the vendor's article on AuthService.svc does, done with this library.
//! `docs/authservice.md` goes through it, and through its twin in C.
//!
//! ```sh
//! CREATIO_PASSWORD=... cargo run --example authservice -- URL USER
//! ```

use std::env;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use creatio_auth::{Credentials, Exchange, Runtime, Session, Site};
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use rustls_platform_verifier::ConfigVerifierExt;

const PATIENCE: Duration = Duration::from_secs(60);

trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

fn connect(site: &Site<'_>) -> Result<Box<dyn Connection>> {
    let tcp = TcpStream::connect((site.host(), site.port()))?;
    tcp.set_read_timeout(Some(PATIENCE))?;
    if !site.is_https() {
        return Ok(Box::new(tcp));
    }
    let config = Arc::new(ClientConfig::with_platform_verifier()?);
    let name = site.host().to_owned().try_into()?;
    Ok(Box::new(StreamOwned::new(ClientConnection::new(config, name)?, tcp)))
}

/// Prints what came from the site, with spaces for control characters: they command terminals.
fn print(text: &str) {
    println!("{}", text.replace(char::is_control, " "));
}

fn send_request(login: &mut Exchange<'_>, session: &mut Session<'_>, connection: &mut dyn Connection) -> Result<()> {
    let mut buffer = zeroize::Zeroizing::new([0; 512]); // the password goes through it
    loop {
        let len = login.fill(session, &mut *buffer)?;
        if len == 0 {
            return Ok(connection.flush()?);
        }
        connection.write_all(&buffer[..len])?;
    }
}

fn take_reply(login: &mut Exchange<'_>, session: &mut Session<'_>, connection: &mut dyn Connection) -> Result<()> {
    let mut buffer = [0; 512];
    loop {
        let len = connection.read(&mut buffer)?;
        if len == 0 {
            return Ok(login.close(session)?);
        }
        if login.feed(session, &buffer[..len])?.done {
            return Ok(());
        }
    }
}

/// Whether the session is signed in now; if not, says why.
fn try_login(session: &mut Session<'_>, user_name: &str, password: &mut str) -> Result<bool> {
    let credentials = Credentials::new(user_name, password); // wiped when dropped
    let mut connection = connect(session.site())?;
    let mut exchange = session.login(&credentials);
    send_request(&mut exchange, session, &mut *connection)?;
    take_reply(&mut exchange, session, &mut *connection)?;

    let login = exchange.login_result(session)?;
    if !login.verdict.is_authenticated() {
        println!("{}", login.verdict);
        print(login.message.map_or("", |message| message.as_str()));
    }
    Ok(login.verdict.is_authenticated())
}

fn run() -> Result<bool> {
    const USAGE: &str = "usage: CREATIO_PASSWORD=... authservice URL USER";
    let mut arguments = env::args().skip(1);
    let url = arguments.next().context(USAGE)?;
    let user_name = arguments.next().context(USAGE)?;
    let mut password = env::var("CREATIO_PASSWORD").ok().filter(|password| !password.is_empty()).context(USAGE)?;

    let site = Site::parse(&url, Runtime::Net)?; // the application's address
    let mut memory = [0; 4096]; // where the session keeps what later requests need: cookies and CSRF token
    let mut session = Session::new(site, &mut memory);
    try_login(&mut session, &user_name, &mut password)
}

fn main() -> ExitCode {
    let done = run().unwrap_or_else(|error| {
        println!("{error:#}");
        false
    });
    println!("signed in: {}", if done { "yes" } else { "no" });
    if done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
