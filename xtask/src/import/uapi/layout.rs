//! From libclang's types to declarations and layouts.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail};
use clang::{Entity, EntityKind, Type, TypeKind};

use super::m68k::{self, Layout};

/// What one target makes of the types: name with its keyword -> the text of its block.
#[derive(Debug)]
pub struct Types {
    pub blocks: BTreeMap<String, Block>,
    m68k: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// The columns after ABIS, and the lines of the members.
    Record { head: String, members: String },
    /// The declaration.
    Typedef(String),
}

/// The typedefs that stand in the table as they are.
const BASE: [&str; 9] = ["__u8", "__u16", "__u32", "__u64", "__s8", "__s16", "__s32", "__s64", "size_t"];

impl Types {
    pub fn new(m68k: bool) -> Self {
        Self { blocks: BTreeMap::new(), m68k }
    }

    /// Notes `kind`, which a prototype names, and every record that it leads to.
    pub fn add(&mut self, kind: Type<'_>) -> Result<()> {
        match kind.get_kind() {
            TypeKind::Pointer => self.add(pointee(kind)?),
            TypeKind::Elaborated => self.add(elaborated(kind)?),
            TypeKind::ConstantArray | TypeKind::IncompleteArray => self.add(element(kind)?),
            TypeKind::Typedef => {
                let name =
                    kind.get_declaration().and_then(|e| e.get_name()).context("expected a typedef's name")?;
                if BASE.contains(&name.as_str()) {
                    return Ok(());
                }
                let under = underlying(kind)?;
                let declaration = spell(under, &name, None)?;
                // A record may be known by this typedef alone.
                if !declaration.ends_with(&format!(" {name} {name}")) {
                    self.blocks.insert(format!("typedef {name}"), Block::Typedef(declaration));
                }
                self.reach(under)
            }
            TypeKind::Record if kind.get_sizeof().is_err() => {
                bail!("{}: expected a definition", kind.get_display_name())
            }
            _ => self.reach(kind),
        }
    }

    /// Notes the records that `kind` leads to; typedefs on the way have no block of their own.
    fn reach(&mut self, kind: Type<'_>) -> Result<()> {
        match kind.get_kind() {
            TypeKind::Pointer => self.reach(pointee(kind)?),
            TypeKind::Elaborated => self.reach(elaborated(kind)?),
            TypeKind::ConstantArray | TypeKind::IncompleteArray => self.reach(element(kind)?),
            TypeKind::Typedef => self.reach(underlying(kind)?),
            TypeKind::FunctionPrototype => {
                for argument in kind.get_argument_types().unwrap_or_default() {
                    self.reach(argument)?;
                }
                self.reach(kind.get_result_type().context("expected a result type")?)
            }
            // Only the kernel knows what a member like this points to.
            TypeKind::Record if kind.get_sizeof().is_err() => Ok(()),
            TypeKind::Record => {
                let declaration = kind.get_declaration().context("expected a declaration")?;
                let name = tag(declaration)?;
                self.record(kind, declaration, &name)
            }
            _ => Ok(()),
        }
    }

