//! The kernel's keys, in a session keyring of a child's own.

use super::*;
use ring3::{
    KeySerial,
    consts::{KeyReqkeyDefl, KeySpec, Keyctl, KeyctlMove},
    io::IoSlice,
};

checks! { "sys::keys":
    refused, refused_alone, reading, linking, permissions, keyrings, requesting, persistent, ending, at_once, given_to_the_parent, capabilities, diffie_hellman, public_keys, watching,
}

const SESSION: KeySerial = KeySerial::from_raw(KeySpec::SESSION_KEYRING.raw());
const PROCESS: KeySerial = KeySerial::from_raw(KeySpec::PROCESS_KEYRING.raw());
/// No key of anybody.
const NONE: KeySerial = KeySerial::from_raw(0x7fff_fff0);

/// A child with a session of its own.
fn session(run: &Run, part: fn(&Run) -> Outcome) -> Outcome {
    run.functions.then.set(Some(part));
    child(run, |run| {
        ok!(run, keyctl::join_session_keyring(None));
        run.functions.then.get().map_or(Ok(()), |part| part(run))
    })
}

fn key(run: &Run, name: &CStr) -> Result<KeySerial, Failure> {
    Ok(ok!(run, add_key(c"user", Some(name), Some(b"secret"), SESSION)))
}

fn refused(run: &Run) -> Outcome {
    fails!(run, ENODEV, add_key(c"no-such-type", Some(c"x"), Some(b"x"), SESSION));
    fails!(run, EINVAL, add_key(c"user", Some(c"x"), None, SESSION));
    fails!(run, ENOKEY, add_key(c"user", Some(c"x"), Some(b"x"), NONE));
    fails!(run, ENOKEY, request_key(c"user", c"ring3:missing", None, None));
    fails!(run, EOPNOTSUPP, keyctl(Keyctl::new(9999), 0, 0, 0, 0));
    Ok(())
}

