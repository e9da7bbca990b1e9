//! The application of `tests/aspnet`, which has the doors of a Creatio site, served by ASP.NET as Mono has it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A server with a directory of its own; it ends with this value, and with the test however that ends.
pub struct AspNet {
    /// The server, which ends with its standard input, and so with this.
    process: Child,
    url: String,
}

impl AspNet {
    pub fn start(name: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aspnet");
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("aspnet").join(name);
        let program = directory.join("bin/Site.exe");
        for folder in ["bin", "Login", "temporary"] {
            fs::create_dir_all(directory.join(folder)).unwrap();
        }
        for file in ["web.config", "Login/NuiLogin.aspx"] {
            fs::copy(source.join(file), directory.join(file)).unwrap();
        }
        let compiled = Command::new("mcs")
            .args(["-nologo", "-warnaserror", "-r:System.Web", "-r:System.Web.Extensions", "Server.cs", "Site.cs"])
            .arg(format!("-out:{}", program.display()))
            .current_dir(source)
            .status()
            .expect("Mono is installed by cargo xtask test");
        assert!(compiled.success(), "the application does not compile");

        let mut process = Command::new("mono")
            .arg(program)
            .env("TMPDIR", directory.join("temporary")) // where ASP.NET compiles pages
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Mono is installed by cargo xtask test");
        let output = process.stdout.take().unwrap();
        let mut server = AspNet { process, url: String::new() };
        BufReader::new(output).read_line(&mut server.url).unwrap();
        server.url.truncate(server.url.trim_end().len());
        assert!(server.url.starts_with("http://127.0.0.1:"), "ASP.NET does not start");
        server
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for AspNet {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
