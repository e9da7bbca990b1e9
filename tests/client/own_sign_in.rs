//! A way to sign in of the caller's own: it restores the session where somebody else has signed in, and signs in where nobody has.

use std::collections::VecDeque;

use creatio_auth::client::blocking::{Client, Link, SignIn, Transport};
use creatio_auth::client::embedded_io_07::ErrorKind;
use creatio_auth::client::{Error, Refusal, Renewed};
use creatio_auth::{Call, CallVerdict, Session};

use crate::renewal::{ended, is_certain, let_in, ok, post};
use crate::script::{Line, Script};
use crate::support::{MEMORY, contacts, credentials, net, signed_in};

/// What it does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Deed {
    /// Another process has signed in: the ticket of this name.
    Restores(&'static str),
    SignsIn,
    Withholds,
}

use Deed::{Restores, SignsIn, Withholds};

/// Does these, one each time that it is asked.
struct Own(VecDeque<Deed>);

impl Own {
    fn new(deeds: &[Deed]) -> Self {
        Own(deeds.iter().copied().collect())
    }

    /// What it does, where it does not sign in.
    fn next<E>(&mut self, session: &mut Session<'_>) -> Option<Result<Renewed, Error<E>>> {
        match self.0.pop_front().expect("it is not asked so often") {
            SignsIn => None,
            Withholds => Some(Err(Error::SignIn(Refusal::Withheld))),
            Restores(ticket) => {
                let cookie = format!(".ASPXAUTH={ticket}; path=/");
                let (mut memory, mut snapshot) = ([0; MEMORY], [0; MEMORY]);
                let other = signed_in(net(), &mut memory, &[&cookie, "BPMCSRF=c; path=/"]);
                let len = other.write_snapshot(&mut snapshot).unwrap();
                session.restore(&snapshot[..len]).unwrap();
                Some(Ok(Renewed::Restored))
            }
        }
    }
}

impl SignIn for Own {
    fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
        assert_eq!(link.session().site().host(), "crm.example.com");
        assert!(format!("{link:?}").starts_with("Link { session: Session { site: "), "{link:?}");
        self.next(link.session_mut()).unwrap_or_else(|| (&credentials()).sign_in(link))
    }
}

/// What a call comes to, and which ticket each request has had; a login has none, or the one before it.
type Course = (Result<CallVerdict, Error<ErrorKind>>, Vec<String>);

fn course(result: Result<CallVerdict, Error<ErrorKind>>, script: &Script) -> Course {
    let sent = String::from_utf8(script.notes(|notes| notes.sent.concat())).unwrap();
    let parts: Vec<_> = sent.split(" HTTP/1.1\r\n").collect();
    let shown = |pair: &[&str]| {
        let ticket = pair[1].split_once(".ASPXAUTH=").and_then(|(_, rest)| rest.split([';', '\r']).next());
        if pair[0].ends_with("/Login") { "login".to_owned() } else { ticket.unwrap_or("none").to_owned() }
    };
    (result, parts.windows(2).map(shown).collect())
}

/// Makes a call by both clients, with replies that come in pieces of each size. They do the same.
fn calling(replies: &[Vec<u8>], call: &Call<'_>, deeds: &[Deed], is_empty: bool) -> Course {
    let mut courses = Vec::new();
    // What DataService says is seen in the first piece of the body.
    let is_whole = replies.iter().any(|reply| String::from_utf8_lossy(reply).contains("userConnection"));
    for piece in [1, 7, usize::MAX].into_iter().skip(if is_whole { 2 } else { 0 }) {
        let script = Script::new([Line::new(replies.to_vec()).pieces(piece).goes_on()]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = begin(&mut memory, is_empty);
        let (mut client, mut own) = (Client::new(&mut session, script.clone(), &mut buffer), Own::new(deeds));
        let result = client.call_renewed(call, &mut own).and_then(|reply| Ok(reply.answer()?.verdict));
        assert!(own.0.is_empty(), "{:?} are left", own.0);
        courses.push(course(result, &script));
        #[cfg(feature = "embedded-io-async-07")]
        courses.push(asynch::calling(replies, call, deeds, is_empty, piece));
    }
    let last = courses.pop().unwrap();
    courses.iter().for_each(|course| assert_eq!(*course, last));
    last
}

fn begin(memory: &mut [u8], is_empty: bool) -> Session<'_> {
    let cookies = [".ASPXAUTH=old; path=/", "BPMCSRF=c; path=/"];
    if is_empty { Session::new(net(), memory) } else { signed_in(net(), memory, &cookies) }
}

#[cfg(feature = "embedded-io-async-07")]
mod asynch {
    use creatio_auth::client::asynch::{Client, Link, SignIn, Transport};

    use super::*;
    use crate::slow::{Slow, wait};

