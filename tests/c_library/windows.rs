//! The example of Windows authentication in C: with tokens of GSS-API, which a key distribution centre of Kerberos, MIT's, gives out
//! and an acceptor of GSS-API's judges; and with those of NTLM, judged by pyspnego.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::build::{ROOT, Run, archive, cc, compiler, run, sanitized, scratch, succeed};
use crate::interface::{link_tests, passes};
use crate::server::Server;

const REALM: &str = "CREATIO.TEST";

/// A realm with one user, and one service: `HTTP` on this machine. It ends with the value.
struct Realm {
    place: PathBuf,
    centre: Child,
}

impl Drop for Realm {
    fn drop(&mut self) {
        let _ = self.centre.kill();
        let _ = self.centre.wait();
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}

impl Realm {
    fn start(name: &str) -> Self {
        let (place, port) = (scratch("kerberos").join(name), free_port());
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(&place).expect("the target directory can be written to");
        let at = place.display();
        let client = format!(
            "[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n \
             dns_canonicalize_hostname = false\n udp_preference_limit = 1\n\
             [realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n[domain_realm]\n localhost = {REALM}\n"
        );
        let centre = format!(
            "[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n\
             [realms]\n {REALM} = {{\n  database_name = {at}/principal\n  key_stash_file = {at}/stash\n  \
             acl_file = {at}/acl\n }}\n[logging]\n kdc = FILE:{at}/kdc.log\n"
        );
        fs::write(place.join("krb5.conf"), client).expect("it can be written");
        fs::write(place.join("kdc.conf"), centre).expect("it can be written");
        succeed(in_realm(&place, "/usr/sbin/kdb5_util").args(["create", "-s", "-P", "of the database"]));
        let keytab = |file: &str| place.join(file).display().to_string();
        for query in [
            "addprinc -randkey ann".to_owned(),
            "addprinc -randkey HTTP/localhost".to_owned(),
            format!("ktadd -k {} ann", keytab("ann.keytab")),
            format!("ktadd -k {} HTTP/localhost", keytab("site.keytab")),
        ] {
            succeed(in_realm(&place, "/usr/sbin/kadmin.local").args(["-q", &query]));
        }
        let centre = in_realm(&place, "/usr/sbin/krb5kdc").arg("-n").stderr(Stdio::null()).spawn();
        let realm = Realm { place, centre: centre.expect("it is installed") };
        let end = Instant::now() + Duration::from_secs(60);
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(Instant::now() < end, "the key distribution centre does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        realm
    }

    /// A site that lets in whoever the realm knows.
    fn site(&self, arguments: &[&str]) -> Server {
        let program = acceptor();
        let keytab = self.place.join("site.keytab");
        Server::start(
            in_realm(&self.place, program).args(arguments).env("KRB5_KTNAME", keytab),
            "the acceptor of GSS-API",
        )
    }

    /// A program of a user, who has a keytab of this name.
    fn program(&self, program: &Path, keytab: &str) -> Command {
        let mut command = in_realm(&self.place, program);
        command.env("KRB5_CLIENT_KTNAME", self.place.join(keytab)).env("KRB5CCNAME", "MEMORY:");
        command
    }
}

fn in_realm(place: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env("KRB5_CONFIG", place.join("krb5.conf")).env("KRB5_KDC_PROFILE", place.join("kdc.conf"));
    command.env("KRB5RCACHENAME", "none:").current_dir(place);
    command
}

fn acceptor() -> &'static Path {
    static ACCEPTOR: OnceLock<PathBuf> = OnceLock::new();
    ACCEPTOR.get_or_init(|| {
        let program = scratch("kerberos").join("acceptor");
        let source = Path::new(ROOT).join("tests/kerberos/acceptor.c");
        succeed(compiler(&cc(), "c99").arg(source).arg("-lgssapi_krb5").arg("-o").arg(&program));
        program
    })
}

fn built(mut compiler: Command, name: &str, library: &Path) -> PathBuf {
    let program = scratch("kerberos").join(name);
    let sources = ["windows", "transport"].map(|name| Path::new(ROOT).join(format!("examples/c/{name}.c")));
    succeed(compiler.args(sources).arg(library).arg("-lgssapi_krb5").arg("-o").arg(&program));
    program
}

fn signs_in(result: &Run, who: &str) {
    assert_eq!((result.code, &*result.stderr), (Some(0), ""), "{result:?}");
    assert!(result.stdout.contains("verdict: CREATIO_LOGIN_AUTHENTICATED (signed in)"), "{result:?}");
    assert!(result.stdout.contains(&format!("authorised as {who}")), "{result:?}");
    assert!(result.stdout.ends_with("verdict: CREATIO_CALL_FINE (done)\nstatus: 200\n"), "{result:?}");
}

#[test]
#[ignore = "needs krb5-kdc and libkrb5-dev; run by cargo xtask test"]
fn kerberos_lets_in_by_both_doors_whoever_has_a_ticket_and_nobody_else() {
    let realm = Realm::start("both-doors");
    let site = realm.site(&[]);
    let url = site.url().replace("127.0.0.1", "localhost");
    let programs =
        [built(compiler(&cc(), "c99"), "windows", &archive()), built(sanitized(), "windows-sanitized", &archive())];
    for (program, runtime) in programs.iter().flat_map(|program| [(program, "net"), (program, "net-framework")]) {
        // A library of Kerberos keeps what it has read till the end.
        let with = |keytab| {
            let mut command = realm.program(program, keytab);
            command.env("ASAN_OPTIONS", "detect_leaks=0").args([&url, runtime]);
            run(&mut command)
        };
        signs_in(&with("ann.keytab"), &format!("ann@{REALM}"));
        let refused = with("nobody.keytab");
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.starts_with("windows: ") && !refused.stdout.contains("verdict"), "{refused:?}");
    }
}

