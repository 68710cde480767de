//! Layout by m68k's rule, which libclang does not have: no type is aligned to more than two bytes by itself.

use anyhow::{Context, Result, bail};
use clang::{Entity, EntityKind, Type, TypeKind};

/// In bytes; the offsets, one for each field, in bits.
pub struct Layout {
    pub size: usize,
    pub align: usize,
    pub offsets: Vec<usize>,
}

pub fn layout(kind: Type<'_>) -> Result<Layout> {
    let name = kind.get_display_name();
    let canonical = kind.get_canonical_type();
    match canonical.get_kind() {
        TypeKind::ConstantArray => {
            let element = layout(canonical.get_element_type().context("expected an element")?)?;
            let count = canonical.get_size().context("expected a count")?;
            Ok(Layout { size: count * element.size, ..element })
        }
        TypeKind::IncompleteArray => {
            let element = layout(canonical.get_element_type().context("expected an element")?)?;
            Ok(Layout { size: 0, ..element })
        }
        TypeKind::Record => record(canonical),
        _ => {
            let size = kind.get_sizeof().ok().with_context(|| format!("{name}: expected a size"))?;
            Ok(Layout { size, align: size.min(2), offsets: Vec::new() })
        }
    }
}

fn record(kind: Type<'_>) -> Result<Layout> {
    let declaration = kind.get_declaration().context("expected a record")?;
    let union = declaration.get_kind() == EntityKind::UnionDecl;
    let packed = has(declaration, EntityKind::PackedAttr);
    let mut align = 1;
    // Libclang's own alignments are never below an attribute's.
    if has(declaration, EntityKind::AlignedAttr) {
        align = kind.get_alignof().ok().context("expected an alignment")?;
    }
    let mut offsets = Vec::new();
    let mut end = 0;
    let mut size = 0;
    for field in kind.get_fields().unwrap_or_default() {
        let field_kind = field.get_type().context("expected a field's type")?;
        let inner = layout(field_kind)?;
        let field_align = if packed { 1 } else { inner.align.max(raised(field_kind)?) };
        let width = field.get_bit_field_width().filter(|_| field.is_bit_field());
        let (start, bits) = match width {
            Some(0) => bail!("{}: expected no bit field of width 0", kind.get_display_name()),
            // In the unit where the last one ended, unless it has no room.
            Some(width) => {
                let unit = 8 * inner.size;
                let fits = end % unit + width <= unit;
                (if fits { end } else { usize::next_multiple_of(end, 8 * field_align) }, width)
            }
            None => (usize::next_multiple_of(end, 8 * field_align), 8 * inner.size),
        };
        align = align.max(field_align);
        offsets.push(if union { 0 } else { start });
        size = size.max(if union { bits } else { start + bits });
        end = if union { 0 } else { start + bits };
    }
    Ok(Layout { size: size.div_ceil(8).next_multiple_of(align), align, offsets })
}

/// What an attribute of a typedef raises the alignment to.
fn raised(kind: Type<'_>) -> Result<usize> {
    let kind = match kind.get_kind() {
        TypeKind::Elaborated => kind.get_elaborated_type().context("expected a type")?,
        TypeKind::ConstantArray | TypeKind::IncompleteArray => {
            kind.get_element_type().context("expected an element")?
        }
        TypeKind::Typedef => {
            let declaration = kind.get_declaration().context("expected a typedef")?;
            if has(declaration, EntityKind::AlignedAttr) {
                return kind.get_alignof().ok().context("expected an alignment");
            }
            declaration.get_typedef_underlying_type().context("expected a type under a typedef")?
        }
        _ => return Ok(1),
    };
    raised(kind)
}

fn has(declaration: Entity<'_>, attribute: EntityKind) -> bool {
    declaration.get_children().iter().any(|child| child.get_kind() == attribute)
}