/// Each function has something to say of a key that is not there.
fn refused_alone(run: &Run) -> Outcome {
    let mut bytes = [0; 64];
    fails!(run, ENOKEY, keyctl::get_keyring_id(NONE, 0));
    fails!(run, ENOKEY, keyctl::update(NONE, b"x"));
    fails!(run, ENOKEY, keyctl::revoke(NONE));
    fails!(run, ENOKEY, keyctl::describe(NONE, &mut bytes));
    fails!(run, ENOKEY, keyctl::clear(NONE));
    fails!(run, ENOKEY, keyctl::link(NONE, SESSION));
    fails!(run, ENOKEY, keyctl::unlink(SESSION, NONE));
    fails!(run, ENOKEY, keyctl::search(NONE, c"user", c"x", None));
    fails!(run, ENOKEY, keyctl::read(NONE, &mut bytes));
    fails!(run, ENOKEY, keyctl::chown(NONE, Some(value!(run, getuid())), None));
    fails!(run, ENOKEY, keyctl::setperm(NONE, 0));
    fails!(run, ENOKEY, keyctl::set_timeout(NONE, 0));
    fails!(run, ENOKEY, keyctl::get_security(NONE, &mut bytes));
    fails!(run, ENOKEY, keyctl::invalidate(NONE));
    fails!(run, ENOKEY, keyctl::restrict_keyring(NONE, None, None));
    fails!(run, ENOKEY, keyctl::r#move(NONE, SESSION, PROCESS, KeyctlMove::empty()));
    // Without an authority of a request.
    fails!(run, EPERM, keyctl::instantiate(NONE, Some(b"x"), None));
    fails!(run, EPERM, keyctl::instantiate_iov(NONE, &[IoSlice::new(b"x")], None));
    fails!(run, EPERM, keyctl::negate(NONE, 1, None));
    fails!(run, EPERM, keyctl::reject(NONE, 1, 126, None));
    fails!(run, ENOKEY, keyctl::assume_authority(Some(NONE)));
    same!(run, call!(run, keyctl::assume_authority(None)).unwrap_or(None), None);
    Ok(())
}

fn reading(run: &Run) -> Outcome {
    session(run, |run| {
        let key = key(run, c"ring3")?;
        let mut bytes = [0; 64];
        same!(run, ok!(run, keyctl::read(key, &mut bytes)), 6);
        same!(run, &bytes[..6], b"secret");
        ok!(run, keyctl::update(key, b"another"));
        same!(run, ok!(run, keyctl::read(key, &mut bytes[..3])), 7);
        same!(run, ok!(run, keyctl::read(key, &mut bytes)), 7);
        same!(run, &bytes[..7], b"another");
        let length = ok!(run, keyctl::describe(key, &mut bytes));
        holds!(run, bytes[..length].starts_with(b"user;") && bytes[..length].ends_with(b";ring3\0"));
        let length = ok!(run, keyctl::get_security(key, &mut bytes));
        holds!(run, length >= 1 && bytes[length - 1] == 0);
        Ok(())
    })
}

fn linking(run: &Run) -> Outcome {
    session(run, |run| {
        let key = key(run, c"ring3")?;
        let ring = ok!(run, add_key(c"keyring", Some(c"ring"), None, SESSION));
        same!(run, ok!(run, keyctl::search(SESSION, c"user", c"ring3", None)), key);
        fails!(run, ENOKEY, keyctl::search(ring, c"user", c"ring3", None));
        ok!(run, keyctl::link(key, ring));
        same!(run, ok!(run, keyctl::search(ring, c"user", c"ring3", None)), key);
        ok!(run, keyctl::unlink(key, ring));
        fails!(run, ENOENT, keyctl::unlink(key, ring));
        ok!(run, keyctl::r#move(key, SESSION, ring, KeyctlMove::EXCL));
        same!(run, ok!(run, keyctl::search(ring, c"user", c"ring3", None)), key);
        ok!(run, keyctl::clear(ring));
        fails!(run, ENOKEY, keyctl::search(ring, c"user", c"ring3", None));
        fails!(run, ENOTDIR, keyctl::clear(ok!(run, add_key(c"user", Some(c"x"), Some(b"x"), SESSION))));
        ok!(run, keyctl::restrict_keyring(ring, None, None));
        fails!(run, EPERM, add_key(c"user", Some(c"y"), Some(b"y"), ring));
        Ok(())
    })
}

fn permissions(run: &Run) -> Outcome {
    /// What the possessor may do but for reading, and everybody else nothing.
    const NO_READ: u32 = 0x3d00_0000;
    session(run, |run| {
        let key = key(run, c"ring3")?;
        ok!(run, keyctl::chown(key, None, None));
        ok!(run, keyctl::setperm(key, NO_READ));
        // Who finds a key may read it.
        ok!(run, keyctl::setperm(key, 0x2100_0000));
        fails!(run, EACCES, keyctl::read(key, &mut [0; 8]));
        fails!(run, EACCES, keyctl::update(key, b"x"));
        Ok(())
    })
}

fn keyrings(run: &Run) -> Outcome {
    child(run, |run| {
        let named = ok!(run, keyctl::join_session_keyring(Some(c"ring3:session")));
        same!(run, Some(ok!(run, keyctl::get_keyring_id(SESSION, 0))), named);
        holds!(run, ok!(run, keyctl::join_session_keyring(None)) != named);
        fails!(run, ENOKEY, keyctl::get_keyring_id(PROCESS, 0));
        let own = ok!(run, keyctl::get_keyring_id(PROCESS, 1));
        same!(run, ok!(run, keyctl::get_keyring_id(PROCESS, 0)), own);
        fails!(run, EPERM, keyctl::join_session_keyring(Some(c".name")));
        Ok(())
    })
}

fn requesting(run: &Run) -> Outcome {
    session(run, |run| {
        let key = key(run, c"ring3")?;
        same!(run, ok!(run, request_key(c"user", c"ring3", None, None)), key);
        let before = ok!(run, keyctl::set_reqkey_keyring(KeyReqkeyDefl::NO_CHANGE));
        same!(run, ok!(run, keyctl::set_reqkey_keyring(KeyReqkeyDefl::PROCESS_KEYRING)), before);
        same!(run, ok!(run, keyctl::set_reqkey_keyring(before)), KeyReqkeyDefl::PROCESS_KEYRING);
        fails!(run, EINVAL, keyctl::set_reqkey_keyring(KeyReqkeyDefl::new(99)));
        Ok(())
    })
}

fn persistent(run: &Run) -> Outcome {
    session(run, |run| match call!(run, keyctl::get_persistent(None, SESSION)) {
        Err(Errno::EOPNOTSUPP) => Err(Failure::Lacks("the kernel keeps no persistent keyrings")),
        Err(errno) => Err(Failure::Refused("keyctl::get_persistent", errno)),
        Ok(ring) => {
            fails!(run, ENOTDIR, keyctl::get_persistent(None, key(run, c"ring3")?));
            same!(run, ok!(run, keyctl::get_persistent(None, SESSION)), ring);
            Ok(())
        }
    })
}

fn ending(run: &Run) -> Outcome {
    session(run, |run| {
        let one = key(run, c"one")?;
        ok!(run, keyctl::set_timeout(one, 100));
        ok!(run, keyctl::revoke(one));
        fails!(run, EKEYREVOKED, keyctl::read(one, &mut [0; 8]));
        Ok(())
    })
}

fn at_once(run: &Run) -> Outcome {
    session(run, |run| {
        let key = key(run, c"ring3")?;
        ok!(run, keyctl::invalidate(key));
        // Until the kernel has cleared it away, it is as if revoked.
        let found = call!(run, keyctl::search(SESSION, c"user", c"ring3", None));
        holds!(run, matches!(found, Err(Errno::ENOKEY | Errno::EKEYREVOKED)));
        Ok(())
    })
}

/// The child's session becomes this process's.
fn given_to_the_parent(run: &Run) -> Outcome {
    session(run, |run| {
        key(run, c"ring3:given")?;
        ok!(run, keyctl::session_to_parent());
        Ok(())
    })?;
    ok!(run, keyctl::search(SESSION, c"user", c"ring3:given", None));
    ok!(run, keyctl::join_session_keyring(None));
    Ok(())
}

fn capabilities(run: &Run) -> Outcome {
    let mut bytes = [0; 16];
    let length = ok!(run, keyctl::capabilities(&mut bytes));
    holds!(run, length >= 2 && bytes[0] & 1 != 0);
    Ok(())
}

fn diffie_hellman(run: &Run) -> Outcome {
    // SAFETY: numbers alone.
    let mut params: ring3::uapi::keyctl_dh_params = unsafe { core::mem::zeroed() };
    (params.prime, params.base) = (NONE.as_raw(), NONE.as_raw());
    configured(
        run,
        "keyctl::dh_compute",
        call!(run, keyctl::dh_compute(&params, &mut [0; 16])).map(drop),
        Errno::ENOKEY,
    )
}

fn public_keys(run: &Run) -> Outcome {
    configured(run, "keyctl::pkey_query", call!(run, keyctl::pkey_query(NONE, c"")).map(drop), Errno::ENOKEY)
}

fn watching(run: &Run) -> Outcome {
    let [reader, _writer] = ok!(run, pipe());
    let watched = call!(run, keyctl::watch_key(SESSION, &reader, 999));
    configured(run, "keyctl::watch_key", watched, Errno::EINVAL)
}

/// The answer of a call of the kernel's that may have been left out.
fn configured(run: &Run, call: &'static str, result: Result<(), Errno>, expected: Errno) -> Outcome {
    match result {
        Err(Errno::EOPNOTSUPP) => Err(Failure::Lacks("the kernel was built without it")),
        result => run.refused(call, result, expected),
    }
}
