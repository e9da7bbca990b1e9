//! A person's approval: the URL for a browser, and what comes back with it to a listener on loopback (RFC 8252).

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};
use creatio_auth::{AuthorizationRequest, AuthorizationVerdict, RANDOM_LEN};
use rand_core::RngCore;
use zeroize::Zeroizing;

use crate::Arguments;
use crate::client::Client;
use crate::output::say;
use crate::token::By;

/// How long a browser's request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Has a person approve, and redeems the code; whether there is a token now. `open` opens the URL.
pub fn sign_in(
    client: &mut Client<'_>,
    arguments: &Arguments,
    open: impl FnOnce(&str) -> Result<()>,
) -> Result<bool> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).context("cannot listen on loopback")?;
    let redirect_uri = format!("http://127.0.0.1:{}/", listener.local_addr()?.port());
    let mut random = Zeroizing::new([0; RANDOM_LEN]);
    rand_core::OsRng.fill_bytes(&mut *random);

    let id = client.id;
    let mut request = AuthorizationRequest::new(id, &redirect_uri, &random).with_scope(&arguments.scope);
    if arguments.site_identity {
        request = request.below_prefix();
    }
    let mut url = vec![0; 4096];
    let len = request.write_url(&client.identity, &request.challenge(), &mut url)?;
    let url = String::from_utf8_lossy(&url[..len]);
    say!("browser   open this, and approve:")?;
    say!("{url}")?;
    open(&url)?;
    say!("waiting   for it to come back to {redirect_uri}")?;
    loop {
        let (stream, _) = listener.accept()?;
        let Some(mut target) = target_of(&stream) else { continue };
        let mut target = Zeroizing::new(std::mem::take(&mut target));
        let response = request.read_response(&mut target);
        if response.verdict == AuthorizationVerdict::OtherState {
            // Browsers ask for icons, too, and anybody may send one here.
            answer(&stream, "404 Not Found", "This is not what is waited for.");
            continue;
        }
        say!("verdict   {:?}: {}", response.verdict, response.verdict)?;
        let Some(code) = response.code else {
            for text in [response.error, response.error_description].into_iter().flatten() {
                say!("          {text}")?;
            }
            answer(&stream, "200 OK", "The program has not been approved. You may close this page.");
            return Ok(false);
        };
        answer(&stream, "200 OK", "The program goes on. You may close this page.");
        client.is_approved = true;
        return client.ask(&By::Code(&request, code.as_str()));
    }
}

/// The target of a request, if it is one.
fn target_of(stream: &TcpStream) -> Option<Vec<u8>> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut lines = BufReader::new(stream).lines();
    let first = lines.next()?.ok()?;
    // All of it has to be read, or the answer may be lost.
    lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
    let (_, rest) = first.split_once(' ')?;
    let (target, _) = rest.split_once(' ')?;
    Some(target.as_bytes().to_vec())
}

/// The browser may have gone by then.
fn answer(mut stream: &TcpStream, status: &str, text: &str) {
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
}

/// The emulator's person: opens the URL, and goes where it leads.
pub fn open(url: &str) -> Result<()> {
    let url = url.to_owned();
    std::thread::spawn(move || ureq::get(url).call().map(drop));
    Ok(())
}
