//! The services after login, over real connections to the emulator: paging, files in pieces, the DataService, and which
//! runtime a site has.

mod support;

use std::num::NonZeroUsize;

use creatio_auth::{Call, CallVerdict, Field, Path, Runtime, Session, Site};
use creatio_emulator::{Emulator, Options};
use serde_json::Value;
use support::wire::{Client, Outcome, transfer};

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

#[test]
fn the_health_checks_tell_the_runtimes_apart() {
    for (emulated, runtime) in [
        (creatio_emulator::Runtime::NetFramework, Runtime::NetFramework),
        (creatio_emulator::Runtime::Net, Runtime::Net),
    ] {
        let emulator = Emulator::start(Options { runtime: emulated, ..Options::default() }).unwrap();
        let (url, mut memory) = (emulator.url(), [0; 1024]);
        let mut session = Session::new(Site::parse(&url, Runtime::Net).unwrap(), &mut memory);
        for asked in [Runtime::NetFramework, Runtime::Net] {
            let mut exchange = session.call(&Call::health_check(asked));
            transfer(&mut session, &mut exchange).unwrap();
            let is_fine = exchange.call_result(&session).unwrap().verdict == CallVerdict::Fine;
            assert_eq!(is_fine, asked == runtime, "{asked:?} asked of {runtime:?}");
        }
    }
}
