//! What may be done with an exchange in each of its states, and that a call out of turn changes nothing.

mod support;

use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, EndSign, Exchange, Misuse, ReplyError, Runtime, Session, Site,
    State, WindowsScheme, WindowsVerdict,
};
use support::fixtures::{self, SUCCESS, raw, with_length};
use support::{Cut, MEMORY, contacts, cookie_field, credentials, net, pull, signed_in, snapshot};

const STATES: [State; 5] = [State::Ready, State::Sending, State::Receiving, State::Done, State::Failed];

const ENDED: CallVerdict = CallVerdict::SessionEnded(EndSign::Unauthorized);

fn success() -> Vec<u8> {
    fixtures::setting(&[".ASPXAUTH=new; path=/"])
}

/// Runs a test on a login in a state, in a session with a ticket.
fn with_login_in(state: State, test: impl Fn(&mut Session<'_>, Exchange<'_>)) {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    let who = credentials();
    let mut exchange = session.login(&who);
    if state != State::Ready {
        assert_eq!(exchange.fill(&mut session, &mut [0; 10]), Ok(10));
    }
    if matches!(state, State::Receiving | State::Done) {
        pull(&mut session, &mut exchange, 10);
    }
    if state == State::Done {
        assert!(exchange.feed(&mut session, &success()).unwrap().done);
    }
    if state == State::Failed {
        assert_eq!(exchange.close(&mut session), Err(ReplyError::ClosedEarly));
    }
    assert_eq!(exchange.state(), state);
    test(&mut session, exchange);
}

/// After a misuse, an exchange goes on as if there had been none.
fn goes_on(session: &mut Session<'_>, mut exchange: Exchange<'_>, state: State) {
    assert_eq!(exchange.state(), state);
    if matches!(state, State::Ready | State::Sending | State::Receiving) {
        pull(session, &mut exchange, 64);
        assert!(support::feed(session, &mut exchange, &success(), Cut::Whole).is_authenticated());
        assert!(exchange.keeps_alive());
        assert_eq!(cookie_field(session, contacts()), ".ASPXAUTH=new");
    }
}

/// Does something in a state that is a misuse there, and looks whether it changed anything.
fn is_misuse<T>(state: State, act: impl Fn(&mut Session<'_>, &mut Exchange<'_>) -> Result<T, ReplyError>) {
    with_login_in(state, |session, mut exchange| {
        let before = (snapshot(session), exchange.http_status(), exchange.keeps_alive());
        let result = act(session, &mut exchange).map(|_| ());
        assert!(matches!(result, Err(ReplyError::Misuse(_))), "{state:?}: {result:?}");
        assert_eq!((snapshot(session), exchange.http_status(), exchange.keeps_alive()), before, "{state:?}");
        goes_on(session, exchange, state);
    });
}

#[test]
fn sessions_without_memory_are_told_apart() {
    let urls = ["https://one.example.com", "https://two.example.com"];
    let [mut one, two] = urls.map(|url| Session::new(Site::parse(url, Runtime::Net).unwrap(), Default::default()));
    let who = credentials();
    let mut exchange = one.login(&who);
    let mut two = two;
    let _ = two.login(&who);
    assert_eq!(exchange.fill(&mut two, &mut [0; 10]), Err(Misuse::OtherSession));
    assert_eq!(exchange.fill(&mut one, &mut [0; 10]), Ok(10));
}

#[test]
fn filling_in_each_state() {
    let fill = |session: &mut Session<'_>, exchange: &mut Exchange<'_>, size: usize| {
        let filled = exchange.fill(session, &mut vec![0; size]);
        (filled, exchange.state())
    };
    for (state, a_part, the_end) in
        [(State::Ready, State::Sending, State::Receiving), (State::Sending, State::Sending, State::Receiving)]
    {
        with_login_in(state, |session, mut exchange| {
            let left = exchange.request_len(session) - if state == State::Ready { 0 } else { 10 };
            assert_eq!(fill(session, &mut exchange, left - 1), (Ok(left - 1), a_part));
            assert_eq!(fill(session, &mut exchange, 1), (Ok(1), the_end));
        });
        with_login_in(state, |session, mut exchange| {
            assert_eq!(fill(session, &mut exchange, MEMORY).1, the_end);
        });
    }
    for state in [State::Receiving, State::Done] {
        with_login_in(state, |session, mut exchange| {
            assert_eq!(fill(session, &mut exchange, 10), (Ok(0), state));
        });
    }
    is_misuse(State::Failed, |session, exchange| Ok(exchange.fill(session, &mut [0; 10])?));
}

