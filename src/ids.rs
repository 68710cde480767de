//! Numbers that name something, each a type of its own so that one is not taken for another.

macro_rules! ids {
    ($($(#[$attribute:meta])* $name:ident($integer:ty);)*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(transparent)]
        pub struct $name($integer);

        impl $name {
            /// The one of this number.
            #[must_use]
            #[inline]
            pub const fn from_raw(raw: $integer) -> Self {
                Self(raw)
            }

            /// The number.
            #[must_use]
            #[inline]
            pub const fn as_raw(self) -> $integer {
                self.0
            }
        }
    )*};
}

ids! {
    /// A user. A call that changes several users takes `Option<Uid>`, where `None` leaves one as it is.
    Uid(u32);
    /// A group of users. A call that changes several groups takes `Option<Gid>`, where `None` leaves one as it is.
    Gid(u32);
    /// A key or keyring of the kernel's.
    KeySerial(i32);
    /// A device, as [`Stat`](crate::sys::Stat) and `mknod` have it.
    Dev(u32);
    /// What inotify watches: the number of a watch of one inotify descriptor.
    Wd(i32);
    /// A context of asynchronous I/O.
    AioContext(usize);
    /// A timer of the process.
    TimerId(i32);
}

impl Dev {
    /// The device of these numbers: 12 and 20 bits, as the kernel has them.
    #[must_use]
    #[inline]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self((minor & 0xff) | (major & 0xfff) << 8 | (minor & 0xf_ff00) << 12)
    }

    /// Which driver it is.
    #[must_use]
    #[inline]
    pub const fn major(self) -> u32 {
        self.0 >> 8 & 0xfff
    }

    /// Which of the driver's devices it is.
    #[must_use]
    #[inline]
    pub const fn minor(self) -> u32 {
        (self.0 & 0xff) | self.0 >> 12 & 0xf_ff00
    }
}

/// A process, a process group, a session or a thread: never 0 and never negative, which calls give other meanings.
///
/// Where 0 stands for the caller itself, a call takes `Option<Pid>`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub struct Pid(i32);

impl Pid {
    /// The first process of a system or of a namespace.
    pub const INIT: Self = Self(1);

    /// The process of this number, if it can be one.
    ///
    /// ```
    /// # use ring3::Pid;
    /// assert_eq!(Pid::new(0), None);
    /// assert_eq!(Pid::new(-1), None);
    /// assert_eq!(Pid::new(1), Some(Pid::INIT));
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(raw: i32) -> Option<Self> {
        if raw > 0 { Some(Self(raw)) } else { None }
    }

    /// What the kernel says.
    #[inline]
    pub(crate) const fn from_raw(raw: i32) -> Self {
        Self(raw)
    }

    /// The number.
    #[must_use]
    #[inline]
    pub const fn as_raw(self) -> i32 {
        self.0
    }
}

macro_rules! selectors {
    ($($(#[$attribute:meta])* $name:ident $any:ident: $what:literal;)*) => {$(
$(#[$attribute])*
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct $name(i32);

impl $name {
    #[doc = $what]
    pub const $any: Self = Self(-1);
    /// The processes of the caller's own group.
    pub const OWN_GROUP: Self = Self(0);

    /// This process.
    #[must_use]
    #[inline]
    pub const fn process(pid: Pid) -> Self {
        Self(pid.0)
    }

    /// The processes of this group. Process 1's own group cannot be named so: -1 is everyone.
    #[must_use]
    #[inline]
    pub const fn group(group: Pid) -> Self {
        Self(-group.0)
    }

    /// The number.
    #[must_use]
    #[inline]
    pub const fn as_raw(self) -> i32 {
        self.0
    }
}

impl From<Pid> for $name {
    #[inline]
    fn from(pid: Pid) -> Self {
        Self::process(pid)
    }
}
    )*};
}

selectors! {
    /// Whom `wait4` waits for.
    WaitPid ANY: "Any child.";
    /// Whom `kill` signals.
    KillPid ALL: "Every process that may be signalled, but not process 1 and the caller.";
}

/// How a child has ended, stopped or gone on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct WaitStatus(i32);

impl WaitStatus {
    /// The status of this number.
    #[must_use]
    #[inline]
    pub const fn from_raw(raw: i32) -> Self {
        Self(raw)
    }

    /// The number.
    #[must_use]
    #[inline]
    pub const fn as_raw(self) -> i32 {
        self.0
    }

    /// What the child has said to `exit`, if it ended so.
    #[must_use]
    #[inline]
    pub const fn exit_code(self) -> Option<u8> {
        if self.0 & 0x7f == 0 { Some((self.0 >> 8) as u8) } else { None }
    }

    /// The number of the signal that has ended the child.
    #[must_use]
    #[inline]
    pub const fn term_signal(self) -> Option<i32> {
        let signal = self.0 & 0x7f;
        if signal != 0 && signal != 0x7f { Some(signal) } else { None }
    }

    /// Whether the child has left a core dump.
    #[must_use]
    #[inline]
    pub const fn core_dumped(self) -> bool {
        self.term_signal().is_some() && self.0 & 0x80 != 0
    }

    /// The number of the signal that has stopped the child, with a ptrace event above its low byte.
    #[must_use]
    #[inline]
    pub const fn stop_signal(self) -> Option<i32> {
        if self.0 & 0xff == 0x7f { Some(self.0 >> 8) } else { None }
    }

    /// Whether SIGCONT has made the child go on.
    #[must_use]
    #[inline]
    pub const fn continued(self) -> bool {
        self.0 == 0xffff
    }
}
