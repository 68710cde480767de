//! From C's types to Rust's, with their layout on the target.

use super::{
    abi::Target,
    ctype::CType,
    error::{Place, Result},
    table::Index,
};

/// What the rows of uapi.tbl say of names.
pub struct Types<'a> {
    pub target: Target<'a>,
    pub typedefs: Index<'a, CType<'a>>,
    pub tags: Index<'a, Layout>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub size: u32,
    pub align: u32,
}

/// C's integer types: name in core::ffi, and bytes, 0 for those of a pointer.
const INTEGERS: [(&str, &str, u32); 11] = [
    ("char", "c_char", 1),
    ("signed char", "c_schar", 1),
    ("unsigned char", "c_uchar", 1),
    ("short", "c_short", 2),
    ("unsigned short", "c_ushort", 2),
    ("int", "c_int", 4),
    ("unsigned int", "c_uint", 4),
    ("long", "c_long", 0),
    ("unsigned long", "c_ulong", 0),
    ("long long", "c_longlong", 8),
    ("unsigned long long", "c_ulonglong", 8),
];

/// Names that Rust has types for.
const NAMES: [(&str, &str, u32); 19] = [
    ("double", "f64", 8),
    ("__u8", "u8", 1),
    ("__u16", "u16", 2),
    ("__u32", "u32", 4),
    ("__u64", "u64", 8),
    ("__s8", "i8", 1),
    ("__s16", "i16", 2),
    ("__s32", "i32", 4),
    ("__s64", "i64", 8),
    ("u8", "u8", 1),
    ("u16", "u16", 2),
    ("u32", "u32", 4),
    ("u64", "u64", 8),
    ("s32", "i32", 4),
    ("s64", "i64", 8),
    ("size_t", "usize", 0),
    ("ssize_t", "isize", 0),
    ("uintptr_t", "usize", 0),
    ("loff_t", "i64", 8),
];

fn find(list: &[(&str, &'static str, u32)], name: &str) -> Option<(&'static str, u32)> {
    list.iter().find(|row| row.0 == name).map(|row| (row.1, row.2))
}

impl<'a> Types<'a> {
    /// What all other types are made of, in Rust.
    pub fn scalars(&self) -> Vec<(&'static str, Layout)> {
        let mut scalars = Vec::new();
        for list in [&INTEGERS[..], &NAMES, &[("", "*const c_void", 0)]] {
            for &(_, rust, size) in list {
                if !scalars.iter().any(|&(other, _)| other == rust) {
                    scalars
                        .push((rust, self.scalar_layout(if size == 0 { self.pointer_size() } else { size })));
                }
            }
        }
        scalars
    }

    fn scalar_layout(&self, size: u32) -> Layout {
        Layout { size, align: size.min(self.target.abi.align) }
    }

    pub fn pointer_size(&self) -> u32 {
        self.target.abi.width / 8
    }

    /// The type in Rust.
    pub fn rust(&self, ty: &CType<'a>, place: Place<'_>) -> Result<String> {
        Ok(match ty {
            CType::Void => "c_void".to_owned(),
            CType::Integer(spelling) => {
                self.scalar(&INTEGERS, spelling).expect("C's integers are all listed").0.to_owned()
            }
            CType::Named(name) => match (self.scalar(&NAMES, name), self.typedefs.get(name)) {
                (Some((rust, _)), _) => rust.to_owned(),
                (None, Some(ty)) => self.rust(ty, place)?,
                (None, None) => self.rust(&CType::Tag(name), place)?,
            },
            CType::Tag(tag) if self.tags.get(tag).is_some() => (*tag).to_owned(),
            CType::Tag(tag) => return Err(self.unknown(tag, place)),
            CType::Pointer { to, constant } => {
                format!("*{} {}", if *constant { "const" } else { "mut" }, self.rust(to, place)?)
            }
            CType::Array(element, count) => {
                format!("[{}; {}]", self.rust(element, place)?, count.unwrap_or(0))
            }
            CType::Function { result, parameters } => {
                let parameters =
                    parameters.iter().map(|ty| self.rust(ty, place)).collect::<Result<Vec<_>>>()?;
                let result = match &**result {
                    CType::Void => String::new(),
                    ty => format!(" -> {}", self.rust(ty, place)?),
                };
                format!("Option<unsafe extern \"C\" fn({}){result}>", parameters.join(", "))
            }
        })
    }

    /// Size and alignment in bytes.
    pub fn layout(&self, ty: &CType<'a>, place: Place<'_>) -> Result<Layout> {
        let scalar = |size| self.scalar_layout(size);
        Ok(match ty {
            CType::Void => return Err(place.error("`void`", "a type with a size")),
            CType::Integer(spelling) => {
                scalar(self.scalar(&INTEGERS, spelling).expect("C's integers are all listed").1)
            }
            CType::Named(name) => match (self.scalar(&NAMES, name), self.typedefs.get(name)) {
                (Some((_, size)), _) => scalar(size),
                (None, Some(ty)) => self.layout(ty, place)?,
                (None, None) => self.layout(&CType::Tag(name), place)?,
            },
            CType::Tag(tag) => *self.tags.get(tag).ok_or_else(|| self.unknown(tag, place))?,
            CType::Pointer { .. } | CType::Function { .. } => scalar(self.pointer_size()),
            CType::Array(element, count) => {
                let element = self.layout(element, place)?;
                Layout { size: element.size * count.unwrap_or(0), align: element.align }
            }
        })
    }

    fn scalar(&self, list: &[(&str, &'static str, u32)], name: &str) -> Option<(&'static str, u32)> {
        find(list, name).map(|(rust, size)| (rust, if size == 0 { self.pointer_size() } else { size }))
    }

    fn unknown(&self, name: &str, place: Place<'_>) -> super::error::Error {
        place
            .error(format!("type `{name}`"), format!("a type that uapi.tbl has for {}", self.target.abi.name))
    }
}
