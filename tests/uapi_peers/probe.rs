//! The comparison, as a program that compiles if everything agrees.

use crate::{
    definitions::{Definition, Field},
    exceptions::{EXCEPTIONS, Exception, RENAMED},
};
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    fmt::Write as _,
};

#[derive(Clone, Copy)]
pub struct Peer<'a> {
    pub name: &'a str,
    pub arch: &'a str,
}

/// The program's part for one peer, and what is in it.
pub struct Probe {
    pub text: String,
    /// Types of ring3 that were compared, with one definition of the peer or several.
    pub types: usize,
    pairs: usize,
    pub fields: usize,
    pub exceptions: usize,
    /// Types that the peer does not have.
    pub missing: usize,
    pub problem: Option<String>,
}

/// Something that must agree.
struct Part {
    /// `size`, `align`, `.field`.
    name: String,
    /// What else there is to say, and the expressions for ring3 and for the peer.
    numbers: Vec<(&'static str, String, String)>,
}

impl Probe {
    pub fn new(ours: &[Definition], theirs: &[Definition], peer: Peer<'_>) -> Self {
        let krate = peer.name.replace('-', "_");
        let mut text = format!("mod {krate}_ {{\n");
        // Works on packed structs and unions too, where a reference would not.
        text += "const fn size<S, F>(_: fn(*const S) -> *const F) -> usize { size_of::<F>() }\n";
        let mut probe =
            Self { text, types: 0, pairs: 0, fields: 0, exceptions: 0, missing: 0, problem: None };
        let pairs = pairs(ours, theirs, peer);
        let seen: BTreeSet<_> = pairs.iter().map(|(ours, _)| ours.name.as_str()).collect();
        probe.missing = ours.len() - seen.len();
        probe.types = seen.len();
        let mut fields = BTreeSet::new();
        let mut used = BTreeSet::new();
        for (ours, theirs) in pairs {
            let exception = EXCEPTIONS.iter().position(|exception| exception.covers(peer, &ours.name));
            used.extend(exception);
            let parts = parts(ours, theirs);
            // A module with short names, so that the compiler shows a line whole.
            let (index, name, path) = (probe.pairs, &ours.name, theirs.path());
            writeln!(probe.text, "mod pair{index} {{ use {{super::size, core::mem::offset_of}};").unwrap();
            writeln!(probe.text, "type Ours = ring3::uapi::{name}; type Theirs = {krate}::{path};").unwrap();
            fields.extend(
                parts
                    .iter()
                    .filter(|part| part.name.starts_with('.'))
                    .map(|part| format!("{}{}", ours.name, part.name)),
            );
            probe.write(&ours.name, &parts, exception.map(|index| &EXCEPTIONS[index]));
            probe.text += "}\n";
            probe.pairs += 1;
        }
        probe.fields = fields.len();
        probe.exceptions = used.len();
        for (index, exception) in EXCEPTIONS.iter().enumerate() {
            if exception.covers(peer, exception.name) && !used.contains(&index) {
                probe.problem =
                    Some(format!("unused exception: {} has no {} to differ from", peer.name, exception.name));
            }
        }
        probe.text += "}\n";
        probe
    }

    fn write(&mut self, name: &str, parts: &[Part], exception: Option<&Exception>) {
        let listed = exception.map_or(&[][..], |exception| exception.parts);
        if exception.is_some() && listed.is_empty() {
            let equal: Vec<_> = parts.iter().map(Part::equal).collect();
            self.differs(&equal.join(" && "), name);
            return;
        }
        for part in parts {
            if listed.contains(&part.name.as_str()) {
                self.differs(&part.equal(), &format!("{name} {}", part.name));
                continue;
            }
            for (what, ours, theirs) in &part.numbers {
                // Lengths of arrays, and not an assertion: the compiler's message then has both numbers.
                writeln!(self.text, "const _: [(); {ours}] = [(); {theirs}]; // {name} {}{what}", part.name)
                    .unwrap();
            }
        }
        for part in listed {
            if !parts.iter().any(|other| other.name == *part) {
                self.problem = Some(format!("unused exception: no {part} of {name} is compared"));
            }
        }
    }

