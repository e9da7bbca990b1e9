//! A real nginx in front of the site, with the rule that breaks it.

#[allow(dead_code)]
#[path = "../../../../tests/support/nginx.rs"]
mod helper;

use creatio_doctor::Cause;
use creatio_emulator::{Identity, OauthClient, Options};
use helper::Nginx;

use crate::case::{CLIENT_SECRET, Case, Ill, assert_all, emulator};

/// A site behind nginx; the settings are of its `location` block.
fn behind(name: &str, options: Options, settings: &str) -> Ill {
    let emulator = emulator(options);
    let nginx = Nginx::before(&emulator, name, settings);
    Ill::at(format!("http://{}", nginx.address())).keeping((nginx, emulator)).with_user()
}

/// A site behind nginx whose `server` block says this; `SITE` stands for the site's address.
fn with_server(name: &str, options: Options, server: &str, path: &str) -> Ill {
    let emulator = emulator(options);
    let nginx = Nginx::serving(name, "", &server.replace("SITE", &emulator.address().to_string()));
    Ill::at(format!("http://{}{path}", nginx.address())).keeping((nginx, emulator)).with_user()
}

pub const CASES: &[Case] = &[
    Case {
        title: "nginx that strips every `Set-Cookie`",
        check: "cookies",
        cause: Cause::CookiesStripped,
        ill: || behind("doctor-hidden", Options::default(), "proxy_hide_header Set-Cookie;"),
    },
    Case {
        title: "nginx that drops fields with an underscore in their name, as it does unless told otherwise",
        check: "posting",
        cause: Cause::CsrfFieldStripped,
        ill: || behind("doctor-underscore", Options { crt_csrf: true, csrf_on_get: false, ..Options::default() }, ""),
    },
    Case {
        title: "nginx that drops the field `Cookie`",
        check: "reading",
        cause: Cause::SessionLost,
        ill: || behind("doctor-cookie", Options::default(), "proxy_set_header Cookie '';"),
    },
    Case {
        title: "nginx that maps one path to another, and not that of the cookies",
        check: "cookies",
        cause: Cause::CookiePath,
        ill: || {
            let options = Options { base_path: "/CreatioWebApp".into(), ..Options::default() };
            let server =
                "location /crm/ { proxy_pass http://SITE/CreatioWebApp/; proxy_set_header Host $http_host; }";
            with_server("doctor-path", options, server, "/crm")
        },
    },
    Case {
        title: "nginx that takes the path in any letter case",
        check: "cookies",
        cause: Cause::CookiePathCase,
        ill: || {
            let options = Options { base_path: "/CreatioWebApp".into(), ..Options::default() };
            let server = "location ~* ^/creatiowebapp(?<rest>/.*)$ {
                rewrite ^ /CreatioWebApp$rest break; proxy_pass http://SITE; proxy_set_header Host $http_host;
            }";
            with_server("doctor-case", options, server, "/creatiowebapp")
        },
    },
    Case {
        title: "nginx that sends everything to `https://`",
        check: "HTTP",
        cause: Cause::RedirectToHttps,
        ill: || with_server("doctor-https", Options::default(), "return 301 https://$host$request_uri;", ""),
    },
    Case {
        title: "nginx at whose port for TLS plain HTTP is spoken",
        check: "HTTP",
        cause: Cause::TlsPort,
        ill: || {
            let emulator = emulator(Options::default());
            let (nginx, _) = Nginx::before_over_tls(&emulator, "doctor-tls", "");
            Ill::at(format!("http://{}", nginx.address())).keeping((nginx, emulator))
        },
    },
    Case {
        title: "nginx that has TLS 1.1 alone",
        check: "TLS",
        cause: Cause::TlsVersion,
        ill: || {
            let emulator = emulator(Options::default());
            // Its certificate, which nobody gets to see.
            let (first, _) = Nginx::before_over_tls(&emulator, "doctor-old", "");
            drop(first);
            let server = "ssl_certificate certificate.pem; ssl_certificate_key key.pem; ssl_protocols TLSv1.1;
                ssl_ciphers ALL:@SECLEVEL=0;";
            let nginx = Nginx::serving("doctor-old", "ssl", server);
            Ill::at(format!("https://{}", nginx.address())).keeping((nginx, emulator))
        },
    },
    Case {
        title: "nginx that wants a password of its own",
        check: "HTTP",
        cause: Cause::FrontWantsPassword,
        ill: || behind("doctor-basic", Options::default(), "auth_basic staff; auth_basic_user_file /dev/null;"),
    },
    Case {
        title: "nginx that lets nobody through",
        check: "in front",
        cause: Cause::Firewall,
        ill: || behind("doctor-deny", Options::default(), "deny all;"),
    },
    Case {
        title: "nginx that lets nobody at the login service",
        check: "sign-in",
        cause: Cause::Firewall,
        ill: || {
            let server = "location /ServiceModel/ { deny all; }
                location / { proxy_pass http://SITE; proxy_set_header Host $http_host; }";
            with_server("doctor-login", Options::default(), server, "")
        },
    },
    Case {
        title: "nginx that wants a certificate of the client",
        check: "HTTP",
        cause: Cause::ClientCertificateWanted,
        ill: || {
            let emulator = emulator(Options::default());
            let (first, certificate) = Nginx::before_over_tls(&emulator, "doctor-client", "");
            drop(first);
            let server = "ssl_certificate certificate.pem; ssl_certificate_key key.pem;
                ssl_client_certificate certificate.pem; ssl_verify_client on;";
            let nginx = Nginx::serving("doctor-client", "ssl", server);
            let ill = Ill::at(format!("https://{}", nginx.address())).keeping((nginx, emulator));
            ill.with(&["--ca", certificate.to_str().unwrap()])
        },
    },
    Case {
        title: "nginx that serves another host",
        check: "HTTP",
        cause: Cause::HostRefused,
        ill: || {
            let server = "if ($host != crm.example.com) { return 421; } location / { proxy_pass http://SITE; }";
            with_server("doctor-host", Options::default(), server, "")
        },
    },
    Case {
        title: "nginx whose site is down",
        check: "runtime",
        cause: Cause::Starting,
        ill: || with_server("doctor-down", Options::default(), "location / { proxy_pass http://127.0.0.1:1; }", ""),
    },
    Case {
        title: "nginx that drops the field `Authorization`",
        check: "token's call",
        cause: Cause::TokenNotTaken,
        ill: || {
            let identity =
                Identity { clients: vec![OauthClient::new("client", CLIENT_SECRET)], ..Identity::default() };
            let emulator = emulator(Options { identity: Some(identity), ..Options::default() });
            let identity = emulator.identity_url().unwrap();
            let nginx = Nginx::before(&emulator, "doctor-authorization", "proxy_set_header Authorization '';");
            let ill = Ill::at(format!("http://{}", nginx.address())).keeping((nginx, emulator));
            ill.with(&["--client-id", "client", "--identity-url", &identity])
        },
    },
];

/// One after the other, for others take ports at the same time.
#[test]
#[ignore = "needs nginx; run by cargo xtask test"]
fn sites_that_nginx_breaks_and_one_that_it_does_not() {
    assert_all(CASES);
    let run = behind("doctor-well", Options::default(), "").run(&[]);
    assert!(run.code == 0 && run.out.contains("✓ in front       nginx, and it lets"), "{run:?}");
}
