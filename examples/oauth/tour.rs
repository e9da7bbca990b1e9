//! The life of a token, shown against the bundled emulator: its beginning, its ends, and what goes wrong most often.

use anyhow::{Context, Result, ensure};
use creatio_auth::{ClientCredentials, Runtime, Site};
use creatio_emulator::{Emulator, Identity, OauthClient, Options};

use crate::client::Client;
use crate::output::say;
use crate::token::By;
use crate::{Arguments, Grant, approval, token};

const CLIENT: &str = "gateway";
const SECRET: &str = "B0A1 & 50 % more";

pub fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.grant == Grant::Code {
        return approve(arguments);
    }
    let identity = Identity { clients: vec![OauthClient::new(CLIENT, SECRET)], ..Identity::default() };
    let options = Options { runtime: arguments.reach.emulated(), identity: Some(identity), ..Options::default() };
    let emulator = Emulator::start(options).context("cannot start the emulator")?;
    let (url, identity_url) = (emulator.url(), emulator.identity_url().context("it has an identity service")?);
    say!("emulator  started at {url}, with an identity service at {identity_url}")?;

    let (mut secret, mut memory) = (SECRET.to_owned(), [0; 8192]);
    let credentials = arguments.credentials(CLIENT, &mut secret)?;
    let fields = arguments.reach.fields()?;
    let mut client = arguments.client(&url, &identity_url, CLIENT, credentials, &fields, &mut memory)?;

    say!("\nHow the site's identity service is, and where it has what")?;
    client.look()?;

    say!("\nA token, and a call with it")?;
    ensure!(client.renew()? && client.get(&arguments.get)?, "the emulator does not grant what it should");

    say!("\n59 minutes later (the session is told so; nobody waits)")?;
    client.clock_ahead = 59 * 60 + 1;
    ensure!(client.get("/odata/Contact/$count")?, "the renewal before the end has failed");

    say!("\nThe site rejects the token before its time")?;
    emulator.expire_tokens();
    ensure!(client.get("/odata/Contact/$count")?, "the renewal after the end has failed");

    ask_the_wrong_host(&mut client)?;
    ask_with_a_wrong_secret(&mut client)?;
    Ok(true)
}

/// A person approves, who here is a thread; then the tokens are renewed without them, until they are revoked.
fn approve(arguments: &Arguments) -> Result<bool> {
    let identity = Identity { clients: vec![OauthClient::public(CLIENT)], ..Identity::default() };
    let options = Options { runtime: arguments.reach.emulated(), identity: Some(identity), ..Options::default() };
    let emulator = Emulator::start(options).context("cannot start the emulator")?;
    let (url, identity_url) = (emulator.url(), emulator.identity_url().context("it has an identity service")?);
    say!("emulator  started at {url}, with an identity service at {identity_url}")?;

    let mut memory = [0; 8192];
    let fields = arguments.reach.fields()?;
    let credentials = ClientCredentials::public(CLIENT);
    let mut client = arguments.client(&url, &identity_url, CLIENT, credentials, &fields, &mut memory)?;
    say!("\nA person approves in a browser")?;
    ensure!(approval::sign_in(&mut client, arguments, approval::open)?, "the emulator does not grant what it should");
    ensure!(client.get(&arguments.get)?, "the site does not take the token");

    say!("\n2 minutes later (the session is told so; nobody waits)")?;
    client.clock_ahead = 2 * 60 + 1;
    ensure!(client.get("/odata/Contact/$count")?, "the refresh before the end has failed");

    say!("\nThe site rejects the token before its time")?;
    emulator.expire_tokens();
    ensure!(client.get("/odata/Contact/$count")?, "the refresh after the end has failed");

    say!("\nThe tokens are revoked")?;
    ensure!(client.ask(&By::Revocation)?, "the emulator does not revoke");
    ensure!(!client.renew()?, "there is a refresh token still");
    Ok(true)
}

/// The trouble that is reported most: the application's own host has no tokens to give.
fn ask_the_wrong_host(client: &mut Client<'_>) -> Result<()> {
    say!("\nThe application is asked for a token, instead of the identity service")?;
    let site = *client.session.site();
    let is_granted = token::ask(
        client.id,
        &mut client.site_connection,
        &site,
        &mut client.session,
        &client.credentials,
        &By::Credentials,
    )?;
    ensure!(!is_granted, "the application has granted a token");
    let in_the_cloud = Site::parse("https://example.creatio.com", Runtime::Net)?;
    let hint = in_the_cloud.identity_hint().context("this one is in the cloud")?;
    say!("hint      for a site such as {in_the_cloud}, ask {hint}")
}

/// It is told, and not tried again. The session keeps the token that it has.
fn ask_with_a_wrong_secret(client: &mut Client<'_>) -> Result<()> {
    say!("\nA wrong secret")?;
    let identity = client.identity;
    let wrong = ClientCredentials::borrowed(CLIENT, "wrong");
    let is_granted = token::ask(
        client.id,
        &mut client.identity_connection,
        &identity,
        &mut client.session,
        &wrong,
        &By::Credentials,
    )?;
    ensure!(!is_granted, "a wrong secret was taken");
    say!("session   keeps the token that it had")?;
    ensure!(client.get("/odata/Contact/$count")?, "the old token is lost");
    Ok(())
}
