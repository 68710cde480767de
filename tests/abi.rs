//! The data of feature `tables`, by what others say of the same ABIs.

use ring3::{
    Sysno,
    abi::{self, Abi},
};

#[test]
fn names_and_numbers_lead_to_each_other() {
    for &abi in abi::ALL {
        let mut last = None;
        for call in abi.calls() {
            assert!(last < Some(call.number()), "{abi}: {call:?} comes after {last:?}");
            last = Some(call.number());
            assert_eq!(abi.by_name(call.name()), Some(call));
            assert_eq!(abi.by_number(call.number()), Some(call));
            assert_eq!(call.abi(), abi);
        }
        let last = last.expect("an ABI has calls");
        assert_eq!(abi.by_number(last + 1), None);
        assert_eq!(abi.by_number(u32::MAX), None);
        for name in ["", "writ", "writes", "WRITE", "~", "write\0"] {
            assert_eq!(abi.by_name(name), None, "{abi}: {name:?}");
        }
        assert_eq!(Abi::by_abi_name(abi.name()), Some(abi));
    }
    assert_eq!(Abi::by_abi_name("pdp11"), None);
}

#[test]
fn the_native_one_is_sysno() {
    let abi = Abi::native();
    let last = abi.calls().next_back().unwrap().number();
    let mut known = 0;
    for number in abi.number_base()..=last {
        assert_eq!(abi.by_number(number).map(abi::Call::name), Sysno::new(number).name(), "{number}");
        known += usize::from(Sysno::new(number).name().is_some());
    }
    assert_eq!(known, abi.calls().len());
}

/// write, openat and memfd_create by the headers of each.
#[test]
fn numbers_that_everybody_knows() {
    let known = [
        ("x86_64", 1, 257, 319),
        ("x32", 0x4000_0001, 0x4000_0101, 0x4000_013f),
        ("i386", 4, 295, 356),
        ("arm", 4, 322, 385),
        ("aarch64", 64, 56, 279),
        ("riscv64", 64, 56, 279),
        ("riscv32", 64, 56, 279),
        ("loongarch64", 64, 56, 279),
        ("s390x", 4, 288, 350),
        ("powerpc64", 4, 286, 360),
        ("powerpc", 4, 286, 360),
        ("mips_o32", 4004, 4288, 4354),
        ("mips_n64", 5001, 5247, 5314),
        ("mips_n32", 6001, 6251, 6318),
        ("sparc64", 4, 284, 348),
        ("sparc", 4, 284, 348),
        ("m68k", 4, 288, 353),
        ("csky", 64, 56, 279),
        ("hexagon", 64, 56, 279),
    ];
    assert_eq!(known.map(|row| row.0).to_vec(), abi::ALL.iter().map(|abi| abi.name()).collect::<Vec<_>>());
    for (name, write, openat, memfd_create) in known {
        let abi = Abi::by_abi_name(name).unwrap();
        let number = |name| abi.by_name(name).unwrap().number();
        assert_eq!(
            [number("write"), number("openat"), number("memfd_create")],
            [write, openat, memfd_create],
            "{name}"
        );
    }
    assert_eq!(abi::ARM.by_name("set_tls").unwrap().number(), 0x0f_0005);
    assert_eq!(abi::X32.by_name("readv").unwrap().number(), 0x4000_0203);
    assert_eq!(abi::X86_64.by_name("tuxcall").unwrap().entry(), None);
}

/// The kernel makes it of the machine's number in ELF files.
#[test]
fn audit_knows_them_by_the_machine() {
    let wide = [
        "x86_64",
        "x32",
        "aarch64",
        "riscv64",
        "loongarch64",
        "s390x",
        "powerpc64",
        "mips_n64",
        "mips_n32",
        "sparc64",
    ];
    let machines = [
        ("x86_64", libc::EM_X86_64, true),
        ("x32", libc::EM_X86_64, true),
        ("i386", libc::EM_386, true),
        ("arm", libc::EM_ARM, true),
        ("aarch64", libc::EM_AARCH64, true),
        ("riscv64", 243, true),
        ("riscv32", 243, true),
        ("loongarch64", 258, true),
        ("s390x", libc::EM_S390, false),
        ("powerpc64", libc::EM_PPC64, cfg!(target_endian = "little")),
        ("powerpc", libc::EM_PPC, false),
        ("mips_o32", libc::EM_MIPS, cfg!(target_endian = "little")),
        ("mips_n64", libc::EM_MIPS, cfg!(target_endian = "little")),
        ("mips_n32", libc::EM_MIPS, cfg!(target_endian = "little")),
        ("sparc64", libc::EM_SPARCV9, false),
        ("sparc", libc::EM_SPARC, false),
        ("m68k", libc::EM_68K, false),
        ("csky", 252, true),
        // A little-endian machine; the kernel's constant lacks the bit.
        ("hexagon", 164, false),
    ];
    assert_eq!(machines.len(), abi::ALL.len());
    for (name, machine, little_endian) in machines {
        let convention = if name == "mips_n32" { 0x2000_0000 } else { 0 };
        let bits = u32::from(wide.contains(&name)) << 31 | u32::from(little_endian) << 30 | convention;
        let expected = u32::from(machine) | bits;
        assert_eq!(Abi::by_abi_name(name).unwrap().audit_arch(), expected, "{name}");
    }
}

