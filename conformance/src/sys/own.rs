//! Functions that only some of the ABIs have.

#[allow(unused_imports, reason = "some ABIs have none")]
use super::*;

checks! { "sys::own":
    #[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))] file_systems,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))] ports (privileged),
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))] descriptor_tables,
    #[cfg(any(target_arch = "x86_64", target_arch = "x86"))] processor,
    #[cfg(target_arch = "x86_64")] thread_registers,
    #[cfg(target_arch = "x86")] thread_areas,
    #[cfg(target_arch = "x86")] sixteen_bits,
    #[cfg(target_arch = "arm")] thread_register,
    #[cfg(target_arch = "arm")] instructions (emulator: "it leaves the first argument for the result"),
    #[cfg(target_arch = "arm")] buses (privileged),
    #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] instructions (emulator: "it takes any flags"),
    #[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))] hardware,
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86", target_arch = "arm"))]
fn file_systems(run: &Run) -> Outcome {
    fails!(run, EINVAL, ustat(u32::MAX));
    // Both are of the past, and seldom configured.
    fails!(run, EINVAL, sysfs(99, 0, 0));
    fails!(run, EINVAL, sysfs::fs_index(c"no-such-system"));
    let count = ok!(run, sysfs::fs_count());
    holds!(run, ok!(run, sysfs::fs_index(c"proc")) < count);
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
fn ports(run: &Run) -> Outcome {
    fails!(run, EINVAL, iopl(4));
    fails!(run, EINVAL, ioperm(usize::MAX, 2, 1));
    child(run, |run| {
        ok!(run, ioperm(0x80, 1, 1));
        ok!(run, ioperm(0x80, 1, 0));
        ok!(run, iopl(0));
        Ok(())
    })
}

/// The kernel's answer is an `int`, whose errors look like large numbers.
#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
fn descriptor_tables(run: &Run) -> Outcome {
    same!(run, ok!(run, modify_ldt::read(&mut [0; 64])), 0);
    fails!(run, EINVAL, modify_ldt(1, &mut [0; 3]));
    Ok(())
}

#[cfg(any(target_arch = "x86_64", target_arch = "x86"))]
fn processor(run: &Run) -> Outcome {
    fails!(run, EINVAL, arch_prctl(ring3::consts::Arch::new(0x7777), nowhere()));
    let supported = ok!(run, arch_prctl::get_xcomp_supp());
    let allowed = ok!(run, arch_prctl::get_xcomp_perm());
    same!(run, allowed & !supported, 0);
    fails!(run, EINVAL, arch_prctl::req_xcomp_perm(99));
    same!(run, ok!(run, arch_prctl::get_cpuid()), 1);
    // Whether the processor can forbid it.
    match call!(run, arch_prctl::set_cpuid(1)) {
        Ok(()) | Err(Errno::ENODEV) => Ok(()),
        Err(errno) => Err(Failure::Refused("arch_prctl::set_cpuid", errno)),
    }
}

#[cfg(target_arch = "x86_64")]
fn thread_registers(run: &Run) -> Outcome {
    // The program has no thread-local storage.
    same!(run, ok!(run, arch_prctl::get_gs()), 0);
    let before = ok!(run, arch_prctl::get_fs());
    same!(run, ok!(run, arch_prctl::get_fs()), before);
    Ok(())
}

#[cfg(target_arch = "x86")]
fn thread_areas(run: &Run) -> Outcome {
    // SAFETY: plain data.
    let mut area: ring3::uapi::user_desc = unsafe { core::mem::zeroed() };
    area.entry_number = 1;
    fails!(run, EINVAL, get_thread_area(&mut area));
    fails!(run, EINVAL, set_thread_area(&mut area));
    child(run, |run| {
        // SAFETY: plain data.
        let mut area: ring3::uapi::user_desc = unsafe { core::mem::zeroed() };
        (area.entry_number, area.base_addr, area.limit) = (u32::MAX, 0x1000, 0xfff);
        area.bits_12 = 1;
        ok!(run, set_thread_area(&mut area));
        holds!(run, area.entry_number < 64);
        let (entry, base) = (area.entry_number, area.base_addr);
        area.base_addr = 0;
        ok!(run, get_thread_area(&mut area));
        same!(run, (area.entry_number, area.base_addr), (entry, base));
        Ok(())
    })
}

#[cfg(target_arch = "x86")]
fn sixteen_bits(run: &Run) -> Outcome {
    // `VM86_PLUS_INSTALL_CHECK`
    same!(run, ok!(run, vm86(0, 0)), 0);
    Ok(())
}

#[cfg(target_arch = "arm")]
fn thread_register(run: &Run) -> Outcome {
    let before = value!(run, get_tls());
    let place = without_provenance_mut(0x1234_5678);
    ok!(run, set_tls(place));
    same!(run, value!(run, get_tls()), place);
    Ok(ok!(run, set_tls(before)))
}

#[cfg(target_arch = "arm")]
fn instructions(run: &Run) -> Outcome {
    let code = instructions as *const () as *mut c_void;
    ok!(run, cacheflush(code, code.wrapping_byte_add(64)));
    fails!(run, EINVAL, cacheflush(code.wrapping_byte_add(64), code));
    Ok(())
}

#[cfg(target_arch = "arm")]
fn buses(run: &Run) -> Outcome {
    fails!(run, ENODEV, pciconfig_read(0xff, 0xff, 0, &mut [0; 4]));
    fails!(run, ENODEV, pciconfig_write(0xff, 0xff, 0, &[0; 4]));
    Ok(())
}

#[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))]
fn instructions(run: &Run) -> Outcome {
    /// `SYS_RISCV_FLUSH_ICACHE_LOCAL`
    const LOCAL: usize = 1;
    let code = instructions as *const () as *mut c_void;
    ok!(run, riscv_flush_icache(code, code.wrapping_byte_add(64), LOCAL));
    fails!(run, EINVAL, riscv_flush_icache(code, code, 1 << 10));
    Ok(())
}

#[cfg(any(target_arch = "riscv64", target_arch = "riscv32"))]
fn hardware(run: &Run) -> Outcome {
    // The base behaviour, and a key that nobody knows.
    let pair = |key| ring3::uapi::riscv_hwprobe { key, value: 7 };
    let mut pairs = [pair(3), pair(0x7777)];
    ok!(run, riscv_hwprobe(&mut pairs, None, 0));
    same!(run, (pairs[0].key, pairs[0].value & 1), (3, 1));
    same!(run, (pairs[1].key, pairs[1].value), (-1, 0));
    fails!(run, EINVAL, riscv_hwprobe(&mut pairs, None, 1 << 10));
    Ok(())
}
