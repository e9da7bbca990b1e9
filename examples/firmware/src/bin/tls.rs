//! Signs in over plain TCP.

#![no_std]
#![no_main]

use core::net::SocketAddrV4;

use cortex_m_rt::entry;
use creatio_auth::{Call, Credentials, Path, Runtime, Session, Site};
use creatio_firmware::board::{self, Mps2};
use creatio_firmware::socket::GATEWAY;
use creatio_firmware::tls::{Records, Tls};
use creatio_firmware::{clock, drive, println, semihosting, stack};
use static_cell::ConstStaticCell;

#[entry]
fn main() -> ! {
    static MEMORY: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; 4096]);
    let start = board::start::<Mps2>();
    let arguments = start.arguments;
    let mut socket = start.socket();
    let site = Site::parse(arguments.get("url").unwrap(), Runtime::NetFramework).unwrap();
    if let Err(error) = socket.connect(SocketAddrV4::new(GATEWAY, site.port())) {
        println!("{error}");
        semihosting::exit(2);
    }
    static RECORDS: ConstStaticCell<Records> = ConstStaticCell::new(Records::new());
    static AUTHORITY: ConstStaticCell<[u8; 2048]> = ConstStaticCell::new([0; 2048]);
    let authority = AUTHORITY.take();
    let len = semihosting::File::open(arguments.get("authority").unwrap()).unwrap().read(authority);
    let mut socket = match Tls::open(socket, RECORDS.take(), &authority[..len], site.host()) {
        Ok(tls) => tls,
        Err(error) => {
            println!("{error}");
            semihosting::exit(2);
        }
    };
    println!("tls {} ms, stack {}", clock::milliseconds(), stack::peak());
    let mut session = Session::new(site, MEMORY.take());
    let credentials = Credentials::borrowed(arguments.get("user").unwrap(), arguments.get("password").unwrap());
    for round in 0..arguments.number("logins").unwrap_or(1) {
        let mut exchange = session.login(&credentials);
        if let Err(trouble) = drive::run(&mut socket, &mut session, &mut exchange, |_| ()) {
            println!("{trouble:?}");
            semihosting::exit(2);
        }
        let verdict = exchange.login_result(&session).unwrap().verdict;
        if round == 0 {
            println!("{verdict}");
            println!("stack {} of {}, {} ms", stack::peak(), stack::size(), clock::milliseconds());
        }
        if !verdict.is_authenticated() {
            semihosting::exit(1);
        }
        let mut exchange = session.call(&Call::get(Path::site("/odata/Contact/$count").unwrap()));
        if let Err(trouble) = drive::run(&mut socket, &mut session, &mut exchange, |_| ()) {
            println!("{trouble:?}");
            semihosting::exit(2);
        }
        session.clear();
    }
    println!("stack {} of {}, {} ms", stack::peak(), stack::size(), clock::milliseconds());
    semihosting::exit(0)
}