    fn record(&mut self, kind: Type<'_>, declaration: Entity<'_>, name: &str) -> Result<()> {
        let keyword = keyword(declaration)?;
        let key = format!("{keyword} {name}");
        if self.blocks.contains_key(&key) {
            return Ok(());
        }
        let Layout { size, align, offsets } =
            self.layout(kind).with_context(|| format!("{key}: expected a layout"))?;
        // Before the members, for a record may lead to itself.
        self.blocks.insert(key.clone(), Block::Typedef(String::new()));

        let mut members = String::new();
        let mut nameless = 0;
        let mut natural = 1;
        let mut packed = false;
        for (field, offset) in kind.get_fields().unwrap_or_default().into_iter().zip(offsets) {
            let field_kind = field.get_type().context("expected a field's type")?;
            if let Some(width) = field.get_bit_field_width().filter(|_| field.is_bit_field()) {
                // A bit field without a name is padding.
                let Some(field_name) = field.get_name() else { continue };
                let declared = spell(field_kind, &field_name, None)?;
                writeln!(members, "\t{}.{}\t{declared}:{width}", offset / 8, offset % 8)?;
                natural = natural.max(self.alignment(field_kind)?);
                continue;
            }
            let field_name = match field.get_name().filter(|name| !name.is_empty() && !name.contains('(')) {
                Some(field_name) => field_name,
                None => {
                    nameless += 1;
                    format!("anon{nameless}")
                }
            };
            let empty = field_kind.get_sizeof() == Ok(0)
                && field_kind.get_canonical_type().get_kind() == TypeKind::Record;
            if empty && field_name.starts_with("__empty_") {
                continue;
            }
            let declared = self.field(field_kind, &field_name, name)?;
            let field_align = self.alignment(field_kind)?;
            natural = natural.max(field_align);
            packed |= !(offset / 8).is_multiple_of(field_align);
            writeln!(members, "\t{}\t{declared}", offset / 8)?;
        }
        let mut head = format!("{size}\t{align}");
        if packed || align < natural {
            head += "\tpacked";
        } else if align > natural {
            head += "\talign";
        }
        self.blocks.insert(key, Block::Record { head, members });
        Ok(())
    }

    fn layout(&self, kind: Type<'_>) -> Result<Layout> {
        if self.m68k {
            return m68k::layout(kind);
        }
        let mut offsets = Vec::new();
        for field in kind.get_fields().unwrap_or_default() {
            offsets.push(field.get_offset_of_field().ok().context("expected a field's offset")?);
        }
        let size = kind.get_sizeof().ok().context("expected a size")?;
        Ok(Layout { size, align: kind.get_alignof().ok().context("expected an alignment")?, offsets })
    }

    /// The alignment of the type by itself: that of a typedef may be raised (`__aligned_u64`).
    fn alignment(&self, kind: Type<'_>) -> Result<usize> {
        let mut kind = kind.get_canonical_type();
        while matches!(kind.get_kind(), TypeKind::ConstantArray | TypeKind::IncompleteArray) {
            kind = element(kind)?.get_canonical_type();
        }
        if self.m68k {
            return Ok(m68k::layout(kind)?.align);
        }
        kind.get_alignof().ok().with_context(|| format!("{}: expected an alignment", kind.get_display_name()))
    }

    /// A member's declaration. A type without a tag is named after its place.
    fn field(&mut self, kind: Type<'_>, name: &str, outer: &str) -> Result<String> {
        if let Some((record, declaration)) = untagged(kind)? {
            let inner = format!("{outer}_{name}");
            self.record(record, declaration, &inner)?;
            let text = format!("{} {inner}", keyword(declaration)?);
            return spell(kind, name, Some(&text));
        }
        self.reach(kind)?;
        spell(kind, name, None)
    }
}

/// `kind name` in C, typedefs resolved. `record` is said for the record at the bottom, if given.
fn spell(kind: Type<'_>, name: &str, record: Option<&str>) -> Result<String> {
    spell_qualified(kind, name, record, false)
}

