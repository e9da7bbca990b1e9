//! The services after login, over real connections to the emulator: paging, files in pieces, the DataService; which runtime a
//! site has; and what stands in front of it.

mod support;

use std::num::NonZeroUsize;

use creatio_auth::{
    Call, CallVerdict, ClientCredentials, Credentials, DEFAULT_USER_AGENT, Field, PasswordChange, Path, ProbeStep,
    Runtime, RuntimeProbe, Session, Site,
};
use creatio_emulator::{Emulator, Identity, Options};
use serde_json::Value;
use support::wire::{Client, Outcome, transfer, transfer_to};

const FILE: &str = "0b6f3a52-1111-4222-8333-944455566677";

#[test]
fn the_next_link_leads_through_all_the_pages() {
    let emulator = Emulator::start(Options { page_size: NonZeroUsize::new(2), ..Options::default() }).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    let (mut names, mut link) = (Vec::new(), None::<String>);
    loop {
        let path = match &link {
            Some(link) => client.session.site().path_of(link).unwrap(),
            None => Path::site("/odata/Contact").unwrap(),
        };
        let mut exchange = client.session.call(&Call::get(path));
        let body = transfer(&mut client.session, &mut exchange).unwrap();
        let page: Value = serde_json::from_slice(&body).unwrap();
        names.extend(page["value"].as_array().unwrap().iter().map(|one| one["Name"].to_string()));
        let answer = exchange.call_result(&client.session).unwrap();
        assert_eq!(answer.verdict, CallVerdict::Fine);
        let next = answer.next_link.map(|text| text.as_str().to_owned());
        assert_eq!(next.as_deref(), page["@odata.nextLink"].as_str());
        match next {
            Some(next) => link = Some(next),
            None => break,
        }
    }
    assert_eq!(names.len(), 6, "{names:?}");
}

/// The call for a piece of a file of so many bytes, whose fields are `Content-Range` and `Content-Disposition`.
fn piece<'c>(query: &'c [(&'c str, &'c str)], fields: &'c [Field<'c>], bytes: &'c [u8]) -> Call<'c> {
    Call::post(Path::site("/rest/FileApiService/UploadFile").unwrap())
        .with_query(query)
        .with_fields(fields)
        .with_body("application/octet-stream", bytes)
        .unwrap()
}

#[test]
fn a_file_goes_up_in_pieces_and_after_a_broken_connection_goes_on_where_it_was() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    let content: Vec<u8> = (0..10_000u32).map(|n| (n * 7) as u8).collect();
    let total = content.len().to_string();
    let query = [
        ("fileId", FILE),
        ("totalFileLength", &*total),
        ("mimeType", "text/plain"),
        ("fileName", "Übersicht & Plan.txt"),
        ("columnName", "Data"),
        ("entitySchemaName", "ContactFile"),
        ("parentColumnName", "Contact"),
        ("parentColumnValue", "410006e1-ca4e-4502-a9ec-e54d922d2c00"),
    ];
    let disposition = Field::new("Content-Disposition", "attachment; filename=plan.txt").unwrap();
    for (number, bytes) in content.chunks(3000).enumerate() {
        let start = number * 3000;
        let range = format!("bytes {start}-{}/{total}", start + bytes.len() - 1);
        let fields = [Field::new("Content-Range", &range).unwrap(), disposition];
        let call = piece(&query, &fields, bytes);
        if number == 1 {
            emulator.cut_request_after(1500);
            assert_eq!(client.call(&call), Outcome::Broken);
            emulator.cut_after(20); // the piece arrives, and the client does not learn of it
            assert_eq!(client.call(&call), Outcome::Broken);
        }
        assert_eq!(client.call(&call), Outcome::Answered(CallVerdict::Fine), "{range}");
    }
    assert_eq!(emulator.file(FILE).unwrap().content, content);

    let fields = [Field::new("Content-Range", "bytes 20000-20000/30000").unwrap(), disposition];
    let gap = client.call(&piece(&query, &fields, b"x"));
    assert_eq!(gap, Outcome::Answered(CallVerdict::Refused));
}

