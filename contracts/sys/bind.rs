//! From the parameters of a contract to the arguments of a row.

use super::super::{Constant, Contract, Direction, Length, Meaning, Output, Parameter, Start, Token};
use super::{Choice, Error, Model, identifier, is_storage, normal};
use crate::codegen::{
    ctype::{CType, Declaration},
    error::Result,
};

/// How an argument goes to `raw`.
pub(super) enum Expression {
    /// An integer of this type.
    Integer(String, String),
    /// A pointer, to const or not.
    Pointer(String, bool),
    /// Any word: passed on as it is.
    Word(String),
}

use Expression::{Integer, Pointer, Word};

impl<'m, 'a> Model<'m, 'a> {
    /// The arguments of the row, as expressions of the types that `raw` takes.
    pub(super) fn arguments(
        &self,
        contract: &'m Contract<'a>,
        choice: Choice<'m, 'a>,
    ) -> Result<Vec<String>> {
        let wanted = &choice.prototype.parameters;
        let count = |found: usize, place: Token<'a>| {
            if found == wanted.len() {
                return Ok(());
            }
            Err(place.place.error(
                format!("{found} arguments for `{}`", choice.call.name),
                format!(
                    "{}, as in `{} {}({})`",
                    wanted.len(),
                    choice.prototype.result.text,
                    choice.entry,
                    choice.prototype.text
                ),
            ))
        };
        match choice.alternative.and_then(|alternative| Some((alternative, alternative.arguments.as_ref()?)))
        {
            None => {
                let place = choice.alternative.map_or(contract.name, |alternative| alternative.row);
                count(contract.parameters.len(), place)?;
                contract
                    .parameters
                    .iter()
                    .zip(wanted)
                    .map(|(parameter, to)| self.argument(contract, parameter, choice, to))
                    .collect()
            }
            Some((alternative, arguments)) => {
                count(arguments.len(), alternative.row)?;
                let argument = |(argument, to): (&Vec<Constant<'a>>, &Declaration<'a>)| match argument[..] {
                    [Constant::Word(word)] if let Some(parameter) = contract.parameter(word.text) => {
                        self.argument(contract, parameter, choice, to)
                    }
                    _ => self.constant(argument, choice, to),
                };
                arguments.iter().zip(wanted).map(argument).collect()
            }
        }
    }

    fn argument(
        &self,
        contract: &'m Contract<'a>,
        parameter: &Parameter<'a>,
        choice: Choice<'m, 'a>,
        to: &Declaration<'a>,
    ) -> Result<String> {
        let ret = matches!(parameter.meaning, Meaning::Memory { .. });
        if let Some(fixed) = &parameter.fixed
            && !ret
        {
            return self.constant(fixed, choice, to);
        }
        let expression = self.expression(contract, parameter, choice, to)?;
        let expression = match expression {
            Integer(mut code, ty) => {
                for (sign, constants) in [("&", &parameter.mask), ("|", &parameter.with)] {
                    if !constants.is_empty() && (sign == "&" || self.bits(constants)? != "0") {
                        code = format!("({code} {sign} {} as {ty})", self.bits(constants)?);
                    }
                }
                Integer(code, ty)
            }
            other => other,
        };
        self.coerce(parameter, expression, choice, to)
    }

    /// The expression for a parameter, and what it is.
    fn expression(
        &self,
        contract: &'m Contract<'a>,
        parameter: &Parameter<'a>,
        choice: Choice<'m, 'a>,
        to: &Declaration<'a>,
    ) -> Result<Expression> {
        let name = identifier(parameter.name.text);
        if let Some((buffer, through)) = contract.measured_by(parameter.name.text).next() {
            return Ok(if through {
                Pointer(format!("&raw mut {name}"), false)
            } else {
                // The slice's own length is never cut on the way to the check: the kernel takes an `unsigned int` or more.
                let ty = normal(&self.raw.types.rust(&to.ty, to.place)?).to_owned();
                Integer(format!("{} as {ty}", self.length(contract, buffer)), ty)
            });
        }
        Ok(match &parameter.meaning {
            Meaning::Plain => Integer(name, self.plain_type(contract, parameter, choice)?),
            Meaning::Descriptor if parameter.optional => {
                Integer(format!("fd_or_none({name})"), "i32".to_owned())
            }
            Meaning::Descriptor => Integer(format!("fd_of(&{name})"), "i32".to_owned()),
            Meaning::OwnDescriptor => Integer(format!("{name}.into_raw_fd()"), "i32".to_owned()),
            Meaning::InoutDescriptor => Integer(format!("{name}.as_raw_fd()"), "i32".to_owned()),
            Meaning::Address => Pointer(name, false),
            Meaning::Word => Word(name),
            Meaning::Slot(_) => {
                Pointer(format!("ptr::without_provenance_mut::<c_void>({name} as usize)"), false)
            }
            Meaning::Path | Meaning::String if parameter.optional => {
                Pointer(format!("string_or_null({name})"), true)
            }
            Meaning::Path | Meaning::String => Pointer(format!("{name}.as_ptr()"), true),
            Meaning::Half(whole, high) => {
                let shift = if *high { self.raw.types.pointer_size() * 8 } else { 0 };
                let code = if shift >= 64 {
                    "0".to_owned()
                } else {
                    format!("({} >> {shift}) as usize", identifier(whole.text))
                };
                Integer(code, "usize".to_owned())
            }
            Meaning::Value(ty) => {
                let named = self.named(*ty)?;
                let integer = named.integer.ok_or_else(|| {
                    ty.place.error(format!("`{}` as a value", ty.text), "an integer, or a set")
                })?;
                let plain = named.rust == integer;
                let get = self.conversions(ty.text).0;
                let code = if parameter.optional {
                    let none = self
                        .contracts
                        .types
                        .iter()
                        .find(|known| known.name == ty.text)
                        .map_or("0", |known| known.none);
                    let none = if none == "-1" { format!("-1_i32 as {integer}") } else { none.to_owned() };
                    // Not a closure: each would be a function more for the compiler.
                    if plain {
                        format!("{name}.unwrap_or({none})")
                    } else {
                        format!("{name}.map_or({none}, {}::{get})", named.rust)
                    }
                } else if plain {
                    name
                } else {
                    format!("{name}.{get}()")
                };
                Integer(code, integer)
            }
            Meaning::Memory { direction, ty, length, start } => {
                self.check_pointee(*ty, *direction, choice, to)?;
                if matches!(length, Length::Adapter) {
                    return Err(ty.place.error(
                        format!("`{}[*]`", ty.text),
                        format!("`by` after `{}`: the adapter has to measure it", choice.call.name),
                    ));
                }
                let to_const = matches!(&to.ty, CType::Pointer { constant: true, .. });
                if *start == Start::Sized {
                    let word = if to_const { "const" } else { "mut" };
                    return Ok(Pointer(format!("(&raw {word} {name})"), to_const));
                }
                if ty.text == "AtomicU32" {
                    return Ok(Pointer(format!("{name}.as_ptr()"), false));
                }
                // The list of slices stays as it is, whatever happens to the memory that it leads to.
                let constant = *direction == Direction::In || ty.text == "slices";
                Pointer(memory(contract, parameter, &name, *direction, *ty, *length), constant)
            }
        })
    }

    /// The number of elements of a buffer; of a set, its bits.
    pub(super) fn length(&self, contract: &Contract<'a>, buffer: &Parameter<'a>) -> String {
        let bits = matches!(&buffer.meaning, Meaning::Memory { ty, .. } if ty.text == "bits");
        self.times(contract, buffer, if bits { " * usize::BITS as usize" } else { "" })
    }

    /// The number of elements of a buffer, words of a set too.
    pub(super) fn elements(&self, contract: &Contract<'a>, buffer: &Parameter<'a>) -> String {
        self.times(contract, buffer, "")
    }

    fn times(&self, contract: &Contract<'a>, buffer: &Parameter<'a>, bits: &str) -> String {
        let name = identifier(buffer.name.text);
        let Meaning::Memory { ty, direction, .. } = &buffer.meaning else { unreachable!("it has a length") };
        if is_generic(contract, buffer) {
            format!("{}_length", buffer.name.text)
        } else if is_storage(*ty) && *direction == Direction::Ret {
            "SockAddr::MAX".to_owned()
        } else if buffer.optional && *direction == Direction::In {
            format!("{name}.map_or(0, |{name}| {name}.len(){bits})")
        } else if buffer.optional {
            format!("{name}.as_deref().map_or(0, |{name}| {name}.len(){bits})")
        } else {
            if bits.is_empty() { format!("{name}.len()") } else { format!("({name}.len(){bits})") }
        }
    }

    /// Constants, or-ed, as an argument.
    fn constant(
        &self,
        constants: &[Constant<'a>],
        choice: Choice<'m, 'a>,
        to: &Declaration<'a>,
    ) -> Result<String> {
        let ty = self.raw.parameter_type(choice.entry, to)?;
        let pointer = ty.starts_with('*');
        if let [Constant::Word(word)] = constants
            && (word.text == "NULL" || word.text == "0")
        {
            return Ok(match &*ty {
                _ if ty.starts_with("Option<") => "None".to_owned(),
                _ if ty.starts_with("*const") => "ptr::null()".to_owned(),
                _ if pointer => "ptr::null_mut()".to_owned(),
                _ => "0".to_owned(),
            });
        }
        if let [Constant::SizeBehind(word)] = constants
            && pointer
        {
            return Ok(format!("(&raw mut {}_size).cast()", word.text));
        }
        let bits = self.bits(constants)?;
        if pointer {
            let place = constant_place(constants);
            return Err(place.place.error(format!("`{}`", place.text), format!("`NULL` for `{}`", to.name)));
        }
        // A word is as wide as a register.
        Ok(if ty == "impl Arg" { format!("{bits} as isize") } else { format!("{bits} as {ty}") })
    }

    fn bits(&self, constants: &[Constant<'a>]) -> Result<String> {
        let mut code = Vec::new();
        for constant in constants {
            code.push(match constant {
                Constant::SizeBehind(word) => return Err(unknown(*word)),
                Constant::Shifted(word, by) => {
                    format!("({} << {})", self.bits(&[Constant::Word(*word)])?, by.text)
                }
                Constant::SizeOf(ty) => format!("size_of::<{}>()", self.element(*ty, false)?),
                Constant::Negative(number) => format!("-{}", number.text),
                Constant::Word(word) if word.text.starts_with(|c: char| c.is_ascii_digit()) => {
                    word.text.to_owned()
                }
                Constant::Word(word)
                    if self.contracts.numbers.iter().any(|(name, ..)| name.text == word.text) =>
                {
                    let abi = self.raw.types.target.abi.name;
                    self.contracts
                        .numbers
                        .iter()
                        .find(|(name, _, abis)| name.text == word.text && abis.contains(&abi))
                        .map_or("0", |(_, value, _)| value)
                        .to_owned()
                }
                Constant::Word(word) => {
                    let member = self.sets.iter().find_map(|set| {
                        Some((set, set.members.iter().find(|member| member.name == word.text)?))
                    });
                    let (set, member) = member.ok_or_else(|| unknown(*word))?;
                    set.literal(member)
                }
            });
        }
        for code in code.iter_mut().filter(|code| code.starts_with('-')) {
            *code += "_i64";
        }
        Ok(if code.len() == 1 { code.remove(0) } else { format!("({})", code.join(" | ")) })
    }

    /// The expression in the type that `raw` wants, if it can be that.
    fn coerce(
        &self,
        parameter: &Parameter<'a>,
        expression: Expression,
        choice: Choice<'m, 'a>,
        to: &Declaration<'a>,
    ) -> Result<String> {
        let wanted = self.raw.parameter_type(choice.entry, to)?;
        let wrong = |what: &str| {
            Err(parameter.name.place.error(
                format!("`{}`, {what}", parameter.name.text),
                format!("what `{}` of `{}({})` is", to.name, choice.entry, choice.prototype.text),
            ))
        };
        match expression {
            Integer(..) | Word(_) if wanted.starts_with('*') => wrong("no pointer"),
            Pointer(..) if !wanted.starts_with('*') && wanted != "impl Arg" => wrong("a pointer"),
            Word(_) if wanted != "impl Arg" => wrong("a word"),
            Word(code) => Ok(code),
            Integer(code, _) if wanted == "impl Arg" => Ok(code),
            Integer(code, ty) => {
                let set = matches!(&parameter.meaning, Meaning::Value(ty) if self.set(ty.text).is_some());
                if set && ty == "u64" && self.size(normal(&wanted)) == 4 {
                    return Ok(format!("narrow({code})? as {wanted}"));
                }
                if self.size(&ty) > self.size(normal(&wanted)) {
                    return wrong(&format!("of type {ty}"));
                }
                Ok(if code.ends_with(&format!(" as {wanted}")) {
                    code
                } else {
                    format!("{code} as {wanted}")
                })
            }
            Pointer(code, _) if wanted == "impl Arg" => Ok(code),
            Pointer(code, constant) => {
                let address = matches!(parameter.meaning, Meaning::Address | Meaning::Slot(_));
                if address && wanted == "*mut c_void" {
                    return Ok(code);
                }
                let mutable = wanted.starts_with("*mut");
                if constant && mutable && !self.is_read_only(choice, to) {
                    return Err(parameter.name.place.error(
                        format!(
                            "`in`, or a string, for `{}` of `{}({})`",
                            to.name, choice.entry, choice.prototype.text
                        ),
                        format!("a const parameter, or a line `const {} {}`", choice.call.name, to.name),
                    ));
                }
                if !constant && !mutable && !address {
                    return wrong("which the kernel writes");
                }
                let code = if code.starts_with('&') { format!("({code})") } else { code };
                Ok(match (constant, mutable) {
                    (true, true) => format!("{code}.cast_mut().cast()"),
                    (false, false) => format!("{code}.cast_const().cast()"),
                    _ => format!("{code}.cast()"),
                })
            }
        }
    }

    fn is_read_only(&self, choice: Choice<'m, 'a>, to: &Declaration<'a>) -> bool {
        self.contracts
            .read_only
            .iter()
            .any(|(row, name)| row.text == choice.call.name && name.text == to.name)
    }

    fn size(&self, integer: &str) -> u32 {
        match integer {
            "u8" | "i8" => 1,
            "u16" | "i16" => 2,
            "u32" | "i32" => 4,
            "usize" | "isize" => self.raw.types.pointer_size(),
            _ => 8,
        }
    }

    /// Refuses memory of another type than the prototype's. Bytes and `void` are memory of any.
    fn check_pointee(
        &self,
        ty: Token<'a>,
        direction: Direction,
        choice: Choice<'m, 'a>,
        to: &Declaration<'a>,
    ) -> Result<()> {
        let (CType::Pointer { to: pointee, .. } | CType::Array(pointee, _)) = &to.ty else {
            // The coercion says what is wrong, or it is a word.
            return Ok(());
        };
        let found = match ty.text {
            "u8" | "bits" => return Ok(()),
            _ if matches!(**pointee, CType::Void | CType::Integer("char" | "unsigned char")) => return Ok(()),
            "fd" => "i32".to_owned(),
            "slices" => "iovec".to_owned(),
            _ if self
                .contracts
                .any
                .iter()
                .any(|(row, name)| row.text == choice.call.name && name.text == to.name) =>
            {
                return Ok(());
            }
            "ptr" | "usize" if matches!(**pointee, CType::Pointer { .. }) => return Ok(()),
            "cstrs" => "*const c_char".to_owned(),
            "AtomicU32" => "u32".to_owned(),
            _ => {
                let named = self.named(ty)?;
                match named.c {
                    Some(c) => normal(&self.raw.types.rust(&c, ty.place)?).to_owned(),
                    None => named.integer.unwrap_or(named.rust),
                }
            }
        };
        let rust = self.raw.types.rust(pointee, to.place)?;
        // The 64-bit kin of a struct is the struct itself where the ABI's is 64-bit.
        let kin = found.strip_suffix("64") == Some(&*rust)
            && self.raw.types.tags.get(&found).is_some()
            && self.raw.types.tags.get(&found) == self.raw.types.tags.get(&rust);
        if found == normal(&rust) || kin {
            return Ok(());
        }
        let word = match direction {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Inout => "inout",
            Direction::Ret => "ret",
        };
        Err(ty.place.error(
            format!("`{word} {}`, that is {found}", ty.text),
            format!("{rust}, as `{}` of `{}({})`", to.name, choice.entry, choice.prototype.text),
        ))
    }
}

/// Whether a parameter is generic over `Buffer`.
pub(super) fn is_generic(contract: &Contract<'_>, parameter: &Parameter<'_>) -> bool {
    matches!(&contract.result, Output::Length(name) if name.text == parameter.name.text)
        && matches!(parameter.meaning, Meaning::Memory { direction: Direction::Out, .. })
        && !parameter.optional
}

/// The pointer to the memory of a parameter.
fn memory(
    contract: &Contract<'_>,
    parameter: &Parameter<'_>,
    name: &str,
    direction: Direction,
    ty: Token<'_>,
    length: Length<'_>,
) -> String {
    let plain = matches!(length, Length::One | Length::Fixed(_)) && !is_storage(ty);
    match direction {
        Direction::Ret => format!("{name}.as_mut_ptr()"),
        _ if is_generic(contract, parameter) => format!("{}_pointer", parameter.name.text),
        Direction::In if !parameter.optional && plain => format!("(&raw const *{name})"),
        Direction::In if plain => format!("const_or_null({name})"),
        Direction::In if !parameter.optional => format!("{name}.as_ptr()"),
        Direction::In => format!("{name}.map_or(ptr::null(), |{name}| {name}.as_ptr())"),
        _ if !parameter.optional && plain => format!("(&raw mut *{name})"),
        _ if plain => format!("mut_or_null({name})"),
        _ if ty.text == "slices" => format!("{name}.as_ptr()"),
        _ if !parameter.optional => format!("{name}.as_mut_ptr()"),
        _ => format!("{name}.as_deref_mut().map_or(ptr::null_mut(), |{name}| {name}.as_mut_ptr())"),
    }
}

fn constant_place<'a>(constants: &[Constant<'a>]) -> Token<'a> {
    match constants[0] {
        Constant::Word(token)
        | Constant::Negative(token)
        | Constant::SizeOf(token)
        | Constant::SizeBehind(token)
        | Constant::Shifted(token, _) => token,
    }
}

fn unknown(word: Token<'_>) -> Error {
    word.place.error(format!("`{}`", word.text), "a parameter, a number, `NULL` or a constant of sets.tbl")
}
