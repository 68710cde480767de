//! Who runs when, and where.

use super::*;
use ring3::{
    Pid,
    consts::{IoprioClass, IoprioWho, Prio, Sched, SchedGetattr},
    uapi::sched_param,
};

checks! { "sys::scheduling":
    yielding, policies, parameters, attributes, intervals, processors, place, priorities, niceness, priorities_of_io,
}

fn nobody() -> Option<Pid> {
    Pid::new(0x3fff_ffff)
}

fn yielding(run: &Run) -> Outcome {
    ok!(run, sched_yield());
    Ok(())
}

fn policies(run: &Run) -> Outcome {
    same!(run, ok!(run, sched_getscheduler(None)), Sched::NORMAL);
    same!(run, ok!(run, sched_get_priority_min(Sched::FIFO)), 1);
    same!(run, ok!(run, sched_get_priority_max(Sched::FIFO)), 99);
    fails!(run, EINVAL, sched_get_priority_min(Sched::from_bits_retain(99)));
    fails!(run, EINVAL, sched_get_priority_max(Sched::from_bits_retain(99)));
    fails!(run, ESRCH, sched_getscheduler(nobody()));
    let none = sched_param { sched_priority: 0 };
    fails!(run, EINVAL, sched_setscheduler(None, Sched::FIFO, &none));
    fails!(run, EINVAL, sched_setscheduler(None, Sched::from_bits_retain(99), &none));
    fails!(run, ESRCH, sched_setscheduler(nobody(), Sched::BATCH, &none));
    child(run, |run| {
        ok!(run, sched_setscheduler(None, Sched::BATCH, &sched_param { sched_priority: 0 }));
        same!(run, ok!(run, sched_getscheduler(None)), Sched::BATCH);
        Ok(())
    })
}

fn parameters(run: &Run) -> Outcome {
    same!(run, ok!(run, sched_getparam(None)).sched_priority, 0);
    ok!(run, sched_setparam(None, &sched_param { sched_priority: 0 }));
    fails!(run, EINVAL, sched_setparam(None, &sched_param { sched_priority: 1 }));
    fails!(run, ESRCH, sched_getparam(nobody()));
    fails!(run, ESRCH, sched_setparam(nobody(), &sched_param { sched_priority: 0 }));
    Ok(())
}

fn attributes(run: &Run) -> Outcome {
    let before = ok!(run, sched_getattr(None, SchedGetattr::empty()));
    holds!(run, before.size >= 48);
    same!(run, before.sched_policy, Sched::NORMAL.bits() as u32);
    fails!(run, ESRCH, sched_getattr(nobody(), SchedGetattr::empty()));
    fails!(run, EINVAL, sched_getattr(None, SchedGetattr::from_bits_retain(1 << 20)));
    fails!(run, ESRCH, sched_setattr(nobody(), &before));
    child(run, |run| {
        let mut attr = ok!(run, sched_getattr(None, SchedGetattr::empty()));
        (attr.sched_policy, attr.sched_nice) = (Sched::BATCH.bits() as u32, 3);
        ok!(run, sched_setattr(None, &attr));
        let now = ok!(run, sched_getattr(None, SchedGetattr::empty()));
        same!(run, (now.sched_policy, now.sched_nice), (Sched::BATCH.bits() as u32, 3));
        attr.sched_policy = 99;
        fails!(run, EINVAL, sched_setattr(None, &attr));
        Ok(())
    })
}

fn intervals(run: &Run) -> Outcome {
    let interval = ok!(run, sched_rr_get_interval(None));
    holds!(run, interval.tv_sec == 0 && (0..1_000_000_000).contains(&interval.tv_nsec));
    fails!(run, ESRCH, sched_rr_get_interval(nobody()));
    Ok(())
}

