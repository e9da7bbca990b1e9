//! A firmware that uses every function of the crate, save the texts for people, which are `core::fmt`'s.
#![no_std]
#![no_main]

use core::hint::black_box;

use creatio_auth::{
    Again, AuthorizationRequest, AuthorizationVerdict, BatchOutcome, BatchPart, BatchReader, BatchWriter, Call,
    CallVerdict, ClientCredentials, Exchange, Method, Path, ProbeStep, RefreshToken, Renewal, ReplyError,
    RequestPart, RuntimeProbe, Session, Site, Step, TokenVerdict, Verdict, WindowsScheme, WindowsVerdict,
    encode_json, retry_delay,
};
use firmware_size::usual::{CLIENT, IDENTITY, begin_call, usual};
use firmware_size::{CHALLENGE, ENDED, ENDPOINTS, EXCHANGE, REVOKED, Static, TOKENS, exchange, sign_in};

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    usual(memory, rest).is_some()
}

fn rest(session: &mut Session<'static>) -> Option<()> {
    settings(session)?;
    again()?;
    foreign(session)?;
    batch()?;
    grants(session)?;
    windows(session)?;
    probe(session)
}

fn settings(session: &mut Session<'_>) -> Option<()> {
    if session.revision() == 0 {
        return None;
    }
    session.set_user_agent("meter/2.1").ok()?;
    session.set_field_lines("X-Gateway-Key: k\r\n").ok()?;
    session.allow_sign_in();
    session.end_sign_in_delay();
    session.sign_in_delay()?;
    if session.earlier_sign_in().is_some() {
        return None;
    }
    session.set_body_limit(65_536);
    (!session.sign_in_drops_cookies()).then_some(())
}

/// What may be done again, and when.
fn again() -> Option<()> {
    let get = Call::get(Path::site("/odata/Contact").ok()?).with_repeatable();
    let mut renewal = Renewal::new(&get);
    black_box(encode_json("Ann", &mut [0; 8]).ok()?);
    black_box(retry_delay(1, 1_000, 60_000, black_box(0), None));
    let again = [
        CallVerdict::Busy.again(),
        Verdict::Busy.again(),
        TokenVerdict::Busy.again(),
        ReplyError::ClosedEarly.again(),
    ];
    black_box(again == [Again::IfRepeatable, Again::Yes, Again::Yes, Again::IfRepeatable]);
    (renewal.after_cut() == Step::RepeatAfter(None) && renewal.may_be_done_before()).then_some(())
}

/// A call that someone else's HTTP client makes.
fn foreign(session: &mut Session<'static>) -> Option<()> {
    let get = Call::get(Path::site("/odata/Contact").ok()?);
    let under_way = begin_call(session, &get);
    black_box(under_way.request_part(session, RequestPart::Target, &mut [0; 32]).ok()?);
    under_way.may_be_sent_again().then_some(())?;
    black_box(under_way.failed_field());
    under_way.feed_field(session, b"Date", b"").ok()?;
    under_way.end_head(session, 200).ok()?;
    let _ = under_way.feed(session, b"{}").ok()?;
    under_way.close(session).ok()
}

