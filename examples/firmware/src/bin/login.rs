//! Signs in over plain TCP.

#![no_std]
#![no_main]

use core::net::SocketAddrV4;

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use creatio_auth::{Call, Credentials, Path, Runtime, Session, Site};
use creatio_firmware::arguments::Arguments;
use creatio_firmware::drive;
use creatio_firmware::ethernet::{Ethernet, Frames};
use creatio_firmware::socket::{Buffers, GATEWAY, Socket};
use creatio_firmware::stellaris::{KILOHERTZ, Stellaris};
use creatio_firmware::{clock, println, semihosting, stack};
use static_cell::ConstStaticCell;

const ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 1];

#[entry]
fn main() -> ! {
    let mut peripherals = Peripherals::take().unwrap();
    clock::start(&mut peripherals, KILOHERTZ);
    static LINE: ConstStaticCell<[u8; 256]> = ConstStaticCell::new([0; 256]);
    static FRAMES: ConstStaticCell<Frames> = ConstStaticCell::new(Frames::new());
    static BUFFERS: ConstStaticCell<Buffers<2048>> = ConstStaticCell::new(Buffers::new());
    static MEMORY: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; 4096]);
    let arguments = Arguments::new(semihosting::command_line(LINE.take()));
    let ethernet = Ethernet::new(Stellaris::new(&mut peripherals, ADDRESS), FRAMES.take());
    let mut socket = Socket::new(ethernet, BUFFERS.take(), ADDRESS, 1);
    if let Some(patience) = arguments.number("patience") {
        socket.set_patience(patience);
    }
    let site = Site::parse(arguments.get("url").unwrap(), Runtime::NetFramework).unwrap();
    if let Err(error) = socket.connect(SocketAddrV4::new(GATEWAY, site.port())) {
        println!("{error}");
        semihosting::exit(2);
    }
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
    println!("reads {}", socket.reads);
    semihosting::exit(0)
}
