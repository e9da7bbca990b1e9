//! What is counted, and nothing beside it.

#[cfg(feature = "heap")]
use crate::heap;

/// Callgrind counts from the beginning of this function to its end, and finds it by its name.
// SAFETY: no other symbol of the programs has this name.
#[unsafe(no_mangle)]
#[inline(never)]
fn bench_counted(work: &mut dyn FnMut()) {
    work();
}

/// Does the work once with each thing that has been prepared for it, and counts that.
pub fn each<T>(prepared: &mut [T], mut work: impl FnMut(&mut T)) {
    #[cfg(feature = "heap")]
    heap::begin();
    bench_counted(&mut || prepared.iter_mut().for_each(&mut work));
    #[cfg(feature = "heap")]
    heap::end();
}

/// The counts that follow are of this task.
pub fn begin(_task: &str) {
    #[cfg(feature = "heap")]
    heap::begin_task(_task);
}