    fn differs(&mut self, equal: &str, what: &str) {
        writeln!(self.text, "const _: () = assert!(!({equal}), \"unused exception: `{what}` agrees\");")
            .unwrap();
    }
}

impl Part {
    fn equal(&self) -> String {
        let equal: Vec<_> =
            self.numbers.iter().map(|(_, ours, theirs)| format!("{ours} == {theirs}")).collect();
        equal.join(" && ")
    }
}

impl Exception {
    fn covers(&self, peer: Peer<'_>, name: &str) -> bool {
        self.peer == peer.name
            && self.name == name
            && (self.archs.is_empty() || self.archs.contains(&peer.arch))
    }
}

/// Types of the same name, and the types of their fields of the same name, which may be called differently: a struct without
/// a name in C has one that its translator made up.
fn pairs<'a>(
    ours: &'a [Definition],
    theirs: &'a [Definition],
    peer: Peer<'_>,
) -> Vec<(&'a Definition, &'a Definition)> {
    let by_name: HashMap<_, _> =
        ours.iter().map(|definition| (definition.name.as_str(), definition)).collect();
    let by_path: HashMap<_, _> = theirs.iter().map(|definition| (definition.path(), definition)).collect();
    let named = |theirs: &str| {
        let renamed = RENAMED.iter().find(|renamed| (renamed.0, renamed.1) == (peer.name, theirs));
        renamed.and_then(|renamed| by_name.get(renamed.2)).or(by_name.get(theirs)).copied()
    };
    let mut queue: VecDeque<_> =
        theirs.iter().filter_map(|theirs| Some((named(&theirs.name)?, theirs))).collect();
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    while let Some((ours, theirs)) = queue.pop_front() {
        if !seen.insert((&ours.name, theirs.path())) {
            continue;
        }
        for (our_field, their_field) in common_fields(ours, theirs) {
            let (Some(our_type), Some(their_type)) = (&our_field.ty, &their_field.ty) else { continue };
            let path =
                theirs.module.iter().chain([their_type]).map(String::as_str).collect::<Vec<_>>().join("::");
            if let (Some(ours), Some(theirs)) = (by_name.get(our_type.as_str()), by_path.get(&path)) {
                queue.push_back((ours, theirs));
            }
        }
        pairs.push((ours, theirs));
    }
    pairs
}

fn common_fields<'a>(
    ours: &'a Definition,
    theirs: &'a Definition,
) -> impl Iterator<Item = (&'a Field, &'a Field)> {
    ours.fields.iter().filter_map(|field| {
        let plain = field.name.trim_start_matches("r#");
        // What bindgen calls a member without a name, and one that is called like a keyword.
        let anonymous = plain.strip_prefix("anon").map(|number| format!("__bindgen_anon_{number}"));
        let keyword = format!("{plain}_");
        let candidates =
            [Some(plain), anonymous.as_deref(), field.name.starts_with("r#").then_some(&keyword)];
        let mut candidates = candidates.into_iter().flatten();
        let other = candidates.find_map(|name| {
            theirs.fields.iter().find(|other| other.name.trim_start_matches("r#") == name)
        })?;
        Some((field, other))
    })
}

fn parts(ours: &Definition, theirs: &Definition) -> Vec<Part> {
    let whole = |name: &str| Part {
        name: name.to_owned(),
        numbers: vec![("", format!("{name}_of::<Ours>()"), format!("{name}_of::<Theirs>()"))],
    };
    let mut parts = vec![whole("size"), whole("align")];
    for (our_field, their_field) in common_fields(ours, theirs) {
        let offset = |ty: &str, field: &str| format!("offset_of!({ty}, {field})");
        let size =
            |ty: &str, field: &str| format!("size(|p: *const {ty}| unsafe {{ &raw const (*p).{field} }})");
        let both = |number: &dyn Fn(&str, &str) -> String| {
            (number("Ours", &our_field.name), number("Theirs", &their_field.name))
        };
        let with = |what, (ours, theirs)| (what, ours, theirs);
        let mut numbers = vec![with(" offset", both(&offset))];
        // bindgen's own unions, made where Rust's will not do, have members without a size.
        if their_field.ty.as_deref() != Some("__BindgenUnionField") {
            numbers.push(with(" size", both(&size)));
        }
        parts.push(Part { name: format!(".{}", our_field.name.trim_start_matches("r#")), numbers });
    }
    parts
}
