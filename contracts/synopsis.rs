//! A contract: its synopsis and clauses.

use super::{
    Alternative, Constant, Contract, Direction, Length, Meaning, Output, Parameter, Start,
    tokens::{Line, Token, Tokens, tokenize},
};
use crate::codegen::{
    error::{Place, Result},
    table::Table,
};

pub fn parse<'a>(
    table: Table<'a>,
    head: Token<'a>,
    mut tokens: Tokens<'_, 'a>,
    clauses: &[Line<'a>],
) -> Result<Contract<'a>> {
    let (module, name) = match tokens.take("::") {
        Some(_) => (Some(head.text), tokens.word("the name of a meaning")?),
        None => (None, head),
    };
    let parameters = parameters(&mut tokens)?;
    let result = if tokens.take("->").is_some() { output(&mut tokens)? } else { Output::Nothing };
    let infallible = tokens.take("infallible").is_some();
    tokens.end()?;
    let mut contract = Contract {
        module,
        name,
        parameters,
        result,
        infallible,
        via: Vec::new(),
        since: None,
        page: None,
        errors: Vec::new(),
        hazard: Vec::new(),
        summary: None,
    };
    read_clauses(table, &mut contract, clauses)?;
    check(&contract)?;
    Ok(contract)
}

fn parameters<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Vec<Parameter<'a>>> {
    let mut parameters: Vec<Parameter<'a>> = Vec::new();
    tokens.demand("(")?;
    if tokens.take(")").is_some() {
        return Ok(parameters);
    }
    loop {
        let parameter = parameter(tokens)?;
        if parameters.iter().any(|other| other.name.text == parameter.name.text) {
            return Err(parameter
                .name
                .place
                .error(format!("`{}` again", parameter.name.text), "a name of its own"));
        }
        parameters.push(parameter);
        if tokens.take(")").is_some() {
            return Ok(parameters);
        }
        if tokens.take(",").is_none() {
            return Err(tokens.expected("`,` or `)`"));
        }
    }
}

fn parameter<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Parameter<'a>> {
    let name = tokens.word("a parameter")?;
    let mut meaning = Meaning::Plain;
    let mut optional = false;
    if tokens.take(":").is_some() {
        meaning = self::meaning(tokens)?;
        optional = tokens.take("?").is_some();
        // `sockaddr?[len]` and `sockaddr[len]?` are one.
        if let Meaning::Memory { length, .. } = &mut meaning
            && matches!(length, Length::One)
        {
            *length = self::length(tokens)?;
            optional |= tokens.take("?").is_some();
        }
    }
    let fixed = if tokens.take("=").is_some() { Some(constants(tokens)?) } else { None };
    let mut mask = Vec::new();
    if tokens.take("&").is_some() {
        tokens.demand("(")?;
        mask = constants(tokens)?;
        tokens.demand(")")?;
    }
    let with = if tokens.take("|").is_some() { constants(tokens)? } else { Vec::new() };
    Ok(Parameter { name, meaning, optional, fixed, mask, with })
}

fn meaning<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Meaning<'a>> {
    let word = tokens.word("a meaning")?;
    let direction = match word.text {
        "fd" => return Ok(Meaning::Descriptor),
        "own" => return tokens.demand("fd").map(|()| Meaning::OwnDescriptor),
        "inout" if tokens.take("fd").is_some() => return Ok(Meaning::InoutDescriptor),
        "addr" => return Ok(Meaning::Address),
        "word" => return Ok(Meaning::Word),
        "lo" => return tokens.word("the name of the whole").map(|whole| Meaning::Half(whole, false)),
        "hi" => return tokens.word("the name of the whole").map(|whole| Meaning::Half(whole, true)),
        "slot" => return tokens.word("an integer of Rust").map(Meaning::Slot),
        "path" => return Ok(Meaning::Path),
        "str" => return Ok(Meaning::String),
        "in" => Direction::In,
        "out" => Direction::Out,
        "inout" => Direction::Inout,
        "ret" => Direction::Ret,
        _ => return Ok(Meaning::Value(word)),
    };
    let start = match (direction, tokens.peek()) {
        (Direction::Ret, "zero") => Start::Zero,
        (Direction::In | Direction::Inout, "sized") => Start::Sized,
        _ => Start::Usual,
    };
    if start != Start::Usual {
        tokens.word("`zero` or `sized`")?;
    }
    let ty = tokens.word("a type")?;
    Ok(Meaning::Memory { direction, ty, length: length(tokens)?, start })
}

fn length<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Length<'a>> {
    if tokens.take("[").is_none() {
        return Ok(Length::One);
    }
    let length = if tokens.peek() == "]" {
        Length::Null
    } else if tokens.take("*").is_some() {
        if tokens.peek() == "]" {
            Length::Adapter
        } else {
            Length::Through(tokens.word("the length's name")?)
        }
    } else if let Some(number) = tokens.number() {
        Length::Fixed(number.text.parse().map_err(|_| number.place.error(number.text, "a number"))?)
    } else {
        Length::By(tokens.word("a length")?)
    };
    tokens.demand("]")?;
    Ok(length)
}

/// Constants, or-ed.
fn constants<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Vec<Constant<'a>>> {
    let mut constants = Vec::new();
    loop {
        let constant = if tokens.take("&").is_some() {
            tokens.demand("sizeof")?;
            Constant::SizeBehind(tokens.word("a type")?)
        } else if tokens.take("sizeof").is_some() {
            Constant::SizeOf(tokens.word("a type")?)
        } else if tokens.take("-").is_some() {
            Constant::Negative(tokens.number().ok_or_else(|| tokens.expected("a number"))?)
        } else if let Some(number) = tokens.number() {
            Constant::Word(number)
        } else {
            let word = tokens.word("a constant")?;
            if tokens.take("<").is_some() {
                tokens.demand("<")?;
                Constant::Shifted(word, tokens.number().ok_or_else(|| tokens.expected("a number"))?)
            } else {
                Constant::Word(word)
            }
        };
        constants.push(constant);
        if tokens.take("|").is_none() {
            return Ok(constants);
        }
    }
}