/// The body of a batch, and the answer to it.
#[inline(never)]
fn batch() -> Option<()> {
    static READER: Static<BatchReader<'static>> = Static::new();
    static TEXTS: Static<[u8; 64]> = Static::new();
    let mut writer = BatchWriter::new();
    let part = BatchPart::new(Method::Post, "Contact").with_json(b"{}").with_group("g");
    black_box(writer.fill(Some(&part), &mut [0; 64]).ok()?);
    (black_box(writer.skip(None).ok()?) > 0).then_some(())?;
    // SAFETY: each is used here only, and not beyond.
    let reader = unsafe { READER.put(|| BatchReader::new(1, TEXTS.put(|| [0; 64]))) };
    let answer = reader.feed(br#"{"responses":[{"id":"p0","status":201}]}"#).ok()?.answer?;
    black_box((answer.part, answer.http_status, answer.id, answer.message, answer.inner_message, answer.error_code));
    (answer.is_fine && reader.outcome(0) == BatchOutcome::Answered).then_some(())
}

/// Windows authentication, up to the challenge.
#[inline(never)]
fn windows(session: &mut Session<'static>) -> Option<()> {
    let asking = begin_windows(session);
    exchange(session, asking, CHALLENGE)?;
    let answer = asking.windows_result(session).ok()?;
    black_box((answer.offered, answer.message, answer.retry_after));
    (answer.verdict == WindowsVerdict::ChallengeReceived && answer.challenge == b"NTL").then_some(())
}

#[inline(never)] // as in a login
fn begin_windows(session: &mut Session<'static>) -> &'static mut Exchange<'static> {
    // SAFETY: the exchange before is over.
    unsafe { EXCHANGE.put(|| session.windows_login(WindowsScheme::Ntlm, b"NTLMSSP")) }
}

static RANDOM: [u8; 48] = [1; 48];

/// What a person approves, and the tokens that come of it.
#[inline(never)]
fn grants(session: &mut Session<'static>) -> Option<()> {
    let site = *session.site();
    let request = AuthorizationRequest::new("client", "http://127.0.0.1/", &RANDOM).with_scope("offline_access");
    black_box(request.verifier());
    static URL: Static<[u8; 512]> = Static::new();
    // SAFETY: it is used here only.
    let url = unsafe { URL.put(|| [0; 512]) };
    // The challenge would be the verifier's SHA-256.
    let len = request.write_url(&site, &[1; 32], url).ok()?;
    let response = request.read_response(url.get_mut(..len)?);
    (response.verdict == AuthorizationVerdict::NoCode).then_some(())?;
    let asking = begin_grant(session, |session, identity, client| {
        Some(session.token_by_code(identity, client, &request, "code"))
    })?;
    exchange(session, asking, TOKENS)?;
    (session.refresh_token() == RefreshToken::Kept).then_some(())?;
    let asking = begin_grant(session, |session, identity, client| session.token_by_refresh(identity, client))?;
    exchange(session, asking, TOKENS)?;
    let asking = begin_grant(session, |session, identity, client| Some(session.discover(identity, client)))?;
    exchange(session, asking, ENDPOINTS)?;
    let found = asking.discovery_result(session).ok()?;
    black_box((found.token_endpoint, found.authorization_endpoint, found.revocation_endpoint));
    (found.verdict == TokenVerdict::Found).then_some(())?;
    let asking = begin_grant(session, |session, _, _| Some(session.oauth_health()))?;
    exchange(session, asking, REVOKED)?;
    let _ = black_box(asking.oauth_health_result(session).ok()?);
    let asking = begin_grant(session, |session, identity, client| session.revoke(identity, client))?;
    exchange(session, asking, REVOKED)?;
    (asking.token_result(session).ok()?.verdict == TokenVerdict::Revoked).then_some(())
}

#[inline(never)] // as in a login
fn begin_grant(
    session: &mut Session<'static>,
    begin: impl FnOnce(
        &mut Session<'static>,
        &'static Site<'static>,
        &'static ClientCredentials<'static>,
    ) -> Option<Exchange<'static>>,
) -> Option<&'static mut Exchange<'static>> {
    let site = *session.site();
    // SAFETY: the exchange before is over.
    unsafe {
        let (identity, client) = (IDENTITY.put(|| site), CLIENT.put(|| ClientCredentials::public("client")));
        let begun = begin(session, identity, client)?;
        Some(EXCHANGE.put(|| begun))
    }
}

/// Asks which runtime the site has; the answer says nothing yet.
fn probe(session: &mut Session<'static>) -> Option<()> {
    let mut probe = RuntimeProbe::new();
    let under_way = begin_call(session, &probe.call());
    exchange(session, under_way, ENDED)?;
    let step = probe.after_answer(&under_way.call_result(session).ok()?);
    matches!(step, ProbeStep::AskLater(_)).then_some(())
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    sign_in(memory).is_some()
}
