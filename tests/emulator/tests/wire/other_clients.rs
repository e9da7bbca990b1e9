//! Clients that others have written, run by `tests/other_clients/calls.py`.

use std::num::NonZeroUsize;
use std::path::Path;
use std::process::Command;

use creatio_emulator::{Emulator, Options, Runtime};

use crate::start;

fn run(emulator: &Emulator, runtime: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let mut command = Command::new(target.join("other-clients/bin/python"));
    command.args([concat!(env!("CARGO_MANIFEST_DIR"), "/../other_clients/calls.py"), &emulator.url(), runtime]);
    if let Some(pem) = emulator.certificate_pem() {
        let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-clients.pem");
        std::fs::write(&trusted, pem).unwrap();
        command.env("REQUESTS_CA_BUNDLE", trusted);
    }
    let output = command.output().expect("the clients are installed by cargo xtask test");
    assert!(output.status.success(), "{}{}", lossy(&output.stdout), lossy(&output.stderr));
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[test]
#[ignore = "needs other clients; run by cargo xtask test"]
fn they_work_as_with_a_real_site() {
    for (runtime, name) in [(Runtime::NetFramework, "net-framework"), (Runtime::Net, "net")] {
        run(&start(Options { runtime, ..Options::default() }), name);
        let base_path = "/CreatioWebApp".to_owned();
        let chunk_size = NonZeroUsize::new(100);
        run(&start(Options { runtime, tls: true, base_path, chunk_size, sliding: true, ..Options::default() }), name);
    }
}