#[test]
#[ignore = "needs krb5-kdc and libkrb5-dev; run by cargo xtask test"]
fn a_site_that_does_not_show_who_it_is_gets_no_call() {
    let realm = Realm::start("who-it-is");
    let site = realm.site(&["mute"]);
    let url = site.url().replace("127.0.0.1", "localhost");
    let program = built(compiler(&cc(), "c99"), "windows", &archive());
    for runtime in ["net", "net-framework"] {
        let result = run(realm.program(&program, "ann.keytab").args([&url, runtime]));
        assert_eq!(
            (result.code, &*result.stderr),
            (Some(2), "windows: the site does not show who it is\n"),
            "{result:?}"
        );
        assert!(!result.stdout.contains("authorised"), "{result:?}");
    }
}

/// The library with the messages of NTLM.
fn with_ntlm() -> PathBuf {
    let target = scratch("ntlm").join("target");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(ROOT).args(["build", "--release", "-p", "creatio-auth-ffi", "--features", "ntlm"]);
    succeed(build.arg("--target-dir").arg(&target));
    target.join("release/libcreatio_auth.a")
}

#[test]
#[ignore = "needs libkrb5-dev and pyspnego; run by cargo xtask test"]
fn ntlm_of_the_library_is_right_and_lets_in_whoever_has_the_password() {
    let library = with_ntlm();
    let mut with_checks = sanitized();
    with_checks.arg("-DCREATIO_NTLM");
    passes(&mut Command::new(link_tests(with_checks, &[&library], &scratch("ntlm").join("tests"))));

    let mut compiler = compiler(&cc(), "c99");
    compiler.arg("-DCREATIO_NTLM");
    let program = built(compiler, "windows-ntlm", &library);
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("windows-acceptor/bin/python");
    let server = Path::new(ROOT).join("tests/windows_acceptor/server.py");
    let mut site = Command::new(python);
    let site = Server::start(site.arg(server).args(["CORP", "Änn", "pä\"ss"]).stderr(Stdio::null()), "pyspnego");
    for runtime in ["net", "net-framework"] {
        let with = |password| {
            let arguments = [site.url(), runtime, "ntlm", "CORP", "Änn"];
            run(Command::new(&program).env("CREATIO_PASSWORD", password).args(arguments))
        };
        signs_in(&with("pä\"ss"), "CORP/Änn");
        let refused = with("pass");
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stdout.contains("CREATIO_WINDOWS_REFUSED"), "{refused:?}");
    }
}
