//! Signs in over plain TCP.

#![no_std]
#![no_main]

use core::net::SocketAddrV4;

use cortex_m::Peripherals;
use cortex_m_rt::entry;
use creatio_auth::{Call, Credentials, Exchange, Path, Runtime, Session, Site};
use creatio_firmware::arguments::Arguments;
use creatio_firmware::ethernet::Ethernet;
use creatio_firmware::socket::{Buffers, GATEWAY, Socket};
use creatio_firmware::stellaris::{KILOHERTZ, Stellaris};
use creatio_firmware::{clock, println, semihosting, stack};
use embedded_io::{Read, Write};
use static_cell::ConstStaticCell;

const ADDRESS: [u8; 6] = [2, 0, 0, 0, 0, 1];

#[entry]
fn main() -> ! {
    let mut peripherals = Peripherals::take().unwrap();
    clock::start(&mut peripherals, KILOHERTZ);
    static LINE: ConstStaticCell<[u8; 256]> = ConstStaticCell::new([0; 256]);
    static BUFFERS: ConstStaticCell<Buffers<2048>> = ConstStaticCell::new(Buffers::new());
    static MEMORY: ConstStaticCell<[u8; 4096]> = ConstStaticCell::new([0; 4096]);
    static ETHERNET: static_cell::StaticCell<Ethernet<Stellaris>> = static_cell::StaticCell::new();
    let arguments = Arguments::new(semihosting::command_line(LINE.take()));
    let ethernet = ETHERNET.init(Ethernet::new(Stellaris::new(&mut peripherals, ADDRESS)));
    let mut socket = Socket::new(ethernet, BUFFERS.take(), ADDRESS, 1);
    let site = Site::parse(arguments.get("url").unwrap(), Runtime::NetFramework).unwrap();
    println!("connecting to {:?}", site.port());
    socket.connect(SocketAddrV4::new(GATEWAY, site.port())).unwrap();
    println!("connected");
    let mut session = Session::new(site, MEMORY.take());
    let credentials = Credentials::borrowed(arguments.get("user").unwrap(), arguments.get("password").unwrap());
    let mut exchange = session.login(&credentials);
    run(&mut socket, &mut session, &mut exchange);
    println!("{}", exchange.login_result(&session).unwrap().verdict);
    let mut exchange = session.call(&Call::get(Path::site("/odata/Contact/$count").unwrap()));
    run(&mut socket, &mut session, &mut exchange);
    println!("{}", exchange.call_result(&session).unwrap().verdict);
    println!("stack {} of {}, {} ms", stack::peak(), stack::size(), clock::milliseconds());
    semihosting::exit(0)
}

fn run(socket: &mut Socket<Stellaris>, session: &mut Session<'_>, exchange: &mut Exchange<'_>) {
    let mut buffer = [0; 512];
    loop {
        let len = exchange.fill(session, &mut buffer).unwrap();
        if len == 0 {
            break;
        }
        socket.write_all(&buffer[..len]).unwrap();
    }
    loop {
        let len = socket.read(&mut buffer).unwrap();
        let mut rest = &buffer[..len];
        while !rest.is_empty() {
            let fed = exchange.feed(session, rest).unwrap();
            if fed.done {
                return;
            }
            rest = &rest[fed.consumed..];
        }
    }
}