    impl SignIn for Own {
        async fn sign_in<T: Transport>(&mut self, link: &mut Link<'_, '_, T>) -> Result<Renewed, Error<T::Error>> {
            match self.next(link.session_mut()) {
                Some(done) => done,
                None => (&credentials()).sign_in(link).await,
            }
        }
    }

    pub fn calling(replies: &[Vec<u8>], call: &Call<'_>, deeds: &[Deed], is_empty: bool, piece: usize) -> Course {
        let script = Script::new([Line::new(replies.to_vec()).pieces(piece).goes_on()]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = begin(&mut memory, is_empty);
        let mut client = Client::new(&mut session, Slow(script.clone()), &mut buffer);
        let mut own = Own::new(deeds);
        let result = match wait(client.call_renewed(call, &mut own)) {
            Ok(reply) => wait(reply.answer()).map(|answer| answer.verdict),
            Err(error) => Err(error),
        };
        course(result, &script)
    }
}

#[test]
fn a_newer_session_is_taken_instead_of_a_sign_in() {
    for (end, _) in ended() {
        let (result, requests) = calling(&[end, ok()], &Call::get(contacts()), &[Restores("other")], false);
        assert_eq!((result, &*requests), (Ok(CallVerdict::Fine), &["old".to_owned(), "other".into()][..]));
    }
    let (result, requests) = calling(&[ok()], &post(), &[Restores("other")], true);
    assert_eq!((result, requests), (Ok(CallVerdict::Fine), vec!["other".into()]), "an empty one is filled by it");
}

#[test]
fn where_the_newer_one_has_ended_too_there_is_still_one_sign_in_and_no_more() {
    for (end, _) in ended() {
        let (get, deeds) = (Call::get(contacts()), [Restores("other"), SignsIn]);
        let (result, requests) = calling(&[end.clone(), end.clone(), let_in(), ok()], &get, &deeds, false);
        assert_eq!((result, requests.join(" ")), (Ok(CallVerdict::Fine), "old other login new".into()));

        let replies = [end.clone(), end.clone(), let_in(), end.clone()];
        let (result, requests) = calling(&replies, &get, &deeds, false);
        assert_eq!((result, requests.join(" ")), (Ok(CallVerdict::RenewedInVain), "old other login new".into()));

        let replies = [end.clone(), let_in(), ok()];
        let (result, requests) = calling(&replies, &get, &deeds, true);
        assert_eq!((result, requests.join(" ")), (Ok(CallVerdict::Fine), "other login new".into()));
    }
}

#[test]
fn one_that_only_ever_restores_has_an_end_and_is_no_renewal_in_vain() {
    for (end, sign) in ended() {
        let deeds = [Restores("other"), Restores("third")];
        let (result, requests) = calling(&[end.clone(), end.clone(), end], &Call::get(contacts()), &deeds, false);
        assert_eq!((result, requests.join(" ")), (Ok(CallVerdict::SessionEnded(sign)), "old other third".into()));
    }
}

#[test]
fn a_write_that_may_have_been_done_is_not_made_again_with_a_newer_session_either() {
    for (end, sign) in ended() {
        let (result, requests) = calling(&[end.clone(), ok()], &post(), &[Restores("other")], false);
        if is_certain(sign) {
            assert_eq!((result, requests.join(" ")), (Ok(CallVerdict::Fine), "old other".into()));
            continue;
        }
        assert_eq!((result, requests.join(" ")), (Err(Error::NotRepeated), "old".into()), "{sign:?}");

        // And the next call is as any other: what it has ended by is another end, and no renewal in vain.
        let script = Script::new([Line::new([end.clone(), end, let_in()]).goes_on()]);
        let (mut memory, mut buffer) = ([0; MEMORY], [0; 512]);
        let mut session = begin(&mut memory, false);
        let mut client = Client::new(&mut session, script.clone(), &mut buffer);
        let mut own = Own::new(&[Restores("other"), SignsIn]);
        for _ in 0..2 {
            assert_eq!(client.call_renewed(&post(), &mut own).err(), Some(Error::NotRepeated));
        }
        assert_eq!(course(Ok(CallVerdict::Fine), &script).1.join(" "), "old other login");
    }
}

#[test]
fn one_that_is_withheld_ends_the_call() {
    let (end, _) = &ended()[0];
    let withheld = Err(Error::SignIn(Refusal::Withheld));
    let (result, requests) = calling(std::slice::from_ref(end), &post(), &[Withholds], false);
    assert_eq!((result, requests.join(" ")), (withheld, "old".into()));
    assert_eq!(calling(&[], &post(), &[Withholds], true), (withheld, vec![]), "none goes out unauthorised");
    let (result, requests) = calling(&[end.clone(), end.clone()], &post(), &[Restores("other"), Withholds], false);
    assert_eq!((result, requests.join(" ")), (withheld, "old other".into()));
}
