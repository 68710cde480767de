//! The global allocator of a program.
//!
//! Where ring3 has the feature `alloc`, every program that is built with it needs a global allocator, whether or not it allocates: rustc asks for one
//! as soon as the crate alloc is among those that are linked.

/// Declares what `entry!` was asked for, or what the feature asks for.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_heap {
    (none) => {};
    ($own:ident) => {
        #[global_allocator]
        static __RING3_HEAP: $crate::heap::Heap = $crate::heap::Heap::new();
    };
}

/// Says what is missing.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_heap {
    (own) => {
        ::core::compile_error!("`heap = own` needs the feature `alloc` of ring3");
    };
    ($none:ident) => {};
}
