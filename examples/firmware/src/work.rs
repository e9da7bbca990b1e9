//! What the programs do: sign in, use the session, log out. It is the same over any transport.

use creatio_auth::client::blocking::{Client, Transport};
use creatio_auth::{Call, Credentials, Path, Runtime, Session, Site};
use static_cell::ConstStaticCell;

use crate::arguments::Arguments;
use crate::outcome::{Ending, Stop, accept, check};
use crate::semihosting::print_bytes;
use crate::{print, println, stack};

/// The session's memory: room for a ticket of 2 KiB, and to spare.
pub const MEMORY: usize = 4096;
/// Requests and replies go through it in pieces.
pub const BUFFER: usize = 512;

/// A picture that is too large to be anywhere in memory.
pub const PICTURE: usize = 1_000_000;
pub const PICTURE_RECORD: &[u8] = br#"{"Id":"410006e1-ca4e-4502-a9ec-e54d922d2c00","Name":"picture.png"}"#;
pub const PICTURE_DATA: &str = "/odata/SysImage(410006e1-ca4e-4502-a9ec-e54d922d2c00)/Data";

/// Where and who.
///
/// A product has these in flash that cannot be read from outside, or asks for them once; see the crate's snapshots for how
/// a session outlives a restart.
pub struct Settings<'a> {
    pub site: Site<'a>,
    pub credentials: Credentials<'a>,
}

impl<'a> Settings<'a> {
    /// Those in the arguments `url`, `user` and `password`.
    ///
    /// # Errors
    ///
    /// The name of the argument that is missing or wrong.
    pub fn of(arguments: Arguments<'a>) -> Result<Self, &'static str> {
        let argument = |name| arguments.get(name).ok_or(name);
        let site = Site::parse(argument("url")?, Runtime::NetFramework).map_err(|_| "url")?;
        Ok(Settings { site, credentials: Credentials::borrowed(argument("user")?, argument("password")?) })
    }
}

/// Does what the argument `do` asks for. To be called once.
pub fn run<T: Transport>(arguments: Arguments<'_>, transport: T) -> Ending<T::Error> {
    static SESSION: ConstStaticCell<[u8; MEMORY]> = ConstStaticCell::new([0; MEMORY]);
    static PIECES: ConstStaticCell<[u8; BUFFER]> = ConstStaticCell::new([0; BUFFER]);

    let Settings { site, credentials } = Settings::of(arguments).map_err(Stop::Argument)?;
    let mut session = Session::new(site, SESSION.take());
    let client = Client::new(&mut session, transport, PIECES.take());
    let mut worker = Worker { client, credentials };
    match arguments.get("do") {
        None => worker.ordinary(),
        Some("picture") => worker.picture(),
        Some("logins") => worker.logins(arguments.number("times").ok_or(Stop::Argument("times"))?),
        Some(_) => Err(Stop::Argument("do")),
    }
}

struct Worker<'a, 'm, T: Transport> {
    client: Client<'a, 'm, T>,
    credentials: Credentials<'a>,
}

// None of these is inlined: together they would have one stack frame with room for all that each of them needs.
impl<T: Transport> Worker<'_, '_, T> {
    /// Signs in, reads a record, pings, logs out.
    #[inline(never)]
    fn ordinary(&mut self) -> Ending<T::Error> {
        self.sign_in()?;
        self.read_a_record()?;
        self.ping()?;
        self.log_out()
    }

    /// Uploads a picture and gets it back, neither of them ever in memory as a whole.
    #[inline(never)]
    fn picture(&mut self) -> Ending<T::Error> {
        self.sign_in()?;
        self.create_picture()?;
        self.upload_picture()?;
        self.download_picture()?;
        self.log_out()
    }

    #[inline(never)]
    fn create_picture(&mut self) -> Ending<T::Error> {
        let create = Call::post(Path::site("/odata/SysImage")?).with_json(PICTURE_RECORD);
        check("create", self.client.call(&create)?.answer()?)
    }

    #[inline(never)]
    fn upload_picture(&mut self) -> Ending<T::Error> {
        let data = Path::site(PICTURE_DATA)?;
        let call = Call::put(data).with_body_of_length("application/octet-stream", PICTURE)?;
        let mut upload = self.client.upload(&call)?;
        let mut sent = 0;
        while sent < PICTURE {
            let piece: [u8; 100] = core::array::from_fn(|i| pixel(sent + i));
            upload.write(&piece)?;
            sent += piece.len();
        }
        check("upload", upload.reply()?.answer()?)
    }

    #[inline(never)]
    fn download_picture(&mut self) -> Ending<T::Error> {
        let mut reply = self.client.call(&Call::get(Path::site(PICTURE_DATA)?))?;
        let (mut received, mut right) = (0, 0);
        while let Some(piece) = reply.piece()? {
            right += piece.iter().enumerate().filter(|(i, byte)| **byte == pixel(received + i)).count();
            received += piece.len();
        }
        println!("picture   {received} bytes, of which {right} are as they were sent");
        check("download", reply.answer()?)
    }

    /// Signs in and out, many times in one run.
    #[inline(never)]
    fn logins(&mut self, times: u32) -> Ending<T::Error> {
        for time in 0..times {
            if time == 0 {
                self.sign_in()?;
            } else {
                accept(self.client.login(&self.credentials)?)?;
            }
            let reply = self.client.call_renewed(&Call::ping(), &self.credentials)?;
            check("ping", reply.answer()?)?;
            self.client.logout()?;
            if time == 0 {
                stack::report("first round");
            }
        }
        println!("logins    {times}");
        stack::report("last login");
        Ok(())
    }

    #[inline(never)]
    fn sign_in(&mut self) -> Ending<T::Error> {
        let login = self.client.login(&self.credentials)?;
        println!("sign in   {}", login.verdict);
        accept(login)?;
        stack::report("first login");
        Ok(())
    }

    #[inline(never)]
    fn read_a_record(&mut self) -> Ending<T::Error> {
        let query = [("$top", "1"), ("$select", "Name,Email")];
        let call = Call::get(Path::site("/odata/Contact")?).with_query(&query);
        let mut reply = self.client.call_renewed(&call, &self.credentials)?;
        print!("contact   ");
        while let Some(piece) = reply.piece()? {
            print_bytes(piece);
        }
        print!("\n");
        check("contact", reply.answer()?)
    }

    #[inline(never)]
    fn ping(&mut self) -> Ending<T::Error> {
        let reply = self.client.call_renewed(&Call::ping(), &self.credentials)?;
        let answer = reply.answer()?;
        println!("ping      {}", answer.verdict);
        check("ping", answer)
    }

    #[inline(never)]
    fn log_out(&mut self) -> Ending<T::Error> {
        if let Some(verdict) = self.client.logout()? {
            println!("log out   {verdict}");
        }
        stack::report("end");
        Ok(())
    }
}

/// What the picture consists of.
pub const fn pixel(at: usize) -> u8 {
    (at % 251) as u8
}
