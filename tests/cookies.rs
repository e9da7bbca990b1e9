//! Cookies through the replies of a session: which are kept, which go where, and in what order.

mod support;

use cookie_store::CookieStore;
use creatio_auth::{Call, MAX_COOKIES, Path, Runtime, Session, Site, Verdict};
use proptest::prelude::*;
use support::fixtures::{SUCCESS, setting, with_length};
use support::{Cut, MEMORY, authorization, call, contacts, cookie_field, field, login, net, set_cookies, signed_in};

/// The path of the calls whose replies bring the cookies, below the root.
const FROM: &str = "/a/b/c";

/// 2026-11-22 00:00:00
const NOW: u64 = 1_795_305_600;

fn site(url: &str) -> Site<'_> {
    Site::parse(url, Runtime::Net).unwrap()
}

fn from() -> Path<'static> {
    Path::root(FROM).unwrap()
}

fn to(path: &str) -> Path<'_> {
    Path::root(path).unwrap()
}

/// The `Cookie` field of a call to a path, after replies that each set cookies.
fn sent_to(path: &str, url: &str, replies: &[&[&str]]) -> String {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(site(url), &mut memory);
    for values in replies {
        set_cookies(&mut session, from(), values);
    }
    cookie_field(&session, to(path))
}

fn sent(replies: &[&[&str]]) -> String {
    sent_to("/a/b/c/d", "https://crm.example.com", replies)
}

/// Whether a cookie that is set over this URL is kept.
fn is_kept(url: &str, value: &str) -> bool {
    !sent_to("/a/b", url, &[&[&format!("{value}; Path=/")]]).is_empty()
}

//= 6265bis-5.6-parsed
#[test]
fn every_set_cookie_line_of_a_reply_counts() {
    assert_eq!(sent(&[&["a=1", "b=2", "c=3"]]), "a=1; b=2; c=3");
}

#[test]
fn a_name_set_twice_in_a_reply_has_its_last_value() {
    assert_eq!(sent(&[&["a=1", "b=2", "a=3"]]), "a=3; b=2");
}

//= 6265bis-5.7-stored
#[test]
fn a_replaced_cookie_keeps_its_place() {
    assert_eq!(sent(&[&["a=1", "b=2", "c=3"], &["b=four"], &["a=five"]]), "a=five; b=four; c=3");
}