#[test]
fn feeding_in_each_state() {
    for state in [State::Ready, State::Sending, State::Receiving] {
        with_login_in(state, |session, mut exchange| {
            assert!(!exchange.feed(session, b"HTTP/1.1 ").unwrap().done);
            assert_eq!(exchange.state(), if state == State::Ready { State::Receiving } else { state });
            assert!(!exchange.feed(session, &success()[9..17]).unwrap().done);
            assert_eq!(exchange.state(), State::Receiving);
            assert!(exchange.feed(session, &success()[17..]).unwrap().done);
            assert_eq!(exchange.state(), State::Done);
        });
        with_login_in(state, |session, mut exchange| {
            assert!(exchange.feed(session, b"garbage\r\n").is_err());
            assert_eq!(exchange.state(), State::Failed);
        });
        with_login_in(state, |session, mut exchange| {
            let fed = exchange.feed(session, b"").unwrap();
            assert_eq!((fed.consumed, fed.done, exchange.state()), (0, false, state));
        });
    }
    for state in [State::Done, State::Failed] {
        is_misuse(state, |session, exchange| exchange.feed(session, b"HTTP/1.1 200 OK\r\n"));
        is_misuse(state, |session, exchange| exchange.feed(session, b""));
    }
}

#[test]
fn closing_in_each_state() {
    for state in STATES {
        with_login_in(state, |session, mut exchange| {
            let before = snapshot(session);
            let (expected, next) = match state {
                State::Done => (Ok(()), State::Done),
                State::Failed => (Err(ReplyError::Misuse(Misuse::OutOfTurn)), State::Failed),
                _ => (Err(ReplyError::ClosedEarly), State::Failed),
            };
            assert_eq!((exchange.close(session), exchange.state()), (expected, next), "{state:?}");
            assert_eq!(snapshot(session), before);
        });
    }
    with_login_in(State::Receiving, |session, mut exchange| {
        let _ = exchange.feed(session, &raw(&["HTTP/1.1 200 OK"], SUCCESS)).unwrap();
        assert_eq!((exchange.state(), exchange.close(session)), (State::Receiving, Ok(())));
        assert_eq!(exchange.state(), State::Done);
    });
}

#[test]
fn the_result_is_there_when_a_login_is_done_and_at_no_other_time() {
    for state in STATES {
        with_login_in(state, |session, exchange| {
            let expected = if state == State::Done { Ok(true) } else { Err(Misuse::OutOfTurn) };
            let result = exchange.login_result(session).map(|login| login.verdict.is_authenticated());
            assert_eq!(result, expected, "{state:?}");
            goes_on(session, exchange, state);
        });
    }
}

#[test]
fn a_call_has_no_login_result() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut exchange = session.call(&Call::get(contacts()));
    assert_eq!(exchange.login_result(&session), Err(Misuse::NotALogin));
    pull(&mut session, &mut exchange, 64);
    let _ = exchange.feed(&mut session, &success()).unwrap();
    assert_eq!((exchange.state(), exchange.login_result(&session)), (State::Done, Err(Misuse::NotALogin)));
}

#[test]
fn a_buffer_of_no_bytes_is_a_misuse_in_every_state() {
    for state in STATES {
        is_misuse(state, |session, exchange| Ok(exchange.fill(session, &mut [])?));
    }
}

