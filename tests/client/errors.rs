//! What an error says, and whose fault it is.

use core::error::Error as _;

use creatio_auth::Site;
use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::client::embedded_io_07::{self, ErrorKind, ErrorType, Read, Write};
use creatio_auth::client::{Error, Needed, Refusal};
use creatio_auth::{
    Again, CallVerdict, EarlierSignIn, Fault, Malformed, Misuse, ReplyError, TokenVerdict, Verdict, WindowsVerdict,
};

use crate::script::{Line, Script};
use crate::support::fixtures::setting;
use crate::support::{MEMORY, credentials, net, signed_in};

const REJECTED: EarlierSignIn = EarlierSignIn::Login(Verdict::Rejected);

const TOO_LONG: &str = "the body, or a record of it, is longer than the memory for it; give it more (9 bytes)";

fn too_long<E>(needed: Needed) -> Error<E> {
    Error::BodyTooLong { needed }
}

#[test]
fn an_error_keeps_what_the_transport_says_and_tells_whose_fault_it_is() {
    let kind = ErrorKind::ConnectionReset;
    for (error, fault, text) in [
        (Error::Connect(kind), Fault::Peer, "no connection: "),
        (Error::Transport(kind), Fault::Peer, "the connection failed: "),
        (Error::Reply(ReplyError::ClosedEarly), Fault::Peer, "the connection was closed before"),
        (Error::Reply(ReplyError::MemoryTooSmall { needed: 9 }), Fault::Caller, "the session's memory is too small"),
        (Error::SignIn(Refusal::Login(Verdict::Rejected)), Fault::Caller, "not signed in: rejected"),
        (Error::SignIn(Refusal::Token(TokenVerdict::Busy)), Fault::Peer, "not signed in: the identity"),
        (
            Error::SignIn(Refusal::Earlier(REJECTED)),
            Fault::Caller,
            "not signed in: an earlier sign-in has come to nothing, and this one would, too: rejected",
        ),
        (
            Error::SignIn(Refusal::Earlier(EarlierSignIn::Lost)),
            Fault::Caller,
            "not signed in: an earlier sign-in has come to nothing, and this one would, too: several in a row were lost",
        ),
        (
            Error::SignIn(Refusal::Wait { seconds: 30 }),
            Fault::Peer,
            "not signed in: the last sign-in was lost on its way; the next one may be in 30 seconds",
        ),
        (Error::SignIn(Refusal::Windows(WindowsVerdict::Refused)), Fault::Caller, "not signed in: "),
        (Error::SignIn(Refusal::Withheld), Fault::Caller, "not signed in: the program's own way"),
        (Error::SignIn(Refusal::NotSaved), Fault::Caller, "not signed in: the session could not be saved before"),
        (Error::SignIn(Refusal::NotApproved), Fault::Caller, "not signed in: there is no refresh token"),
        (Error::NotRepeated, Fault::Peer, "signed in again, but the call is not made again"),
        (Error::BodyLength, Fault::Caller, "the body is not as long as the call says"),
        (too_long(Needed::Bytes(9)), Fault::Caller, TOO_LONG),
        (too_long(Needed::MoreThan(9)), Fault::Caller, "the body, or a record of it, is longer"),
        (Error::NoList, Fault::Peer, "the body is no list of records"),
        (Error::LinkCut, Fault::Caller, "the link to the next page did not fit"),
        (Error::LinkElsewhere, Fault::Peer, "the link to the next page leads to"),
    ] {
        assert_eq!(error.fault(), fault, "{error}");
        assert!(error.to_string().starts_with(text), "{error}");
        assert!(error.source().is_none(), "what is behind it is in its own text");
    }
}

