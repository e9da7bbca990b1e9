//! The application of `tests/aspnet`, which has the doors of a Creatio site, served by ASP.NET as Mono has it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::server::Server;

/// A server with a directory of its own; it ends with this value, and with the test however that ends.
pub struct AspNet(Server);

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

        let mut server = Command::new("mono");
        server
            .arg(program)
            .env("TMPDIR", directory.join("temporary")) // where ASP.NET compiles pages
            .stdin(Stdio::piped()); // with whose end it ends, too
        AspNet(Server::start(&mut server, "Mono"))
    }

    pub fn url(&self) -> &str {
        self.0.url()
    }
}