/// Each call is refused with a session that is not the exchange's, and neither session changes.
fn refuses_the_session(exchange: &mut Exchange<'_>, session: &mut Session<'_>) {
    let other = ReplyError::Misuse(Misuse::OtherSession);
    let (before, state) = (snapshot(session), exchange.state());
    assert_eq!(exchange.fill(session, &mut [0; 10]), Err(Misuse::OtherSession));
    assert_eq!(exchange.feed(session, &success()), Err(other));
    assert_eq!(exchange.close(session), Err(other));
    assert_eq!(exchange.login_result(session), Err(Misuse::OtherSession));
    assert_eq!(exchange.request_len(session), 0);
    assert_eq!((snapshot(session), exchange.state()), (before, state));
}

#[test]
fn an_exchange_of_another_session_is_refused_in_every_state() {
    for state in STATES {
        with_login_in(state, |session, mut exchange| {
            let mut memory = [0; MEMORY];
            let mut other = signed_in(net(), &mut memory, &[".ASPXAUTH=other; path=/"]);
            let who = credentials();
            let _same_count = other.login(&who);
            refuses_the_session(&mut exchange, &mut other);
            goes_on(session, exchange, state);
        });
    }
}

#[test]
fn an_old_exchange_is_refused_after_a_new_one_began_and_the_new_one_goes_on() {
    for state in STATES {
        with_login_in(state, |session, mut old| {
            let who = credentials();
            let new = session.login(&who);
            refuses_the_session(&mut old, session);
            goes_on(session, new, State::Ready);
        });
    }
}

#[test]
fn clearing_the_session_ends_the_exchange() {
    for state in STATES {
        with_login_in(state, |session, mut exchange| {
            session.clear();
            assert_eq!(session.cookies().count(), 0);
            refuses_the_session(&mut exchange, session);
        });
    }
}

#[test]
fn clearing_in_the_middle_of_a_reply_keeps_nothing_of_it() {
    with_login_in(State::Receiving, |session, mut exchange| {
        let reply = success();
        let _ = exchange.feed(session, &reply[..reply.len() - 1]).unwrap();
        session.clear();
        refuses_the_session(&mut exchange, session);
        assert!(!session.has_ticket());
    });
}

#[test]
fn a_single_byte_in_the_middle_of_a_line_is_refused_as_all_are() {
    let reply = success();
    let other = Err(ReplyError::Misuse(Misuse::OtherSession));
    for end in 1..reply.len() {
        let next = &reply[end..=end];
        with_login_in(State::Receiving, |session, mut exchange| {
            let _ = exchange.feed(session, &reply[..end]).unwrap();
            let (mut memory, who) = ([0; MEMORY], credentials());
            let mut foreign = signed_in(net(), &mut memory, &[".ASPXAUTH=other; path=/"]);
            let _same_count = foreign.login(&who);
            assert_eq!(exchange.feed(&mut foreign, next), other, "{end}");
            session.set_head_limit(0);
            assert!(exchange.feed(session, b"\0").is_err() || exchange.state() == State::Receiving);
            if exchange.state() == State::Failed {
                let out_of_turn = Err(ReplyError::Misuse(Misuse::OutOfTurn));
                assert_eq!(exchange.feed(session, next), out_of_turn, "after it has failed, {end}");
            }
            session.clear();
            assert_eq!(exchange.feed(session, next), other, "{end}");
        });
        with_login_in(State::Receiving, |session, mut exchange| {
            let _ = exchange.feed(session, &reply[..end]).unwrap();
            let who = credentials();
            let _newer = session.login(&who);
            assert_eq!(exchange.feed(session, next), other, "{end}");
        });
    }
}