fn processors(run: &Run) -> Outcome {
    let mut mask = [0; 128];
    let length = ok!(run, sched_getaffinity(None, &mut mask));
    holds!(run, length >= size_of::<usize>() && mask.iter().any(|byte| *byte != 0));
    ok!(run, sched_setaffinity(None, &mask));
    fails!(run, EINVAL, sched_setaffinity(None, &[0; 128]));
    fails!(run, EINVAL, sched_getaffinity(None, &mut mask[..3]));
    fails!(run, ESRCH, sched_getaffinity(nobody(), &mut mask));
    fails!(run, ESRCH, sched_setaffinity(nobody(), &mask));
    Ok(())
}

/// A process that may run on one processor runs there.
fn place(run: &Run) -> Outcome {
    child(run, |run| {
        let mut mask = [0; 128];
        ok!(run, sched_getaffinity(None, &mut mask));
        let Some(first) = (0..1024).find(|bit| mask[place_of(*bit)] >> (bit % 8) & 1 == 1) else {
            return Err(Failure::Lacks("there is no processor"));
        };
        mask.fill(0);
        mask[place_of(first)] = 1 << (first % 8);
        ok!(run, sched_setaffinity(None, &mask));
        let (processor, node) = ok!(run, getcpu());
        same!(run, processor as usize, first);
        holds!(run, node < 1024);
        Ok(())
    })
}

/// The byte of a set of `long`s that a bit lies in; the ABIs have their low bytes first.
const fn place_of(bit: usize) -> usize {
    bit / 8
}

/// The kernel answers 20 less the niceness.
fn priorities(run: &Run) -> Outcome {
    // Its own may be any, as numbers of 1 to 40.
    same!(run, (1..=40).contains(&ok!(run, getpriority(Prio::PROCESS, 0))), true);
    fails!(run, EINVAL, getpriority(Prio::new(9), 0));
    fails!(run, ESRCH, getpriority(Prio::PROCESS, 0x3fff_ffff));
    fails!(run, EINVAL, setpriority(Prio::new(9), 0, 0));
    fails!(run, ESRCH, setpriority(Prio::PROCESS, 0x3fff_ffff, 0));
    child(run, |run| {
        let niceness = 20 - ok!(run, getpriority(Prio::PROCESS, 0)) as i32;
        let other = (niceness + 7).min(19);
        ok!(run, setpriority(Prio::PROCESS, 0, other));
        same!(run, ok!(run, getpriority(Prio::PROCESS, 0)) as i32, 20 - other);
        Ok(())
    })
}

fn niceness(run: &Run) -> Outcome {
    child(run, |run| {
        let before = ok!(run, getpriority(Prio::PROCESS, 0)) as i32;
        ok!(run, nice(5));
        ok!(run, nice(3));
        same!(run, ok!(run, getpriority(Prio::PROCESS, 0)) as i32, (before - 8).max(1));
        ok!(run, nice(100));
        same!(run, ok!(run, getpriority(Prio::PROCESS, 0)), 1);
        let user = ring3::Uid::from_raw(70_001);
        if call!(run, setresuid(Some(user), Some(user), Some(user))).is_ok() {
            ok!(run, prctl::set_dumpable(1));
        }
        // Without privileges there is no way back.
        fails!(run, EPERM, nice(-1));
        Ok(())
    })
}

fn priorities_of_io(run: &Run) -> Outcome {
    const LEVEL: i32 = 5;
    fails!(run, EINVAL, ioprio_get(IoprioWho::new(9), 0));
    fails!(run, EINVAL, ioprio_set(IoprioWho::new(9), 0, 0));
    fails!(run, ESRCH, ioprio_get(IoprioWho::PROCESS, 0x3fff_ffff));
    fails!(run, ESRCH, ioprio_set(IoprioWho::PROCESS, 0x3fff_ffff, 0));
    child(run, |run| {
        let priority = IoprioClass::BE.raw() << 13 | LEVEL;
        ok!(run, ioprio_set(IoprioWho::PROCESS, 0, priority));
        same!(run, ok!(run, ioprio_get(IoprioWho::PROCESS, 0)), priority as usize);
        fails!(run, EINVAL, ioprio_set(IoprioWho::PROCESS, 0, 7 << 13));
        Ok(())
    })
}