#[test]
fn each_error_has_a_name_a_text_and_a_kind() {
    let refused = ErrorKind::ConnectionRefused;
    let no_json = creatio_auth::typed::read::<u8>(b"x", &mut []).unwrap_err();
    for (error, name, kind) in [
        (Error::Connect(refused), "Connect", refused),
        (Error::Transport(refused), "Transport", refused),
        (Error::Reply(ReplyError::ClosedEarly), "ClosedEarly", ErrorKind::ConnectionAborted),
        (Error::Reply(ReplyError::MemoryTooSmall { needed: 9 }), "MemoryTooSmall", ErrorKind::OutOfMemory),
        (Error::Reply(Misuse::OutOfTurn.into()), "Misuse", ErrorKind::InvalidInput),
        (Error::Reply(Malformed::BareLf.into()), "Malformed", ErrorKind::InvalidData),
        (Error::SignIn(Refusal::Earlier(REJECTED)), "SignIn", ErrorKind::PermissionDenied),
        (Error::NotRepeated, "NotRepeated", ErrorKind::Other),
        (Error::BodyLength, "BodyLength", ErrorKind::InvalidInput),
        (Error::BodyTooLong { needed: Needed::Bytes(9) }, "BodyTooLong", ErrorKind::OutOfMemory),
        (Error::NoList, "NoList", ErrorKind::InvalidData),
        (Error::LinkCut, "LinkCut", ErrorKind::OutOfMemory),
        (Error::LinkElsewhere, "LinkElsewhere", ErrorKind::InvalidData),
        (Error::Verdict(CallVerdict::NotFound), "NotFound", ErrorKind::Other),
        (Error::Typed(no_json), no_json.name(), ErrorKind::InvalidData),
    ] {
        assert_eq!((error.name(), embedded_io_07::Error::kind(&error)), (name, kind));
        #[cfg(feature = "texts")]
        assert!(!error.text().is_empty() && error.to_string().starts_with(error.text()), "{error}");
    }
    let typed = Error::<ErrorKind>::Typed(no_json);
    assert_eq!((typed.fault(), typed.again()), (no_json.fault(), Again::No));
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

/// A transport that says that it has read and written more than there is room for.
struct Boaster(Script);

impl ErrorType for Boaster {
    type Error = ErrorKind;
}

impl Read for Boaster {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        Ok(self.0.read(buffer)? + 1000)
    }
}

impl Write for Boaster {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        self.0.write(bytes).map(|len| if self.0.connects() > 1 { len + 1000 } else { len })
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        self.0.flush()
    }
}

impl Transport for Boaster {
    fn connect(&mut self, site: &Site<'_>) -> Result<(), ErrorKind> {
        self.0.connect(site)
    }

    fn disconnect(&mut self) {
        self.0.disconnect();
    }
}

#[test]
fn a_transport_that_says_impossible_things_is_an_error_and_no_panic() {
    let line = || Line::new([setting(&[".ASPXAUTH=t; path=/"])]);
    let script = Script::new([line(), line()]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    let mut client = Client::new(&mut session, Boaster(script), &mut buffer);
    let _ = client.login(&credentials()); // what is read beyond what came may be anything
    client.disconnect();
    client.login(&credentials()).unwrap_err();
}

//= 9112-6.3-close-and-discard
#[test]
fn a_malformed_reply_is_told_with_the_name_of_its_field_until_the_next_exchange() {
    let malformed = b"HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: x\r\n\r\n".to_vec();
    let good = setting(&[".ASPXAUTH=t; path=/"]);
    for pieces in [1, 5, 512] {
        let lines = [Line::new([malformed.clone()]).pieces(pieces), Line::new([good.clone()])];
        let script = Script::new(lines);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
        let mut client = Client::new(&mut session, script, &mut buffer);
        assert_eq!(client.failed_field(), None);
        let error = client.login(&credentials()).unwrap_err();
        assert_eq!(error, Error::Reply(ReplyError::Malformed(Malformed::ContentLength)));
        assert_eq!(client.failed_field(), Some(&b"Content-Length"[..]), "{pieces}");
        let _ = client.login(&credentials()).unwrap();
        assert_eq!(client.failed_field(), None);
    }
}
