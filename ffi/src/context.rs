//! Contexts: plain structs of C that hold a value of Rust; and the pointers and lengths that come with them.

use core::mem::MaybeUninit;

/// Marks a context that has been set up. One full of zeros, or of anything else, is refused.
#[repr(u32)]
#[derive(Clone, Copy)]
enum Tag {
    Site = 0x7369_7465,
    Session = 0x7365_7373,
    Exchange = 0x6578_6368,
    Renewal = 0x7265_6e65,
}

/// A struct of C with room for a value of Rust.
///
/// # Safety
///
/// The struct is at least as large and as aligned as `Tagged<Self::Value>`; [`context!`] checks it.
pub(crate) unsafe trait Context {
    type Value;
    const TAG: u32;
}

/// What stands in the struct.
#[repr(C)]
pub(crate) struct Tagged<T> {
    tag: u32,
    value: MaybeUninit<T>,
}

macro_rules! context {
    ($context:ty, $value:ty, $tag:ident) => {
        const _: () = {
            assert!(size_of::<$context>() >= size_of::<Tagged<$value>>());
            assert!(
                size_of::<$context>() < size_of::<Tagged<$value>>() + 8,
                "the context is larger than it has to be"
            );
            assert!(align_of::<$context>() >= align_of::<Tagged<$value>>());
        };
        // SAFETY: the assertions above.
        unsafe impl Context for $context {
            type Value = $value;
            const TAG: u32 = Tag::$tag as u32;
        }
    };
}

context!(crate::site::creatio_site, creatio_auth::Site<'static>, Site);
// A session that is overwritten is not dropped: its memory may serve another by then.
context!(crate::session::creatio_session, creatio_auth::Session<'static>, Session);
context!(crate::exchange::creatio_exchange, creatio_auth::Exchange<'static>, Exchange);
context!(crate::renewal::creatio_renewal, creatio_auth::Renewal, Renewal);

/// Sets a context up. False for NULL.
///
/// # Safety
///
/// `context` is NULL, or valid for writes and aligned.
pub(crate) unsafe fn write<C: Context>(context: *mut C, value: C::Value) -> bool {
    // SAFETY: not NULL, so valid by the contract; large enough by that of the trait. `MaybeUninit` has no invariants.
    let Some(tagged) = (unsafe { context.cast::<MaybeUninit<Tagged<C::Value>>>().as_mut() }) else {
        return false;
    };
    tagged.write(Tagged { tag: C::TAG, value: MaybeUninit::new(value) });
    true
}

/// Sets an exchange up, whose value is made in its place: it is the largest, and the stack is small.
///
/// # Safety
///
/// `exchange` is valid for writes and aligned, and what the value refers to stays.
pub(crate) unsafe fn make<'c>(
    exchange: *mut crate::exchange::creatio_exchange,
    make: impl FnOnce() -> creatio_auth::Exchange<'c>,
) {
    // SAFETY: valid by the contract, and large enough by that of the trait, since a lifetime takes no room.
    // `MaybeUninit` has no invariants.
    let tagged = unsafe { &mut *exchange.cast::<Tagged<creatio_auth::Exchange<'c>>>() };
    tagged.tag = Tag::Exchange as u32;
    tagged.value.write(make());
}

/// The value in a context; none for NULL and for a context that has not been set up.
///
/// # Safety
///
/// `context` is NULL, or valid for reads, aligned, initialised memory, and nothing changes it meanwhile.
pub(crate) unsafe fn get<'a, C: Context>(context: *const C) -> Option<&'a C::Value> {
    // SAFETY: not NULL, so valid by the contract; large enough by that of the trait.
    let tagged = unsafe { context.cast::<Tagged<C::Value>>().as_ref() }?;
    // SAFETY: only `write` sets the tag, together with the value.
    (tagged.tag == C::TAG).then(|| unsafe { tagged.value.assume_init_ref() })
}

/// As [`get`], to change it.
///
/// # Safety
///
/// As [`get`], and nothing else reads it meanwhile.
pub(crate) unsafe fn get_mut<'a, C: Context>(context: *mut C) -> Option<&'a mut C::Value> {
    // SAFETY: not NULL, so valid by the contract; large enough by that of the trait.
    let tagged = unsafe { context.cast::<Tagged<C::Value>>().as_mut() }?;
    // SAFETY: only `write` sets the tag, together with the value.
    (tagged.tag == C::TAG).then(|| unsafe { tagged.value.assume_init_mut() })
}

/// Whether no bytes can be there: at NULL, or more than an object can have, which a -1 for a length would be.
fn is_nothing(start: *const u8, len: usize) -> bool {
    start.is_null() || len.cast_signed() < 0
}

/// The bytes at a pointer; none for NULL, unless there are no bytes, and for a length that nothing has.
///
/// # Safety
///
/// `start` is NULL, or valid for reads of `len` bytes for `'a`.
#[inline(never)]
pub(crate) unsafe fn bytes<'a>(start: *const u8, len: usize) -> Option<&'a [u8]> {
    match (is_nothing(start, len), len) {
        (_, 0) => Some(&[]),
        (true, _) => None,
        // SAFETY: not NULL, so valid by the contract, and no more than `isize::MAX` bytes.
        _ => Some(unsafe { core::slice::from_raw_parts(start, len) }),
    }
}

/// As [`bytes`], to change them.
///
/// # Safety
///
/// `start` is NULL, or valid for reads and writes of `len` bytes for `'a`, and nothing else touches them meanwhile.
#[inline(never)]
pub(crate) unsafe fn bytes_mut<'a>(start: *mut u8, len: usize) -> Option<&'a mut [u8]> {
    match (is_nothing(start, len), len) {
        (_, 0) => Some(&mut []),
        (true, _) => None,
        // SAFETY: not NULL, so valid by the contract, and no more than `isize::MAX` bytes.
        _ => Some(unsafe { core::slice::from_raw_parts_mut(start, len) }),
    }
}

/// A struct of C's to write to; none for NULL. What stands there before need not be a value of the type.
///
/// # Safety
///
/// `out` is NULL, or valid for writes and aligned.
pub(crate) unsafe fn place<'a, T>(out: *mut T) -> Option<&'a mut MaybeUninit<T>> {
    // SAFETY: not NULL, so valid by the contract. `MaybeUninit` has no invariants.
    unsafe { out.cast::<MaybeUninit<T>>().as_mut() }
}

/// A buffer of C's to write to, and where to tell how many bytes it got, or would take; none if a pointer is NULL that must
/// not be.
///
/// # Safety
///
/// As [`bytes_mut`]; `len` is NULL or valid for writes.
pub(crate) unsafe fn output<'a>(out: *mut u8, cap: usize, len: *mut usize) -> Option<(&'a mut [u8], &'a mut usize)> {
    // SAFETY: by the contract above.
    unsafe { Some((bytes_mut(out, cap)?, len.as_mut()?)) }
}
