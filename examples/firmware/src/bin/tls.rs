//! Signs in over TLS, on a board with memory to spare. The argument `authority` names a file on the host with the
//! certificate, in DER, of the authority that has signed the site's; a product has it in flash.

#![no_std]
#![no_main]

use cortex_m_rt::entry;
use creatio_auth::client::transports::lending::blocking::lend;
use creatio_firmware::board::{self, Mps2};
use creatio_firmware::outcome::{self, Ending, Stop};
use creatio_firmware::semihosting::{self, File};
use creatio_firmware::tls::{Records, Tls};
use creatio_firmware::work;
use embedded_tls::TlsError;
use static_cell::ConstStaticCell;

/// The longest certificate.
const AUTHORITY: usize = 2048;

#[entry]
fn main() -> ! {
    semihosting::exit(outcome::code(run()))
}

fn run() -> Ending<TlsError> {
    static CERTIFICATE: ConstStaticCell<[u8; AUTHORITY]> = ConstStaticCell::new([0; AUTHORITY]);
    static RECORDS: ConstStaticCell<Records> = ConstStaticCell::new(Records::new());

    let start = board::start::<Mps2>();
    let arguments = start.arguments;
    let certificate = CERTIFICATE.take();
    let file = arguments.get("authority").and_then(File::open);
    let len = file.ok_or(Stop::Argument("authority"))?.read(certificate);
    let mut tls = Tls::new(start.socket(), RECORDS.take(), &certificate[..len]).blocking();
    lend(&mut tls, |transport| work::run(arguments, transport))
}
