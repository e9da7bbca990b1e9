//! Signs in over plain TCP in one task of three, by the asynchronous client and embassy, on a board with 64 KiB of RAM.

#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, Ordering};

use creatio_auth::client::transports::embassy_net_09::Tcp;
use creatio_firmware::board::{self, Board, Lm3s6965};
use creatio_firmware::ethernet::Ethernet;
use creatio_firmware::{async_work, embassy, outcome, println, semihosting};
use embassy_executor::Spawner;
use embassy_net::{Runner, StackResources};
use embassy_time::{Duration, Timer};
use static_cell::{ConstStaticCell, StaticCell};

/// How often the other task has come to its turn. On a board of one's own it would blink.
static TURNS: AtomicU32 = AtomicU32::new(0);

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    static RESOURCES: StaticCell<StackResources<2>> = StaticCell::new();
    static RECEIVE: ConstStaticCell<[u8; 2048]> = ConstStaticCell::new([0; 2048]);
    static SEND: ConstStaticCell<[u8; 1024]> = ConstStaticCell::new([0; 1024]);

    let start = board::start::<Lm3s6965>();
    embassy::start_alarms();
    let resources = RESOURCES.init(StackResources::new());
    let (stack, runner) = embassy_net::new(start.ethernet, embassy::config(), resources, start.seed);
    spawner.spawn(network(runner).expect("this task is started once"));
    spawner.spawn(turns().expect("this task is started once"));

    let patience = start.arguments.number("patience").unwrap_or(10_000);
    let patience = core::time::Duration::from_millis(patience.into());
    let tcp = Tcp::new(stack, RECEIVE.take(), SEND.take(), patience);
    let ending = async_work::run(start.arguments, tcp).await;
    println!("turns     {} of the other task meanwhile", TURNS.load(Ordering::Relaxed));
    semihosting::exit(outcome::code(ending))
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Ethernet<<Lm3s6965 as Board>::Controller>>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn turns() -> ! {
    loop {
        TURNS.fetch_add(1, Ordering::Relaxed);
        Timer::after(Duration::from_millis(1)).await;
    }
}
