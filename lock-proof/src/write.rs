//! Types as Rust source.

use std::fmt::Write;

use crate::model::{Content, Def, Enum, Field, Leaf, Tagging, Ty, Variant, Wrapper};

/// A module with an event type `Stored` of one event, `tag`, whose payload is of this type.
pub(crate) fn module(name: &str, tag: &str, payload: &Ty) -> String {
    Writer::default().module(name, tag, payload)
}

/// Several modules of one pair or more. What stands in an earlier one is not written again, so that it is compiled once.
#[derive(Default)]
pub(crate) struct Writer {
    definitions: Vec<String>,
    /// What has been written, and where.
    known: Vec<(Def, String)>,
}

impl Writer {
    pub(crate) fn module(&mut self, name: &str, tag: &str, payload: &Ty) -> String {
        let elsewhere = self.known.len();
        let payload = self.ty(payload, "");
        let definitions = std::mem::take(&mut self.definitions).concat();
        for (_, path) in &mut self.known[elsewhere..] {
            path.insert_str(0, &format!("super::{name}::"));
        }
        format!(
            "pub mod {name} {{\n    use super::super::prelude::*;\n\n{definitions}    #[derive(Event)]\n    #[event(prefix = \"pair\", unlocked)]\n    pub enum Stored {{\n        #[event(tag = {tag:?})]\n        Payload({payload}),\n    }}\n}}\n"
        )
    }

    /// The type as it is written; `whole` is the struct or enum that it stands in.
    fn ty(&mut self, ty: &Ty, whole: &str) -> String {
        match ty {
            Ty::Leaf(leaf) => leaf_type(*leaf),
            Ty::Option(inner) => format!("Option<{}>", self.ty(inner, whole)),
            Ty::Boxed(inner) => format!("Box<{}>", self.ty(inner, whole)),
            Ty::List(inner) => format!("Vec<{}>", self.ty(inner, whole)),
            Ty::Set(leaf) => format!("BTreeSet<{}>", leaf_type(*leaf)),
            Ty::Array(inner, length) => format!("[{}; {length}]", self.ty(inner, whole)),
            Ty::Tuple(types) => {
                let types: Vec<String> = types.iter().map(|ty| self.ty(ty, whole)).collect();
                format!("({},)", types.join(", "))
            }
            Ty::Map(key, value) => format!("BTreeMap<{}, {}>", leaf_type(*key), self.ty(value, whole)),
            Ty::Ordered(inner) => self.ty(inner, whole).replacen("BTree", "Index", 1),
            Ty::Heap(leaf) => format!("BinaryHeap<{}>", leaf_type(*leaf)),
            Ty::Itself(Wrapper::Option) => format!("Option<Box<{whole}>>"),
            Ty::Itself(Wrapper::List) => format!("Vec<{whole}>"),
            Ty::Itself(Wrapper::Map) => format!("BTreeMap<String, {whole}>"),
            Ty::Def(def) => self.def(def),
        }
    }

    fn def(&mut self, def: &Def) -> String {
        if let Some((_, path)) = self.known.iter().find(|(known, _)| known == def) {
            return path.clone();
        }
        let index = self.definitions.len();
        let name = format!("T{index}");
        self.definitions.push(String::new());
        let mut text = "    #[derive(Serialize, Deserialize, Schema)]\n".to_owned();
        match def {
            Def::Struct { fields, closed } => {
                if *closed {
                    text.push_str("    #[serde(deny_unknown_fields)]\n");
                }
                let fields = self.fields(fields, &name, "        ");
                push(&mut text, format_args!("    pub struct {name} {{\n{fields}    }}\n\n"));
            }
            Def::Newtype(ty) => {
                let ty = self.ty(ty, &name);
                push(&mut text, format_args!("    pub struct {name}(pub {ty});\n\n"));
            }
            Def::Enum(Enum { tagging, variants }) => {
                match tagging {
                    Tagging::External => {}
                    Tagging::Internal(tag) => push(&mut text, format_args!("    #[serde(tag = {tag:?})]\n")),
                    Tagging::Adjacent(tag, content) => {
                        push(&mut text, format_args!("    #[serde(tag = {tag:?}, content = {content:?})]\n"));
                    }
                    Tagging::Untagged => text.push_str("    #[serde(untagged)]\n"),
                }
                push(&mut text, format_args!("    pub enum {name} {{\n"));
                for (index, variant) in variants.iter().enumerate() {
                    text.push_str(&self.variant(index, variant, tagging, &name));
                }
                text.push_str("    }\n\n");
            }
        }
        self.definitions[index] = text;
        self.known.push((def.clone(), name.clone()));
        name
    }

