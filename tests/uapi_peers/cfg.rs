//! Conditional compilation, as far as the peers' sources need it.

use std::collections::HashSet;
use syn::{Attribute, Meta, Token, punctuated::Punctuated};

/// What is set: `unix`, `target_arch="x86_64"`, without spaces.
pub struct Cfg(pub HashSet<String>);

impl Cfg {
    /// Whether no `cfg` attribute turns the item off.
    pub fn allows(&self, attributes: &[Attribute]) -> bool {
        let mut predicates = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
        predicates.all(|attribute| self.holds(&attribute.parse_args().unwrap()))
    }

    fn holds(&self, predicate: &Meta) -> bool {
        match predicate {
            Meta::Path(path) => match path.require_ident().unwrap().to_string().as_str() {
                "true" => true,
                "false" => false,
                name => self.0.contains(name),
            },
            Meta::NameValue(pair) => {
                let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(value), .. }) = &pair.value else {
                    panic!("a cfg of an unknown form")
                };
                self.0.contains(&format!("{}={:?}", pair.path.require_ident().unwrap(), value.value()))
            }
            Meta::List(list) => {
                let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap();
                let mut inner = inner.iter();
                match list.path.require_ident().unwrap().to_string().as_str() {
                    "all" => inner.all(|predicate| self.holds(predicate)),
                    "any" => inner.any(|predicate| self.holds(predicate)),
                    "not" => !self.holds(inner.next().unwrap()),
                    name => panic!("cfg predicate {name}"),
                }
            }
        }
    }
}