#[test]
fn a_whole_chunk_is_refused_as_all_are() {
    let other = Err(ReplyError::Misuse(Misuse::OtherSession));
    let begin = raw(&["HTTP/1.1 200 OK", "Transfer-Encoding: chunked"], "2\r\nab");
    let next = b"\r\n2\r\ncd";
    let (mut memory, mut other_memory) = ([0; MEMORY], [0; MEMORY]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
    let mut foreign = signed_in(net(), &mut other_memory, &[".ASPXAUTH=other; path=/"]);
    let call = Call::get(contacts()).with_accept("*/*").unwrap();
    let _same_count = foreign.call(&call);
    let mut exchange = session.call(&call);
    pull(&mut session, &mut exchange, 64);
    let mut rest = &begin[..];
    while !rest.is_empty() {
        rest = &rest[exchange.feed(&mut session, rest).unwrap().consumed..];
    }
    assert_eq!(exchange.feed(&mut foreign, next), other);
    let fed = exchange.feed(&mut session, next).unwrap();
    assert_eq!((fed.consumed, fed.body), (next.len(), &b"cd"[..]));
    let _newer = session.call(&call);
    assert_eq!(exchange.feed(&mut session, next), other);
}

#[test]
fn an_exchange_given_up_in_the_middle_leaves_the_session_as_it_was() {
    with_login_in(State::Receiving, |session, mut exchange| {
        let before = snapshot(session);
        let reply = success();
        let _ = exchange.feed(session, &reply[..reply.len() - 1]).unwrap();
        assert_eq!(snapshot(session), before);
        let who = credentials();
        let next = session.login(&who);
        assert_eq!(snapshot(session), before);
        goes_on(session, next, State::Ready);
    });
}

#[test]
fn a_session_may_be_moved_between_the_calls() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let who = credentials();
    let mut exchange = session.login(&who);
    pull(&mut session, &mut exchange, 64);
    let reply = success();
    let _ = exchange.feed(&mut session, &reply[..100]).unwrap();
    let mut moved = Box::new(session);
    assert!(exchange.feed(&mut moved, &reply[100..]).unwrap().done);
    assert!(exchange.login_result(&moved).unwrap().verdict.is_authenticated());
}

#[test]
fn a_reply_that_comes_before_the_end_of_the_request_costs_the_connection() {
    let reply = with_length(&["HTTP/1.1 413 Too Large"], "");
    for len in [0, 20] {
        for cut in 24..reply.len() {
            with_login_in(State::Sending, |session, mut exchange| {
                assert_eq!(exchange.fill(session, &mut vec![0; len + 1]), Ok(len + 1));
                let (start, end) = reply.split_at(cut);
                assert!(!exchange.feed(session, start).unwrap().done);
                assert_eq!(exchange.state(), State::Receiving);
                assert_eq!(exchange.fill(session, &mut [0; 10]), Ok(0), "no more of the request is wanted");
                assert!(exchange.feed(session, end).unwrap().done);
                assert_eq!((exchange.state(), exchange.keeps_alive()), (State::Done, false));
                assert_eq!(exchange.http_status(), Some(413));
            });
        }
    }
}

/// The request of an exchange, `size` bytes at a time, with an interim reply fed behind so many of these, in pieces of `piece` bytes and
/// the rest of the request between them.
fn sent_around(session: &mut Session<'_>, exchange: &mut Exchange<'_>, at: usize, piece: usize) -> Vec<u8> {
    let interim =
        b"HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\nLocation: /Login/NuiLogin.aspx\r\nX-Wanted: no\r\n\
        WWW-Authenticate: NTLM TlRMTVNTUAAC\r\nSet-Cookie: .ASPXAUTH=hint; path=/\r\nRetry-After: 9\r\n\r\n\
        HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 10";
    let (mut sent, mut buffer) = (vec![], [0; 7]);
    let mut pieces = interim.chunks(piece);
    loop {
        let len = exchange.fill(session, &mut buffer).unwrap();
        sent.extend_from_slice(&buffer[..len]);
        if sent.len() < at && len > 0 {
            continue;
        }
        match pieces.next() {
            Some(piece) => assert_eq!(exchange.feed(session, piece).unwrap().consumed, piece.len()),
            None if len == 0 => break,
            None => {}
        }
    }
    assert_eq!((exchange.state(), exchange.http_status()), (State::Receiving, None));
    assert_eq!(exchange.feed(session, b"2 Processing\r\n\r\n").unwrap().done, false);
    sent
}

