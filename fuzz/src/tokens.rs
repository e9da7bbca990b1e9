//! What signs in without a password of the site's, and what is asked beside it: tokens by each grant, their revocation, endpoints, the
//! OAuth health check, and Windows authentication. Whole, byte by byte and cut by chance the same comes of a reply; what must be in it
//! is looked for by the strict readers of replies and of JSON.
//!
//! Input: a byte for the site, one for what is asked, one for the session's memory, one for the cuts; then the reply.

use creatio_auth::{
    AuthorizationRequest, ClientCredentials, OauthHealthVerdict, RefreshToken, Session, TokenVerdict, WindowsScheme,
    WindowsVerdict,
};

use crate::common::{Chance, Cut, check_wiped, choices, feed_to_end, held, pull, site};
use crate::reference::http::{self, Read, Reply};
use crate::reference::json::{self, Json};

const FIRST: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 72\r\n\r\n\
    {\"access_token\":\"old\",\"token_type\":\"Bearer\",\"refresh_token\":\"spendable\"}";

/// What is seen of an exchange, and of the session then.
#[derive(Debug, PartialEq)]
struct Seen {
    result: Result<(), creatio_auth::ReplyError>,
    answer: String,
    token: Option<TokenVerdict>,
    health: Option<OauthHealthVerdict>,
    windows: Option<WindowsVerdict>,
    challenge: Vec<u8>,
    held: String,
    refresh: RefreshToken,
    delay: Option<u32>,
    is_signed_in: bool,
}

const KINDS: u8 = 8;
const HEALTH: u8 = 5;
const WINDOWS: u8 = 6;

fn ask(place: u8, kind: u8, room: usize, reply: &[u8], mut cut: Cut) -> Seen {
    let mut memory = vec![0; room];
    let (site, client, random) = (site(place), ClientCredentials::borrowed("3D2C", "B0A1"), [7; 48]);
    let request = AuthorizationRequest::new("3D2C", "http://127.0.0.1/", &random);
    let mut session = Session::new(site, &mut memory);
    let mut first = session.token_by_code(&site, &client, &request, "first");
    pull(&mut session, &mut first, &mut Cut::Whole);
    feed_to_end(&mut session, &mut first, FIRST, &mut Cut::Whole).expect("it fits");
    let begun = match kind {
        0 => Some(session.token(&site, &client)),
        1 => session.token_by_refresh(&site, &client),
        2 => Some(session.token_by_code(&site, &client, &request, "code")),
        3 => session.revoke(&site, &client),
        4 => Some(session.discover(&site, &client)),
        HEALTH => Some(session.oauth_health()),
        WINDOWS => Some(session.windows_login(WindowsScheme::Ntlm, b"3")),
        _ => Some(session.windows_login(WindowsScheme::Negotiate, b"")),
    };
    let mut exchange = begun.expect("there is a pair of tokens");
    pull(&mut session, &mut exchange, &mut cut);
    let before = format!("{:?}", held(&session));
    let result = feed_to_end(&mut session, &mut exchange, reply, &mut cut);
    let (token, found) = (exchange.token_result(&session).ok(), exchange.discovery_result(&session).ok());
    let (health, windows) = (exchange.oauth_health_result(&session).ok(), exchange.windows_result(&session).ok());
    assert_eq!(result.is_ok(), token.is_some() || found.is_some() || health.is_some() || windows.is_some());
    let seen = Seen {
        answer: format!("{token:?} {found:?} {health:?} {windows:?}"),
        token: token.map(|token| token.verdict).or(found.map(|found| found.verdict)),
        health: health.map(|health| health.verdict),
        windows: windows.map(|windows| windows.verdict),
        challenge: windows.map(|windows| windows.challenge.to_vec()).unwrap_or_default(),
        held: format!("{:?}", held(&session)),
        refresh: session.refresh_token(),
        delay: session.sign_in_delay(),
        is_signed_in: exchange.is_signed_in(&session) == Ok(true),
        result,
    };
    if seen.result.is_err() {
        assert_eq!(seen.held, before, "nothing of a reply that is none enters the session");
    }
    drop(session);
    check_wiped(&memory);
    seen
}

pub fn run(data: &[u8]) {
    let Some(([place, kind, room, seed], reply)) = choices::<4>(data) else { return };
    let kind = kind % KINDS;
    let room = if room == 0 { 24 * 1024 } else { 256 + usize::from(room) * 8 };
    let whole = ask(place, kind, room, reply, Cut::Whole);
    for cut in [Cut::Bytes, Cut::Chance(Chance::new(seed))] {
        assert_eq!(ask(place, kind, room, reply, cut), whole, "as it is cut");
    }
    let read = http::read(reply, false);
    match &read {
        Read::Complete(reply) if whole.result.is_ok() => judge(kind, &whole, reply),
        Read::Complete(_) => {}
        _ => assert!(whole.result.is_err(), "{read:?}"),
    }
}

/// What an answer may mean, by what is in it.
fn judge(kind: u8, seen: &Seen, reply: &Reply) {
    let document = json::read(&reply.body).unwrap_or(Json::Null);
    let is_set = |name: &str| document.member(name) == Some(&Json::Bool(true));
    let is_text = |name: &str| document.member(name).and_then(Json::text).is_some_and(|text| !text.is_empty());
    match seen.token {
        Some(TokenVerdict::Granted) => {
            assert!(kind < 3 && seen.is_signed_in && reply.status == 200 && is_text("access_token"));
        }
        Some(TokenVerdict::Revoked) => {
            assert!(kind == 3 && reply.status == 200 && seen.refresh == RefreshToken::None)
        }
        Some(TokenVerdict::Found) => assert!(kind == 4 && reply.status == 200 && is_text("token_endpoint")),
        Some(TokenVerdict::InvalidGrant) if kind == 1 => assert_eq!(seen.refresh, RefreshToken::None, "it is final"),
        _ => assert!(!seen.is_signed_in || kind >= WINDOWS),
    }
    if seen.health == Some(OauthHealthVerdict::Healthy) {
        let needed =
            ["IsSystemSettingsFilledIn", "IsIdentityServiceAvailable", "IsAccessTokenRetrievableForSystemActions"];
        assert!(reply.status == 200 && needed.iter().all(|name| is_set(name)) && !is_set("HasProblem"));
    }
    let name = if kind == WINDOWS { "NTLM" } else { "Negotiate" };
    let values: Vec<&[u8]> = reply.values("www-authenticate").collect();
    let offers = |name: &str| {
        values.iter().any(|value| value.windows(name.len()).any(|at| at.eq_ignore_ascii_case(name.as_bytes())))
    };
    match seen.windows {
        Some(WindowsVerdict::ChallengeReceived) => {
            assert!(reply.status == 401 && !seen.challenge.is_empty() && !seen.is_signed_in);
            if let [value] = values[..]
                && let Some(token) = value.strip_prefix(format!("{name} ").as_bytes())
                && !token.contains(&b',')
            {
                assert_eq!(decoded(token.trim_ascii()).as_ref(), Some(&seen.challenge));
            }
            assert_ne!(seen.delay, None, "nobody was refused");
        }
        Some(WindowsVerdict::TokenWanted) => assert!(reply.status == 401 && offers(name) && kind > WINDOWS),
        Some(WindowsVerdict::Refused) => {
            assert!(reply.status == 401 && offers(name) && kind == WINDOWS && seen.delay.is_none())
        }
        Some(WindowsVerdict::BasicWanted) => assert!(reply.status == 401 && offers("Basic")),
        Some(WindowsVerdict::Login(verdict)) => assert!(!verdict.is_authenticated() || seen.is_signed_in),
        _ => {}
    }
}

/// Base64, digit by digit.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    let mut bits = Vec::new();
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits.extend((0..6).rev().map(|bit| value >> bit & 1));
    }
    text.len()
        .is_multiple_of(4)
        .then(|| bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect())
}
