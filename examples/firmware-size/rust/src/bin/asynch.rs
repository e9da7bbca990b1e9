//! A firmware with the asynchronous client, and the least of executors.
#![no_std]
#![no_main]

use creatio_auth::client::asynch::Client;
use creatio_auth::{Call, CallVerdict, Path};
use firmware_size::{BUFFER_SIZE, Peer, WHO, session, socket, wait};

#[unsafe(no_mangle)]
fn run(memory: &'static mut [u8]) -> bool {
    wait(live(memory)).is_some()
}

/// Signs in, makes a call in a session that has ended, so that it is signed in again, and logs out.
async fn live(memory: &'static mut [u8]) -> Option<()> {
    let mut session = session(memory)?;
    let mut buffer = [0; BUFFER_SIZE];
    let mut client = Client::new(&mut session, Peer::new(), &mut buffer);
    if !client.login(&WHO).await.ok()?.verdict.is_authenticated() {
        return None;
    }
    let call = Call::get(Path::site("/odata/Contact?$top=3").ok()?);
    let mut reply = client.call_renewed(&call, &WHO).await.ok()?;
    while let Some(piece) = reply.piece().await.ok()? {
        socket::write(piece);
    }
    if reply.answer().await.ok()?.verdict != CallVerdict::Fine {
        return None;
    }
    client.logout().await.ok()?;
    Some(())
}

#[unsafe(no_mangle)]
fn signs_in(memory: &'static mut [u8]) -> bool {
    let Some(mut session) = session(memory) else { return false };
    let mut buffer = [0; BUFFER_SIZE];
    let mut client = Client::new(&mut session, Peer::new(), &mut buffer);
    let login = wait(client.login(&WHO));
    login.is_ok_and(|login| login.verdict.is_authenticated())
}
