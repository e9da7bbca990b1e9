//! A batch, with memory for one part of it.

use std::io::{self, Read};

use anyhow::{Result, bail};
use creatio_auth::{BatchOutcome, BatchPart, BatchReader, BatchWriter, Call, Method, Path};
use serde_json::json;

use crate::client::Client;
use crate::output::say;
use crate::{delete, guid};

/// Two contacts that are created together or not at all, one that is refused, and one that then is not created.
pub fn batch(client: &mut Client<'_>) -> Result<()> {
    let ids = [guid(), guid(), guid(), guid()];
    let bodies: Vec<_> = ids
        .iter()
        .zip(["Ann", "Bob", "", "Cid"])
        .map(|(id, name)| json!({"Id": id, "Name": name}).to_string())
        .collect();
    let part = |at: usize| {
        let part = BatchPart::new(Method::Post, "Contact").with_json(bodies.get(at)?.as_bytes());
        Some(if at < 2 { part.with_group("pair") } else { part })
    };

    let (mut measure, mut len) = (BatchWriter::new(), 0);
    for at in 0..=bodies.len() {
        len += measure.skip(part(at).as_ref())?;
    }
    let path = Path::site("/odata/$batch")?;
    let call = Call::post(path).with_body_of_length("application/json", len)?;
    let body = || Body { part: &part, at: 0, is_over: false, writer: BatchWriter::new() };
    let answers = client.call_for_bytes(&call, body)?;

    // Here from memory, for the call may be made twice; firmware would feed each piece as it comes.
    let mut memory = [0; 512];
    let mut reader = BatchReader::new(ids.len(), &mut memory);
    for mut piece in answers.chunks(64) {
        while !piece.is_empty() {
            let fed = reader.feed(piece)?;
            piece = &piece[fed.consumed..];
            if let Some(answer) = fed.answer {
                let message = answer.inner_message.or(answer.message).map(|text| format!(", {text}"));
                say!("part {}    status {}{}", answer.part, answer.http_status, message.unwrap_or_default())?;
            }
        }
    }
    for at in 0..ids.len() {
        match reader.outcome(at) {
            BatchOutcome::Answered => {}
            BatchOutcome::NotDone => say!("part {at}    not done")?,
            BatchOutcome::Unknown => bail!("nobody knows what has become of part {at}"),
        }
    }
    ids.iter().take(2).try_for_each(|id| delete(client, "Contact", id))
}

/// The body of the batch, which is written as it is read.
struct Body<'p, F> {
    part: &'p F,
    at: usize,
    is_over: bool,
    writer: BatchWriter,
}

impl<'p, F: Fn(usize) -> Option<BatchPart<'p>>> Read for Body<'p, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_over {
            let part = (self.part)(self.at);
            let written = self.writer.fill(part.as_ref(), buffer).map_err(io::Error::other)?;
            if written > 0 {
                return Ok(written);
            }
            self.is_over = part.is_none();
            self.at += 1;
        }
        Ok(0)
    }
}
