//! The kernel's structs: uapi.tbl and the types that Rust sees.

use super::{
    abi::{self, Abi, AbiSet, Target},
    ctype::{self, CType, Declaration},
    error::{Place, Result},
    rust::identifier,
    table::{Cell, Index, Row, Table},
    types::{Layout, Types},
};
use std::fmt::Write as _;

/// A struct or union of the target.
pub struct Compound<'a> {
    pub name: &'a str,
    union: bool,
    packed: bool,
    pub layout: Layout,
    pub fields: Vec<Field<'a>>,
    place: Place<'a>,
}

pub struct Field<'a> {
    /// From the start of the type.
    pub bit: u32,
    pub declaration: Declaration<'a>,
}

/// The target's structs and unions, and every name of them.
pub fn parse<'a>(
    table: Table<'a>,
    abis: &[Abi<'_>],
    target: Target<'a>,
) -> Result<(Vec<Compound<'a>>, Types<'a>)> {
    let mut types = Types { target, typedefs: Index::new(), tags: Index::new() };
    let mut compounds: Vec<Compound<'a>> = Vec::new();
    let mut places = Index::new();
    // Whether the block that indented lines belong to is the target's; none before the first.
    let mut wanted = None;
    for row in table.rows() {
        let head = row.cell(0, "`struct`, `union`, `typedef` or a field")?;
        if row.indented {
            match wanted {
                None => return Err(head.expected("a struct or union before its fields")),
                Some(false) => {}
                Some(true) => compounds.last_mut().expect("its head was pushed").fields.push(field(&row)?),
            }
            continue;
        }
        let name = row.cell(1, "a name")?;
        let ours = AbiSet::parse(row.cell(2, "ABIs")?, abis)?.contains(target);
        wanted = if head.text == "typedef" { None } else { Some(ours) };
        if !ours {
            continue;
        }
        abi::reject_duplicate(places.get(name.text).copied(), name, target)?;
        places.insert(name.text, name.place);
        match head.text {
            "typedef" => {
                types
                    .typedefs
                    .insert(name.identifier()?, ctype::parse_declaration(row.cell(3, "a declaration")?)?.ty);
            }
            "struct" | "union" => {
                let compound = compound(head, name, &row)?;
                types.tags.insert(compound.name, compound.layout);
                compounds.push(compound);
            }
            _ => return Err(head.expected("`struct`, `union` or `typedef`")),
        }
    }
    Ok((compounds, types))
}

fn compound<'a>(head: Cell<'a>, name: Cell<'a>, row: &Row<'a>) -> Result<Compound<'a>> {
    row.at_most(6)?;
    let layout =
        Layout { size: row.cell(3, "a size")?.number()?, align: row.cell(4, "an alignment")?.number()? };
    let packed = match row.cells.get(5) {
        None => false,
        Some(cell) => match cell.text {
            "packed" => true,
            "align" => false,
            _ => return Err(cell.expected("`packed`, `align` or nothing")),
        },
    };
    Ok(Compound {
        name: name.identifier()?,
        union: head.text == "union",
        packed,
        layout,
        fields: Vec::new(),
        place: name.place,
    })
}

fn field<'a>(row: &Row<'a>) -> Result<Field<'a>> {
    row.at_most(2)?;
    let offset = row.cell(0, "an offset")?;
    let (bytes, bits) = offset.text.split_once('.').unwrap_or((offset.text, "0"));
    let number =
        |text: &str| text.parse::<u32>().map_err(|_| offset.expected("an offset, BYTES or BYTES.BITS"));
    Ok(Field {
        bit: 8 * number(bytes)? + number(bits)?,
        declaration: ctype::parse_declaration(row.cell(1, "a declaration")?)?,
    })
}

/// The source of types, and of two sets of assertions.
pub struct Source {
    /// With assertions of size and alignment, for scalars too: offsets follow from these, as `repr(C)` is defined.
    pub types: String,
    /// Assertions of every offset.
    pub offsets: String,
}

