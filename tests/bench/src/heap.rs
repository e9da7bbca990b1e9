//! Counts allocations: how many there are, and the most bytes that there are at once.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// The bytes when the counting began.
static BEFORE: AtomicUsize = AtomicUsize::new(0);

fn add(size: usize) {
    ALLOCATIONS.fetch_add(1, Relaxed);
    PEAK.fetch_max(BYTES.fetch_add(size, Relaxed) + size, Relaxed);
}

fn remove(size: usize) {
    BYTES.fetch_sub(size, Relaxed);
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: what the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        remove(layout.size());
        // SAFETY: what the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        remove(layout.size());
        add(size);
        // SAFETY: what the caller promises.
        unsafe { System.realloc(memory, layout, size) }
    }
}

pub fn begin_task(name: &str) {
    eprintln!("heap {name}");
}

pub fn begin() {
    ALLOCATIONS.store(0, Relaxed);
    BEFORE.store(BYTES.load(Relaxed), Relaxed);
    PEAK.store(BYTES.load(Relaxed), Relaxed);
}

/// Says how many allocations there have been, and the most bytes beyond those that there were before.
pub fn end() {
    eprintln!("{} {}", ALLOCATIONS.load(Relaxed), PEAK.load(Relaxed) - BEFORE.load(Relaxed));
}
