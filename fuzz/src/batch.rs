//! Batches: their bodies, read back, and their answers, whole and in pieces, beside a reader of JSON that others have written.
//!
//! Input: a byte for how many parts there are, one for the room that texts have, one for the cuts; then the body of an answer. Behind
//! a line of `%%` stand the parts of a batch, one a line, with bars in it: URL, group, what it depends on, a field, the body.

use creatio_auth::{BatchOutcome, BatchPart, BatchReader, BatchWriter, DocumentError, MAX_BATCH_PARTS, Method};
use serde_core::de::IgnoredAny;
use serde_json::Value;

use crate::common::{Chance, Cut, choices, parts};

pub fn run(data: &[u8]) {
    let Some(([count, room, seed], rest)) = choices::<3>(data) else { return };
    let mut rest = parts(rest);
    answers(usize::from(count) % (MAX_BATCH_PARTS + 2), room.into(), seed, rest.next().unwrap_or_default());
    let batch = rest.next().unwrap_or_default();
    let lines: Vec<_> =
        batch.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok()).collect();
    bodies(&lines, seed);
}

/// What is seen of a reader.
#[derive(Debug, PartialEq)]
struct Seen {
    /// Which part, its status, and whether it is fine.
    answers: Vec<(usize, u16, bool)>,
    texts: Vec<String>,
    outcomes: Vec<BatchOutcome>,
    error: Option<DocumentError>,
    /// How many bytes had come when it was at its end.
    end: Option<usize>,
}

fn read(parts: usize, room: usize, body: &[u8], cut: &mut Cut) -> Seen {
    let mut memory = vec![0xEE; room];
    let mut reader = BatchReader::new(parts, &mut memory);
    let mut seen = Seen { answers: Vec::new(), texts: Vec::new(), outcomes: Vec::new(), error: None, end: None };
    let mut at = 0;
    while at < body.len() && seen.error.is_none() {
        let mut piece = &body[at..at + cut.next(body.len() - at)];
        at += piece.len();
        while !piece.is_empty() && seen.error.is_none() {
            match reader.feed(piece) {
                Ok(fed) => {
                    assert!(fed.consumed <= piece.len() && (fed.answer.is_some() || fed.consumed == piece.len()));
                    piece = &piece[fed.consumed..];
                    if let Some(answer) = fed.answer {
                        seen.answers.push((answer.part, answer.http_status, answer.is_fine));
                        seen.texts.push(format!(
                            "{:?}",
                            (answer.id, answer.message, answer.inner_message, answer.error_code)
                        ));
                    }
                }
                Err(error) => {
                    assert_eq!(reader.feed(b" ").err(), Some(error), "nothing more is read");
                    seen.error = Some(error);
                }
            }
        }
        // There is no such part: it was not done as soon as all answers have come.
        if seen.end.is_none() && reader.outcome(usize::MAX) == BatchOutcome::NotDone {
            seen.end = Some(at);
        }
    }
    seen.outcomes = (0..parts).map(|part| reader.outcome(part)).collect();
    seen
}

fn answers(parts: usize, room: usize, seed: u8, body: &[u8]) {
    let bytes = read(parts, room, body, &mut Cut::Bytes);
    for mut cut in [Cut::Whole, Cut::Chance(Chance::new(seed))] {
        let other = read(parts, room, body, &mut cut);
        assert_eq!(Seen { end: bytes.end, ..other }, bytes, "as it is cut");
    }
    let mut answered: Vec<_> = bytes.answers.iter().map(|answer| answer.0).collect();
    answered.sort_unstable();
    let told: Vec<_> = (0..parts).filter(|part| bytes.outcomes[*part] == BatchOutcome::Answered).collect();
    assert_eq!(answered, told, "one answer for each part that is told");
    assert!(bytes.error.is_none() || !bytes.outcomes.contains(&BatchOutcome::NotDone));
    if let (Some(end), true) = (bytes.end, body.starts_with(b"{\"responses\":[")) {
        let array = &body[b"{\"responses\":".len()..end];
        assert!(serde_json::from_slice::<IgnoredAny>(array).is_ok(), "no array: {}", array.escape_ascii());
    }
    // The readers that others have written take the last one of members that stand twice.
    let has_one = body.windows(11).filter(|window| window == b"\"responses\"").count() == 1;
    let Ok(Value::Object(document)) = serde_json::from_slice::<Value>(body) else { return };
    let (Some(Value::Array(elements)), true) = (document.get("responses"), has_one && !body.contains(&b'\\')) else {
        return;
    };
    assert_ne!(bytes.error, Some(DocumentError::NotJson), "it is JSON");
    if bytes.error.is_none() {
        assert!(bytes.end.is_some() && elements.len() == bytes.answers.len());
        for (element, (_, status, is_fine)) in elements.iter().zip(&bytes.answers) {
            let expected =
                element["status"].as_u64().filter(|_| !is_exotic(element)).and_then(|it| u16::try_from(it).ok());
            assert_eq!(*status, expected.unwrap_or(*status));
            assert_eq!(*is_fine, (200..300).contains(status) && !element["body"]["error"].is_object());
        }
    }
}

