//! What is printed of a request: one line, without a secret.

use std::fmt::Write;

use hyper::Request;
use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap};

/// Method, target, and what authorises it. Of a query only the values of OData's own options are shown, of cookies and of
/// `Authorization` only names.
pub(crate) fn line<B>(request: &Request<B>) -> String {
    let mut line = format!("{} {}", request.method(), request.uri().path());
    for (nth, pair) in request.uri().query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_shown = name.starts_with('$') || name.starts_with("%24");
        let _ = write!(line, "{}{name}={}", if nth == 0 { '?' } else { '&' }, if is_shown { value } else { MASK });
    }
    line.push_str(&authorization(request.headers()));
    line
}

/// What stands for a secret.
const MASK: &str = "…";

fn authorization(headers: &HeaderMap) -> String {
    let mut shown = String::new();
    for field in headers.get_all(COOKIE) {
        let pairs = String::from_utf8_lossy(field.as_bytes()).into_owned();
        let names = pairs.split(';').map(|pair| pair.split('=').next().unwrap_or_default().trim().to_owned());
        let _ = write!(shown, " [Cookie: {}]", names.map(|name| name + "=" + MASK).collect::<Vec<_>>().join("; "));
    }
    for name in ["BPMCSRF", "CRT_CSRF"].into_iter().filter(|name| headers.contains_key(*name)) {
        let _ = write!(shown, " [{name}: {MASK}]");
    }
    if let Some(value) = headers.get(AUTHORIZATION) {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let scheme = value.split(' ').next().filter(|_| value.contains(' ')).unwrap_or_default();
        let _ = write!(shown, " [Authorization: {scheme} {MASK}]");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_asked_and_by_what_and_no_secret() {
        let request = Request::get("/0/odata/Contact?$top=3&code=hunter2&%24filter=Name&plain")
            .header("Cookie", ".ASPXAUTH=hunter2; BPMCSRF=hunter2")
            .header("BPMCSRF", "hunter2")
            .header("Authorization", "Bearer hunter2")
            .body(())
            .expect("it is a request");
        let line = line(&request);
        assert_eq!(
            line,
            "GET /0/odata/Contact?$top=3&code=…&%24filter=Name&plain=… [Cookie: .ASPXAUTH=…; BPMCSRF=…] [BPMCSRF: …] \
             [Authorization: Bearer …]"
        );
        let bare = Request::post("/x").header("Authorization", "hunter2").body(()).expect("it is a request");
        assert_eq!(super::line(&bare), "POST /x [Authorization:  …]");
    }
}
