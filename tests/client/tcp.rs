//! Sockets of the standard library and of tokio as transports.

use std::io;
use std::net::TcpStream;

use creatio_auth::Site;
use creatio_auth::client::blocking::Transport;
use creatio_auth::client::embedded_io_07::{ErrorType, Read, Write};
use embedded_io_adapters::std::FromStd;

/// A TCP connection, without TLS.
#[derive(Default)]
pub struct Tcp {
    stream: Option<FromStd<TcpStream>>,
    pub connects: u32,
}

impl Tcp {
    fn stream(&mut self) -> io::Result<&mut FromStd<TcpStream>> {
        self.stream.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl ErrorType for Tcp {
    type Error = io::Error;
}

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream()?.read(buffer)
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream()?.flush()
    }
}

impl Transport for Tcp {
    fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
        assert!(self.stream.is_none(), "one connection at a time");
        self.connects += 1;
        let stream = TcpStream::connect((site.host(), site.port()))?;
        stream.set_nodelay(true)?; // a request goes in more than one write
        self.stream = Some(FromStd::new(stream));
        Ok(())
    }

    fn disconnect(&mut self) {
        self.stream = None;
    }
}

#[cfg(feature = "embedded-io-async-07")]
pub mod tokio {
    use std::io;

    use creatio_auth::Site;
    use creatio_auth::client::asynch::Transport;
    use creatio_auth::client::embedded_io_async_07::{ErrorType, Read, Write};
    use embedded_io_adapters::tokio_1::FromTokio;
    use tokio::net::TcpStream;

    #[derive(Default)]
    pub struct Tcp(Option<FromTokio<TcpStream>>);

    impl Tcp {
        fn stream(&mut self) -> io::Result<&mut FromTokio<TcpStream>> {
            self.0.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
        }
    }

    impl ErrorType for Tcp {
        type Error = io::Error;
    }

    impl Read for Tcp {
        async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.stream()?.read(buffer).await
        }
    }

    impl Write for Tcp {
        async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.stream()?.write(bytes).await
        }

        async fn flush(&mut self) -> io::Result<()> {
            self.stream()?.flush().await
        }
    }

    impl Transport for Tcp {
        async fn connect(&mut self, site: &Site<'_>) -> io::Result<()> {
            self.0 = Some(FromTokio::new(TcpStream::connect((site.host(), site.port())).await?));
            Ok(())
        }

        fn disconnect(&mut self) {
            self.0 = None;
        }
    }
}