#[test]
fn a_cookie_set_anew_after_its_deletion_takes_the_last_place() {
    assert_eq!(sent(&[&["a=1", "b=2"], &["a=; Max-Age=0"], &["a=3"]]), "b=2; a=3");
    assert_eq!(sent(&[&["a=1", "b=2"], &["a=; Max-Age=0", "a=3"]]), "b=2; a=3");
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn a_date_at_which_2026_begins_deletes_without_a_clock_and_one_later_does_not() {
    let first = &["a=1", "b=2"][..];
    let at = "a=; Expires=Thu, 01 Jan 2026 00:00:00 GMT";
    assert_eq!(sent(&[first, &[at]]), "b=2");
    assert_eq!(sent(&[first, &[at, "a=3"]]), "b=2; a=3");
    let later = "a=; Expires=Thu, 01 Jan 2026 00:00:01 GMT";
    assert_eq!(sent(&[first, &[later]]), "a=; b=2");
    assert_eq!(sent(&[first, &[later, "a=3"]]), "a=3; b=2");
}

#[test]
fn names_are_told_apart_by_case_path_and_domain() {
    assert_eq!(sent(&[&["a=1; Path=/", "A=2; Path=/", "a=3; Path=/a"]]), "a=3; a=1; A=2");
    let by_domain: &[&str] = &["a=1; Domain=crm.example.com", "a=2; Domain=example.com", "a=3"];
    assert_eq!(sent(&[by_domain]), "a=1; a=2; a=3");
    assert_eq!(sent(&[by_domain, &["a=4; Domain=.example.com"], &["a=; Max-Age=0"]]), "a=1; a=4");
}

#[test]
fn a_deletion_for_another_path_deletes_nothing() {
    assert_eq!(sent(&[&["a=1; Path=/"], &["a=; Max-Age=0; Path=/a"]]), "a=1");
    assert_eq!(sent(&[&["a=1"], &["a=; Max-Age=0; Path=/a/b"]]), "", "the default path is /a/b");
}

//= 6265bis-5.6.2-max-age
#[test]
fn max_age_0_and_below_delete() {
    for age in ["0", "-1", "-99999999999999999999999"] {
        assert_eq!(sent(&[&["a=1", "b=2"], &[&format!("a=x; Max-Age={age}")]]), "b=2", "{age}");
    }
    assert_eq!(sent(&[&["a=1"], &["a=2; Max-Age=0; Max-Age=soon"]]), "", "what is no number says nothing");
}

#[test]
fn max_age_goes_before_expires() {
    let past = "Expires=Tue, 12 Oct 1999 00:00:00 GMT";
    assert_eq!(sent(&[&[&format!("a=1; Max-Age=60; {past}")]]), "a=1");
    assert_eq!(sent(&[&["a=1"], &["a=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Max-Age=0"]]), "");
}

/// What is left of `a=1` after `a=2` with this `Expires`, by the time of the session, or else by a `Date`.
fn after_expiry(expires: &str, now: Option<u64>, date: Option<&str>) -> String {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(&mut session, from(), &["a=1"]);
    if let Some(now) = now {
        session.set_time(now);
    }
    let date = date.map(|date| format!("Date: {date}"));
    let set_cookie = format!("Set-Cookie: a=2; Expires={expires}");
    let lines: Vec<_> = ["HTTP/1.1 200 OK"].into_iter().chain(date.as_deref()).chain([&*set_cookie]).collect();
    let outcome = call(&mut session, &Call::get(from()), &with_length(&lines, SUCCESS), Cut::Whole);
    assert_eq!(outcome.result, Ok(()));
    cookie_field(&session, from())
}

//= 6265bis-5.6.1-expires
#[test]
fn without_a_clock_a_date_in_the_past_deletes() {
    for expires in ["Tue, 12 Oct 1999 00:00:00 GMT", "Thu, 01-Jan-1970 00:00:00 GMT", "Sat, 07-May-2022 08:46:12 GMT"]
    {
        assert_eq!(after_expiry(expires, None, None), "", "{expires}");
    }
    assert_eq!(after_expiry("Mon, 22 Nov 2027 00:52:54 GMT", None, None), "a=2");
    assert_eq!(after_expiry("no date at all", None, None), "a=2");
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn without_a_clock_the_date_of_the_reply_says_what_is_past() {
    let date = Some("Mon, 22 Nov 2027 00:52:54 GMT");
    assert_eq!(after_expiry("Mon, 22 Nov 2027 00:52:54 GMT", None, date), "");
    assert_eq!(after_expiry("Mon, 22 Nov 2027 00:52:55 GMT", None, date), "a=2");
    let early = Some("Mon, 22 Nov 2021 00:52:54 GMT");
    assert_eq!(after_expiry("Sat, 07-May-2022 08:46:12 GMT", None, early), "a=2");
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn the_date_of_the_reply_goes_before_a_clock() {
    let date = Some("Fri, 22 Nov 2030 00:00:00 GMT");
    assert_eq!(after_expiry("Fri, 22 Nov 2030 00:00:00 GMT", Some(NOW), date), "");
    assert_eq!(after_expiry("Fri, 22 Nov 2030 00:00:01 GMT", Some(NOW), date), "a=2");
    assert_eq!(after_expiry("Sun, 22 Nov 2026 00:00:00 GMT", Some(NOW), None), "");
    assert_eq!(after_expiry("Sun, 22 Nov 2026 00:00:01 GMT", Some(NOW), None), "a=2");
}

//= 6265bis-5.5-limit, 6265bis-5.5-400-days, 6265bis-5.5-is-400-days, 6265bis-5.5-reduced, 6265bis-5.6.1-400-days
//= 6265bis-5.6.1-reduced, 6265bis-5.6.2-400-days, 6265bis-5.7-expired
#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn with_a_clock_cookies_end_at_their_time_and_free_their_memory() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_time(NOW);
    let values = [
        "s=0",
        "m=1; Max-Age=60",
        "e=2; Expires=Sun, 22 Nov 2026 00:02:00 GMT",
        "long=3; Max-Age=99999999999",
        "far=4; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
        "later=5; Expires=Sat, 03 Jan 2105 06:28:14 GMT",
        "last=6; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    ];
    set_cookies(&mut session, from(), &values);
    let persistent: Vec<_> = session.cookies().map(|cookie| cookie.is_persistent()).collect();
    assert_eq!(persistent, [false, true, true, true, true, true, true]);
    for (after, expected, count) in [
        (59, "s=0; m=1; e=2; long=3; far=4; later=5; last=6", 7),
        (60, "s=0; e=2; long=3; far=4; later=5; last=6", 6),
        (120, "s=0; long=3; far=4; later=5; last=6", 5),
        (400 * 86_400 - 1, "s=0; long=3; far=4; later=5; last=6", 5),
        (400 * 86_400, "s=0", 1),
    ] {
        session.set_time(NOW + after);
        assert_eq!(cookie_field(&session, from()), expected, "{after}");
        session.call(&Call::get(from()));
        assert_eq!(session.cookies().count(), count, "{after}");
    }
}

#[test]
#[cfg_attr(not(feature = "lifetimes"), ignore)]
fn an_expired_ticket_is_none() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.set_time(NOW);
    set_cookies(&mut session, from(), &[".ASPXAUTH=t; Max-Age=60; Path=/", "BPMCSRF=c; Max-Age=60; Path=/"]);
    assert!(session.has_ticket() && session.has_csrf_token());
    session.set_time(NOW + 60);
    assert!(!session.has_ticket() && !session.has_csrf_token());
}

//= 6265bis-5.6.3-domain, 6265bis-5.7-stored
#[test]
fn a_domain_is_the_host_or_a_parent_of_it() {
    for own in ["crm.example.com", ".crm.example.com", "example.com", ".Example.COM", "com", ""] {
        assert!(is_kept("https://crm.example.com", &format!("a=1; Domain={own}")), "{own}");
    }
    for foreign in [
        "other.example.com",
        "rm.example.com",
        "x.crm.example.com",
        "example.org",
        "..example.com",
        "example.com.",
        ".",
        "..",
    ] {
        assert!(!is_kept("https://crm.example.com", &format!("a=1; Domain={foreign}")), "{foreign}");
    }
}

#[test]
#[cfg_attr(not(feature = "ipv6"), ignore)]
fn an_address_has_no_parents() {
    for (url, domain, kept) in [
        ("https://10.0.0.1", "10.0.0.1", true),
        ("https://10.0.0.1", "0.0.1", false),
        ("https://10.0.0.1", "1", false),
        ("https://[2001:db8::1]", "[2001:db8::1]", true),
        ("https://[2001:db8::1]", "db8::1]", false),
    ] {
        assert_eq!(is_kept(url, &format!("a=1; Domain={domain}")), kept, "{url} {domain}");
    }
}

//= 6265bis-5.7-stored
#[test]
fn a_secure_cookie_needs_tls() {
    assert!(is_kept("https://crm.example.com", "a=1; Secure"));
    assert!(!is_kept("http://crm.example.com", "a=1; secure"));
    assert_eq!(sent_to("/a/b", "http://crm.example.com", &[&["a=1"], &["a=2; Secure"]]), "a=1");
}

//= 6265bis-5.7-none-is-secure
#[test]
fn a_cookie_for_other_sites_need_not_be_secure() {
    for same_site in ["None", "none", "Lax", "Strict", "x"] {
        for url in ["https://crm.example.com", "http://crm.example.com"] {
            assert!(is_kept(url, &format!("a=1; SameSite={same_site}")), "{url} {same_site}");
        }
    }
}

//= 6265bis-5.4-prefixes, 6265bis-5.7-stored
#[test]
fn prefixes_of_names_keep_their_promise() {
    for (value, kept) in [
        ("__Host-a=1; Secure; Path=/", true),
        ("__Host-a=1; Secure; Path=/; Domain=", true),
        ("__Host-a=1; Path=/", false),
        ("__Host-a=1; Secure", false),
        ("__Host-a=1; Secure; Path=/a", false),
        ("__hOST-a=1; Secure", false),
        ("__Host-a=1; Secure; Path=/; Domain=crm.example.com", false),
        ("__Host-a; Secure; Path=/", false),
        ("=__Host-a=1; Secure; Path=/", false),
        ("__Secure-a=1; Secure", true),
        ("__Secure-a=1", false),
        ("__SECURE-a=1", false),
        ("__Secure-a; Secure", false),
        ("__Hosta=1", true),
    ] {
        assert_eq!(!sent(&[&[value]]).is_empty(), kept, "{value}");
    }
    assert!(!is_kept("http://crm.example.com", "__Secure-a=1; Secure"));
}

//= 6265bis-5.1.4-default-path, 6265bis-5.6.4-path
#[test]
fn a_cookie_without_a_path_goes_to_the_directory_it_came_from() {
    for (path, expected) in
        [("/a/b", "a=1"), ("/a/b/", "a=1"), ("/a/b/x?y", "a=1"), ("/a", ""), ("/a/bc", ""), ("/", "")]
    {
        assert_eq!(sent_to(path, "https://crm.example.com", &[&["a=1"]]), expected, "{path}");
        assert_eq!(sent_to(path, "https://crm.example.com", &[&["a=1; Path=b"]]), expected, "{path}");
    }
    assert_eq!(sent_to("/a/b/x", "https://crm.example.com/app", &[&["a=1"]]), "a=1");
    assert_eq!(sent_to("/a/x", "https://crm.example.com/app", &[&["a=1"]]), "");
}

//= 6265bis-5.8.1-by-algorithm
#[test]
fn a_path_matches_whole_segments_and_its_own_case() {
    for (cookie_path, path, matches) in [
        ("/app", "/", true),
        ("/app/", "/", true),
        ("/app/x", "/x", true),
        ("/app/x", "/x/y", true),
        ("/app/x", "/xy", false),
        ("/app/x/", "/x", false),
        ("/app/x?", "/x?", false),
        ("/App", "/", false),
        ("/ap", "/", false),
        ("/", "/x", true),
    ] {
        let sent = sent_to(path, "https://crm.example.com/app", &[&[&format!("a=1; Path={cookie_path}")]]);
        assert_eq!(sent == "a=1", matches, "{cookie_path} {path}");
    }
}

//= 6265bis-5.8.3-order
#[test]
fn longer_paths_come_first_then_older_cookies() {
    let values: &[&str] = &["a=1; Path=/", "b=2; Path=/a/b", "c=3; Path=/a", "d=4; Path=/a/b", "e=5; Path=/"];
    assert_eq!(sent(&[values]), "b=2; d=4; c=3; a=1; e=5");
}

//= 6265bis-5.8.1-by-algorithm
#[test]
fn a_cookie_without_a_name_is_sent_as_its_value() {
    assert_eq!(sent(&[&["token", "a=1", "=other; Path=/"]]), "token; a=1; other");
    assert_eq!(sent(&[&["token"], &["=new"]]), "new");
    assert_eq!(sent(&[&["=", ";Path=/", "", " ; a=b"]]), "");
}

//= 6265bis-5.6-percent
#[test]
fn values_go_back_as_they_came() {
    for value in
        ["83, 117, 112", "83|117|112", "\"quoted\"", "a+b/c==", "a=b=c", "", "\u{e9}", "{\"a\":1}", "a b", "%41%3b%"]
    {
        assert_eq!(sent(&[&[&format!("n= {value} ; HttpOnly")]]), format!("n={}", value.as_bytes().escape_ascii()));
    }
}

//= 9112-2.2-octets, 9110-5.5-opaque
#[test]
fn bytes_that_are_no_utf8_go_back_as_they_came() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    let mut reply = with_length(&["HTTP/1.1 200 OK", "Set-Cookie: n=<>; Path=/"], SUCCESS);
    let at = reply.windows(2).position(|w| w == b"<>").unwrap();
    reply[at..at + 2].copy_from_slice(b"\xFF\x80");
    assert_eq!(call(&mut session, &Call::get(from()), &reply, Cut::Pieces(1)).result, Ok(()));
    assert_eq!(field(&authorization(&session, from()), "Cookie").unwrap(), b"n=\xFF\x80");
}

//= 6265bis-5.6-attributes, 6265bis-5.6.5-secure, 6265bis-5.6.6-http-only
#[test]
fn attributes_come_in_any_case_and_order_and_unknown_ones_count_for_nothing() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(
        &mut session,
        from(),
        &["a=1;SameSite=Lax;SECURE ; hTTPoNLY;;Partitioned; pATH = /x;Priority=High", "b=2"],
    );
    let shown: Vec<_> = session
        .cookies()
        .map(|c| (c.name(), c.path(), c.value_len(), c.is_secure(), c.is_http_only(), c.is_persistent()))
        .collect();
    let expected = [(&b"a"[..], &b"/x"[..], 1, true, true, false), (b"b", b"/a/b", 1, false, false, false)];
    assert_eq!(shown, expected);
}

