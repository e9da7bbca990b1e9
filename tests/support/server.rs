//! A server that others have written, as a program that prints its URL once it listens.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// It ends with this value.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    pub fn start(command: &mut Command, name: &str) -> Self {
        let missing = format!("{name} is installed by cargo xtask test");
        let process = command.stdout(Stdio::piped()).spawn().expect(&missing);
        let mut server = Server { process, url: String::new() };
        let output = server.process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut server.url).unwrap();
        server.url.truncate(server.url.trim_end().len());
        assert!(server.url.starts_with("http://127.0.0.1:"), "{name} does not start");
        server
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
