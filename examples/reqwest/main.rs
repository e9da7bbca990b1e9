//! The whole life of a session, made by someone else's asynchronous HTTP client, reqwest: signs in, reads and creates a record, and
//! logs out. Without `--url` it does so against the bundled emulator, which ends the session in the middle.
//!
//! Request and reply go over in the types of the crate `http` (feature `http-1`): see [`transfer`]. So it is with hyper, too.

#[path = "../login/output.rs"]
mod output;
#[path = "../ureq/place.rs"]
mod place;
#[path = "../login/secret.rs"]
mod secret;

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use clap::Parser;
use creatio_auth::{Call, CallVerdict, Credentials, Exchange, Path, Renewal, Session, Site, Step};
use output::say;
use place::{Place, PlaceArguments};
use reqwest::{Client, Request, redirect};

#[derive(Parser)]
#[command(about = "Signs in, reads, writes and logs out by means of the HTTP client reqwest")]
struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(run(&Arguments::parse())));
    output::exit_code(done.map(|()| true))
}

async fn run(arguments: &Arguments) -> Result<()> {
    let Place { url, runtime, user, mut password, emulator } = arguments.place.place()?;
    let mut memory = [0; 4096];
    let mut app = App {
        client: client()?,
        session: Session::new(Site::parse(&url, runtime)?, &mut memory),
        credentials: Credentials::new(&user, &mut password),
    };
    ensure!(app.sign_in().await?, "not signed in");

    let contacts = Path::site("/odata/Contact")?;
    let read = app.call(&Call::get(contacts).with_query(&[("$top", "1")])).await?;
    say!("read      {}", String::from_utf8_lossy(&read))?;
    if let Some(emulator) = &emulator {
        emulator.expire_sessions();
    }
    let created = app.call(&Call::post(contacts).with_json(br#"{"Name":"Zoe"}"#)).await?;
    say!("created   {}", String::from_utf8_lossy(&created))?;
    app.call(&Call::logout()).await?;
    app.session.clear();
    say!("log out   done")
}

/// Follows no redirect and keeps no cookies. It keeps no connection either, and sends nothing again by itself: that might be a login
/// or a write, and the site may have done it. It bears with the fields of web firewalls.
fn client() -> Result<Client> {
    // The one that there is; that it has been chosen before is no fault.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .timeout(Duration::from_secs(30));
    Ok(client.build()?)
}

struct App<'a> {
    client: Client,
    session: Session<'a>,
    credentials: Credentials<'a>,
}

impl App<'_> {
    async fn sign_in(&mut self) -> Result<bool> {
        self.tell_time()?;
        let mut exchange = self.session.login(&self.credentials);
        transfer(&self.client, &mut self.session, &mut exchange).await?;
        let login = exchange.login_result(&self.session)?;
        say!("sign in   {}", login.verdict)?;
        if let Some(message) = login.message.filter(|message| !message.as_str().is_empty()) {
            say!("          {message}")?;
        }
        Ok(login.verdict.is_authenticated())
    }

    /// Makes a call, once more after one silent login where the session has ended; the body of the answer.
    async fn call(&mut self, call: &Call<'_>) -> Result<Vec<u8>> {
        let mut renewal = Renewal::new(call);
        loop {
            self.tell_time()?;
            let mut exchange = self.session.call(call);
            let body = transfer(&self.client, &mut self.session, &mut exchange).await?;
            let verdict = exchange.call_result(&self.session)?.verdict;
            if verdict == CallVerdict::Fine {
                return Ok(body);
            }
            say!("answer    {verdict}")?;
            ensure!(renewal.after_answer(&exchange, &mut self.session) == Step::SignIn, "{verdict}");
            self.session.end(&exchange);
            let is_signed_in = self.sign_in().await?;
            ensure!(renewal.after_sign_in(is_signed_in, &mut self.session) == Step::Repeat, "{verdict}");
        }
    }

    /// Before each exchange: cookies live for so long only.
    fn tell_time(&mut self) -> Result<()> {
        self.session.set_time(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
        Ok(())
    }
}

/// Makes an exchange that has been begun; the body of its reply, of which there is none for a login. After an error it is given
/// up, and the session is as it was.
async fn transfer(client: &Client, session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> Result<Vec<u8>> {
    let request = Request::try_from(exchange.http_request(session)?)?;
    let mut reply = client.execute(request).await?;
    exchange.feed_head(session, reply.status(), reply.headers())?;
    let mut body = vec![];
    while let Some(piece) = reply.chunk().await? {
        body.extend_from_slice(exchange.feed(session, &piece)?.body);
    }
    exchange.close(session)?;
    Ok(body)
}
