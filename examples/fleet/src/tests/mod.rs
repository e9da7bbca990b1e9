//! The stores and what is shared through them; no test hangs on the time that passes.

mod flights;
mod seals;
mod stores;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use creatio_defmt as _;

use crate::Clock;

/// A clock that the test sets on.
#[derive(Clone, Default)]
struct Hands(Arc<AtomicU64>);

impl Hands {
    fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || Duration::from_millis(1_000_000 + hands.0.load(Ordering::SeqCst)))
    }

    fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as u64, Ordering::SeqCst);
    }
}

/// A path in a directory of the test's own, where nothing is.
fn path(name: &str) -> std::path::PathBuf {
    let directory = std::env::temp_dir().join(format!("creatio-fleet-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    directory.join("session.snapshot")
}