#[test]
fn a_service_that_says_that_it_failed_has_failed() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut client = Client::of(&url, &mut memory);
    let path = Path::site("/DataService/json/SyncReply/SelectQuery").unwrap();
    let good = Call::post(path).with_json(br#"{"rootSchemaName":"Contact"}"#);
    assert_eq!(client.call(&good), Outcome::Answered(CallVerdict::Fine));

    let mut exchange = client.session.call(&Call::post(path).with_json(br#"{"rootSchemaName":"Nothing"}"#));
    transfer(&mut client.session, &mut exchange).unwrap();
    let answer = exchange.call_result(&client.session).unwrap();
    assert_eq!((answer.verdict, answer.http_status), (CallVerdict::Failed, 200));
    assert!(answer.message.unwrap().as_str().contains("Nothing"), "{answer:?}");

    assert_eq!(client.call(&Call::ping()), Outcome::Answered(CallVerdict::Fine));
    assert_eq!(client.call(&Call::logout()), Outcome::Answered(CallVerdict::Fine));
    client.session.clear();
    assert!(!client.session.has_ticket() && client.session.cookies().count() == 0);
}

/// What the probe finds, and how often it has asked.
fn probed(emulator: &Emulator) -> (Runtime, usize) {
    let (url, mut memory) = (emulator.url(), [0; 1024]);
    let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
    let mut probe = RuntimeProbe::new();
    for asked in 1..10 {
        let mut exchange = session.call(&probe.call());
        transfer(&mut session, &mut exchange).unwrap();
        match probe.after_answer(&exchange.call_result(&session).unwrap()) {
            ProbeStep::Found(runtime) => return (runtime, asked),
            ProbeStep::Ask | ProbeStep::AskLater(None) => {}
            step => panic!("{step:?}"),
        }
    }
    panic!("the probe asks on and on");
}

#[test]
fn the_probe_tells_the_runtimes_apart_also_where_the_site_starts() {
    use creatio_emulator::Runtime::{Net, NetFramework};
    for (emulated, starting_checks, expected) in [
        (NetFramework, 0, (Runtime::NetFramework, 1)),
        (NetFramework, 3, (Runtime::NetFramework, 4)),
        (Net, 0, (Runtime::Net, 2)),
        (Net, 3, (Runtime::Net, 8)),
    ] {
        for base_path in ["", "/App"] {
            let options = Options { runtime: emulated, starting_checks, ..Options::default() };
            let emulator = Emulator::start(Options { base_path: base_path.into(), ..options }).unwrap();
            assert_eq!(probed(&emulator), expected, "{emulated:?} {starting_checks}");
        }
    }
}

/// Everything that a session does, as far as it gets: a login, a change of the password, a call, a ping, a log-out; and,
/// where there is an identity service, a token and a call with it.
fn everything(emulator: &Emulator, agent: &str, lines: &str) -> Vec<String> {
    let (url, mut memory) = (emulator.url(), [0; 4096]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    session.set_user_agent(agent).unwrap();
    session.set_field_lines(lines).unwrap();
    let mut seen = Vec::new();

    let credentials = Credentials::borrowed("Supervisor", "Supervisor");
    let mut exchange = session.login(&credentials);
    transfer(&mut session, &mut exchange).unwrap();
    seen.push(format!("{:?}", exchange.login_result(&session).unwrap().verdict));
    let change = PasswordChange::borrowed(credentials, "Supervisor2");
    let mut exchange = session.change_password(&change);
    transfer(&mut session, &mut exchange).unwrap();
    seen.push(format!("{:?}", exchange.login_result(&session).unwrap().verdict));
    let health = Call::health_check(Runtime::NetFramework);
    for call in [health, Call::get(Path::site("/odata/Contact/$count").unwrap()), Call::ping(), Call::logout()] {
        let mut exchange = session.call(&call);
        transfer(&mut session, &mut exchange).unwrap();
        seen.push(format!("{:?}", exchange.call_result(&session).unwrap().verdict));
    }

    let identity = emulator.identity_url().unwrap();
    let identity = Site::parse(&identity, Runtime::Net).unwrap();
    let client = ClientCredentials::borrowed("client", "secret").with_field_lines(lines).unwrap();
    let mut exchange = session.token(&identity, &client);
    transfer_to(&identity, &mut session, &mut exchange).unwrap();
    seen.push(format!("{:?}", exchange.token_result(&session).unwrap().verdict));
    let mut exchange = session.call(&Call::ping());
    transfer(&mut session, &mut exchange).unwrap();
    seen.push(format!("{:?}", exchange.call_result(&session).unwrap().verdict));
    seen
}

const ALL_IS_WELL: [&str; 8] = ["Authenticated", "Authenticated", "Fine", "Fine", "Fine", "Fine", "Granted", "Fine"];

#[test]
fn a_firewall_that_asks_for_a_user_agent_lets_all_requests_through_that_have_one() {
    let start = || {
        let identity = Some(Identity::default());
        Emulator::start(Options { identity, user_agent_required: true, ..Options::default() }).unwrap()
    };
    for agent in [DEFAULT_USER_AGENT, "meter/2.1 (rev B)"] {
        assert_eq!(everything(&start(), agent, ""), ALL_IS_WELL, "{agent}");
    }
    let emulator = start();
    let seen = everything(&emulator, "", "");
    assert!(seen.iter().all(|verdict| !ALL_IS_WELL.contains(&verdict.as_str())), "{seen:?}");
    assert_eq!((emulator.counters().logins, emulator.counters().tokens_issued), (0, 0));
}

#[test]
fn a_gateway_that_asks_for_a_key_lets_all_requests_through_that_have_it() {
    let start = || {
        let gateway_key = Some(("X-Gateway-Key".to_owned(), "k1".to_owned()));
        Emulator::start(Options { identity: Some(Identity::default()), gateway_key, ..Options::default() }).unwrap()
    };
    assert_eq!(everything(&start(), DEFAULT_USER_AGENT, "X-Gateway-Key: k1\r\n"), ALL_IS_WELL);
    for lines in ["", "X-Gateway-Key: other\r\n", "X-Other: k1\r\n"] {
        let emulator = start();
        let seen = everything(&emulator, DEFAULT_USER_AGENT, lines);
        assert!(seen.iter().all(|verdict| !ALL_IS_WELL.contains(&verdict.as_str())), "{lines}: {seen:?}");
        assert_eq!((emulator.counters().logins, emulator.counters().tokens_issued), (0, 0));
    }
}
