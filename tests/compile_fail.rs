//! What must not compile, and what the compiler says then.
//!
//! A call is checked when it is written or never: the kernel sees registers, not types. `TRYBUILD=overwrite cargo test --test
//! compile_fail` writes the messages down anew.

// Where the messages' names and types are those of the ABI that they were written down on.
#![cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]

#[path = "common/compiler.rs"]
mod compiler;

/// The compiler whose messages they are: each words them a little differently.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_do_not_compile() {
    let version = compiler::rustc(&["--version"]);
    if version.starts_with(COMPILER) {
        trybuild::TestCases::new().compile_fail("tests/compile-fail/*.rs");
    } else {
        println!("not compared: the messages are those of {COMPILER}, and this is {version}");
    }
}

/// What the types are to find out, and the words that show that it did.
const MISTAKES: [(&str, &str); 13] = [
    ("sys_swapped_arguments", "`[u8; 13]: ring3::AsFd` is not satisfied"),
    ("sys_closed_descriptor", "borrow of moved value: `fd`"),
    ("sys_short_lived_buffer", "`buffer` does not live long enough"),
    ("sys_buffer_in_use", "cannot borrow `bytes` as mutable more than once"),
    ("sys_pid_for_descriptor", "`Pid: ring3::AsFd` is not satisfied"),
    ("sys_shared_slice_to_read_into", "`&[u8]: Buffer<u8>` is not satisfied"),
    ("sys_flags_of_another_call", "expected `Flags<i32, Of<O>>`, found `Flags<u32, Of<Mfd>>`"),
    (
        "sys_unsafe_outside_unsafe",
        "call to unsafe function `ring3::sys::munmap` is unsafe and requires unsafe block",
    ),
    ("thread_of_borrowed", "closure may outlive the current function, but it borrows `number`"),
    ("thread_of_what_stays", "`*const u8` cannot be sent between threads safely"),
    ("thread_that_brings_what_stays", "`NonNull<u8>` cannot be sent between threads safely"),
    (
        "thread_takes_its_lock",
        "required because it appears within the type `ring3::thread::MutexGuard<'_, u8>`",
    ),
    ("sys_descriptor_of_a_struct_closed", "cannot move out of `source` because it is borrowed"),
];

#[test]
fn each_mistake_is_refused_for_what_it_is() {
    for (program, words) in MISTAKES {
        let path = format!("{}/tests/compile-fail/{program}.stderr", env!("CARGO_MANIFEST_DIR"));
        let message = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(message.contains(words), "{path} is to have `{words}`:\n{message}");
    }
}
