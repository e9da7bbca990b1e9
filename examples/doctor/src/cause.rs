//! The troubles that are told from one another.

use serde::Serialize;

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Which trouble it is. Machines read the name in kebab case.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Cause {
            $($(#[$doc])* $name,)*
        }

        impl Cause {
            /// Each of them, in the order of the checks that find it.
            pub const ALL: &'static [Cause] = &[$(Cause::$name),*];
        }
    };
}

causes! {
    /// The URL is none of a site.
    UrlMalformed,
    /// The URL is that of a page, as a browser shows it.
    UrlOfAPage,
    /// The host has no address.
    NameUnknown,
    /// Nothing listens at the port.
    PortClosed,
    /// Nobody answers at the port.
    PortSilent,
    /// The platform has no certificates to trust, or the file with them cannot be read.
    NoTrust,
    /// The certificate has signed itself.
    CertificateSelfSigned,
    /// Nobody who is trusted has signed the certificate.
    CertificateUntrusted,
    /// The server keeps the certificate between its own and the authority's to itself.
    ChainIncomplete,
    /// The certificate is for another host.
    CertificateOtherHost,
    /// The certificate has expired.
    CertificateExpired,
    /// The certificate is not valid yet.
    CertificateNotYetValid,
    /// The certificate is an authority's.
    CertificateOfAuthority,
    /// Something else about the certificate.
    CertificateOther,
    /// The clock of this machine is so wrong that certificates do not hold.
    ClockWrong,
    /// The server speaks no TLS from 1.2 on.
    TlsVersion,
    /// The server takes none of the cipher suites, or none of the names.
    TlsRefused,
    /// The server wants a certificate of the client.
    ClientCertificateWanted,
    /// The connection ends in the middle of the handshake.
    TlsBroken,
    /// The certificates or the key exchange ask more of a small TLS stack than most have.
    HeavyTls,
    /// `https://` was spoken to a port for plain HTTP.
    PlainPort,
    /// All goes in the clear.
    InTheClear,
    /// `http://` was spoken to a port for TLS.
    TlsPort,
    /// What answers is no HTTP.
    NotHttp,
    /// The connection was broken off.
    BrokenOff,
    /// No answer in time.
    Slow,
    /// The answer cannot be read as HTTP, or is compressed.
    Unreadable,
    /// The site sends to https.
    RedirectToHttps,
    /// The site sends to another host.
    RedirectElsewhere,
    /// Something in front asks for a key of its own.
    GatewayKey,
    /// A firewall refuses the program by what it calls itself.
    UserAgentRefused,
    /// A firewall refuses.
    Firewall,
    /// The site does not go by this name.
    HostRefused,
    /// The site has another base path.
    BasePath,
    /// The base path is written in another case.
    BasePathCase,
    /// No Creatio site is here.
    NoSite,
    /// The runtime is the other one.
    OtherRuntime,
    /// The site starts, or is busy.
    Starting,
    /// The login page comes instead of an answer.
    LoginPage,
    /// The site has failed.
    ServerError,
    /// The clock of this machine and that of the site differ.
    ClockDiffers,
    /// User name or password are wrong.
    BadCredentials,
    /// The site rejects the login, and its message says why.
    Rejected,
    /// Something in front of the site asks for a password of its own.
    FrontWantsPassword,
    /// The site denies access.
    AccessDenied,
    /// A second factor is wanted.
    SecondFactor,
    /// The user has to bind an authenticator.
    Authenticator,
    /// The user has no licence.
    NoLicense,
    /// The user has no licence, and may grant some.
    GrantLicense,
    /// The password has expired.
    PasswordExpired,
    /// The site advises to change the password.
    PasswordChangeAdvised,
    /// The site is busy.
    Busy,
    /// The answer to the login says nothing that is known.
    LoginUnclear,
    /// Something strips all cookies.
    CookiesStripped,
    /// Something strips the ticket.
    TicketStripped,
    /// The cookies are `Secure`, and the URL is `http://`.
    SecureOverHttp,
    /// The cookies are for another host.
    CookieDomain,
    /// The ticket is longer than a cookie may be.
    TicketTooLong,
    /// The ticket has run out when it comes.
    TicketOver,
    /// Something joins the cookies' lines.
    CookiesJoined,
    /// Something renames the cookies.
    CookiesRenamed,
    /// The cookies are for another path.
    CookiePath,
    /// The cookies' path is the URL's in another case.
    CookiePathCase,
    /// No cookie with the CSRF token came.
    NoCsrfCookie,
    /// Something strips the field with the CSRF token.
    CsrfFieldStripped,
    /// What is in front does not take fields as long as the session's.
    CookiesTooLong,
    /// The session does not reach the site.
    SessionLost,
    /// The user may not read.
    NoRight,
    /// A call fails.
    CallFailed,
    /// The session takes more memory than most devices lend it.
    MuchMemory,
    /// The identity service cannot be reached.
    IdentityUnreachable,
    /// The URL is not that of an identity service.
    NotIdentityService,
    /// The identity service says nothing of its endpoints.
    NoDiscovery,
    /// Id or secret of the client are wrong.
    InvalidClient,
    /// The identity service refuses the client.
    ClientRefused,
    /// Tokens live for a short time.
    ShortTokens,
    /// The site does not take the token.
    TokenNotTaken,
    /// The site's own connection to its identity service is not well.
    IdentityIll,
    /// The session was not ended.
    NotLoggedOut,
}
