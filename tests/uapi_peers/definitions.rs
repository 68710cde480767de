//! The structs, unions and constants of a crate, read from its source.
//!
//! Follows modules from lib.rs as the compiler does, and looks into the macros that libc wraps its definitions in.

use crate::cfg::Cfg;
use std::{
    fs,
    path::{Path, PathBuf},
};
use syn::{
    Attribute, Expr, Fields, FieldsNamed, Item, ItemMacro, Lit, Meta, Token, Type, Visibility, braced,
    ext::IdentExt as _,
    parse::{Parse, ParseStream},
};

/// A struct or union.
#[derive(Debug)]
pub struct Definition {
    pub module: Vec<String>,
    pub name: String,
    /// The public ones.
    pub fields: Vec<Field>,
}

#[derive(Debug)]
pub struct Field {
    /// As the source spells it: `r#type`.
    pub name: String,
    /// The last name of the type, that of the elements for an array; none for pointers and functions.
    pub ty: Option<String>,
}

/// What a source defines.
#[derive(Default)]
pub struct Definitions {
    pub types: Vec<Definition>,
    /// Module and name of each constant, and of each variant of an enum without fields: `["general", "kcmp_type"]`, `KCMP_VM`.
    pub constants: Vec<(Vec<String>, String)>,
}

impl Definition {
    /// `general::stat`.
    pub fn path(&self) -> String {
        self.module.iter().chain([&self.name]).map(String::as_str).collect::<Vec<_>>().join("::")
    }
}

/// All that a crate defines under the configuration.
pub fn read_crate(root: &Path, cfg: &Cfg) -> Definitions {
    let mut reader = Reader { cfg, module: Vec::new(), definitions: Definitions::default() };
    reader.file(root, root.parent().unwrap());
    reader.definitions
}

/// What a text defines that is included somewhere.
pub fn read_text(text: &str, cfg: &Cfg) -> Definitions {
    let mut reader = Reader { cfg, module: Vec::new(), definitions: Definitions::default() };
    reader.items(syn::parse_file(text).unwrap().items, Path::new(""), Path::new(""));
    reader.definitions
}

struct Reader<'a> {
    cfg: &'a Cfg,
    module: Vec<String>,
    definitions: Definitions,
}

impl Reader<'_> {
    /// `children` is where the modules without a `path` attribute stand.
    fn file(&mut self, file: &Path, children: &Path) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        if self.cfg.allows(&parsed.attrs) {
            self.items(parsed.items, file.parent().unwrap(), children);
        }
    }

    fn items(&mut self, items: Vec<Item>, dir: &Path, children: &Path) {
        for item in items {
            match item {
                Item::Struct(item) if self.wants(&item.attrs, &item.vis) => match item.fields {
                    Fields::Named(fields) => self.define(item.ident.unraw().to_string(), &fields),
                    _ => self.define(item.ident.unraw().to_string(), &syn::parse_str("{}").unwrap()),
                },
                Item::Union(item) if self.wants(&item.attrs, &item.vis) => {
                    self.define(item.ident.unraw().to_string(), &item.fields);
                }
                Item::Const(item) if self.wants(&item.attrs, &item.vis) => {
                    self.definitions.constants.push((self.module.clone(), item.ident.to_string()));
                }
                Item::Enum(item) if self.wants(&item.attrs, &item.vis) => {
                    let module = [&self.module[..], &[item.ident.to_string()]].concat();
                    let plain = item.variants.iter().filter(|variant| variant.fields.is_empty());
                    let plain = plain.map(|variant| (module.clone(), variant.ident.to_string()));
                    self.definitions.constants.extend(plain);
                }
                Item::Mod(module) if self.cfg.allows(&module.attrs) => {
                    let name = module.ident.unraw().to_string();
                    self.module.push(name.clone());
                    let below = children.join(&name);
                    match (module.content, path_attribute(&module.attrs)) {
                        (Some((_, items)), _) => self.items(items, dir, &below),
                        (None, Some(path)) => {
                            let file = dir.join(path);
                            self.file(&file, file.parent().unwrap());
                        }
                        (None, None) => {
                            let file = [below.with_extension("rs"), below.join("mod.rs")];
                            let file: &PathBuf = file.iter().find(|file| file.exists()).unwrap();
                            self.file(file, &below);
                        }
                    }
                    self.module.pop();
                }
                Item::Macro(item) if self.cfg.allows(&item.attrs) => self.expand(&item, dir, children),
                _ => {}
            }
        }
    }

    /// The items in a macro's call.
    fn expand(&mut self, item: &ItemMacro, dir: &Path, children: &Path) {
        let tokens = item.mac.tokens.clone();
        match item.mac.path.segments.last().unwrap().ident.to_string().as_str() {
            "s" | "s2" | "s_no_extra_traits" | "s_no_extra_traits2" => {
                self.items(syn::parse2::<syn::File>(tokens).unwrap().items, dir, children);
            }
            "cfg_if" => {
                let choice: CfgIf = syn::parse2(tokens).unwrap();
                let branch = choice.0.into_iter().find(|(predicate, _)| self.cfg.allows(predicate));
                self.items(branch.map(|(_, items)| items).unwrap_or_default(), dir, children);
            }
            _ => {}
        }
    }

    fn wants(&self, attributes: &[Attribute], visibility: &Visibility) -> bool {
        matches!(visibility, Visibility::Public(_)) && self.cfg.allows(attributes)
    }

    fn define(&mut self, name: String, fields: &FieldsNamed) {
        let fields = fields
            .named
            .iter()
            .filter(|field| self.wants(&field.attrs, &field.vis))
            .map(|field| Field { name: field.ident.as_ref().unwrap().to_string(), ty: type_name(&field.ty) });
        let fields: Vec<_> = fields.collect();
        // A name for something defined elsewhere: it has no public field, or one that only holds a place.
        if fields.iter().any(|field| field.name != "_address") {
            self.definitions.types.push(Definition { module: self.module.clone(), name, fields });
        }
    }
}

/// `if #[cfg(..)] { items } else if .. else { items }`
struct CfgIf(Vec<(Vec<Attribute>, Vec<Item>)>);

impl Parse for CfgIf {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut branches = Vec::new();
        while !input.is_empty() {
            let mut predicate = Vec::new();
            if input.parse::<Option<Token![if]>>()?.is_some() {
                predicate = input.call(Attribute::parse_outer)?;
            }
            let body;
            braced!(body in input);
            let mut items = Vec::new();
            while !body.is_empty() {
                items.push(body.parse()?);
            }
            branches.push((predicate, items));
            input.parse::<Option<Token![else]>>()?;
        }
        Ok(Self(branches))
    }
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => Some(path.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => Some(path.path.segments.last()?.ident.unraw().to_string()),
        Type::Array(array) => type_name(&array.elem),
        _ => None,
    }
}
