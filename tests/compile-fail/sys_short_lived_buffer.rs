//! What a call has filled lives no longer than the buffer.

use core::mem::MaybeUninit;
use ring3::{consts::Grnd, sys};

fn main() {
    let filled = {
        let mut buffer = [MaybeUninit::<u8>::uninit(); 16];
        sys::getrandom(&mut buffer, Grnd::empty()).unwrap().0
    };
    let _ = filled[0];
}
