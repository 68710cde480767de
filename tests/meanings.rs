//! What `abi` says of arguments: of every call, and of some that differ by command or by ABI.

use ring3::abi::{ALL, ARM, Abi, I386, Length, MIPS_O32, Meaning, Memory, X86_64};

/// Numbers, and what is known without a layout.
const PLAIN: [&str; 15] = [
    "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize", "slices", "bits", "fd", "ptr",
    "futex",
];

fn meanings(abi: &'static Abi, call: &str, arguments: &[u64]) -> Vec<Meaning> {
    abi.by_name(call).and_then(|call| call.form(arguments)).unwrap().arguments().collect()
}

/// Whether everything that a meaning names is there.
fn known(abi: &'static Abi, meaning: Meaning, count: usize) -> bool {
    match meaning {
        Meaning::Set(name) => abi.set(name).is_some_and(|set| set.entries().count() > 0),
        Meaning::Integer(ty, _) => PLAIN.contains(&ty),
        Meaning::Memory(Memory { element, length, .. }) => {
            let index = match length {
                Length::Argument(index) | Length::Behind(index) => index,
                Length::Fixed(_) => 0,
            };
            let plain = match element.split_once(':') {
                Some(("set", name)) => abi.set(name).is_some(),
                Some((ty, _)) => PLAIN.contains(&ty),
                None => PLAIN.contains(&element),
            };
            index < count && (plain || abi.layout(element).is_some_and(|layout| layout.size() > 0))
        }
        _ => true,
    }
}

#[test]
fn every_argument_of_every_call_is_something_known() {
    let mut calls = 0;
    for abi in ALL {
        for call in abi.calls().filter(|call| call.is_live()) {
            let form = call.form(&[0; 6]).unwrap_or_else(|| panic!("{call:?} has no form"));
            // Those of a block are its own.
            let block = call.parameters().starts_with('{');
            let count = form.arguments().count();
            assert!(block || count == call.arguments().count(), "{call:?}");
            for meaning in form.arguments().chain([form.result()]) {
                assert!(known(abi, meaning, count), "{call:?}: {meaning:?}");
            }
            calls += 1;
        }
        assert!(abi.set("O").is_some() && abi.set("none of these").is_none());
    }
    assert!(calls > 6000, "{calls} calls");
}

#[test]
fn fields_lie_in_their_struct() {
    for abi in ALL {
        // An array without a size begins where the struct ends.
        for name in ["rusage", "iovec", "sigaction", "pollfd"] {
            let layout = abi.layout(name).unwrap_or_else(|| panic!("{abi}: no {name}"));
            assert!(layout.fields().all(|field| field.offset <= layout.size()), "{abi}: {name}");
        }
    }
}

#[test]
fn a_call_means_what_its_contract_says() {
    let read = meanings(&X86_64, "read", &[0; 3]);
    let buffer =
        Memory { reads: false, writes: true, element: "u8", length: Length::Argument(2), result: true };
    assert_eq!(read, [Meaning::Descriptor, Meaning::Memory(buffer), Meaning::Integer("usize", "")]);
    let openat = [Meaning::Descriptor, Meaning::Path, Meaning::Set("O"), Meaning::Set("Mode")];
    assert_eq!(meanings(&ARM, "openat", &[0; 4]), openat);
    // No contract takes the row: its own prototype tells.
    let [_, Meaning::Memory(old)] = meanings(&I386, "stat64", &[0; 2])[..] else { panic!("no memory") };
    assert_eq!((old.element, old.writes), ("stat64", true));
}

#[test]
fn a_command_has_its_own_meaning() {
    let getfl = X86_64.by_name("fcntl").unwrap().form(&[3, 3, 0]).unwrap();
    let expected = [Meaning::Descriptor, Meaning::Constant("F_GETFL"), Meaning::Unused];
    assert_eq!(getfl.arguments().collect::<Vec<_>>(), expected);
    assert_eq!(getfl.result(), Meaning::Set("O"));
    let unknown = meanings(&X86_64, "fcntl", &[3, 0x7fff, 0]);
    assert_eq!(unknown, [Meaning::Descriptor, Meaning::Set("F"), Meaning::Word]);
    // FUTEX_WAKE, with and without FUTEX_PRIVATE_FLAG.
    for operation in [1, 0x81] {
        let wake = meanings(&X86_64, "futex", &[0x1000, operation, 1, 0, 0, 0]);
        assert_eq!(wake[3..], [Meaning::Unused; 3], "{operation}");
    }
    // SO_RCVTIMEO_NEW of SOL_SOCKET: two numbers of 64 bits everywhere, also where a time of the kernel has two of 32.
    for abi in [&X86_64, &I386, &ARM] {
        let option = meanings(abi, "setsockopt", &[3, 1, 66, 0x1000, 16]);
        let Meaning::Memory(time) = option[3] else { panic!("{abi}: {option:?}") };
        assert_eq!(abi.layout(time.element).map(|layout| layout.size()), Some(16), "{abi}: {time:?}");
    }
}

#[test]
fn sets_and_structs_are_those_of_the_abi() {
    let bits =
        |abi: &'static Abi, name| abi.set("O").unwrap().entries().find(|member| member.0 == name).unwrap().1;
    assert_eq!((bits(&X86_64, "O_DIRECTORY"), bits(&ARM, "O_DIRECTORY")), (0x10000, 0x4000));
    assert_eq!(bits(&MIPS_O32, "O_CREAT"), 0x100);
    assert!(X86_64.set("O").unwrap().is_flags() && !X86_64.set("Sig").unwrap().is_flags());
    assert_eq!((X86_64.set("Map").unwrap().width(), I386.set("Map").unwrap().width()), (64, 32));
    let offset = |abi: &'static Abi| {
        let layout = abi.layout("iovec").unwrap();
        (layout.size(), layout.fields().find(|field| field.name == "iov_len").unwrap().offset)
    };
    assert_eq!((offset(&X86_64), offset(&I386)), ((16, 8), (8, 4)));
}