//= 6265bis-7.3-managed
#[test]
fn cookies_are_listed_with_the_one_that_was_set_last_at_the_end() {
    let mut memory = [0; MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(&mut session, from(), &["a=1", "b=2", "c=3"]);
    set_cookies(&mut session, from(), &["a=4"]);
    assert_eq!(session.cookies().map(|cookie| cookie.name()).collect::<Vec<_>>(), [b"b", b"c", b"a"]);
}

//= 6265bis-6.1-50
#[test]
fn fifty_cookies_are_all_kept() {
    let values: Vec<_> = (0..50).map(|n| format!("cookie{n}={}; Path=/", "v".repeat(n))).collect();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let mut memory = [0; 2 * MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(&mut session, from(), &values);
    let expected: Vec<_> = values.iter().map(|value| value.strip_suffix("; Path=/").unwrap()).collect();
    assert_eq!(cookie_field(&session, from()), expected.join("; "));
}

/// `n` cookies, numbered, and what of them is sent.
fn numbered(n: std::ops::Range<usize>) -> (Vec<String>, String) {
    let pairs: Vec<_> = n.map(|n| format!("cookie{n}=value{n}")).collect();
    (pairs.iter().map(|pair| format!("{pair}; Path=/")).collect(), pairs.join("; "))
}

fn set_numbered(session: &mut Session<'_>, n: std::ops::Range<usize>) {
    let (values, _) = numbered(n);
    set_cookies(session, from(), &values.iter().map(String::as_str).collect::<Vec<_>>());
}

//= 6265bis-5.7-excess, 6265bis-5.7-oldest
#[test]
fn a_cookie_beyond_the_most_takes_the_place_of_the_one_that_was_set_longest_ago() {
    let mut memory = [0; 2 * MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_numbered(&mut session, 0..3 * MAX_COOKIES);
    assert_eq!(cookie_field(&session, from()), numbered(2 * MAX_COOKIES..3 * MAX_COOKIES).1, "of one reply");
    session.clear();
    for n in 0..MAX_COOKIES {
        set_numbered(&mut session, n..n + 1);
    }
    assert_eq!(cookie_field(&session, from()), numbered(0..MAX_COOKIES).1);
    set_numbered(&mut session, 0..1);
    set_numbered(&mut session, 100..103);
    let expected = [numbered(0..1).1, numbered(4..MAX_COOKIES).1, numbered(100..103).1].join("; ");
    assert_eq!(cookie_field(&session, from()), expected, "the first one was set again");
    set_cookies(&mut session, from(), &["cookie5=x; Path=/", "cookie6=; Path=/; Max-Age=0", "new=1; Path=/"]);
    assert_eq!(session.cookies().count(), MAX_COOKIES);
    let field = cookie_field(&session, from());
    assert!(field.contains("cookie4=") && field.contains("cookie5=x") && field.ends_with("; new=1"), "{field}");
}

#[test]
fn what_gives_way_takes_nothing_with_it_that_stands_before_it() {
    let mut memory = [0; 2 * MEMORY];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(&mut session, from(), &["oldest=1; Path=/", "next=2; Path=/a"]);
    let others: Vec<_> = (2..MAX_COOKIES).map(|n| format!("cookie{n}=value; Path=/a/b/c")).collect();
    set_cookies(&mut session, from(), &others.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(cookie_field(&session, from()).ends_with("; next=2; oldest=1"));
    // As long as those two records together, before which it comes; and shorter or longer.
    for len in 20..50 {
        let mut memory = [0; 2 * MEMORY];
        let mut kept = [0; 2 * MEMORY];
        let len_of_kept = session.write_snapshot(&mut kept).unwrap();
        let mut session = support::restored(net(), &mut memory, &kept[..len_of_kept]).unwrap();
        let value = "x".repeat(len);
        set_cookies(&mut session, from(), &[&format!("new={value}; Path=/a/b")]);
        assert!(cookie_field(&session, from()).ends_with(&format!("=value; new={value}; next=2")), "{len}");
        assert_eq!(session.cookies().count(), MAX_COOKIES);
    }
}

#[test]
fn a_cookie_that_is_ignored_leaves_no_trace() {
    let kept = |values: &[&str]| {
        let (mut memory, mut kept) = ([0; MEMORY], [0; MEMORY]);
        let mut session = Session::new(net(), &mut memory);
        set_cookies(&mut session, from(), values);
        let len = session.write_snapshot(&mut kept).unwrap();
        kept[..len].to_vec()
    };
    assert_eq!(kept(&["a=1", "=", "__Host-b=2; Path=/x", "c=3; Domain=example.org", "d=4"]), kept(&["a=1", "d=4"]));
}

#[test]
fn what_goes_by_basic_is_no_cookie_that_gives_way() {
    let mut memory = [0; 2 * MEMORY];
    let mut session = Session::new(net(), &mut memory);
    session.use_basic(&support::credentials()).unwrap();
    for n in [0, MAX_COOKIES] {
        let (values, _) = numbered(n..n + MAX_COOKIES);
        let reply = setting(&values.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(login(&mut session, &reply, Cut::Whole).verdict(), Some(Verdict::NoTicket));
    }
    assert!(session.has_authorization());
    assert_eq!(session.cookies().count(), MAX_COOKIES);
}

#[test]
fn one_cookie_any_number_of_times_takes_the_room_of_one() {
    let values: Vec<_> = (100..600).map(|n| format!("a={n}; Path=/a")).collect();
    let mut values: Vec<_> = values.iter().map(String::as_str).collect();
    values.insert(0, "first=1; Path=/a");
    values.push("last=1; Path=/a");
    let mut memory = [0; 128];
    let mut session = Session::new(net(), &mut memory);
    set_cookies(&mut session, from(), &values);
    assert_eq!(cookie_field(&session, from()), "first=1; a=599; last=1");
    assert_eq!(session.cookies().map(|cookie| cookie.name()).collect::<Vec<_>>(), [&b"first"[..], b"a", b"last"]);
}

#[test]
fn within_a_reply_each_line_counts_as_if_it_came_in_one_of_its_own() {
    let lines =
        ["a=1", "b=22", "a=; Max-Age=0", "a=333", "c=4; Path=/a/b/c", "b=5", "c=; Max-Age=0; Path=/a/b/c", "c=6"];
    let at_once = sent(&[&lines]);
    assert_eq!(at_once, "b=5; a=333; c=6");
    assert_eq!(sent(&lines.map(|line| [line]).each_ref().map(|line| &line[..])), at_once);
}

//= 6265bis-5.8.3-order
#[test]
fn a_thousand_renewals_keep_the_order_and_take_no_more_memory() {
    let mut memory = [0; 512];
    let mut session =
        signed_in(net(), &mut memory, &[".ASPXAUTH=000; path=/", "BPMCSRF=c; path=/", "x=1; path=/odata"]);
    for n in 1..=1000 {
        let ticket = format!(".ASPXAUTH={n:0100}; path=/; HttpOnly");
        set_cookies(&mut session, contacts(), &[&ticket, "load=1; path=/; Max-Age=0"]);
        let expected = format!("x=1; .ASPXAUTH={n:0100}; BPMCSRF=c");
        assert_eq!(cookie_field(&session, contacts()), expected);
    }
}

/// A `Set-Cookie` value on which the two have to agree. To cookie_store, a cookie without a name is an error, and one
/// whose `Domain` is the host itself is the same as one without.
fn set_cookie() -> impl Strategy<Value = String> {
    let path = prop_oneof![
        Just(""),
        Just("; Path=/"),
        Just("; Path=/a"),
        Just("; Path=/a/"),
        Just("; Path=/a/b"),
        Just("; Path=x")
    ];
    let domain =
        prop_oneof![Just(""), Just("; Domain=.example.com"), Just("; Domain=example.com"), Just("; Domain=x.org")];
    let life = prop_oneof![
        4 => Just(""),
        1 => Just("; Max-Age=0"),
        1 => Just("; Expires=Tue, 12 Oct 1999 00:00:00 GMT"),
        1 => Just("; Expires=Fri, 01 Jan 2100 00:00:00 GMT"),
        1 => Just("; Max-Age=9999; Expires=Tue, 12 Oct 1999 00:00:00 GMT"),
    ];
    let flags = prop_oneof![Just(""), Just("; Secure"), Just("; HttpOnly")];
    ("[a-c]", "[a-z0-9|=/+]{0,3}", path, domain, life, flags)
        .prop_map(|(name, value, path, domain, life, flags)| format!("{name}={value}{path}{domain}{life}{flags}"))
}

fn from_path() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("/"), Just("/a"), Just("/a/b/c")]
}

proptest! {
    /// One reply with all lines leaves what as many replies with a line each leave: cookies, their order, and which was set
    /// last.
    #[test]
    fn lines_of_one_reply_count_one_after_the_other(
        before in prop::collection::vec(set_cookie(), 0..4),
        values in prop::collection::vec(set_cookie(), 0..9),
        now in prop::option::of(Just(NOW)),
    ) {
        let run = |replies: &[&[String]]| {
            let mut memory = [0; MEMORY];
            let mut session = Session::new(net(), &mut memory);
            if let Some(now) = now {
                session.set_time(now);
            }
            for values in replies {
                set_cookies(&mut session, from(), &values.iter().map(String::as_str).collect::<Vec<_>>());
            }
            let listed: Vec<_> = session.cookies().map(|cookie| format!("{cookie:?}")).collect();
            (cookie_field(&session, from()), listed)
        };
        let singly: Vec<_> = [&before[..]].into_iter().chain(values.chunks(1)).collect();
        prop_assert_eq!(run(&[&before, &values]), run(&singly));
    }

    //= 6265bis-5.7-stored, 6265bis-5.8.1-by-algorithm
    #[test]
    fn agrees_with_cookie_store(
        replies in prop::collection::vec((from_path(), prop::collection::vec(set_cookie(), 0..4)), 1..6),
        to_path in prop_oneof![Just("/"), Just("/a"), Just("/a/"), Just("/a/b"), Just("/ab")],
    ) {
        let url = |path: &str| url::Url::parse(&format!("https://crm.example.com{path}")).unwrap();
        let mut theirs = CookieStore::default();
        let mut memory = [0; MEMORY];
        let mut session = Session::new(net(), &mut memory);
        for (path, values) in &replies {
            let values: Vec<_> = values.iter().map(String::as_str).collect();
            set_cookies(&mut session, Path::root(path).unwrap(), &values);
            for value in values {
                let _ = theirs.parse(value, &url(path)); // an error is one that is ignored
            }
        }
        // Theirs come in no order.
        let mut theirs: Vec<_> = theirs.get_request_values(&url(to_path)).map(|(n, v)| format!("{n}={v}")).collect();
        let field = cookie_field(&session, Path::root(to_path).unwrap());
        let mut ours: Vec<_> = field.split("; ").filter(|pair| !pair.is_empty()).map(String::from).collect();
        theirs.sort();
        ours.sort();
        prop_assert_eq!(ours, theirs);
    }
}
