//! How much memory a session takes: cookies as sites and firewalls set them, and the least in which something goes well.

use creatio_auth::{Call, CallVerdict, ReplyError, Session};

use super::fixtures::{SUCCESS, raw, with_length};
use super::{Cut, contacts, feed, login, net, pull, restored};

/// More than any case takes.
pub const AMPLE: usize = 16 * 1024;

/// Nine cookies of the site, with a ticket of 1,000 characters.
pub fn of_the_site() -> Vec<String> {
    let lasting = "expires=Sun, 29-Nov-2026 00:52:54 GMT; path=/; secure; HttpOnly; SameSite=Lax";
    let of_the_session = "path=/; secure; HttpOnly; SameSite=Lax";
    vec![
        format!("BPMLOADER={}; {of_the_session}", "l".repeat(24)),
        format!(".ASPXAUTH={}; {of_the_session}", "0A1B2C3D4E".repeat(100)),
        format!(".AspNet.SharedCookie={}; {of_the_session}", "s".repeat(64)),
        format!("BPMSESSIONID={}; {of_the_session}", "i".repeat(24)),
        format!("UserName={}; {lasting}", "83|117|112|101|114|118|105|115|111|114"),
        format!("CsrfToken={}; {of_the_session}", "t".repeat(22)),
        "UserType=General; path=/; SameSite=Lax".into(),
        format!("CRT_CSRF={}; path=/; secure", "c".repeat(22)),
        format!("BPMCSRF={}; path=/; secure", "c".repeat(22)),
    ]
}

/// Those of two firewalls, and of the load balancers behind them.
pub fn of_firewalls() -> Vec<String> {
    let domain = "path=/; Domain=.example.com; HttpOnly; Secure; SameSite=None";
    let balancer = "Expires=Sun, 29 Nov 2026 00:52:54 GMT; Path=/";
    vec![
        format!("visid_incap_2180455={}; expires=Mon, 22 Nov 2027 00:52:54 GMT; {domain}", "v".repeat(64)),
        format!("nlbi_2180455={}; {domain}", "n".repeat(48)),
        format!("incap_ses_1236_2180455={}; {domain}", "s".repeat(56)),
        format!("AWSALB={}; {balancer}", "a".repeat(128)),
        format!("AWSALBCORS={}; {balancer}; SameSite=None; Secure", "a".repeat(128)),
        format!("__cf_bm={}; path=/; expires=Sun, 22-Nov-26 01:22:54 GMT; {domain}", "m".repeat(180)),
        format!("_cfuvid={}; {domain}", "u".repeat(76)),
        format!("TS01a2b3c4={}; Path=/; Domain=.example.com; Secure; HTTPOnly", "7".repeat(150)),
        format!("TS5e6f7a8b027={}; Path=/", "8".repeat(130)),
        format!("BIGipServerpool_creatio_443={}; path=/; HttpOnly; Secure", "9".repeat(30)),
    ]
}

pub fn setting(values: &[String]) -> Vec<u8> {
    let fields = values.iter().map(|value| format!("Set-Cookie: {value}"));
    let lines: Vec<_> = ["HTTP/1.1 200 OK", "Content-Type: application/json; charset=utf-8"]
        .map(String::from)
        .into_iter()
        .chain(fields)
        .collect();
    with_length(&lines.iter().map(String::as_str).collect::<Vec<_>>(), SUCCESS)
}

/// Has the session be told that it has ended, by a reply that takes no memory.
pub fn end(session: &mut Session<'_>) {
    let mut exchange = session.call(&Call::get(contacts()));
    pull(session, &mut exchange, 512);
    let reply = raw(&["HTTP/1.1 401 U"], r#"{"Message":"Authentication failed."}"#);
    assert_eq!(feed(session, &mut exchange, &reply, Cut::Whole).result, Ok(()));
    assert!(matches!(exchange.call_result(session).unwrap().verdict, CallVerdict::SessionEnded(_)));
    session.end(&exchange);
    assert!(!session.has_ticket());
}

/// The least memory in which something goes well, with a session that has signed in before, or with a new one.
pub fn least(before: &[&[u8]], run: impl Fn(&mut Session<'_>) -> Result<(), ReplyError>) -> usize {
    let mut memory = vec![0; AMPLE];
    let mut session = Session::new(net(), &mut memory);
    for reply in before {
        assert_eq!(login(&mut session, reply, Cut::Whole).result, Ok(()));
    }
    let mut bytes = vec![0; session.snapshot_len()];
    session.write_snapshot(&mut bytes).unwrap();
    let goes_well = |size: usize| {
        let mut memory = vec![0; size];
        restored(net(), &mut memory, &bytes).is_ok_and(|mut session| run(&mut session).is_ok())
    };
    let (mut too_little, mut enough) = (0, AMPLE);
    while enough - too_little > 1 {
        let middle = too_little.midpoint(enough);
        if goes_well(middle) { enough = middle } else { too_little = middle }
    }
    assert!(!goes_well(enough - 1) && goes_well(enough) && goes_well(enough + 1));
    enough
}

pub fn first_login(reply: &[u8]) -> usize {
    least(&[], |session| login(session, reply, Cut::Whole).result)
}

/// What the cookies of a reply to a login take afterwards.
pub fn cookies_of(reply: &[u8]) -> usize {
    let mut memory = [0; AMPLE];
    let mut session = Session::new(net(), &mut memory);
    let empty = session.snapshot_len();
    assert_eq!(login(&mut session, reply, Cut::Whole).result, Ok(()));
    session.snapshot_len() - empty
}

/// A login after a certain end, that is answered by `reply`, in a session that `first` has signed in.
pub fn renewal(first: &[u8], reply: &[u8]) -> usize {
    least(&[first], |session| {
        end(session);
        login(session, reply, Cut::Whole).result
    })
}
