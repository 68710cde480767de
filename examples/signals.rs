//! `signals`: handlers at work. SIGSEGV at a guard page is repaired by its handler, which says where the program was and what it touched.
//!
//! ```sh
//! cargo run --release --example signals
//! ```

#![cfg_attr(panic = "abort", no_std)]
#![cfg_attr(not(test), no_main)]

use core::{
    ffi::c_void,
    ptr,
    sync::atomic::{AtomicPtr, Ordering::Relaxed},
};
use ring3::{
    Env, Errno,
    consts::{Map, Prot, Sa, Sig},
    println,
    signal::{Action, AltStack, Handler, SigSet, sigaction, siginfo, ucontext},
    sys,
};

ring3::entry!(main);

/// The page that cannot be touched yet, and its size.
static PAGE: AtomicPtr<c_void> = AtomicPtr::new(ptr::null_mut());

/// Printing is a call, and right in a handler: neither a heap nor a lock is wanted for it.
extern "C" fn repair(_: Sig, info: &siginfo, context: &mut ucontext) {
    let page = PAGE.load(Relaxed);
    let touched = info.fault_address().unwrap_or(ptr::null_mut());
    println!("touched the guard page at byte {}", touched.addr().wrapping_sub(page.addr()));
    let inside = context.stack_pointer() > 0 && context.program_counter() > 0;
    // Another fault would come again and again: the page is made one that can be used, or that was all.
    // SAFETY: the page is the program's own.
    if touched < page || !inside || unsafe { sys::mprotect(page, 1, Prot::READ | Prot::WRITE) }.is_err() {
        sys::exit_group(1);
    }
}

fn main(env: Env) -> Result<(), Errno> {
    let _stack = AltStack::new(64 << 10)?;
    let action = Action { handler: Handler::Info(repair), flags: Sa::ONSTACK, mask: SigSet::empty() };
    // SAFETY: the handler makes calls alone, and uses an atomic; nothing else handles the signal.
    unsafe { sigaction(Sig::SEGV, Some(&action))? };

    let kind = Map::PRIVATE | Map::ANONYMOUS;
    // SAFETY: new memory.
    let page = unsafe { sys::mmap(ptr::null_mut(), env.page_size(), Prot::NONE, kind, None, 0)? };
    PAGE.store(page, Relaxed);
    let place = page.cast::<u8>().wrapping_add(100);
    // SAFETY: the handler makes the memory one that can be written.
    unsafe { place.write_volatile(42) };
    // SAFETY: it has just been written.
    println!("and found {} there", unsafe { place.read_volatile() });

    let missing = Action::new(Handler::Ignore);
    // SAFETY: nothing is called.
    let error = unsafe { sigaction(Sig::new(65), Some(&missing)) }.err();
    println!("signal 65: {error:?}");
    Ok(())
}
