//! The blocking client over real connections to the emulator.

use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, CallVerdict, Credentials, Path, Runtime, Session, Site, Verdict};
use creatio_emulator::{Emulator, Options};

use crate::tcp::Tcp;

#[test]
fn signs_in_calls_uploads_renews_and_logs_out() {
    let emulator = Emulator::start(Options::default()).unwrap();
    let (url, mut memory, mut buffer) = (emulator.url(), [0; 4096], [0; 256]);
    let mut session = Session::new(Site::parse(&url, Runtime::NetFramework).unwrap(), &mut memory);
    let mut client = Client::new(&mut session, Tcp::default(), &mut buffer);
    let credentials = Credentials::borrowed("Supervisor", "Supervisor");
    assert_eq!(client.login(&credentials).unwrap().verdict, Verdict::Authenticated);

    let contacts = Path::site("/odata/Contact").unwrap();
    let create = Call::post(contacts).with_json(br#"{"Name":"Ann"}"#);
    assert_eq!(client.call(&create).unwrap().answer().unwrap().verdict, CallVerdict::Fine);

    let mut reply = client.call(&Call::get(contacts)).unwrap();
    assert_eq!(reply.http_status(), 200);
    let mut body = Vec::new();
    while let Some(piece) = reply.piece().unwrap() {
        body.extend_from_slice(piece);
    }
    assert!(String::from_utf8(body).unwrap().contains("Ann"));
    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);

    let json = br#"{"Name":"Bob"}"#;
    let call = Call::post(contacts).with_body_of_length("application/json", json.len()).unwrap();
    let mut upload = client.upload(&call).unwrap();
    json.chunks(3).for_each(|piece| upload.write(piece).unwrap());
    assert_eq!(upload.reply().unwrap().answer().unwrap().http_status, 201);

    emulator.expire_sessions();
    let reply = client.call_renewed(&create, &credentials).unwrap();
    assert_eq!(reply.answer().unwrap().verdict, CallVerdict::Fine);

    assert_eq!(client.logout().unwrap(), CallVerdict::Fine);
    assert!(!client.session().has_ticket());
    assert_eq!(emulator.counters().writes, 3);
    assert_eq!(emulator.counters().logins, 2);
}
