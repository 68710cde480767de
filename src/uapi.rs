//! The structs and unions that the kernel's prototypes name, and what these contain, as laid out on the target.
//!
//! Names and fields are the kernel's. A struct without a name in C bears the name of the one around it and of its field; a
//! field without a name is `anon1`, `anon2` and so on. Bit fields are functions. All are plain data: any of them can be made by
//! [`core::mem::zeroed`].
//!
//! Source: the kernel's exported headers, as `tables/uapi.tbl` has them.

#![allow(
    non_camel_case_types,
    non_snake_case,
    clippy::identity_op,
    reason = "names are the kernel's, shifts the generator's"
)]

use core::ffi::*;

/// Makes the types plain data. `derive` would look at each field again, which takes longer than the types themselves.
macro_rules! plain {
    ($($name:ident)*) => {$(
        impl Copy for $name {}

        impl Clone for $name {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }
    )*};
}

include!(concat!(env!("OUT_DIR"), "/uapi.rs"));

// Each assertion is compiled on its own, which took an eighth of the time of the whole crate.
#[cfg(any(test, ring3_offsets))]
mod offsets {
    use super::*;
    use core::mem::offset_of;

    include!(concat!(env!("OUT_DIR"), "/uapi_offsets.rs"));
}
