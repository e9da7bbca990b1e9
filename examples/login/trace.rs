//! Shows the bytes of an exchange, secrets masked.

use crate::output::say;

/// Gathers the bytes both ways, and prints them when it is dropped.
pub struct Trace {
    enabled: bool,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Trace {
    pub fn new(enabled: bool) -> Self {
        Trace { enabled, sent: vec![], received: vec![] }
    }

    pub fn sent(&mut self, bytes: &[u8]) {
        if self.enabled {
            self.sent.extend_from_slice(bytes);
        }
    }

    pub fn received(&mut self, bytes: &[u8]) {
        if self.enabled {
            self.received.extend_from_slice(bytes);
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        for (mark, bytes) in [('>', &self.sent), ('<', &self.received)] {
            if !bytes.is_empty() {
                for line in masked(&String::from_utf8_lossy(bytes)).lines() {
                    // Nothing can be passed on from here; whatever is said next finds the same.
                    let _ = say!("{mark} {}", line.replace(char::is_control, "\u{FFFD}"));
                }
            }
        }
    }
}

/// The text of a message without its secrets: cookie values, CSRF tokens, and in the body of a login the password and
/// the one-time code.
fn masked(message: &str) -> String {
    let (head, body) = message.split_once("\r\n\r\n").unwrap_or((message, ""));
    let head: Vec<_> = head.split("\r\n").map(masked_line).collect();
    let body = match serde_json::from_str::<serde_json::Value>(body) {
        Ok(mut document) if document.get("UserPassword").is_some() => {
            for secret in ["UserPassword", "ClaimList"] {
                if let Some(value) = document.get_mut(secret) {
                    *value = "***".into();
                }
            }
            document.to_string()
        }
        _ => body.into(),
    };
    format!("{}\r\n\r\n{body}", head.join("\r\n"))
}

fn masked_line(line: &str) -> String {
    let Some((name, value)) = line.split_once(':') else {
        return line.into();
    };
    let masked = match name.to_ascii_lowercase().as_str() {
        "cookie" => value.split(';').map(masked_pair).collect::<Vec<_>>().join(";"),
        "set-cookie" => match value.split_once(';') {
            Some((pair, attributes)) => format!("{};{attributes}", masked_pair(pair)),
            None => masked_pair(value),
        },
        "bpmcsrf" | "crt_csrf" => format!(" *** ({} bytes)", value.trim().len()),
        _ => value.into(),
    };
    format!("{name}:{masked}")
}

/// A cookie's name and the length of its value.
fn masked_pair(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    format!("{name}=*** ({} bytes)", value.len())
}
