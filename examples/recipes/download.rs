//! A file, downloaded in pieces. Where the connection is cut, it goes on where it stopped (RFC 9110, 14.2).

use std::fs::File;
use std::io::{self, Seek, Write};

use anyhow::{Context, Result, ensure};
use creatio_auth::{Call, CallVerdict, Path, Renewal, Step, retry_delay};
use creatio_emulator::Emulator;

use crate::client::{self, Client, pause};
use crate::connection::Broken;
use crate::output::say;

/// How often it goes on without having got anything.
const ATTEMPTS: u32 = 5;

/// What has come of the file.
struct Download {
    to: Option<File>,
    len: u64,
    /// How many bytes of the answer to come are to go into it: none of an error's.
    is_wanted: bool,
    /// Of the file's content (RFC 9110, 8.8.3): where it has become another, nothing of the old one is of use.
    etag: Option<String>,
}

pub fn download(
    client: &mut Client<'_>,
    schema: &str,
    id: &str,
    to: Option<&std::path::Path>,
    emulator: Option<&Emulator>,
) -> Result<()> {
    let to = to.map(File::create).transpose().context("cannot write the file")?;
    let mut download = Download { to, len: 0, is_wanted: true, etag: None };
    let path = format!("/rest/FileService/Download/{schema}/{id}");
    let mut attempt = 0;
    if let Some(emulator) = emulator {
        emulator.cut_after(400_000);
    }
    loop {
        let before = download.len;
        match piece(client, &path, &mut download) {
            Ok(()) => break,
            Err(error) if error.is::<Broken>() => {
                attempt = if download.len > before { 1 } else { attempt + 1 };
                ensure!(attempt <= ATTEMPTS, "{error:#}");
                let delay = retry_delay(attempt, 200, 10_000, client::random() as u32, None);
                say!("resumed   at byte {}, for the connection broke", download.len)?;
                pause(delay);
            }
            Err(error) => return Err(error),
        }
    }
    say!("received  {schema} {id}, {} bytes", download.len)
}

/// All of the file, or what is left of it.
fn piece(client: &mut Client<'_>, path: &str, download: &mut Download) -> Result<()> {
    let lines = match &download.etag {
        _ if download.len == 0 => String::new(),
        None => format!("Range: bytes={}-\r\n", download.len),
        Some(etag) => format!("Range: bytes={}-\r\nIf-Range: {etag}\r\n", download.len),
    };
    // The body is the caller's, whatever it is; a login page in its place is a sign that the session has ended.
    let call = Call::get(Path::site(path)?)
        .with_accept("application/octet-stream")?
        .with_field_lines(&lines)?
        .with_wanted_field(if lines.is_empty() { "ETag" } else { "Content-Range" })?;
    let mut renewal = Renewal::new(&call);
    loop {
        let mut exchange = client.session.call(&call);
        let start = download.len;
        let mut has_head = false;
        client.connection.run_with_pieces(
            &mut client.session,
            &mut exchange,
            &mut io::empty(),
            |reply, session, piece| {
                if !has_head && !piece.is_empty() {
                    has_head = true;
                    let field = reply.wanted_field(session).map(|field| String::from_utf8_lossy(field).into_owned());
                    download.begin(reply.http_status(), field, start)?;
                }
                download.take(piece)
            },
        )?;
        let answer = exchange.call_result(&client.session)?;
        if matches!(answer.http_status, 200 | 206) && answer.verdict == CallVerdict::Fine {
            return Ok(());
        }
        let told = client::explain(&answer);
        match renewal.after_answer(&exchange, &mut client.session) {
            Step::SignIn => {
                client.session.end(&exchange);
                let is_signed_in = client.sign_in()?.is_authenticated();
                ensure!(renewal.after_sign_in(is_signed_in, &mut client.session) == Step::Repeat, "{told}");
            }
            _ => ensure!(false, "{told}"),
        }
    }
}

impl Download {
    /// What the head of an answer says, with the field that was wanted of it.
    fn begin(&mut self, http_status: Option<u16>, field: Option<String>, start: u64) -> Result<()> {
        self.is_wanted = matches!(http_status, Some(200 | 206));
        match http_status {
            Some(200) if start == 0 => self.etag = field,
            // Another file by now, or a site that knows no ranges: from the beginning.
            Some(200) => self.restart()?,
            Some(206) => {
                let is_next = field.is_some_and(|range| range.starts_with(&format!("bytes {start}-")));
                ensure!(is_next, "the site sends another part of the file");
            }
            _ => {}
        }
        Ok(())
    }

    fn take(&mut self, piece: &[u8]) -> Result<()> {
        if !self.is_wanted {
            return Ok(());
        }
        if let Some(file) = &mut self.to {
            file.write_all(piece).context("cannot write the file")?;
        }
        self.len += piece.len() as u64;
        Ok(())
    }

    fn restart(&mut self) -> Result<()> {
        self.len = 0;
        if let Some(file) = &mut self.to {
            file.rewind()?;
            file.set_len(0)?;
        }
        Ok(())
    }
}