/// `constant`: a typedef on the way here was said to be const.
fn spell_qualified(kind: Type<'_>, name: &str, record: Option<&str>, constant: bool) -> Result<String> {
    let constant = constant || kind.is_const_qualified();
    let said = |text: &str| {
        let space = if name.is_empty() { "" } else { " " };
        format!("{}{text}{space}{name}", if constant { "const " } else { "" })
    };
    match kind.get_kind() {
        TypeKind::Elaborated => spell_qualified(elaborated(kind)?, name, record, constant),
        TypeKind::Typedef => {
            let declaration = kind.get_declaration().context("expected a typedef")?;
            let own = declaration.get_name().unwrap_or_default();
            if BASE.contains(&own.as_str()) {
                return Ok(said(&own));
            }
            spell_qualified(underlying(kind)?, name, record, constant)
        }
        TypeKind::Pointer => {
            let target = pointee(kind)?;
            let star = if constant { format!("* const {name}") } else { format!("*{name}") };
            let bracketed = matches!(
                target.get_canonical_type().get_kind(),
                TypeKind::ConstantArray | TypeKind::IncompleteArray | TypeKind::FunctionPrototype
            );
            spell(target, &if bracketed { format!("({star})") } else { star }, record)
        }
        TypeKind::ConstantArray => {
            let size = kind.get_size().context("expected the size of an array")?;
            let size = if size == 0 { String::new() } else { size.to_string() };
            spell_qualified(element(kind)?, &format!("{name}[{size}]"), record, constant)
        }
        TypeKind::IncompleteArray => spell_qualified(element(kind)?, &format!("{name}[]"), record, constant),
        TypeKind::FunctionPrototype => {
            let mut arguments = Vec::new();
            for argument in kind.get_argument_types().unwrap_or_default() {
                arguments.push(spell(argument, "", None)?);
            }
            let arguments = if arguments.is_empty() { "void".to_owned() } else { arguments.join(", ") };
            spell(kind.get_result_type().context("expected a result")?, &format!("{name}({arguments})"), None)
        }
        TypeKind::Enum => {
            let under = kind.get_declaration().and_then(|e| e.get_enum_underlying_type());
            spell_qualified(under.context("expected the type of an enum")?, name, None, constant)
        }
        TypeKind::Record if kind.get_sizeof().is_err() => Ok(said("void")),
        TypeKind::Record => {
            if let Some(record) = record {
                return Ok(said(record));
            }
            let declaration = kind.get_declaration().context("expected a record")?;
            Ok(said(&format!("{} {}", keyword(declaration)?, tag(declaration)?)))
        }
        _ => {
            let text = kind.get_display_name();
            let text = text.trim_start_matches("const ").replace("volatile ", "");
            if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '_') {
                bail!("{text} {name}: expected a type that the tables can say");
            }
            Ok(said(&text))
        }
    }
}

/// The record without a tag at the bottom of arrays, if that is what the type is.
fn untagged<'a>(kind: Type<'a>) -> Result<Option<(Type<'a>, Entity<'a>)>> {
    match kind.get_kind() {
        TypeKind::Elaborated => untagged(elaborated(kind)?),
        TypeKind::ConstantArray | TypeKind::IncompleteArray => untagged(element(kind)?),
        TypeKind::Record => {
            let declaration = kind.get_declaration().context("expected a record")?;
            Ok(own_tag(declaration).is_none().then_some((kind, declaration)))
        }
        _ => Ok(None),
    }
}

/// The tag, or what stands for it: the name of the typedef.
fn tag(declaration: Entity<'_>) -> Result<String> {
    if let Some(tag) = own_tag(declaration) {
        return Ok(tag);
    }
    // libclang names such a record after its typedef, in the type's display name.
    let text = declaration.get_type().map(|kind| kind.get_display_name()).unwrap_or_default();
    if text.is_empty() || text.contains([' ', '(']) {
        bail!("{text}: expected a record with a name");
    }
    Ok(text)
}

fn own_tag(declaration: Entity<'_>) -> Option<String> {
    let name = declaration.get_name()?;
    let nameless = name.is_empty() || name.contains([' ', '(']) || declaration.is_anonymous();
    (!nameless).then_some(name)
}

fn keyword(declaration: Entity<'_>) -> Result<&'static str> {
    match declaration.get_kind() {
        EntityKind::StructDecl => Ok("struct"),
        EntityKind::UnionDecl => Ok("union"),
        kind => bail!("expected a struct or a union, found {kind:?}"),
    }
}

fn pointee(kind: Type<'_>) -> Result<Type<'_>> {
    kind.get_pointee_type().context("expected what a pointer points to")
}

fn elaborated(kind: Type<'_>) -> Result<Type<'_>> {
    kind.get_elaborated_type().context("expected a type under its keyword")
}

fn element(kind: Type<'_>) -> Result<Type<'_>> {
    kind.get_element_type().context("expected the element of an array")
}

fn underlying(kind: Type<'_>) -> Result<Type<'_>> {
    let declaration = kind.get_declaration().context("expected a typedef's declaration")?;
    declaration.get_typedef_underlying_type().context("expected the type under a typedef")
}
