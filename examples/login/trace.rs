//! Shows the bytes of an exchange, secrets masked.

use serde_json::Value;

use crate::output::say;

/// Whether exchanges are shown, and what else is secret in them.
pub struct Trace {
    enabled: bool,
    /// The name of a field that is the user's own.
    secret_field: Option<String>,
}

impl Trace {
    pub fn new(enabled: bool, secret_field: Option<&str>) -> Self {
        Trace { enabled, secret_field: secret_field.map(str::to_ascii_lowercase) }
    }

    /// Begins with an exchange.
    pub fn begin(&self) -> ExchangeTrace<'_> {
        ExchangeTrace {
            enabled: self.enabled,
            secret_field: self.secret_field.as_deref(),
            sent: vec![],
            received: vec![],
        }
    }
}

/// Gathers the bytes both ways, and prints them when it is dropped.
pub struct ExchangeTrace<'t> {
    enabled: bool,
    secret_field: Option<&'t str>,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl ExchangeTrace<'_> {
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

impl Drop for ExchangeTrace<'_> {
    fn drop(&mut self) {
        let (sent, received) = (String::from_utf8_lossy(&self.sent), String::from_utf8_lossy(&self.received));
        let asks_for_token = sent.contains(FORM);
        let mask_reply = if asks_for_token { masked_token } else { |_: &str, body: &str| body.to_owned() };
        let own = self.secret_field;
        for (mark, message) in [('>', masked(&sent, own, masked_request)), ('<', masked(&received, own, mask_reply))]
        {
            for line in message.lines() {
                // Nothing can be passed on from here; whatever is said next finds the same.
                let _ = say!("{mark} {}", line.replace(char::is_control, "\u{FFFD}"));
            }
        }
    }
}

/// How the body of a request for a token begins.
const FORM: &str = "\r\n\r\ngrant_type=";

/// The text of a message without the secrets in its head, of which one may be the user's `own`, and without those in its
/// body, which are `mask_body`'s.
fn masked(message: &str, own: Option<&str>, mask_body: fn(&str, &str) -> String) -> String {
    let Some((head, body)) = message.split_once("\r\n\r\n") else {
        return masked_head(message, own);
    };
    let is_interim = head.starts_with("HTTP/1.1 1"); // the reply comes behind it
    let body = if is_interim { masked(body, own, mask_body) } else { mask_body(head, body) };
    format!("{}\r\n\r\n{body}", masked_head(head, own))
}

fn masked_head(head: &str, own: Option<&str>) -> String {
    head.split("\r\n").map(|line| masked_line(line, own)).collect::<Vec<_>>().join("\r\n")
}

/// In a login the password and the one-time code are secret, in a request for a token the client's secret.
fn masked_request(_: &str, body: &str) -> String {
    if body.starts_with("grant_type=") {
        let is_secret = |pair: &str| pair.starts_with("client_secret=");
        return body
            .split('&')
            .map(|pair| if is_secret(pair) { "client_secret=***" } else { pair })
            .collect::<Vec<_>>()
            .join("&");
    }
    match serde_json::from_str::<Value>(body) {
        Ok(document) if document.get("UserPassword").is_some() => {
            without(document, &["UserPassword", "NewUserPassword", "ConfirmUserPassword", "ClaimList"])
        }
        _ => body.into(),
    }
}

/// What answers a request for a token: JSON without the token, a web page as it is, and nothing of what cannot be read.
fn masked_token(head: &str, body: &str) -> String {
    let is_chunked = head.to_ascii_lowercase().contains("\r\ntransfer-encoding: chunked");
    let content = if is_chunked { unchunked(body) } else { body.to_owned() };
    match serde_json::from_str(&content) {
        Ok(document) => without(document, &["access_token", "refresh_token", "id_token"]),
        Err(_) if content.trim_start().starts_with('<') => content,
        Err(_) => format!("*** ({} bytes)", body.len()),
    }
}

/// The document without the values of these members.
fn without(mut document: Value, secrets: &[&str]) -> String {
    for secret in secrets {
        if let Some(value) = document.get_mut(secret) {
            *value = "***".into();
        }
    }
    document.to_string()
}

/// A chunk boundary may be anywhere, also inside a token. Ends where the chunks do not make sense.
fn unchunked(mut body: &str) -> String {
    let mut content = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        match rest.split_at_checked(size) {
            Some((chunk, rest)) if size > 0 => {
                content += chunk;
                body = rest.strip_prefix("\r\n").unwrap_or(rest);
            }
            _ => break,
        }
    }
    content
}

fn masked_line(line: &str, own: Option<&str>) -> String {
    let Some((name, value)) = line.split_once(':') else {
        return line.into();
    };
    let masked = match name.to_ascii_lowercase().as_str() {
        "cookie" => value.split(';').map(masked_pair).collect::<Vec<_>>().join(";"),
        "set-cookie" => match value.split_once(';') {
            Some((pair, attributes)) => format!("{};{attributes}", masked_pair(pair)),
            None => masked_pair(value),
        },
        // The scheme is none: `Bearer` or `Basic`.
        "authorization" => match value.trim().split_once(' ') {
            Some((scheme, secret)) => format!(" {scheme} *** ({} bytes)", secret.len()),
            None => format!(" *** ({} bytes)", value.trim().len()),
        },
        name if ["bpmcsrf", "crt_csrf"].contains(&name) || Some(name) == own => {
            format!(" *** ({} bytes)", value.trim().len())
        }
        _ => value.into(),
    };
    format!("{name}:{masked}")
}

/// A cookie's name and the length of its value.
fn masked_pair(pair: &str) -> String {
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    format!("{name}=*** ({} bytes)", value.len())
}