    fn variant(&mut self, index: usize, variant: &Variant, tagging: &Tagging, whole: &str) -> String {
        let Variant { name, aliases, other, unwritten, content } = variant;
        let mut attributes = Vec::new();
        if !matches!(tagging, Tagging::Untagged) {
            attributes.push(format!("rename = {name:?}"));
            attributes.extend(aliases.iter().map(|alias| format!("alias = {alias:?}")));
        }
        if *other {
            attributes.push("other".to_owned());
        }
        if *unwritten {
            attributes.push("skip_serializing".to_owned());
        }
        let content = match content {
            Content::Unit => String::new(),
            Content::Newtype(ty) => format!("({})", self.ty(ty, whole)),
            Content::Tuple(types) => {
                let types: Vec<String> = types.iter().map(|ty| self.ty(ty, whole)).collect();
                format!("({})", types.join(", "))
            }
            Content::Struct(fields) => {
                format!(" {{\n{}        }}", self.fields(fields, whole, "            ").replace("pub f", "f"))
            }
        };
        format!("{}        V{index}{content},\n", attribute("        ", &attributes))
    }

    fn fields(&mut self, fields: &[Field], whole: &str, indent: &str) -> String {
        let mut text = String::new();
        for (index, field) in fields.iter().enumerate() {
            let mut attributes = Vec::new();
            if field.flatten {
                attributes.push("flatten".to_owned());
            } else {
                attributes.push(format!("rename = {:?}", field.name));
            }
            attributes.extend(field.aliases.iter().map(|alias| format!("alias = {alias:?}")));
            match field.given() {
                Some(given) if field.given => attributes.push(format!("default = {given:?}")),
                _ if field.default => attributes.push("default".to_owned()),
                _ => {}
            }
            if field.unwritten {
                attributes.push("skip_serializing".to_owned());
            }
            if field.skip {
                let empty = match field.ty {
                    Ty::Option(_) => "Option::is_none",
                    Ty::Map(..) => "BTreeMap::is_empty",
                    _ => "Vec::is_empty",
                };
                attributes.push(format!("skip_serializing_if = {empty:?}"));
            }
            let ty = self.ty(&field.ty, whole);
            push(&mut text, format_args!("{}{indent}pub f{index}: {ty},\n", attribute(indent, &attributes)));
        }
        text
    }
}

fn attribute(indent: &str, keys: &[String]) -> String {
    if keys.is_empty() { String::new() } else { format!("{indent}#[serde({})]\n", keys.join(", ")) }
}

fn leaf_type(leaf: Leaf) -> String {
    match leaf {
        Leaf::Unit => "()".to_owned(),
        Leaf::Bool => "bool".to_owned(),
        Leaf::Int(name) => name.to_owned(),
        Leaf::NonZero(name) => format!("NonZero<{name}>"),
        Leaf::F32 => "f32".to_owned(),
        Leaf::F64 => "f64".to_owned(),
        Leaf::Char => "char".to_owned(),
        Leaf::String => "String".to_owned(),
        Leaf::Uuid => "Uuid".to_owned(),
        Leaf::Ip => "IpAddr".to_owned(),
        Leaf::Value => "Value".to_owned(),
        Leaf::Foreign(foreign) => foreign.source.to_owned(),
    }
}

fn push(text: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    _ = text.write_fmt(part);
}
