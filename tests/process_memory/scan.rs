//! The memory of another process.

use std::collections::HashSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// What counts as a piece of a secret, in bytes.
pub const PIECE: usize = 8;

/// All that a process can write to, as it was at one moment.
pub struct Scan(Vec<u8>);

impl Scan {
    pub fn of(process: u32) -> Self {
        let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("the process is there");
        let memory = File::open(format!("/proc/{process}/mem")).expect("a child may be looked at");
        let mut bytes = Vec::new();
        for line in maps.lines() {
            let mut words = line.split(' ');
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            if !rights.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').expect("a range has two ends");
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).expect("they are addresses"));
            let at = bytes.len();
            bytes.resize(at + (end - start) as usize, 0);
            // A page that cannot be read has nothing in it, as those of devices.
            let read = memory.read_at(&mut bytes[at..], start).unwrap_or_default();
            bytes.truncate(at + read);
        }
        assert!(bytes.len() > 10_000, "a process has a stack at least");
        Scan(bytes)
    }

    pub fn holds(&self, secret: &str) -> bool {
        // By its first piece, for that is quick.
        let (start, secret) = (&secret.as_bytes()[..PIECE], secret.as_bytes());
        self.0.windows(PIECE).enumerate().any(|(at, piece)| piece == start && self.0[at..].starts_with(secret))
    }

    /// A piece of one of these that is there.
    pub fn piece_of(&self, secrets: &[&str]) -> Option<String> {
        let pieces: HashSet<_> = secrets.iter().flat_map(|secret| secret.as_bytes().windows(PIECE)).collect();
        let mut is_first = [false; 256];
        for piece in &pieces {
            is_first[usize::from(piece[0])] = true;
        }
        let mut windows = self.0.windows(PIECE).filter(|window| is_first[usize::from(window[0])]);
        windows.find(|window| pieces.contains(window)).map(|piece| piece.escape_ascii().to_string())
    }
}
