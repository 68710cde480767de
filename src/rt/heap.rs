//! The global allocator that `entry!` was asked for.

/// Declares it, or none.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_heap {
    (none) => {};
    (own) => {
        #[global_allocator]
        static __RING3_HEAP: $crate::heap::Heap = $crate::heap::Heap::new();
    };
}

/// Says what is missing.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __ring3_heap {
    (none) => {};
    (own) => {
        ::core::compile_error!("`heap = own` needs the feature `alloc` of ring3");
    };
}
