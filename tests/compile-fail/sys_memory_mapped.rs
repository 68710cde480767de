//! A mapping with all of its flags is no safe call.

use core::ptr;
use ring3::{
    consts::{Map, Prot},
    sys,
};

fn main() {
    let _ = sys::mmap(ptr::null_mut(), 4096, Prot::READ, Map::PRIVATE | Map::ANONYMOUS, None, 0);
}
