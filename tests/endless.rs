//! Bodies without an end: what nobody has asked to be long stops at a limit.

mod support;

use creatio_auth::{Call, ClientCredentials, DEFAULT_BODY_LIMIT, ReplyError, Runtime, Session};
use support::fixtures::{chunked, raw, with_length};
use support::{Cut, MEMORY, Outcome, contacts, credentials, feed, net, pull, signed_in, snapshot};

const LIMIT: usize = 100;

/// What is asked.
#[derive(Clone, Copy, Debug)]
enum Ask {
    Login,
    Token,
    Call(Call<'static>),
}

/// All whose answer the library reads for itself.
fn the_librarys() -> Vec<Ask> {
    let checks = [Runtime::NetFramework, Runtime::Net].map(Call::health_check);
    let calls = [Call::logout(), Call::ping(), checks[0], checks[1]];
    [Ask::Login, Ask::Token].into_iter().chain(calls.map(Ask::Call)).collect()
}

impl Ask {
    /// Asks it in a session, and has this for a reply. What fails leaves the session as it was.
    fn answered_by(self, session: &mut Session<'_>, reply: &[u8], cut: Cut) -> Outcome {
        let client = ClientCredentials::borrowed("id", "secret");
        let (before, credentials) = (snapshot(session), credentials());
        let mut exchange = match self {
            Ask::Login => session.login(&credentials),
            Ask::Token => session.token(&net(), &client),
            Ask::Call(call) => session.call(&call),
        };
        pull(session, &mut exchange, 512);
        let outcome = feed(session, &mut exchange, reply, cut);
        if outcome.result.is_err() {
            assert_eq!(exchange.failed_field(), None);
            assert_eq!(snapshot(session), before, "{self:?}, {cut:?}");
        }
        outcome
    }

