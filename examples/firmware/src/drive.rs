//! Drives an exchange over a connection.

use creatio_auth::{Exchange, ReplyError, Session};
use embedded_io::{Read, Write};

/// Why an exchange has come to nothing.
#[derive(Debug)]
pub enum Trouble<E> {
    Connection(E),
    Reply(ReplyError),
}

pub fn run<C: Read + Write>(
    connection: &mut C,
    session: &mut Session<'_>,
    exchange: &mut Exchange<'_>,
    mut body: impl FnMut(&[u8]),
) -> Result<(), Trouble<C::Error>> {
    let mut buffer = [0; 512];
    loop {
        let len = exchange.fill(session, &mut buffer).map_err(|misuse| Trouble::Reply(misuse.into()))?;
        if len == 0 {
            break;
        }
        connection.write_all(&buffer[..len]).map_err(Trouble::Connection)?;
    }
    connection.flush().map_err(Trouble::Connection)?;
    loop {
        let len = connection.read(&mut buffer).map_err(Trouble::Connection)?;
        if len == 0 {
            return exchange.close(session).map_err(Trouble::Reply);
        }
        let mut rest = &buffer[..len];
        while !rest.is_empty() {
            let fed = exchange.feed(session, rest).map_err(Trouble::Reply)?;
            body(fed.body);
            if fed.done {
                return Ok(());
            }
            rest = &rest[fed.consumed..];
        }
    }
}
