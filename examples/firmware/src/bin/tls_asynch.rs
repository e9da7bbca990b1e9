//! Signs in over TLS in one task of two, by the asynchronous client, embassy's TCP and embedded-tls, on a board with memory to spare.
//! The arguments are those of `tls`.

#![no_std]
#![no_main]

use core::time::Duration;

use creatio_auth::client::transports::embassy_net_09::Tcp;
use creatio_auth::client::transports::lending::lend;
use creatio_firmware::board::{self, Board, Mps2};
use creatio_firmware::embassy::WithoutDns;
use creatio_firmware::ethernet::Ethernet;
use creatio_firmware::outcome::{self, Ending, Stop};
use creatio_firmware::semihosting::{self, File};
use creatio_firmware::tls::{Records, Tls};
use creatio_firmware::{async_work, embassy};
use embassy_executor::Spawner;
use embassy_net::{Runner, StackResources};
use embedded_tls::TlsError;
use static_cell::{ConstStaticCell, StaticCell};

/// The longest certificate.
const AUTHORITY: usize = 2048;

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    semihosting::exit(outcome::code(run(spawner).await))
}

async fn run(spawner: Spawner) -> Ending<TlsError> {
    static CERTIFICATE: ConstStaticCell<[u8; AUTHORITY]> = ConstStaticCell::new([0; AUTHORITY]);
    static RECORDS: ConstStaticCell<Records> = ConstStaticCell::new(Records::new());
    static RESOURCES: StaticCell<StackResources<2>> = StaticCell::new();
    static RECEIVE: ConstStaticCell<[u8; 2048]> = ConstStaticCell::new([0; 2048]);
    static SEND: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);

    let start = board::start::<Mps2>();
    embassy::start_alarms();
    let resources = RESOURCES.init(StackResources::new());
    let (stack, runner) = embassy_net::new(start.ethernet, embassy::config(), resources, start.seed);
    spawner.spawn(network(runner).expect("this task is started once"));

    let arguments = start.arguments;
    let certificate = CERTIFICATE.take();
    let file = arguments.get("authority").and_then(File::open);
    let len = file.ok_or(Stop::Argument("authority"))?.read(certificate);
    let patience = arguments.number("patience").unwrap_or(10_000);
    let tcp = Tcp::new(stack, RECEIVE.take(), SEND.take(), Duration::from_millis(patience.into()));
    let mut tls = Tls::new(WithoutDns(tcp), RECORDS.take(), &certificate[..len]);
    lend(&mut tls, async |transport| async_work::run(arguments, transport).await).await
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Ethernet<<Mps2 as Board>::Controller>>) -> ! {
    runner.run().await
}
