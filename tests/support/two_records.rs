//! The settings of the README's table, in each of which a program is to make two records, and is to believe in none that is not there.

use creatio_emulator::{Emulator, EndedSession, LoginAnswer, Options, Runtime, ServiceFailure};

const INSERT: &str = r#"{"rootSchemaName":"Contact","columnValues":{"items":{}}}"#;

pub struct Setting {
    pub name: &'static str,
    pub options: Options,
    pub path: &'static str,
    pub json: &'static str,
    pub password: &'static str,
    /// Whether the session ends between the two records.
    pub ends: bool,
    /// Whether the site makes records at all.
    pub makes: bool,
}

/// The settings of the table, in its order.
pub fn settings() -> Vec<Setting> {
    let setting = |name, options| Setting {
        name,
        options,
        path: "/odata/Contact",
        json: r#"{"Name":"Ann"}"#,
        password: "Supervisor",
        ends: false,
        makes: true,
    };
    let ended = |name, ended_session| Setting {
        ends: true,
        ..setting(name, Options { ended_session, ..Options::default() })
    };
    let answered = |name, login_answer| Setting {
        makes: false,
        ..setting(name, Options { login_answer, ..Options::default() })
    };
    let firewall = Options { firewall: true, user_agent_required: true, ..Options::default() };
    let service_failure = ServiceFailure::SuccessFalse;
    vec![
        setting("a site as it comes", Options::default()),
        setting("a base path", Options { base_path: "/CreatioWebApp".into(), ..Options::default() }),
        setting(".NET", Options { runtime: Runtime::Net, ..Options::default() }),
        setting("the CSRF cookie `CRT_CSRF`", Options { crt_csrf: true, ..Options::default() }),
        setting("a web firewall that wants a `User-Agent`", firewall),
        ended("a session that has ended, by a redirect", EndedSession::Redirect),
        ended("a session that has ended, by a 401", EndedSession::Status401),
        answered("a login page for an answer", LoginAnswer::LoginPage),
        answered("a login without a ticket", LoginAnswer::NoTicket),
        Setting { makes: false, password: "wrong", ..setting("a wrong password", Options::default()) },
        Setting {
            path: "/DataService/json/SyncReply/InsertQuery",
            json: INSERT,
            makes: false,
            ..setting("a failure behind status 200", Options { service_failure, ..Options::default() })
        },
    ]
}

/// Two records are made; each says whether it was.
pub type Program = fn(&Emulator, &Setting) -> [bool; 2];

/// Whether a program does what it is for: it makes both records where the site makes any, and never says that it has made one
/// that is not there.
fn serves(program: Program, setting: &Setting) -> bool {
    let emulator = Emulator::start(setting.options.clone()).unwrap();
    let said = program(&emulator, setting).iter().filter(|said| **said).count();
    said == usize::from(setting.makes) * 2 && emulator.counters().writes == said as u64
}

/// A column of the table, as it is found by running the program.
pub fn column(program: Program) -> Vec<&'static str> {
    settings().iter().map(|setting| if serves(program, setting) { "yes" } else { "no" }).collect()
}

/// The same as the README has it.
pub fn column_of_the_readme(title: &str) -> Vec<&'static str> {
    let readme = include_str!("../../README.md");
    let row = |line: &'static str| line.split('|').map(str::trim).collect::<Vec<_>>();
    let mut rows = readme.lines().skip_while(|line| !line.starts_with("| |") || !line.contains(title)).map(row);
    let head = rows.next().expect("the README has the table");
    let at = head.iter().position(|cell| *cell == title).expect("the table has the column");
    let table: Vec<_> = rows.skip(1).take_while(|row| row.len() == head.len()).collect();
    let names: Vec<_> = table.iter().map(|row| row[1]).collect();
    assert_eq!(names, settings().iter().map(|setting| setting.name).collect::<Vec<_>>());
    table.iter().map(|row| row[at]).collect()
}
