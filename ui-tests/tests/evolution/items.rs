//! A Rust source as its items, so that an edit can show the items it changes and nothing else.
//!
//! Knows as much of Rust as formatted sources need: an item begins at the left margin and ends with the first line there
//! that ends in `}` or `;`.

use std::fmt::{self, Write as _};

/// The items of a source, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Items(Vec<Item>);

#[derive(Debug, Clone)]
struct Item {
    /// Its first line without attributes, visibility and what follows the name: `struct Money`.
    name: String,
    text: String,
}

impl Items {
    pub(crate) fn parse(source: &str) -> Self {
        let mut items = Vec::new();
        let (mut text, mut name) = (String::new(), None);
        for line in source.lines() {
            if text.is_empty() && line.is_empty() {
                continue;
            }
            writeln!(text, "{line}").expect("a string takes any text");
            let at_margin = !line.starts_with([' ', '#', ')', '}', '/']) && !line.is_empty();
            if at_margin && name.is_none() {
                name = Some(name_of(line));
            }
            let ends = line.ends_with(['}', ';']) && !line.starts_with([' ', '/']);
            if let (true, Some(name)) = (ends, &name) {
                items.push(Item { name: name.clone(), text: std::mem::take(&mut text) });
            }
            if ends {
                name = None;
            }
        }
        // Comments after the last item belong to none.
        Self(items)
    }

    /// Puts the items of an edit in the places of those with the same names, and new ones at the end.
    pub(crate) fn apply(&mut self, edit: &Self) {
        for new in &edit.0 {
            match self.0.iter_mut().find(|old| old.name == new.name) {
                Some(old) => old.text.clone_from(&new.text),
                None => self.0.push(new.clone()),
            }
        }
    }

    /// Takes an item away; `false` when there is none of that name.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|item| item.name != name);
        self.0.len() < before
    }

    /// The items that an edit names and this source does not have.
    pub(crate) fn lacks<'e>(&self, edit: &'e Self) -> Vec<&'e str> {
        let names = edit.0.iter().map(|item| item.name.as_str());
        names.filter(|name| self.0.iter().all(|item| item.name != *name)).collect()
    }
}

impl fmt::Display for Items {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            let apart = if index == 0 || item.name.starts_with("use ") && self.0[index - 1].name.starts_with("use ") {
                ""
            } else {
                "\n"
            };
            write!(f, "{apart}{}", item.text)?;
        }
        Ok(())
    }
}

/// `pub(crate) struct Money {` is `struct Money`; an import is `use` and the crate.
fn name_of(line: &str) -> String {
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    if line.starts_with("use ") {
        return line.split("::").next().unwrap_or(line).to_owned();
    }
    let end = line.find(['{', ';', '(', '=', ':']).unwrap_or(line.len());
    let name = if line.starts_with("impl") { line.trim_end_matches(['{', '}']) } else { &line[..end] };
    name.trim().to_owned()
}

#[test]
fn an_item_can_be_taken_away() {
    let mut items = Items::parse("impl From<A> for B {\n}\n\nstruct A;\n");
    assert!(items.remove("impl From<A> for B") && !items.remove("impl From<B> for A"));
    assert_eq!(items.to_string(), "struct A;\n");
}

#[test]
fn an_edit_replaces_items_by_name() {
    let source = "use a::b;\nuse c::d;\n\n/// Old.\n#[derive(\n    Debug,\n)]\npub struct A {\n    a: u8,\n}\n\nimpl From<B> for A {\n    fn from() {}\n}\n";
    let mut items = Items::parse(source);
    assert_eq!(items.to_string(), source);
    let edit = Items::parse("#[derive(Schema)]\nstruct A(u16);\n\nstruct B;\n");
    assert_eq!(items.lacks(&edit), ["struct B"]);
    items.apply(&edit);
    let expected = "use a::b;\nuse c::d;\n\n#[derive(Schema)]\nstruct A(u16);\n\nimpl From<B> for A {\n    fn from() {}\n}\n\nstruct B;\n";
    assert_eq!(items.to_string(), expected);
}
