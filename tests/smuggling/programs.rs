//! Readers of others that are programs: a server of the rows, and who asks it for each.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::rows::{NEXT, Row, taken};

/// How long the second reply waits, so that what comes first has been read by then: some take both at once for a fault.
const PAUSE: Duration = Duration::from_millis(500);

/// Serves the row of a number at `/NUMBER`; the port.
pub fn serve(rows: &[Row]) -> u16 {
    let replies: Arc<Vec<Vec<u8>>> = Arc::new(rows.iter().map(Row::bytes).collect());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let replies = replies.clone();
            thread::spawn(move || answer(stream, &replies));
        }
    });
    port
}

fn answer(mut stream: TcpStream, replies: &[Vec<u8>]) -> io::Result<()> {
    let (mut request, mut buffer) = (Vec::new(), [0; 1024]);
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => request.extend_from_slice(&buffer[..read]),
        }
    }
    let request = String::from_utf8_lossy(&request);
    let number = request.split(['/', ' ']).nth(2).and_then(|number| number.parse::<usize>().ok());
    stream.write_all(number.and_then(|number| replies.get(number)).map_or(b"", |reply| reply))?;
    stream.set_read_timeout(Some(PAUSE))?;
    let _ = stream.read(&mut buffer);
    stream.write_all(NEXT)?;
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// What curl makes of each row.
pub fn curl(rows: &[Row], port: u16) -> Vec<String> {
    let ask = |number: usize, row: &Row| {
        let url = format!("http://127.0.0.1:{port}/{number}");
        let mut curl = Command::new("curl");
        curl.args(["-q", "--silent", "--http1.1", "--noproxy", "*", "--max-time", "20", "--output", "-"]);
        curl.args(["--write-out", "%{stderr}%{http_code}", &url]);
        if row.is_head() {
            curl.args(["--head", "--output", "/dev/null"]);
        }
        let output = curl.output().expect("curl runs");
        let status = String::from_utf8_lossy(&output.stderr).parse().unwrap_or_default();
        let body = if row.is_head() { &b""[..] } else { &output.stdout };
        if output.status.success() { taken(status, body) } else { "refused".into() }
    };
    // Several at a time, for each waits.
    let mut results = vec![String::new(); rows.len()];
    for (numbers, results) in (0..rows.len()).collect::<Vec<_>>().chunks(16).zip(results.chunks_mut(16)) {
        thread::scope(|scope| {
            for (number, result) in numbers.iter().zip(results) {
                scope.spawn(|| *result = ask(*number, &rows[*number]));
            }
        });
    }
    results
}

/// What a script makes of each row: it gets the port and the methods, and prints a line of each, the status and the body in
/// hexadecimal digits, or anything else for one that it refuses.
fn script(program: &Path, name: &str, rows: &[Row], port: u16) -> Vec<String> {
    let methods = rows.iter().map(|row| if row.is_head() { "HEAD" } else { "GET" });
    let output = Command::new(program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smuggling").join(name))
        .args([port.to_string(), methods.collect::<Vec<_>>().join(",")])
        .stderr(Stdio::inherit())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert!(output.status.success(), "{name}");
    let result = |line: &str| {
        let (status, digits) = line.split_once(' ')?;
        let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok());
        Some(taken(status.parse().ok()?, &bytes.collect::<Option<Vec<_>>>()?))
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    let results: Vec<_> = lines.lines().map(|line| result(line).unwrap_or("refused".into())).collect();
    assert_eq!(results.len(), rows.len(), "{name}");
    results
}

/// What h11 makes of each row.
pub fn h11(rows: &[Row], port: u16) -> Vec<String> {
    script(&python(), "h11_client.py", rows, port)
}

/// What Node's client makes of each row.
pub fn node(rows: &[Row], port: u16) -> Vec<String> {
    script(Path::new("node"), "node_client.js", rows, port)
}

/// The Python that has h11.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    target.join("smuggling/bin/python")
}

/// The versions of the programs.
pub fn versions() -> [(&'static str, String); 3] {
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let output = output.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let curl = run(Path::new("curl"), &["--version"]);
    [
        ("curl", curl.split(' ').nth(1).unwrap_or_default().to_owned()),
        ("h11", run(&python(), &["-c", "import h11; print(h11.__version__)"])),
        ("node", run(Path::new("node"), &["--version"]).trim_start_matches('v').to_owned()),
    ]
}