pub fn generate(compounds: &[Compound<'_>], types: &Types<'_>) -> Result<Source> {
    let mut source = Source { types: String::new(), offsets: String::new() };
    let mut names = String::new();
    let mut layouts = Vec::new();
    for (rust, layout) in types.scalars() {
        layouts.push(layout_of(rust, layout));
    }
    for compound in compounds {
        generate_one(compound, types, &mut source)?;
        layouts.push(layout_of(&identifier(compound.name), compound.layout));
        names = names + " " + compound.name;
    }
    writeln!(source.types, "plain! {{{names} }}\n").unwrap();
    // Joined without branches and by the dozen: that takes the compiler a quarter of the time of one assertion for each type.
    for layouts in layouts.chunks(12) {
        writeln!(source.types, "static_assertions::const_assert!(({}) == 0);", layouts.join("\n    | "))
            .unwrap();
    }
    Ok(source)
}

/// An expression that is 0 if the layout is right.
fn layout_of(rust: &str, layout: Layout) -> String {
    format!("size_of::<{rust}>() ^ {} | align_of::<{rust}>() ^ {}", layout.size, layout.align)
}

fn generate_one(compound: &Compound<'_>, types: &Types<'_>, source: &mut Source) -> Result<()> {
    let Compound { name, union, packed, layout, fields, place } = compound;
    let mut writer = Writer {
        types,
        compound,
        members: String::new(),
        accessors: String::new(),
        offsets: &mut source.offsets,
        end: 0,
        align: 1,
    };
    let mut rest = &fields[..];
    while let Some(first) = rest.first() {
        let run = rest.iter().take_while(|field| field.declaration.bits.is_some()).count();
        if run == 0 {
            writer.member(first)?;
            rest = &rest[1..];
        } else {
            let limit = rest.get(run).map_or(8 * layout.size, |next| next.bit);
            writer.bit_fields(&rest[..run], limit)?;
            rest = &rest[run..];
        }
    }
    if !union && writer.end.next_multiple_of(layout.align) < layout.size {
        writer.pad(layout.size);
    }
    let representation = match (packed, writer.align < layout.align) {
        (true, _) => format!("C, packed({})", layout.align),
        (false, true) => format!("C, align({})", layout.align),
        (false, false) => "C".to_owned(),
    };
    if !packed && writer.align > layout.align {
        return Err(place.error(
            format!("alignment {} of `{name}`", layout.align),
            format!("`packed`, or its fields' alignment, {}", writer.align),
        ));
    }
    let keyword = if *union { "union" } else { "struct" };
    let Writer { members, accessors, .. } = writer;
    let out = &mut source.types;
    writeln!(out, "/// `{keyword} {name}`, {} bytes.", layout.size).unwrap();
    writeln!(out, "#[repr({representation})]").unwrap();
    writeln!(out, "pub {keyword} {} {{\n{members}}}", identifier(name)).unwrap();
    if !accessors.is_empty() {
        writeln!(out, "impl {} {{\n{accessors}}}", identifier(name)).unwrap();
    }
    out.push('\n');
    Ok(())
}

struct Writer<'w, 'a> {
    types: &'w Types<'a>,
    compound: &'w Compound<'a>,
    members: String,
    accessors: String,
    offsets: &'w mut String,
    /// Where the last member ends, in bytes.
    end: u32,
    /// The largest alignment of a member.
    align: u32,
}

impl<'a> Writer<'_, 'a> {
    fn member(&mut self, field: &Field<'a>) -> Result<()> {
        let Declaration { ty, name, place, .. } = &field.declaration;
        let layout = self.types.layout(ty, *place)?;
        let rust = self.types.rust(ty, *place)?;
        let offset = field.bit / 8;
        self.place_member(offset, layout, &field.declaration)?;
        let array = if let CType::Array(_, None) = ty { ", as many as follow the struct" } else { "" };
        writeln!(self.members, "    /// At offset {offset}{array}.\n    pub {}: {rust},", identifier(name))
            .unwrap();
        self.assert_offset(&identifier(name), offset);
        Ok(())
    }

    /// Pads up to a member's offset, which the C compiler may have raised by an attribute.
    fn place_member(&mut self, offset: u32, layout: Layout, declaration: &Declaration<'_>) -> Result<()> {
        let align =
            if self.compound.packed { layout.align.min(self.compound.layout.align) } else { layout.align };
        self.align = self.align.max(align);
        if !self.compound.union {
            let natural = self.end.next_multiple_of(align);
            if natural > offset {
                return Err(declaration.place.error(
                    format!("`{}` at offset {offset}", declaration.name),
                    format!("offset {natural} or more, as the fields before it and its alignment want"),
                ));
            }
            if natural < offset {
                self.pad(offset);
            }
            self.end = offset + layout.size;
        }
        Ok(())
    }

    fn pad(&mut self, to: u32) {
        writeln!(self.members, "    /// Padding.\n    pub pad_{}: [u8; {}],", self.end, to - self.end)
            .unwrap();
    }

    fn assert_offset(&mut self, member: &str, offset: u32) {
        let name = identifier(self.compound.name);
        writeln!(self.offsets, "static_assertions::const_assert!(offset_of!({name}, {member}) == {offset});")
            .unwrap();
    }

    /// A run of bit fields: the integers that hold them, and two functions for each field.
    fn bit_fields(&mut self, run: &[Field<'a>], limit: u32) -> Result<()> {
        let first = &run[0].declaration;
        let width = 8 * self.types.layout(&first.ty, first.place)?.size;
        let mut unit = None;
        for Field { bit, declaration } in run {
            let (Some(bits), start) = (declaration.bits, bit / width * width) else { continue };
            if bit + bits > start + width || start + width > limit {
                return Err(declaration.place.error(
                    format!("bit field `{}` at bit {bit}", declaration.name),
                    format!("one that an integer of {width} bits at a multiple of its size holds"),
                ));
            }
            let storage = format!("bits_{}", start / 8);
            let integer = format!("u{width}");
            if unit != Some(start) {
                unit = Some(start);
                let size = width / 8;
                self.place_member(
                    start / 8,
                    Layout { size, align: size.min(self.types.target.abi.align) },
                    declaration,
                )?;
                writeln!(self.members, "    /// Bit fields, each with a function to get and one to set it.\n    pub {storage}: {integer},").unwrap();
                self.assert_offset(&storage, start / 8);
            }
            let low = bit - start;
            let shift = if self.types.target.big_endian { width - low - bits } else { low };
            let mask = u64::MAX >> (64 - bits);
            let name = declaration.name;
            writeln!(self.accessors, "    /// The bit field `{name}`, {bits} bits.").unwrap();
            writeln!(
                self.accessors,
                "    #[inline]\n    pub const fn {}(&self) -> {integer} {{ self.{storage} >> {shift} & {mask:#x} }}",
                identifier(name)
            )
            .unwrap();
            writeln!(self.accessors, "    /// Sets the bit field `{name}` to the low bits of the value.")
                .unwrap();
            writeln!(
                self.accessors,
                "    #[inline]\n    pub const fn set_{name}(&mut self, value: {integer}) {{ self.{storage} = self.{storage} & !({mask:#x} << {shift}) | (value & {mask:#x}) << {shift}; }}"
            )
            .unwrap();
        }
        Ok(())
    }
}
