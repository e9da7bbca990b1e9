//! What stands in a body, read by serde_json.

use std::fmt;

use serde::Deserialize;

use crate::http::Reply;

#[derive(Clone)]
pub struct Login {
    status: u16,
    code: Option<i32>,
    message: Option<String>,
    exception: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    code: Option<i32>,
    message: Option<String>,
    exception: Option<Exception>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Exception {
    message: Option<String>,
}

impl Login {
    pub fn read(status: u16, body: &[u8]) -> Self {
        let document: Status = serde_json::from_slice(body).expect("a status document");
        Login {
            status,
            code: document.code,
            message: document.message,
            exception: document.exception.and_then(|exception| exception.message),
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let none = || "none".to_owned();
        writeln!(f, "status {}", self.status)?;
        writeln!(f, "code {}", self.code.map_or_else(none, |code| code.to_string()))?;
        writeln!(f, "message {}", self.message.clone().unwrap_or_else(none))?;
        writeln!(f, "exception {}", self.exception.clone().unwrap_or_else(none))
    }
}

#[derive(Clone)]
pub struct Answer {
    status: u16,
    body: usize,
    message: Option<String>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: Option<String>,
}

impl Answer {
    /// The body is looked into if it has been kept.
    pub fn read(reply: &Reply) -> Self {
        let mut answer = Answer { status: reply.status, body: reply.body_len, message: None, next: None };
        if !reply.body.is_empty() {
            let document: Collection = serde_json::from_slice(&reply.body).expect("a collection");
            answer.message = document.error.and_then(|error| error.message);
            answer.next = document.next;
        }
        answer
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        writeln!(f, "status {}", self.status)?;
        writeln!(f, "body {}", self.body)?;
        writeln!(f, "message {}", text(&self.message))?;
        writeln!(f, "next {}", text(&self.next))
    }
}
