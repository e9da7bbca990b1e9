//! What a session sends with every request: `User-Agent`, and the caller's own lines.

mod support;

use creatio_auth::{
    Call, ClientCredentials, Credentials, DEFAULT_USER_AGENT, Exchange, Fault, Field, FieldError, Misuse,
    PasswordChange, Session, Site,
};
use support::{MEMORY, Read, contacts, credentials, framework, net, pull, signed_in};

const KEY: &str = "X-Gateway-Key: k1 \u{e9}\r\nX-Empty:\r\n";

/// An exchange through each door, and a call.
const KINDS: [&str; 4] = ["login", "change of the password", "token", "call"];

struct Doors {
    who: Credentials<'static>,
    change: PasswordChange<'static>,
    client: ClientCredentials<'static>,
}

impl Doors {
    fn new() -> Self {
        Doors {
            who: credentials(),
            change: PasswordChange::borrowed(credentials(), "new"),
            client: ClientCredentials::borrowed("3D2C", "secret"),
        }
    }

    fn begin<'m: 'c, 'c>(&'c self, kind: &str, session: &mut Session<'m>) -> Exchange<'c> {
        let identity: Site<'static> = net();
        match kind {
            "login" => session.login(&self.who),
            "token" => session.token(&identity, &self.client),
            "call" => session.call(&Call::post(contacts()).with_json(b"{}")),
            _ => session.change_password(&self.change),
        }
    }

    /// The request, which is the same through buffers of every size.
    fn request(&self, kind: &str, session: &mut Session<'_>) -> Vec<u8> {
        let mut exchange = self.begin(kind, session);
        let len = exchange.request_len(session);
        let whole = pull(session, &mut exchange, len);
        assert_eq!(whole.len(), len, "{kind}");
        for size in 1..len {
            let mut exchange = self.begin(kind, session);
            assert_eq!(pull(session, &mut exchange, size), whole, "{kind} in {size}");
        }
        whole
    }
}

//= 9110-10.1.5-user-agent, 9110-10.1.5-short, 9110-10.1.5-no-advertising, 9110-10.1.5-version
//= 9110-10.1.5-no-details
#[test]
fn every_request_names_the_library_and_its_version() {
    assert_eq!(DEFAULT_USER_AGENT, format!("creatio-auth/{}", env!("CARGO_PKG_VERSION")));
    for site in [framework(), net()] {
        let mut memory = [0; MEMORY];
        let mut session = Session::new(site, &mut memory);
        for kind in KINDS {
            let read = Read::new(&Doors::new().request(kind, &mut session));
            assert_eq!(read.field("User-Agent"), Some(DEFAULT_USER_AGENT.as_bytes()), "{kind}");
        }
    }
}

#[test]
fn the_user_agent_is_set_once_for_all_requests_also_to_nothing() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/"]);
    for agent in ["meter/2.1 (rev B; v~1) lib/3", "x", ""] {
        session.set_user_agent(agent).unwrap();
        for kind in KINDS {
            let request = Doors::new().request(kind, &mut session);
            let expected = (!agent.is_empty()).then_some(agent.as_bytes());
            assert_eq!(Read::new(&request).field("User-Agent"), expected, "{kind}");
        }
    }
    session.set_user_agent("meter/2.1").unwrap();
    session.clear();
    let read = Read::new(&Doors::new().request("login", &mut session));
    assert_eq!(read.field("User-Agent"), Some(&b"meter/2.1"[..]), "it is no part of what is cleared");
}

#[test]
fn what_is_no_user_agent_is_refused_as_the_caller_s_fault_and_the_one_before_stays() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_user_agent("meter/2.1").unwrap();
    for bad in
        ["a\r\nCookie: b", "a\n", "a\rb", "a\0", "a\tb", "\u{7f}", " a", "a ", " ", "\t", "m\u{e9}ter/1", "\u{1F511}"]
    {
        assert_eq!(session.set_user_agent(bad), Err(FieldError::Value), "{bad:?}");
    }
    assert_eq!(FieldError::Value.fault(), Fault::Caller);
    let read = Read::new(&Doors::new().request("call", &mut session));
    assert_eq!(read.field("User-Agent"), Some(&b"meter/2.1"[..]));
    // A call has no other, nor have the session's own lines.
    assert_eq!(Field::new("user-agent", "x"), Err(FieldError::Reserved));
    assert_eq!(Call::ping().with_field_lines("User-Agent: x\r\n").unwrap_err(), FieldError::Reserved);
    assert_eq!(session.set_field_lines("User-Agent: x\r\n"), Err(FieldError::Reserved));
}

