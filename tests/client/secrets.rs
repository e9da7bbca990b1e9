//! What the client's buffer has held is wiped.

use creatio_auth::client::blocking::Client;
use creatio_auth::{Call, PasswordChange};

use crate::script::{Line, Script};
use crate::support::fixtures::setting;
use crate::support::{MEMORY, contacts, credentials, net, signed_in};

type Exchange = fn(&mut Client<'_, '_, Script>) -> bool;

const EXCHANGES: [Exchange; 6] = [
    |client| client.login(&credentials()).is_ok(),
    |client| client.change_password(&PasswordChange::borrowed(credentials(), "new")).is_ok(),
    |client| client.call(&Call::get(contacts())).is_ok(),
    |client| client.call(&Call::get(contacts())).is_ok_and(|reply| reply.answer().is_ok()),
    |client| client.upload(&Call::put(contacts()).with_body_of_length("text/plain", 4).unwrap()).is_ok(),
    |client| client.logout().is_ok(),
];

#[test]
fn debug_shows_what_goes_on_and_no_secret() {
    let reply = || setting(&["BPMCSRF=new; path=/"]);
    let (mut memory, mut buffer) = ([0; MEMORY], [0; 256]);
    let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=SECRET; path=/"]);
    let script = Script::new([Line::new([]), Line::new([reply()])]);
    let mut client = Client::new(&mut session, script, &mut buffer);
    let call = Call::put(contacts()).with_body_of_length("text/plain", 4).unwrap();
    let mut shown = vec![format!("{client:?}")];
    let upload = client.upload(&call).unwrap();
    shown.push(format!("{upload:?}"));
    drop(upload);
    shown.push(format!("{:?}", client.call(&Call::get(contacts())).unwrap()));
    for (shown, starts, holds) in [
        (&shown[0], "Client { session: Session { site: ", "is_kept: false"),
        (&shown[1], "Upload { exchange: Exchange { ", "state: Receiving"),
        (&shown[2], "Reply { exchange: Exchange { ", "http_status: Some(200)"),
    ] {
        assert!(shown.starts_with(starts) && shown.contains(holds), "{shown}");
        assert!(!shown.contains("SECRET") && !shown.contains("Code"), "{shown}");
    }
}

#[test]
fn nothing_of_an_exchange_stays_in_the_buffer_wherever_it_ends() {
    let reply = setting(&[".ASPXAUTH=new; path=/"]);
    for exchange in EXCHANGES {
        for (takes, gives) in [(usize::MAX, usize::MAX), (usize::MAX, 60), (200, 0)] {
            let script = Script::new([Line::new([reply.clone()]).takes(takes).gives(gives)]);
            let (mut memory, mut buffer) = ([0; MEMORY], [0xEE; 128]);
            let mut session = signed_in(net(), &mut memory, &[".ASPXAUTH=old; path=/"]);
            let mut client = Client::new(&mut session, script.clone(), &mut buffer);
            let _ = exchange(&mut client);
            assert!(script.notes(|notes| notes.sent[0].len()) > 100);
            assert_eq!(buffer, [0; 128]);
        }
    }
}