fn output<'a>(tokens: &mut Tokens<'_, 'a>) -> Result<Output<'a>> {
    if tokens.take("(").is_some() {
        return tokens.demand(")").map(|()| Output::Nothing);
    }
    let word = tokens.word("a result")?;
    Ok(match word.text {
        "usize" => Output::Count,
        "fd" => Output::Descriptor,
        "ptr" => Output::Pointer,
        "never" => Output::Never,
        "len" => Output::Length(tokens.word("the name of a buffer")?),
        "want" => Output::Want(tokens.word("the name of a buffer")?),
        _ => Output::Value(word, tokens.take("?").is_some()),
    })
}

fn read_clauses<'a>(table: Table<'a>, contract: &mut Contract<'a>, lines: &[Line<'a>]) -> Result<()> {
    #[derive(Clone, Copy, PartialEq)]
    enum Clause {
        None,
        Unsafe,
        Errors,
        Via,
    }
    let mut last = Clause::None;
    for line in lines {
        let tokens = tokenize(*line)?;
        let end = Place { column: line.place.column + line.text.chars().count(), ..line.place };
        let mut tokens = Tokens::new(&tokens, end);
        let text =
            |tokens: &mut Tokens<'_, 'a>, what| tokens.rest(table).ok_or_else(|| tokens.expected(what));
        if tokens.take("does").is_some() {
            contract.summary = Some(text(&mut tokens, "what the function does")?);
            last = Clause::None;
        } else if tokens.take("via").is_some() || (last == Clause::Via && tokens.take("|").is_some()) {
            alternatives(&mut tokens, &mut contract.via)?;
            last = Clause::Via;
        } else if tokens.take("since").is_some() {
            contract.since = Some(text(&mut tokens, "a version")?);
            last = Clause::None;
        } else if tokens.take("man").is_some() {
            contract.page = Some(text(&mut tokens, "a page")?);
            last = Clause::None;
        } else if tokens.take("unsafe").is_some() {
            contract.hazard.push(text(&mut tokens, "a reason")?);
            last = Clause::Unsafe;
        } else if tokens.take("errors").is_some() {
            contract.errors.push(text(&mut tokens, "errors")?);
            last = Clause::Errors;
        } else {
            match last {
                Clause::Unsafe => contract.hazard.push(line.text),
                Clause::Errors => contract.errors.push(line.text),
                _ => return Err(tokens.expected("`does`, `via`, `since`, `unsafe`, `errors` or `man`")),
            }
        }
    }
    Ok(())
}

fn alternatives<'a>(tokens: &mut Tokens<'_, 'a>, via: &mut Vec<Alternative<'a>>) -> Result<()> {
    loop {
        let row = tokens.word("a row")?;
        let mut alternative = Alternative { row, arguments: None, by: None };
        if tokens.take("by").is_some() {
            alternative.by = Some(tokens.word("a function of src/compat.rs")?);
        } else if tokens.take("(").is_some() {
            let mut arguments = Vec::new();
            while tokens.take(")").is_none() {
                arguments.push(constants(tokens)?);
                if tokens.take(",").is_none() && tokens.peek() != ")" {
                    return Err(tokens.expected("`,` or `)`"));
                }
            }
            alternative.arguments = Some(arguments);
        }
        via.push(alternative);
        if tokens.take("|").is_none() {
            return tokens.end();
        }
        if tokens.peek().is_empty() {
            return Ok(());
        }
    }
}

/// What can be said of a contract without its rows.
fn check(contract: &Contract<'_>) -> Result<()> {
    let known = |name: &Token<'_>| match contract.parameter(name.text) {
        Some(parameter) => Ok(&parameter.meaning),
        None => Err(name.place.error(format!("`{}`", name.text), "a parameter of the call")),
    };
    for parameter in &contract.parameters {
        let place = parameter.name.place;
        if let Meaning::Memory { length: Length::By(name) | Length::Through(name), .. } = &parameter.meaning
            && !matches!(known(name)?, Meaning::Plain)
        {
            return Err(name.place.error(
                format!("`{}`, which has a meaning", name.text),
                "a length: a parameter without a meaning",
            ));
        }
        match &parameter.meaning {
            Meaning::Plain | Meaning::Value(_) => {}
            _ if parameter.fixed.is_some() || !parameter.with.is_empty() || !parameter.mask.is_empty() => {
                return Err(place
                    .error(format!("a constant for `{}`", parameter.name.text), "one for a number alone"));
            }
            _ => {}
        }
        let optional = parameter.optional;
        let possible = match &parameter.meaning {
            Meaning::Descriptor | Meaning::Path | Meaning::String | Meaning::Address | Meaning::Value(_) => {
                true
            }
            Meaning::Memory { direction, .. } => *direction != Direction::Ret,
            _ => false,
        };
        if optional && !possible {
            return Err(place.error(
                format!("`?` for `{}`", parameter.name.text),
                "`?` where null, 0 or -1 stands for none: for an id, a descriptor, a string or memory",
            ));
        }
    }
    if let Output::Length(name) | Output::Want(name) = &contract.result
        && !matches!(known(name)?, Meaning::Memory { direction: Direction::Out | Direction::Inout, .. })
    {
        return Err(name.place.error(format!("`{}`", name.text), "a buffer that the call writes"));
    }
    Ok(())
}
