//! What is too large to be sent at once: an image, which comes out of a reader, and a file, which goes in pieces.

use std::io::{self, Read};

use anyhow::{Context, Result};
use creatio_auth::{Call, Field, Path};
use creatio_emulator::Emulator;
use serde_json::json;

use crate::client::Client;
use crate::connection::Broken;
use crate::output::{self, say};

const IMAGE_SIZE: usize = 5_000_000;
/// How much of the image is in memory at once.
const IMAGE_PIECE: usize = 1024;
const FILE_SIZE: usize = 150_000;
/// How much of the file goes with one call.
const FILE_PIECE: usize = 40_000;

/// Uploads an image in two steps, a record and its data, and gives its Id. Where the session ends in the middle, the data
/// is sent once more from its beginning. The emulator sees to it that it does.
pub fn image(client: &mut Client<'_>, mut emulator: Option<&Emulator>) -> Result<String> {
    let record = json!({"Name": "picture.png", "MimeType": "image/png"}).to_string();
    let created = client.call(&Call::post(Path::site("/odata/SysImage")?).with_json(record.as_bytes()))?;
    let id = created["Id"].as_str().context("a new image has an Id")?.to_owned();
    let path = format!("/odata/SysImage({id})/Data");
    let call = Call::put(Path::site(&path)?).with_body_of_length("application/octet-stream", IMAGE_SIZE)?;
    client.call_with_body(&call, || Picture { sent: 0, trouble: emulator.take() })?;
    say!("uploaded  SysImage {id}, {IMAGE_SIZE} bytes in pieces of {IMAGE_PIECE}")?;
    Ok(id)
}

/// A picture that is made as it is read, piece by piece.
struct Picture<'e> {
    sent: usize,
    /// The emulator, if it is to end the session in the middle.
    trouble: Option<&'e Emulator>,
}

impl Read for Picture<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = buffer.len().min(IMAGE_PIECE).min(IMAGE_SIZE - self.sent);
        buffer[..len].fill(0x5A);
        let (before, tenths) = (self.sent * 10 / IMAGE_SIZE, (self.sent + len) * 10 / IMAGE_SIZE);
        self.sent += len;
        if tenths > before {
            self.show_progress(tenths);
        }
        Ok(len)
    }
}

impl Picture<'_> {
    fn show_progress(&mut self, tenths: usize) {
        let start = if tenths == 1 { "upload    " } else { " " };
        let mut end = if tenths == 10 { " %\n" } else { "" };
        if tenths == 5
            && let Some(emulator) = self.trouble.take()
        {
            emulator.expire_sessions();
            end = " (the emulator ends the session)";
        }
        // Progress is not worth a failure; if nobody reads it, the next line tells.
        let _ = output::print(format_args!("{start}{}", tenths * 10), end);
    }
}

/// Uploads a file that belongs to a contact, by the file API, and gives its Id. Where the connection breaks, the piece is
/// sent again, and those before it are not. The emulator sees to it that it does.
pub fn file(client: &mut Client<'_>, contact: &str, emulator: Option<&Emulator>) -> Result<String> {
    let content: Vec<u8> = (b' '..=b'~').cycle().take(FILE_SIZE).collect();
    let total = FILE_SIZE.to_string();
    // The Id of a file is the client's to make. That of the contact is as unique, and no file has it yet.
    let id = contact;
    let query = [
        ("fileId", id),
        ("totalFileLength", &*total),
        ("mimeType", "text/plain"),
        ("fileName", "Notes & plans.txt"),
        ("columnName", "Data"),
        ("entitySchemaName", "ContactFile"),
        ("parentColumnName", "Contact"),
        ("parentColumnValue", contact),
    ];
    let upload = Call::post(Path::site("/rest/FileApiService/UploadFile")?).with_query(&query);
    let disposition = Field::new("Content-Disposition", "attachment; filename=notes.txt")?;
    for (number, piece) in content.chunks(FILE_PIECE).enumerate() {
        let start = number * FILE_PIECE;
        let range = format!("bytes {start}-{}/{total}", start + piece.len() - 1);
        let fields = [Field::new("Content-Range", &range)?, disposition];
        let call = upload.with_fields(&fields).with_body("application/octet-stream", piece)?;
        if number == 1
            && let Some(emulator) = emulator
        {
            emulator.cut_request_after(FILE_PIECE / 2);
        }
        match client.call(&call) {
            // Perhaps the piece has arrived. That does no harm, for its range says where it belongs.
            Err(error) if error.is::<Broken>() => {
                say!("resumed   at byte {start}, for the connection broke")?;
                client.call(&call)?;
            }
            result => drop(result?),
        }
        say!("sent      {range}")?;
    }
    say!("uploaded  ContactFile {id}")?;
    Ok(id.to_owned())
}
