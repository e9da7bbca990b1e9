//! Readers of others that are Rust.

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::rows::{NEXT, Row, taken};

/// What httparse makes of the head, and of what a chunk's size would be.
pub fn httparse(row: &Row) -> String {
    let bytes = [&row.bytes()[..], NEXT].concat();
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut response = httparse::Response::new(&mut headers);
    let len = match response.parse(&bytes) {
        Ok(httparse::Status::Complete(len)) => len,
        Ok(httparse::Status::Partial) => return "no end".into(),
        Err(_) => return "refused".into(),
    };
    let is_chunked = response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("Transfer-Encoding"));
    let is_interim = response.code.is_some_and(|code| code < 200);
    let chunk = match httparse::parse_chunk_size(&bytes[len..]) {
        _ if !is_chunked || is_interim => String::new(),
        Ok(httparse::Status::Complete((_, size))) => format!(", chunk of {size}"),
        Ok(httparse::Status::Partial) => ", chunk without end".into(),
        Err(_) => ", chunk refused".into(),
    };
    format!("head {}{chunk}", response.code.unwrap_or_default())
}

/// What hyper's client makes of it.
pub fn hyper(row: &Row) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(exchange(row)).unwrap_or("refused".into())
}

async fn exchange(row: &Row) -> Result<String, hyper::Error> {
    let (ours, theirs) = tokio::io::duplex(0x10_000);
    let reply = [&row.bytes()[..], NEXT].concat();
    tokio::spawn(async move {
        let (mut request, mut stream) = (Vec::new(), ours);
        while !request.ends_with(b"\r\n\r\n") && stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
        let _ = stream.write_all(&reply).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut request).await;
    });
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(theirs)).await?;
    tokio::spawn(connection);
    let method = if row.is_head() { "HEAD" } else { "GET" };
    let request = Request::builder().method(method).uri("/").header("Host", "localhost");
    let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap()).await?;
    let status = response.status().as_u16();
    Ok(taken(status, &response.into_body().collect().await?.to_bytes()))
}