    /// The same in a session of its own, with a limit.
    fn within(self, limit: usize, reply: &[u8], cut: Cut) -> Result<(), ReplyError> {
        let mut memory = [0; MEMORY];
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"]);
        session.set_body_limit(limit);
        self.answered_by(&mut session, reply, cut).result
    }
}

/// A document of so many bytes that is a good answer to anything.
fn document(len: usize) -> String {
    let answer = r#"{"Code":0,"access_token":"t","token_type":"Bearer""#;
    format!("{answer}{:>1$}", "}", len - answer.len())
}

/// A reply with this body, in each of its framings.
fn replies(lines: &[&str], body: &str) -> [Vec<u8>; 3] {
    [with_length(lines, body), chunked(lines, body, &[1, body.len() / 2]), raw(lines, body)]
}

#[test]
fn what_the_library_reads_for_itself_stops_behind_the_limit() {
    for ask in the_librarys() {
        for lines in [&["HTTP/1.1 200 OK"][..], &["HTTP/1.1 200 OK", "Content-Type: application/json"]] {
            for (fits, is_not) in replies(lines, &document(LIMIT)).iter().zip(&replies(lines, &document(LIMIT + 1))) {
                for cut in Cut::all(is_not.len()) {
                    assert_eq!(ask.within(LIMIT, is_not, cut), Err(ReplyError::BodyTooLarge), "{ask:?}, {cut:?}");
                }
                for cut in Cut::all(fits.len()) {
                    assert_eq!(ask.within(LIMIT, fits, cut), Ok(()), "{ask:?}, {cut:?}");
                }
            }
        }
    }
}

#[test]
fn so_does_a_page_an_error_or_a_redirect_to_them() {
    let page = format!("<html>{:>LIMIT$}", "");
    for ask in the_librarys() {
        for line in ["HTTP/1.1 200 OK", "HTTP/1.1 302 Found", "HTTP/1.1 401 No", "HTTP/1.1 500 No"] {
            for kind in ["Content-Type: text/html", "Content-Type: text/plain"] {
                for reply in replies(&[line, kind, "Location: /Login/NuiLogin.aspx"], &page) {
                    let result = ask.within(LIMIT, &reply, Cut::Pieces(7));
                    assert_eq!(result, Err(ReplyError::BodyTooLarge), "{ask:?}, {line}, {kind}");
                }
            }
        }
    }
}

#[test]
fn the_limit_is_1_mib_unless_it_is_set_and_what_comes_without_end_is_given_up_there() {
    for ask in the_librarys() {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        let (client, credentials) = (ClientCredentials::borrowed("id", "secret"), credentials());
        let mut exchange = match ask {
            Ask::Login => session.login(&credentials),
            Ask::Token => session.token(&net(), &client),
            Ask::Call(call) => session.call(&call),
        };
        pull(&mut session, &mut exchange, 512);
        let head = b"HTTP/1.1 200 OK\r\n\r\n";
        assert!(!exchange.feed(&mut session, head).unwrap().done);
        let (mut taken, piece) = (0, [b' '; 1000]);
        let error = loop {
            match exchange.feed(&mut session, &piece) {
                Ok(fed) => taken += fed.consumed,
                Err(error) => break error,
            }
        };
        assert_eq!((error, taken), (ReplyError::BodyTooLarge, DEFAULT_BODY_LIMIT / 1000 * 1000), "{ask:?}");
        // A site that does so will do it again.
        let is_sign_in = !matches!(ask, Ask::Call(_));
        assert_eq!(session.sign_in_delay(), (!is_sign_in).then_some(0), "{ask:?}");
    }
}

#[test]
fn a_good_answer_to_a_call_may_be_of_any_length_unless_it_asks_for_the_limit() {
    let call = Call::get(contacts());
    for line in ["HTTP/1.1 200 OK", "HTTP/1.1 201 Created"] {
        for reply in replies(&[line], &document(LIMIT + 1)) {
            assert_eq!(Ask::Call(call).within(LIMIT, &reply, Cut::Pieces(7)), Ok(()));
            let limited = Ask::Call(call.with_limited_body()).within(LIMIT, &reply, Cut::Pieces(7));
            assert_eq!(limited, Err(ReplyError::BodyTooLarge));
        }
    }
    for line in ["HTTP/1.1 300 Multiple Choices", "HTTP/1.1 404 Not Found", "HTTP/1.1 500 No"] {
        for (fits, is_not) in replies(&[line], &document(LIMIT)).iter().zip(&replies(&[line], &document(LIMIT + 1))) {
            assert_eq!(Ask::Call(call).within(LIMIT, fits, Cut::Pieces(7)), Ok(()));
            let result = Ask::Call(call).within(LIMIT, is_not, Cut::Pieces(7));
            assert_eq!(result, Err(ReplyError::BodyTooLarge), "{line}");
        }
    }
}

#[test]
fn so_does_what_is_not_looked_into_in_pieces_of_any_size() {
    let call = Call::get(contacts()).with_accept("image/png").unwrap().with_limited_body();
    let image = |len| replies(&["HTTP/1.1 200 OK"], &"x".repeat(len));
    for cut in [Cut::Pieces(1), Cut::Pieces(7), Cut::Pieces(16), Cut::Whole] {
        for fits in image(LIMIT) {
            assert_eq!(Ask::Call(call).within(LIMIT, &fits, cut), Ok(()), "{cut:?}");
        }
        for is_not in [1, 20, 21, 22].map(|more| image(LIMIT + more)).iter().flatten() {
            assert_eq!(Ask::Call(call).within(LIMIT, is_not, cut), Err(ReplyError::BodyTooLarge), "{cut:?}");
        }
    }
}

#[test]
fn what_someone_elses_client_hands_out_stops_there_too() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_body_limit(LIMIT);
    let credentials = credentials();
    let mut exchange = session.login(&credentials);
    exchange.end_head(&mut session, 200).unwrap();
    assert_eq!(exchange.feed(&mut session, document(LIMIT + 1).as_bytes()), Err(ReplyError::BodyTooLarge));
}
