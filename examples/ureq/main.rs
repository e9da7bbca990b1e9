//! The whole life of a session, made by someone else's HTTP client, ureq: signs in, reads and creates a record, and logs out.
//! Without `--url` it does so against the bundled emulator, which ends the session in the middle.
//!
//! The library says what is to be sent, and ureq sends it; ureq hands out what comes, and the library says what it means. Both go
//! over in the types of the crate `http` (feature `http-1`): see [`transfer`].

#[path = "../login/output.rs"]
mod output;
mod place;
#[path = "../login/secret.rs"]
mod secret;

use std::io::Read;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use clap::Parser;
use creatio_auth::{Call, CallVerdict, Credentials, Exchange, Path, Renewal, Session, Site, Step};
use output::say;
use place::{Place, PlaceArguments};
use ureq::Agent;
use ureq::http::Method;

#[derive(Parser)]
#[command(about = "Signs in, reads, writes and logs out by means of the HTTP client ureq")]
struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
}

fn main() -> ExitCode {
    output::exit_code(run(&Arguments::parse()).map(|()| true))
}

fn run(arguments: &Arguments) -> Result<()> {
    let Place { url, runtime, user, mut password, emulator } = arguments.place.place()?;
    let mut memory = [0; 4096];
    let mut client = Client {
        agent: agent(),
        session: Session::new(Site::parse(&url, runtime)?, &mut memory),
        credentials: Credentials::new(&user, &mut password),
    };
    ensure!(client.sign_in()?, "not signed in");

    let contacts = Path::site("/odata/Contact")?;
    let read = client.call(&Call::get(contacts).with_query(&[("$top", "1")]))?;
    say!("read      {}", String::from_utf8_lossy(&read))?;
    if let Some(emulator) = &emulator {
        emulator.expire_sessions();
    }
    let created = client.call(&Call::post(contacts).with_json(br#"{"Name":"Zoe"}"#))?;
    say!("created   {}", String::from_utf8_lossy(&created))?;
    client.call(&Call::logout())?;
    client.session.clear();
    say!("log out   done")
}

/// Follows no redirect, keeps no cookies, and takes an answer with any status for an answer. It keeps no connection either, since
/// it might send a login or a write again that went over one which turned out to be closed.
fn agent() -> Agent {
    let config = Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_idle_connections(0);
    config.build().into()
}

struct Client<'a> {
    agent: Agent,
    session: Session<'a>,
    credentials: Credentials<'a>,
}

impl Client<'_> {
    fn sign_in(&mut self) -> Result<bool> {
        self.tell_time()?;
        let mut exchange = self.session.login(&self.credentials);
        transfer(&self.agent, &mut self.session, &mut exchange)?;
        let login = exchange.login_result(&self.session)?;
        say!("sign in   {}", login.verdict)?;
        if let Some(message) = login.message.filter(|message| !message.as_str().is_empty()) {
            say!("          {message}")?;
        }
        Ok(login.verdict.is_authenticated())
    }

    /// Makes a call, once more after one silent login where the session has ended; the body of the answer.
    fn call(&mut self, call: &Call<'_>) -> Result<Vec<u8>> {
        let mut renewal = Renewal::new(call);
        loop {
            self.tell_time()?;
            let mut exchange = self.session.call(call);
            let body = transfer(&self.agent, &mut self.session, &mut exchange)?;
            let verdict = exchange.call_result(&self.session)?.verdict;
            if verdict == CallVerdict::Fine {
                return Ok(body);
            }
            say!("answer    {verdict}")?;
            ensure!(renewal.after_answer(&exchange, &mut self.session) == Step::SignIn, "{verdict}");
            self.session.end(&exchange);
            let is_signed_in = self.sign_in()?;
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
fn transfer(agent: &Agent, session: &mut Session<'_>, exchange: &mut Exchange<'_>) -> Result<Vec<u8>> {
    let request = exchange.http_request(session)?;
    let reply = match *request.method() {
        Method::GET => agent.run(request.map(|_| ()))?, // ureq wants to see that it has no body
        _ => agent.run(request)?,
    };
    exchange.feed_head(session, reply.status(), reply.headers())?;
    let (mut reader, mut buffer, mut body) = (reply.into_body().into_reader(), [0; 4096], vec![]);
    loop {
        let len = reader.read(&mut buffer)?;
        if len == 0 {
            exchange.close(session)?;
            return Ok(body);
        }
        body.extend_from_slice(exchange.feed(session, &buffer[..len])?.body);
    }
}
