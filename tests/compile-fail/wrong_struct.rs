//! Of the many structs of time, a call takes one.

use ring3::{raw, uapi};

fn main() {
    let mut time = unsafe { core::mem::zeroed::<uapi::__kernel_old_timeval>() };
    let _ = unsafe { raw::clock_gettime(0, &raw mut time) };
}
