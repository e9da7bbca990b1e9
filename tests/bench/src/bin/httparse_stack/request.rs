//! The requests, byte for byte as the crate makes them, save the order of cookies.

use std::io::Write;

use creatio_auth::DEFAULT_USER_AGENT;
use serde::Serialize;

use crate::Session;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    user_name: &'a str,
    user_password: &'a str,
}

pub fn login(user_name: &str, user_password: &str) -> Vec<u8> {
    let body = serde_json::to_vec(&Body { user_name, user_password }).expect("a document");
    let mut request = Vec::with_capacity(512);
    write!(
        request,
        "POST /ServiceModel/AuthService.svc/Login HTTP/1.1\r\nHost: crm.example.com\r\nUser-Agent: {DEFAULT_USER_AGENT}\r\n\
         Accept: application/json\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\
         ForceUseSession: true\r\n\r\n",
        body.len()
    )
    .expect("memory");
    request.extend_from_slice(&body);
    request
}

pub fn get(session: &Session) -> Vec<u8> {
    let mut request = Vec::with_capacity(512);
    request.extend_from_slice(b"GET /0/odata/Contact HTTP/1.1\r\nHost: crm.example.com\r\nUser-Agent: ");
    request.extend_from_slice(DEFAULT_USER_AGENT.as_bytes());
    request.extend_from_slice(b"\r\nAccept: application/json\r\nForceUseSession: true\r\n");
    let mut url = session.url.clone();
    url.set_path("/0/odata/Contact");
    let (mut token, mut before) = (None, "Cookie: ");
    for (name, value) in session.cookies.get_request_values(&url) {
        request.extend_from_slice(before.as_bytes());
        request.extend_from_slice(name.as_bytes());
        request.push(b'=');
        request.extend_from_slice(value.as_bytes());
        before = "; ";
        if name == "BPMCSRF" {
            token = Some(value);
        }
    }
    if before == "; " {
        request.extend_from_slice(b"\r\n");
    }
    if let Some(token) = token {
        request.extend_from_slice(b"BPMCSRF: ");
        request.extend_from_slice(token.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}
