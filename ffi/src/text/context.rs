//! Contexts: plain structs of C that hold a value of Rust.

use core::mem::MaybeUninit;

/// Marks a context that has been set up. One full of zeros, or of anything else, is refused.
// Numbers of this form stand in an instruction of Thumb-2; others take twice the code where they are compared.
#[repr(u32)]
#[derive(Clone, Copy)]
pub(crate) enum Tag {
    Site = 0xA100_A100,
    Session = 0xB200_B200,
    Exchange = 0xC300_C300,
    Renewal = 0xD400_D400,
    RuntimeProbe = 0xE500_E500,
    BatchWriter = 0xF600_F600,
    BatchReader = 0xA700_A700,
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
            use $crate::text::context::{Context, Tag, Tagged};

            assert!(size_of::<$context>() >= size_of::<Tagged<$value>>());
            // Where 8 bytes are aligned to less, as on 32-bit x86, the value has fewer gaps than the struct has room for.
            assert!(
                align_of::<u64>() < 8 || size_of::<$context>() < size_of::<Tagged<$value>>() + 8,
                "the context is larger than it has to be"
            );
            assert!(align_of::<$context>() >= align_of::<Tagged<$value>>());

            // SAFETY: the assertions above.
            unsafe impl Context for $context {
                type Value = $value;
                const TAG: u32 = Tag::$tag as u32;
            }
        };
    };
}
pub(crate) use context;

/// Sets a context up. False for NULL.
///
/// # Safety
///
/// `context` is NULL, or valid for writes and aligned.
pub(crate) unsafe fn write<C: Context>(context: *mut C, value: C::Value) -> bool {
    if !context.is_null() {
        // SAFETY: not NULL, so valid by the contract.
        unsafe { make(context, || value) };
    }
    !context.is_null()
}

/// Sets a context up whose value is made in its place: the stack is small. `V` is `C::Value`, but for the lifetimes,
/// which are then C's to keep.
///
/// # Safety
///
/// `context` is valid for writes and aligned, and what the value refers to stays.
pub(crate) unsafe fn make<C: Context, V>(context: *mut C, make: impl FnOnce() -> V) {
    const { assert!(size_of::<V>() == size_of::<C::Value>()) };
    let tagged = context.cast::<Tagged<V>>();
    // SAFETY: valid by the contract, and large enough by that of the trait. What stands there before need not be a value.
    unsafe {
        (*tagged).tag = C::TAG;
        (&raw mut (*tagged).value).cast::<V>().write(make());
    }
}

/// The value in a context; none for NULL and for a context that has not been set up.
///
/// # Safety
///
/// `context` is NULL, or valid for reads, aligned, initialised memory, and nothing changes it meanwhile.
pub(crate) unsafe fn get<'a, C: Context>(context: *const C) -> Option<&'a C::Value> {
    // SAFETY: not NULL, so valid by the contract; large enough by that of the trait.
    let tagged = unsafe { context.cast::<Tagged<C::Value>>().as_ref() }?;
    // SAFETY: only `write` and `make` set the tag, and the value with it.
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
    // SAFETY: only `write` and `make` set the tag, and the value with it.
    (tagged.tag == C::TAG).then(|| unsafe { tagged.value.assume_init_mut() })
}