#[test]
fn registers_are_those_of_the_readme() {
    let readme = include_str!("../README.md");
    let mut rows = 0;
    for line in readme.lines() {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let ["", name, _, trap, number, arguments, result, ..] = cells[..] else { continue };
        let Some(abi) = Abi::by_abi_name(name) else { continue };
        rows += 1;
        assert!(trap.starts_with(&format!("`{}`", abi.instruction())), "{line}");
        assert_eq!(number, abi.number_register());
        let registers = abi.argument_registers();
        let range = format!("{} to {}", registers[0], registers[registers.len() - 1]);
        assert!(arguments == registers.join(" ") || arguments == range, "{line}");
        assert_eq!(result, abi.result_register());
    }
    assert_eq!(rows, 6);
}

#[test]
fn wide_arguments_take_two_registers() {
    let registers = |abi: &'static Abi, name| {
        let call = abi.by_name(name).unwrap();
        call.arguments()
            .map(|argument| format!("{} {}", argument.name(), argument.registers().join(":")))
            .collect::<Vec<_>>()
            .join(", ")
    };
    assert_eq!(registers(&abi::X86_64, "pread64"), "fd rdi, buf rsi, count rdx, pos r10");
    assert_eq!(registers(&abi::X32, "pread64"), "fd rdi, buf rsi, count rdx, pos r10");
    assert_eq!(registers(&abi::I386, "pread64"), "fd ebx, ubuf ecx, count edx, pos esi:edi");
    assert_eq!(registers(&abi::ARM, "pread64"), "fd r0, buf r1, count r2, pos r4:r5");
    assert_eq!(registers(&abi::RISCV32, "pread64"), "fd a0, buf a1, count a2, pos a3:a4");
    assert_eq!(registers(&abi::ARM, "ftruncate64"), "fd r0, length r2:r3");
    assert_eq!(
        registers(&abi::MIPS_O32, "fadvise64"),
        "fd a0, offset a2:a3, len 16(sp):20(sp), advice 24(sp)"
    );
    let block = abi::I386.by_name("mmap").unwrap();
    assert_eq!((block.arguments().len(), registers(&abi::I386, "mmap").as_str()), (1, " ebx"));
    assert!(block.parameters().starts_with("{ unsigned long addr, "), "{block}");
    assert_eq!(abi::X86_64.by_name("getpid").unwrap().arguments().len(), 0);
}

#[test]
fn releases() {
    let since =
        |abi: &'static Abi, name: &str| abi.by_name(name).unwrap().since().map(|version| version.to_string());
    for (abi, name, release) in [
        (&abi::I386, "write", "1.0"),
        (&abi::X86_64, "write", "2.6"),
        (&abi::RISCV64, "write", "4.15"),
        (&abi::RISCV64, "clone3", "5.3"),
        (&abi::X86_64, "accept4", "2.6.28"),
        (&abi::ARM, "clock_gettime64", "5.1"),
        // Where others had the call before.
        (&abi::I386, "socket", "4.3"),
        (&abi::I386, "socketcall", "1.0"),
        (&abi::ARM, "kcmp", "3.9"),
    ] {
        assert_eq!(since(abi, name).as_deref(), Some(release), "{abi} {name}");
    }
    assert_eq!(since(&abi::X86_64, "tuxcall"), None);
}

/// The target's numbers in libc.
#[test]
fn libc_agrees() {
    macro_rules! agree {
        ($($name:ident)*) => {$(
            let (constant, ours) = (stringify!($name), Abi::native());
            let number = ours.by_name(&constant["SYS_".len()..]).map(abi::Call::number);
            assert_eq!(number.map(i64::from), Some(libc::$name), "{constant}");
        )*};
    }
    agree!(SYS_read SYS_write SYS_mmap SYS_rt_sigaction SYS_clone SYS_execve SYS_openat SYS_statx SYS_clone3 SYS_openat2 SYS_epoll_pwait2
        SYS_mseal SYS_futex SYS_io_uring_setup SYS_landlock_create_ruleset SYS_process_mrelease);
}
