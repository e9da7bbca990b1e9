//! What [`work`](crate::work) does, by the asynchronous client.

use creatio_auth::client::asynch::{Client, Transport};
use creatio_auth::{Call, Path, Session};
use static_cell::ConstStaticCell;

use crate::arguments::Arguments;
use crate::outcome::{Ending, Stop, accept, check};
use crate::semihosting::print_bytes;
use crate::work::{BUFFER, MEMORY, Settings};
use crate::{print, println, stack};

/// Signs in, reads a record, pings and logs out, as often as the argument `times` says. To be called once.
pub async fn run<T: Transport>(arguments: Arguments<'_>, transport: T) -> Ending<T::Error> {
    static SESSION: ConstStaticCell<[u8; MEMORY]> = ConstStaticCell::new([0; MEMORY]);
    static PIECES: ConstStaticCell<[u8; BUFFER]> = ConstStaticCell::new([0; BUFFER]);

    let Settings { site, credentials } = Settings::of(arguments).map_err(Stop::Argument)?;
    let mut session = Session::new(site, SESSION.take());
    let mut client = Client::new(&mut session, transport, PIECES.take());
    let times = arguments.number("times").unwrap_or(1);
    for time in 0..times {
        let login = client.login(&credentials).await?;
        if time == 0 {
            println!("sign in   {}", login.verdict);
        }
        accept(login)?;
        if time == 0 {
            stack::report("first login");
        }

        let query = [("$top", "1"), ("$select", "Name,Email")];
        let call = Call::get(Path::site("/odata/Contact")?).with_query(&query);
        let mut reply = client.call_renewed(&call, &credentials).await?;
        if time == 0 {
            print!("contact   ");
            while let Some(piece) = reply.piece().await? {
                print_bytes(piece);
            }
            print!("\n");
        }
        check("contact", reply.answer().await?)?;

        let reply = client.call_renewed(&Call::ping(), &credentials).await?;
        check("ping", reply.answer().await?)?;
        let verdict = client.logout().await?;
        if let Some(verdict) = verdict.filter(|_| time == 0) {
            println!("log out   {verdict}");
        }
    }
    println!("logins    {times}");
    stack::report("end");
    Ok(())
}