#[test]
fn the_session_s_lines_go_with_all_requests_to_its_site_and_to_no_other_host() {
    let mut memory = [0; MEMORY];
    let mut session = signed_in(framework(), &mut memory, &[".ASPXAUTH=t; path=/", "BPMCSRF=c; path=/"]);
    session.set_field_lines(KEY).unwrap();
    for kind in KINDS {
        let request = Doors::new().request(kind, &mut session);
        let read = Read::new(&request);
        let is_to_the_site = kind != "token";
        assert_eq!(read.field("X-Gateway-Key"), is_to_the_site.then_some("k1 \u{e9}".as_bytes()), "{kind}");
        assert_eq!(read.field("X-Empty"), is_to_the_site.then_some(&b""[..]), "{kind}");
        let end = [KEY, "\r\n{"].concat();
        let stands_last = request.windows(end.len()).filter(|window| *window == end.as_bytes()).count();
        assert_eq!(stands_last, usize::from(is_to_the_site), "{kind}");
    }
    // Before those of the call itself.
    let fields = [Field::new("Prefer", "return=minimal").unwrap()];
    for call in [
        Call::get(contacts()).with_fields(&fields),
        Call::get(contacts()).with_field_lines("Prefer: return=minimal\r\n").unwrap(),
    ] {
        let read = Read::call(&mut session, &call);
        assert_eq!(read.names()[read.names().len() - 3..], ["X-Gateway-Key", "X-Empty", "Prefer"]);
    }
    session.clear();
    assert!(Read::call(&mut session, &Call::ping()).field("X-Gateway-Key").is_some());
    session.set_field_lines("").unwrap();
    assert!(Read::call(&mut session, &Call::ping()).field("X-Gateway-Key").is_none());
}

#[test]
fn a_request_for_a_token_has_lines_of_its_own() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(framework(), &mut memory);
    session.set_field_lines("X-Gateway-Key: of the site\r\n").unwrap();
    for by_basic in [false, true] {
        let mut client = ClientCredentials::borrowed("3D2C", "secret").with_field_lines(KEY).unwrap();
        if by_basic {
            client = client.by_basic();
        }
        let request = Doors { client, ..Doors::new() }.request("token", &mut session);
        let read = Read::new(&request);
        assert_eq!(read.field("X-Gateway-Key"), Some("k1 \u{e9}".as_bytes()));
        assert_eq!(read.field("Authorization").is_some(), by_basic);
        assert!(read.body.starts_with(b"grant_type=client_credentials"));
    }
}

#[test]
fn lines_are_checked_as_those_of_a_call() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_field_lines(KEY).unwrap();
    for lines in [
        "X: y",
        "X: y\n",
        "X: y\r\n\r\n",
        "X: y \r\n",
        "X: y\rZ: z\r\n",
        "X : y\r\n",
        ": y\r\n",
        " X: y\r\n",
        "X\r\n",
        "\u{e9}: y\r\n",
        "X: \0\r\n",
        "Host: elsewhere\r\n",
        "X: y\r\ncookie: a=b\r\n",
        "Authorization: Basic eA==\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
    ] {
        let expected = Call::ping().with_field_lines(lines).unwrap_err();
        assert_eq!(session.set_field_lines(lines), Err(expected), "{lines:?}");
        let client = ClientCredentials::borrowed("3D2C", "secret").with_field_lines(lines);
        assert_eq!(client.unwrap_err(), expected, "{lines:?}");
    }
    assert!(Read::call(&mut session, &Call::ping()).field("X-Gateway-Key").is_some(), "those before stay");
}

#[test]
fn a_request_that_is_half_taken_goes_on_with_no_other_fields() {
    let doors = Doors::new();
    for kind in KINDS {
        for change in [
            |session: &mut Session<'_>| session.set_user_agent("y"),
            |session: &mut Session<'_>| session.set_field_lines("Y: z\r\n"),
        ] {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            session.set_field_lines(KEY).unwrap();
            let mut exchange = doors.begin(kind, &mut session);
            exchange.fill(&mut session, &mut [0; 40]).unwrap();
            change(&mut session).unwrap();
            assert_eq!(exchange.fill(&mut session, &mut [0; 512]), Err(Misuse::OtherSession), "{kind}");
        }
    }
}