/// A number that is written in another way than by its digits alone.
fn is_exotic(element: &Value) -> bool {
    !element["status"].is_u64()
}

fn written(parts: &[BatchPart<'_>], cut: &mut Cut) -> Vec<u8> {
    let (mut writer, mut measure, mut body) = (BatchWriter::new(), BatchWriter::new(), Vec::new());
    for part in parts.iter().map(Some).chain([None]) {
        let before = body.len();
        loop {
            let mut buffer = vec![0xEE; cut.next(64)];
            match writer.fill(part, &mut buffer).expect("there are not too many") {
                0 => break,
                len => body.extend_from_slice(&buffer[..len]),
            }
        }
        assert_eq!(measure.skip(part).expect("likewise"), body.len() - before);
    }
    body
}

fn bodies(lines: &[&str], seed: u8) {
    let lines: Vec<Vec<&str>> =
        lines.iter().take(MAX_BATCH_PARTS).map(|line| line.splitn(5, '|').collect()).collect();
    let fields: Vec<String> =
        lines.iter().map(|line| line.get(3).map(|field| format!("{field}\r\n")).unwrap_or_default()).collect();
    let mut parts = Vec::new();
    for (line, field) in lines.iter().zip(&fields) {
        let part = |at: usize| line.get(at).copied().unwrap_or_default();
        // What goes as it is has to be JSON, which is its caller's business.
        if [2, 4].iter().any(|at| !part(*at).is_empty() && serde_json::from_str::<Value>(part(*at)).is_err()) {
            return;
        }
        let made = BatchPart::new(Method::Post, part(0))
            .with_group(part(1))
            .with_depends_on(part(2))
            .with_json(part(4).as_bytes());
        parts.push(made.with_field_lines(field).unwrap_or(made));
    }
    let whole = written(&parts, &mut Cut::Whole);
    for mut cut in [Cut::Bytes, Cut::Chance(Chance::new(seed))] {
        assert_eq!(written(&parts, &mut cut), whole);
    }
    let read: Value = serde_json::from_slice(&whole).expect("JSON");
    let requests = read["requests"].as_array().expect("an array");
    assert_eq!(requests.len(), parts.len());
    for (at, (request, (line, made))) in requests.iter().zip(lines.iter().zip(&parts)).enumerate() {
        let part = |at: usize| line.get(at).copied().unwrap_or_default();
        let has_fields = !format!("{made:?}").contains("field_lines_len: 0");
        assert_eq!((request["id"].as_str(), request["url"].as_str()), (Some(&*format!("p{at}")), Some(part(0))));
        assert_eq!(request["atomicityGroup"].as_str().unwrap_or_default(), part(1));
        assert_eq!(request.get("dependsOn").is_some(), !part(2).is_empty());
        assert_eq!(request.get("headers").is_some(), has_fields || !part(4).is_empty());
        if let Some((name, value)) = part(3).split_once(':').filter(|_| has_fields) {
            assert_eq!(request["headers"][name].as_str(), Some(value.trim_matches([' ', '\t'])));
        }
    }
}
