//! What an error says, and whose fault it is.

use core::error::Error as _;

use creatio_auth::client::blocking::Client;
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Refusal};
use creatio_auth::{Fault, Misuse, ReplyError, TokenVerdict, Verdict};

use crate::script::{Line, Script};
use crate::support::{MEMORY, credentials, net, signed_in};

#[test]
fn an_error_keeps_what_the_transport_says_and_tells_whose_fault_it_is() {
    let kind = ErrorKind::ConnectionReset;
    for (error, fault, text) in [
        (Error::Connect(kind), Fault::Peer, "no connection: "),
        (Error::Transport(kind), Fault::Peer, "the connection failed: "),
        (Error::Reply(ReplyError::ClosedEarly), Fault::Peer, "the connection was closed before"),
        (Error::Reply(ReplyError::MemoryTooSmall { needed: 9 }), Fault::Caller, "the session's memory is too small"),
        (Error::SignIn(Refusal::Login(Verdict::Rejected)), Fault::Caller, "not signed in again: rejected"),
        (Error::SignIn(Refusal::Token(TokenVerdict::Busy)), Fault::Peer, "not signed in again: the identity"),
        (Error::BodyLength, Fault::Caller, "the body is not as long as the call says"),
    ] {
        assert_eq!(error.fault(), fault, "{error}");
        assert!(error.to_string().starts_with(text), "{error}");
        assert!(error.source().is_none(), "what is behind it is in its own text");
    }
}

#[test]
fn a_buffer_of_no_bytes_is_a_misuse() {
    let script = Script::new([Line::new([])]);
    let mut memory = [0; MEMORY];
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, script, &mut []);
    let error = client.login(&credentials()).unwrap_err();
    assert_eq!(error, Error::Reply(ReplyError::Misuse(Misuse::EmptyBuffer)));
}
