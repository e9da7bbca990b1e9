//! Refresh tokens: how one comes by a code, how a pair takes the place of another, and what becomes of it where nobody answers.

mod support;

use creatio_auth::TokenVerdict::{self, *};
use creatio_auth::{
    AuthorizationRequest, ClientCredentials, Exchange, RefreshToken, ReplyError, Runtime, Session, Site,
};
use support::fixtures::{SUCCESS, chunked, raw, with_length};
use support::{Cut, MEMORY, Read, authorization, contacts, feed, framework, pull};

const OK: &str = "HTTP/1.1 200 OK";
const BAD: &str = "HTTP/1.1 400 Bad Request";
const JSON: &str = "Content-Type: application/json";
const RANDOM: [u8; 48] = [7; 48];
const SPENT: &str = r#"{"error":"invalid_grant","error_description":"spent"}"#;

fn identity() -> Site<'static> {
    Site::parse("https://crm-is.example.com", Runtime::Net).unwrap()
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::borrowed("3D2C", "B0A1")
}

/// The answer that brings these, in this order of its members.
fn pair(access: &str, refresh: Option<&str>, is_turned: bool) -> String {
    let access = format!(r#""access_token":"{access}""#);
    let refresh = refresh.map(|refresh| format!(r#""refresh_token":"{refresh}""#));
    let mut members = vec![access, r#""expires_in":180,"token_type":"Bearer""#.into()];
    members.extend(refresh);
    if is_turned {
        members.reverse();
    }
    format!("{{{}}}", members.join(","))
}

fn run(
    session: &mut Session<'_>,
    mut exchange: Exchange<'_>,
    reply: &[u8],
    cut: Cut,
) -> Result<TokenVerdict, ReplyError> {
    pull(session, &mut exchange, 512);
    feed(session, &mut exchange, reply, cut).result?;
    let verdict = exchange.token_result(session).unwrap().verdict;
    assert_eq!(exchange.is_signed_in(session), Ok(verdict == Granted));
    Ok(verdict)
}

fn by_code(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Result<TokenVerdict, ReplyError> {
    let (client, request) = (client(), AuthorizationRequest::new("3D2C", "http://127.0.0.1/", &RANDOM));
    let exchange = session.token_by_code(&identity(), &client, &request, "4f2e");
    run(session, exchange, reply, cut)
}

fn by_refresh(session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Result<TokenVerdict, ReplyError> {
    let client = client();
    let exchange = session.token_by_refresh(&identity(), &client).unwrap();
    run(session, exchange, reply, cut)
}

/// A session that has got these by a code.
fn approved<'m>(memory: &'m mut [u8], access: &str, refresh: Option<&str>) -> Session<'m> {
    let mut session = Session::new(framework(), memory);
    assert_eq!(by_code(&mut session, &with_length(&[OK], pair(access, refresh, false)), Cut::Whole), Ok(Granted));
    session
}

/// What the session sends: the token, and the refresh token of the next refresh, if there is one.
fn tokens(session: &mut Session<'_>) -> (String, Option<String>) {
    let lines = String::from_utf8(authorization(session, contacts())).unwrap();
    let access = lines.strip_prefix("Authorization: Bearer ").and_then(|rest| rest.strip_suffix("\r\n"));
    let client = client();
    let refresh = session.token_by_refresh(&identity(), &client).map(|mut exchange| {
        let body = Read::new(&pull(session, &mut exchange, 100)).body;
        let pairs: Vec<_> = url::form_urlencoded::parse(&body).into_owned().collect();
        assert_eq!(pairs[0], ("grant_type".into(), "refresh_token".into()));
        pairs.into_iter().find(|(name, _)| name == "refresh_token").unwrap().1
    });
    (access.unwrap_or_default().to_owned(), refresh)
}

fn are(access: &str, refresh: &str) -> (String, Option<String>) {
    (access.into(), Some(refresh.into()))
}

//= 6749-6-refresh, 6749-3.2.1-client-id, 6749-9-native
#[test]
fn the_request_has_the_refresh_token_and_proves_who_asks_in_each_way() {
    let mut memory = [0; MEMORY];
    let mut session = approved(&mut memory, "AT", Some("R &T/+ü"));
    let form = "grant_type=refresh_token&refresh_token=R%20%26T%2F%2B%C3%BC";
    for (client, more, basic) in [
        (client(), "&client_id=3D2C&client_secret=B0A1", None),
        (client().by_basic(), "", Some(&b"Basic M0QyQzpCMEEx"[..])),
        (ClientCredentials::public("3D2C"), "&client_id=3D2C", None),
        (ClientCredentials::public("3D2C").by_basic(), "&client_id=3D2C", None),
    ] {
        let mut exchange = session.token_by_refresh(&identity(), &client).unwrap();
        let len = exchange.request_len(&session);
        let request = pull(&mut session, &mut exchange, 1);
        assert_eq!(request.len(), len);
        let read = Read::new(&request);
        assert_eq!((&*read.method, &*read.target), ("POST", "/connect/token"));
        assert_eq!(String::from_utf8_lossy(&read.body), format!("{form}{more}"));
        assert_eq!(read.field("Authorization"), basic);
        assert_eq!(read.field("Cookie"), None);
    }
    let below = ClientCredentials::public("3D2C").below_prefix();
    let mut exchange = session.token_by_refresh(&framework(), &below).unwrap();
    assert_eq!(Read::new(&pull(&mut session, &mut exchange, 99)).target, "/CreatioWebApp/0/connect/token");
}

//= 6749-6-refresh
#[test]
fn a_new_pair_takes_the_place_of_the_old_one_in_every_framing_and_cut_and_order() {
    for is_turned in [false, true] {
        let body = pair("new-access", Some("new-refresh"), is_turned);
        for reply in [with_length(&[OK, JSON], &body), chunked(&[OK, JSON], &body, &[1, 2]), raw(&[OK, JSON], &body)]
        {
            for cut in Cut::all(reply.len()) {
                let mut memory = [0; 512];
                let mut session = approved(&mut memory, "old-access", Some("old-refresh"));
                assert_eq!(by_refresh(&mut session, &reply, cut), Ok(Granted));
                assert_eq!(session.refresh_token(), RefreshToken::Kept);
                assert_eq!(tokens(&mut session), are("new-access", "new-refresh"), "{cut:?}");
                let mut snapshot = vec![0; session.snapshot_len()];
                session.write_snapshot(&mut snapshot).unwrap();
                assert!(!snapshot.windows(4).any(|bytes| bytes == b"old-"), "nothing of the old pair is kept");
                drop(session);
                assert!(memory.iter().all(|byte| *byte == 0), "what was written is wiped");
            }
        }
    }
}

#[test]
fn tokens_of_every_length_and_in_every_order_find_their_places() {
    let text = |letter: &str, len: usize| letter.repeat(len);
    for (old_access, old_refresh) in [(1, 1), (30, 2), (2, 40), (60, 60)] {
        for (access, refresh) in (1..=40).step_by(3).flat_map(|a| (0..=40).step_by(3).map(move |r| (a, r))) {
            for is_turned in [false, true] {
                let mut memory = [0; 512];
                let mut session = approved(&mut memory, &text("a", old_access), Some(&text("r", old_refresh)));
                let new = (text("A", access), text("R", refresh));
                let reply = with_length(&[OK], pair(&new.0, Some(&new.1), is_turned));
                assert_eq!(by_refresh(&mut session, &reply, Cut::Pieces(7)), Ok(Granted));
                // One that is empty counts as none.
                let refresh_token = if refresh == 0 { text("r", old_refresh) } else { new.1 };
                assert_eq!(tokens(&mut session), are(&new.0, &refresh_token), "{access} {refresh} {is_turned}");
            }
        }
    }
}

#[test]
fn the_old_refresh_token_stays_where_no_other_comes() {
    for is_turned in [false, true] {
        let reply = with_length(&[OK, JSON], pair("new-access", None, is_turned));
        for cut in Cut::all(reply.len()) {
            let mut memory = [0; 512];
            let mut session = approved(&mut memory, "old-access", Some("old-refresh"));
            assert_eq!(by_refresh(&mut session, &reply, cut), Ok(Granted));
            assert_eq!(tokens(&mut session), are("new-access", "old-refresh"));
        }
    }
}

#[test]
fn a_code_without_a_refresh_token_ends_the_one_there_was_and_so_does_every_other_door() {
    let mut memories = [[0; 512]; 5];
    let [first, second, third, fourth, fifth] = &mut memories;
    let mut session = approved(first, "AT", Some("RT"));
    let reply = with_length(&[OK], pair("other", None, false));
    assert_eq!(by_code(&mut session, &reply, Cut::Whole), Ok(Granted));
    assert_eq!((session.refresh_token(), tokens(&mut session)), (RefreshToken::None, ("other".into(), None)));

    // RFC 6749, 4.4.3: "A refresh token SHOULD NOT be included."
    let mut session = approved(second, "AT", Some("RT"));
    let (identity, client) = (identity(), client());
    let exchange = session.token(&identity, &client);
    let reply = with_length(&[OK], pair("by-secret", Some("not-asked-for"), true));
    assert_eq!(run(&mut session, exchange, &reply, Cut::Pieces(3)), Ok(Granted));
    assert_eq!(tokens(&mut session), ("by-secret".into(), None));

    let mut session = approved(third, "AT", Some("RT"));
    let ticket = with_length(&[OK, "Set-Cookie: .ASPXAUTH=t; path=/"], SUCCESS);
    assert!(support::login(&mut session, &ticket, Cut::Whole).is_authenticated());
    assert_eq!((session.refresh_token(), session.has_authorization()), (RefreshToken::None, false));

    let mut session = approved(fourth, "AT", Some("RT"));
    session.use_basic(&support::credentials()).unwrap();
    assert_eq!(session.refresh_token(), RefreshToken::None);

    let mut session = approved(fifth, "AT", Some("RT"));
    session.clear();
    assert_eq!(session.refresh_token(), RefreshToken::None);
}

#[test]
fn an_answer_that_is_cut_off_anywhere_leaves_the_pair_and_says_that_it_may_be_spent() {
    let reply = with_length(&[OK, JSON], pair("new-access", Some("new-refresh"), true));
    for len in 0..reply.len() {
        let mut memory = [0; 512];
        let mut session = approved(&mut memory, "old-access", Some("old-refresh"));
        assert_eq!(session.refresh_token(), RefreshToken::Kept);
        assert_eq!(by_refresh(&mut session, &reply[..len], Cut::Whole), Err(ReplyError::ClosedEarly));
        assert_eq!(session.refresh_token(), RefreshToken::MaybeSpent, "{len}");
        assert_eq!(session.sign_in_delay(), Some(30), "it may be tried again, later");
        assert_eq!(tokens(&mut session), are("old-access", "old-refresh"));
        // It is known over a restart, too, and the answer to the next one tells.
        let mut snapshot = vec![0; session.snapshot_len()];
        session.write_snapshot(&mut snapshot).unwrap();
        let mut other = [0; 512];
        let mut restored = support::restored(framework(), &mut other, &snapshot).unwrap();
        assert_eq!(restored.refresh_token(), RefreshToken::MaybeSpent);
        assert_eq!(by_refresh(&mut restored, &reply, Cut::Whole), Ok(Granted));
        assert_eq!((restored.refresh_token(), restored.sign_in_delay()), (RefreshToken::Kept, Some(0)));
    }
}

#[test]
fn a_refresh_that_has_gone_out_and_nobody_has_answered_may_have_spent_the_token() {
    let (mut memory, client) = ([0; 512], client());
    let mut session = approved(&mut memory, "AT", Some("RT"));
    let mut exchange = session.token_by_refresh(&identity(), &client).unwrap();
    assert_eq!(session.refresh_token(), RefreshToken::Kept, "nothing has gone out");
    exchange.fill(&mut session, &mut [0; 1]).unwrap();
    assert_eq!(session.refresh_token(), RefreshToken::MaybeSpent);
}

//= 6749-10.4-refresh
#[test]
fn a_refusal_of_the_grant_is_final() {
    for reply in [with_length(&[BAD, JSON], SPENT), chunked(&[BAD, JSON], SPENT, &[1])] {
        for cut in Cut::all(reply.len()) {
            let (mut memory, client) = ([0; 512], client());
            let mut session = approved(&mut memory, "old-access", Some("old-refresh"));
            assert_eq!(by_refresh(&mut session, &reply, cut), Ok(InvalidGrant));
            assert_eq!((session.refresh_token(), session.sign_in_delay()), (RefreshToken::None, None));
            assert!(session.token_by_refresh(&identity(), &client).is_none());
            // The token lives to its end.
            assert_eq!(tokens(&mut session), ("old-access".into(), None));
            let mut snapshot = vec![0; session.snapshot_len()];
            session.write_snapshot(&mut snapshot).unwrap();
            assert!(!holds(&snapshot, b"old-refresh") && holds(&snapshot, b"old-access"));
            let mut other = [0; 512];
            let restored = support::restored(framework(), &mut other, &snapshot).unwrap();
            assert_eq!((restored.refresh_token(), restored.sign_in_delay()), (RefreshToken::None, None));
            // The person approves again.
            let reply = with_length(&[OK], pair("AT", Some("RT"), false));
            assert_eq!(by_code(&mut session, &reply, Cut::Whole), Ok(Granted));
            assert_eq!((session.refresh_token(), session.sign_in_delay()), (RefreshToken::Kept, Some(0)));
            assert_eq!(tokens(&mut session), are("AT", "RT"));
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn any_other_answer_leaves_the_pair() {
    for (lines, body, verdict) in [
        (&["HTTP/1.1 503 Busy"][..], "", Busy),
        (&["HTTP/1.1 401 U"], r#"{"error":"invalid_client"}"#, InvalidClient),
        (&[BAD], r#"{"error":"invalid_scope"}"#, InvalidScope),
        (&["HTTP/1.1 404 N"], "", NotFound),
        (&[OK], r#"{"refresh_token":"R","access_token":"a b","token_type":"Bearer"}"#, NoToken),
        (&[OK], r#"{"refresh_token":"R","access_token":"a","token_type":"mac"}"#, UnsupportedTokenType),
    ] {
        let mut memory = [0; 512];
        let mut session = approved(&mut memory, "old-access", Some("old-refresh"));
        let reply = with_length(lines, body);
        assert_eq!(by_refresh(&mut session, &reply, Cut::Pieces(2)), Ok(verdict));
        let known = if verdict == Busy { RefreshToken::Kept } else { RefreshToken::MaybeSpent };
        assert_eq!(session.refresh_token(), known, "{verdict:?}");
        assert_eq!(tokens(&mut session), are("old-access", "old-refresh"));
    }
}

#[test]
fn memory_that_is_too_small_is_told_and_the_old_pair_is_still_there() {
    let body = pair(&"A".repeat(70), Some(&"R".repeat(50)), true);
    let (mut memory, mut snapshot) = ([0; 512], Vec::new());
    let session = approved(&mut memory, "old-access", Some("old-refresh"));
    snapshot.resize(session.snapshot_len(), 0);
    session.write_snapshot(&mut snapshot).unwrap();
    let run = |size: usize| {
        let mut memory = vec![0; size];
        let mut session = support::restored(framework(), &mut memory, &snapshot).unwrap();
        let result = by_refresh(&mut session, &with_length(&[OK], &body), Cut::Pieces(7));
        if result.is_err() {
            assert_eq!(tokens(&mut session), are("old-access", "old-refresh"), "{size}");
            assert_eq!(session.refresh_token(), RefreshToken::MaybeSpent, "the service may have rotated it");
        }
        result
    };
    let least = snapshot.len() - 36;
    let enough = (least..).find(|size| run(*size) == Ok(Granted)).unwrap();
    assert!(enough < least + 70 + 50 + 20, "{enough}");
    for size in least..enough {
        support::enough(size, 8, run);
    }
}

#[test]
fn a_thousand_refreshes_take_no_more_memory_than_the_first() {
    let mut memory = [0; 256];
    let mut session = approved(&mut memory, "00000", Some("r00000"));
    let used = session.snapshot_len();
    for round in 0..1000 {
        let (access, refresh) = (format!("{round:05}"), format!("r{round:05}"));
        let reply = with_length(&[OK], pair(&access, Some(&refresh), round % 2 == 0));
        assert_eq!(by_refresh(&mut session, &reply, Cut::Pieces(13)), Ok(Granted));
        assert_eq!((tokens(&mut session), session.snapshot_len()), (are(&access, &refresh), used));
    }
}

#[test]
fn a_refresh_token_goes_nowhere_but_to_the_identity_service_and_is_shown_nowhere() {
    let mut memory = [0; 512];
    let mut session = approved(&mut memory, "AT", Some("R3FR3SH"));
    let shown = format!("{session:?} {:?}", session.cookies().collect::<Vec<_>>());
    assert!(!shown.contains("R3FR3SH"), "{shown}");
    assert_eq!(session.cookies().count(), 0);
    let mut exchange = session.call(&creatio_auth::Call::get(contacts()));
    let request = pull(&mut session, &mut exchange, 64);
    assert!(!holds(&request, b"R3FR3SH"));
    // A login takes no part of it along either.
    let who = support::credentials();
    let mut exchange = session.login(&who);
    assert!(!holds(&pull(&mut session, &mut exchange, 64), b"R3FR3SH"));
}
