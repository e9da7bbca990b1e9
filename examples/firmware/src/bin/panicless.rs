//! Signs in to a recording, with no network at all: whatever of this program can panic is in the crate.
//!
//! `cargo xtask firmware` looks for the machinery of panics in the linked program, and finds none. In the other programs it
//! is there, because smoltcp and others may panic.

#![no_std]
#![no_main]

use core::convert::Infallible;

use cortex_m_rt::entry;
use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site};
use creatio_firmware::outcome::{DONE, FAILED};
use creatio_firmware::semihosting::{exit, print_bytes};
use embedded_io::{ErrorType, Read, Write};

const LOGIN: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\nSet-Cookie: .ASPXAUTH=0A1B; path=/; HttpOnly\r\n\
    Set-Cookie: BPMCSRF=abc; path=/\r\n\r\n{\"Code\":0,\"Message\":\"\"}\n";
const ENDED: &[u8] =
    b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 36\r\n\r\n{\"Message\":\"Authentication failed.\"}\n";
const RECORD: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{\"Name\":\"Ann\"}\r\n0\r\n\r\n";
const LOGGED_OUT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// What the site says, one reply for each request.
const REPLIES: [&[u8]; 5] = [LOGIN, ENDED, LOGIN, RECORD, LOGGED_OUT];

/// A transport that hears the recording, whatever it says.
struct Recording {
    replies: core::slice::Iter<'static, &'static [u8]>,
    reply: &'static [u8],
}

impl ErrorType for Recording {
    type Error = Infallible;
}

impl Write for Recording {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.reply = self.replies.next().copied().unwrap_or_default();
        Ok(())
    }
}

impl Read for Recording {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        let len = buffer.len().min(self.reply.len());
        let Some((now, later)) = self.reply.split_at_checked(len) else { return Ok(0) };
        self.reply = later;
        buffer.iter_mut().zip(now).for_each(|(place, byte)| *place = *byte);
        Ok(len)
    }
}

impl Transport for Recording {
    fn connect(&mut self, _: &Site<'_>) -> Result<(), Infallible> {
        Ok(())
    }

    fn disconnect(&mut self) {}
}

#[entry]
fn main() -> ! {
    exit(if sign_in().is_some() { DONE } else { FAILED })
}

fn sign_in() -> Option<()> {
    let mut memory = [0; 1024];
    let mut buffer = [0; 64];
    let site = Site::parse("http://crm.example.com", Runtime::NetFramework).ok()?;
    let mut session = Session::new(site, &mut memory);
    let recording = Recording { replies: REPLIES.iter(), reply: &[] };
    let mut client = Client::new(&mut session, recording, &mut buffer);
    let credentials = Credentials::borrowed("Supervisor", "Supervisor");
    if !client.login(&credentials).ok()?.verdict.is_authenticated() {
        return None;
    }

    let call = Call::get(Path::site("/odata/Contact").ok()?);
    let mut reply = client.call_renewed(&call, &credentials).ok()?;
    while let Some(piece) = reply.piece().ok()? {
        print_bytes(piece);
    }
    print_bytes(b"\n");
    let verdict = reply.answer().ok()?.verdict;
    client.logout().ok()?;
    (verdict == CallVerdict::Fine).then_some(())
}
