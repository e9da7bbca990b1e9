//! The listener, and the loop that serves its connections.

use std::io;
use std::net::{Ipv4Addr, TcpListener as StdTcpListener};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use crate::cut::{CutStream, Scissors};
use crate::firewall::{FirewallStream, Heads};
use crate::log;
use crate::site::SharedSite;
use crate::windows::Handshake;

/// How long requests under way are waited for at the end.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long nothing is accepted after a failure to do so.
const RESPITE: Duration = Duration::from_millis(10);

/// Binds the port on 127.0.0.1, so that no other machine gets at the emulator.
pub(crate) fn bind(port: u16) -> io::Result<StdTcpListener> {
    let listener = StdTcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Serves what the router answers until the sender of `stop` is dropped.
pub(crate) async fn run(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsAcceptor>,
    site: SharedSite,
    mut stop: watch::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => break,
        };
        let Ok((stream, _)) = accepted else {
            // The client is gone already, or too many files are open: the next one may fare better.
            tokio::time::sleep(RESPITE).await;
            continue;
        };
        site.tally.connections.add_one();
        let connection = connection(stream, tls.clone(), site.clone(), router.clone(), graceful.watcher());
        tokio::spawn(connection);
    }
    drop(listener);
    // Idle connections end at once, and what is left after that ends with the runtime.
    let _ = tokio::time::timeout(PATIENCE, graceful.shutdown()).await;
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, site: SharedSite, router: Router, watcher: Watcher) {
    // Many small writes are the point of chunked replies; they are not to wait for each other.
    let _ = stream.set_nodelay(true);
    match tls {
        None => serve(stream, site, router, watcher).await,
        // A client that does not trust the certificate ends the handshake. That is its right.
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, site, router, watcher).await;
            }
        }
    }
}

async fn serve<S>(stream: S, site: SharedSite, router: Router, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let (scissors, heads) = (Scissors::default(), Heads::default());
    let handshake = Handshake::default();
    let (has_firewall, is_logged) = (site.options.firewall, site.options.log);
    let stream = CutStream { stream, site, scissors: scissors.clone() };
    let stream = FirewallStream { stream, heads: heads.clone() };
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        scissors.asked();
        request.extensions_mut().insert(scissors.clone());
        request.extensions_mut().insert(handshake.clone());
        let line = is_logged.then(|| log::line(&request));
        let answer = router.call(request);
        let (scissors, heads) = (scissors.clone(), heads.clone());
        async move {
            let answer = answer.await;
            scissors.answered();
            if let (Some(line), Ok(reply)) = (line, &answer) {
                eprintln!("{line} → {}", reply.status().as_u16());
            }
            if has_firewall {
                heads.begin();
            }
            answer
        }
    });
    let connection = http1::Builder::new().title_case_headers(true).serve_connection(TokioIo::new(stream), service);
    // What goes wrong here, such as a broken request, hyper has answered or cannot answer.
    let _ = watcher.watch(connection).await;
}
