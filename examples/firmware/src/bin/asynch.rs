//! Signs in over plain TCP, in a task beside others.

#![no_std]
#![no_main]

use creatio_firmware::board::{self, Lm3s6965};
use creatio_firmware::embassy;
use creatio_firmware::ethernet::Ethernet;
use creatio_firmware::socket::GATEWAY;
use creatio_firmware::stellaris::Stellaris;
use creatio_firmware::{clock, println, semihosting, stack};
use embassy_executor::Spawner;
use embassy_net::tcp::TcpSocket;
use embassy_net::{Runner, StackResources};
use embassy_time::{Duration, Timer};
use embedded_io_async::Write;
use static_cell::StaticCell;

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    let start = board::start::<Lm3s6965>();
    embassy::start_alarms();
    static RESOURCES: StaticCell<StackResources<1>> = StaticCell::new();
    let (stack, runner) =
        embassy_net::new(start.ethernet, embassy::config(), RESOURCES.init(StackResources::new()), start.seed);
    spawner.spawn(network(runner).unwrap());
    spawner.spawn(blink().unwrap());
    let mut receive = [0; 1024];
    let mut send = [0; 1024];
    let mut socket = TcpSocket::new(stack, &mut receive, &mut send);
    let port: u16 = start.arguments.get("url").unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
    socket.connect((GATEWAY, port)).await.unwrap();
    socket.write_all(b"GET /0/api/HealthCheck/Ping HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut buffer = [0; 256];
    let len = socket.read(&mut buffer).await.unwrap();
    println!("{:?}", core::str::from_utf8(&buffer[..len]));
    Timer::after(Duration::from_millis(20)).await;
    println!("stack {} of {}, {} ms", stack::peak(), stack::size(), clock::milliseconds());
    semihosting::exit(0)
}

#[embassy_executor::task]
async fn network(mut runner: Runner<'static, Ethernet<Stellaris>>) -> ! {
    runner.run().await
}

#[embassy_executor::task]
async fn blink() -> ! {
    loop {
        println!("blink");
        Timer::after(Duration::from_millis(10)).await;
    }
}