fn begin<'c, 'm: 'c>(
    kind: usize,
    session: &mut Session<'m>,
    call: &Call<'c>,
    who: &'c Credentials<'_>,
    client: &'c ClientCredentials<'_>,
) -> Exchange<'c> {
    match kind {
        0 => session.login(who),
        1 => session.call(call),
        2 => session.token(&net(), client),
        _ => session.windows_login(WindowsScheme::Ntlm, b"NTLMSSP\0\x01"),
    }
}

//= 9110-15.2-interim, 9110-7.5-go-on-sending
#[test]
fn interim_replies_end_no_request_wherever_they_come_and_say_nothing() {
    let call = Call::post(contacts()).with_json(br#"{"Name":"Ann"}"#).with_wanted_field("X-Wanted").unwrap();
    let (who, client) = (credentials(), ClientCredentials::borrowed("id", "secret"));
    for kind in 0..4 {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/", "BPMCSRF=c; path=/"]);
        let mut exchange = begin(kind, &mut session, &call, &who, &client);
        let whole = pull(&mut session, &mut exchange, 4096);
        for at in (1..whole.len() + 7).step_by(7) {
            for piece in [1, 40, 4096] {
                let mut exchange = begin(kind, &mut session, &call, &who, &client);
                assert_eq!(sent_around(&mut session, &mut exchange, at, piece), whole, "{kind} {at} {piece}");
                let reply = with_length(&["HTTP/1.1 401 Unauthorized"], "");
                assert!(exchange.feed(&mut session, &reply).unwrap().done);
                assert!(exchange.keeps_alive());
                assert_eq!(exchange.content_type(&session), None);
                assert_eq!((exchange.location(&session), exchange.wanted_field(&session)), (None, None));
                if let Ok(windows) = exchange.windows_result(&session) {
                    assert_eq!((windows.verdict, windows.challenge), (WindowsVerdict::SchemeNotOffered, &b""[..]));
                }
                if let Ok(answer) = exchange.call_result(&session) {
                    assert_eq!((answer.verdict, answer.retry_after), (ENDED, None));
                }
                assert_eq!(cookie_field(&session, contacts()), ".ASPXAUTH=old; BPMCSRF=c");
            }
        }
    }
}

/// They are no reason to drop what an ended session has left, which goes out meanwhile.
#[test]
fn what_goes_out_does_not_change_while_interim_replies_come() {
    for (size, at) in (60..200).flat_map(|size| [1, 151, 280].map(|at| (size, at))) {
        let mut memory = vec![0; size];
        let mut session = Session::new(net(), &mut memory);
        let call = Call::get(contacts());
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 64);
        let set =
            with_length(&["HTTP/1.1 200 OK", "Set-Cookie: lb=left; path=/", "Set-Cookie: waf=right; path=/"], "");
        if !support::feed(&mut session, &mut exchange, &set, Cut::Whole).result.is_ok() {
            continue;
        }
        let mut exchange = session.call(&call);
        pull(&mut session, &mut exchange, 64);
        let ended = with_length(&["HTTP/1.1 401 Unauthorized"], "");
        assert_eq!(support::feed(&mut session, &mut exchange, &ended, Cut::Whole).result, Ok(()));
        session.end(&exchange);
        let who = credentials();
        let mut exchange = session.login(&who);
        let whole = pull(&mut session, &mut exchange, 4096);
        assert!(whole.windows(9).any(|part| part == b"lb=left; "));
        let mut exchange = session.login(&who);
        assert_eq!(sent_around(&mut session, &mut exchange, at, 4096), whole, "{size} {at}");
    }
}

//= 9112-9.3-read-all
#[test]
fn the_connection_is_not_said_to_live_before_the_reply_is_complete() {
    with_login_in(State::Receiving, |session, mut exchange| {
        for byte in success() {
            assert!(!exchange.keeps_alive());
            let _ = exchange.feed(session, &[byte]).unwrap();
        }
        assert!(exchange.keeps_alive());
    });
}
