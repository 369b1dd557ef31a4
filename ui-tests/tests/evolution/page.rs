//! The page `eventsourcing/docs/evolution.md`, carried out from the first line to the last.
//!
//! A ```` ```rust ```` block gives items of `src/lib.rs`, in the places of those with the same names. A ```` ```console ````
//! block has command lines after `$ `, each with what it says. `<!-- crate: name -->` begins another crate, and
//! `<!-- remove: item -->` takes an item away. What is said must be what the page says; `TRYBUILD=overwrite` writes it into the page.

use std::{fmt::Write as _, fs};

use crate::{
    differs,
    items::Items,
    outside::{Outside, Ran, read, root},
    overwrite,
};

const CRATE: &str = "<!-- crate: ";
const REMOVE: &str = "<!-- remove: ";

#[test]
fn the_page_of_evolution_is_true() {
    let path = root().join("../eventsourcing/docs/evolution.md");
    let page = read(&path);
    let mut reader = Reader::default();
    for part in parts(&page) {
        reader.follow(part);
    }
    let Reader { page: said, wrong, .. } = reader;
    if overwrite() {
        fs::write(&path, said).expect("the documentation is writable");
    } else {
        assert!(wrong.is_empty(), "{}: run scripts/bless\n{wrong}", path.display());
    }
}

/// A part of the page.
#[derive(Debug, Clone, Copy)]
enum Part<'p> {
    /// Text, and blocks that are neither code nor a session.
    Text(&'p str),
    Crate(&'p str),
    Remove(&'p str),
    Code(&'p str),
    Session(&'p str),
}

/// Cuts the page; the parts together are the page again.
fn parts(page: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = page;
    while !rest.is_empty() {
        let (line, _) = rest.split_once('\n').unwrap_or((rest, ""));
        let length = match line {
            "```rust" | "```console" => rest.find("\n```\n").map_or(rest.len(), |end| end + "\n```\n".len()),
            _ => (line.len() + 1).min(rest.len()),
        };
        let (part, after) = rest.split_at(length);
        parts.push(match line {
            "```rust" => Part::Code(part),
            "```console" => Part::Session(part),
            _ if line.starts_with(CRATE) => Part::Crate(part),
            _ if line.starts_with(REMOVE) => Part::Remove(part),
            _ => Part::Text(part),
        });
        rest = after;
    }
    parts
}

/// Does what the page says, and writes the page as it should be.
#[derive(Debug, Default)]
struct Reader {
    page: String,
    wrong: String,
    outside: Option<Outside>,
    source: Items,
}

impl Reader {
    fn follow(&mut self, part: Part<'_>) {
        match part {
            Part::Text(text) => self.page.push_str(text),
            Part::Crate(comment) => {
                self.page.push_str(comment);
                self.source = Items::default();
                self.outside = Some(Outside::new("page", named(comment, CRATE)));
            }
            Part::Remove(comment) => {
                self.page.push_str(comment);
                assert!(self.source.remove(named(comment, REMOVE)), "there is no such item: {comment}");
                self.outside().write("src/lib.rs", &self.source.to_string());
            }
            Part::Code(block) => {
                self.page.push_str(block);
                self.source.apply(&Items::parse(inside(block)));
                self.outside().write("src/lib.rs", &self.source.to_string());
            }
            Part::Session(block) => self.session(block),
        }
    }

    fn session(&mut self, block: &str) {
        self.page.push_str("```console\n");
        for (command, expected) in commands(inside(block)) {
            let ran = self.outside().run(command);
            let said = told(command, &ran);
            if differs(&expected, &said) {
                writeln!(
                    self.wrong,
                    "\n$ {command}\n--- the page:\n{expected}\n--- said:\n{said}\n--- whole:\n{}",
                    ran.text
                )
                .expect("a string takes any text");
            }
            writeln!(self.page, "$ {command}\n{}", said.trim_end()).expect("a string takes any text");
            while self.page.ends_with("\n\n") {
                self.page.pop();
            }
        }
        self.page.push_str("```\n");
    }

    fn outside(&self) -> &Outside {
        self.outside.as_ref().expect("the page names a crate before its first block")
    }
}

/// What a session shows of a command: nothing where cargo had nothing to report but success.
fn told(command: &str, ran: &Ran) -> String {
    let shown = ran.shown();
    if shown.is_empty() && !ran.succeeded {
        return format!("({command} fails)\n");
    }
    shown
}

/// The name in a comment that begins like this.
fn named<'p>(comment: &'p str, start: &str) -> &'p str {
    comment.trim_end().trim_start_matches(start).trim_end_matches(" -->")
}

/// A block without its fences.
fn inside(block: &str) -> &str {
    let block = block.split_once('\n').map_or(block, |(_, rest)| rest);
    block.strip_suffix("```\n").unwrap_or(block)
}

/// The command lines of a session, each with what follows it.
fn commands(session: &str) -> Vec<(&str, String)> {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in session.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command, String::new()));
        } else if let Some((_, said)) = commands.last_mut() {
            said.push_str(line);
            said.push('\n');
        } else {
            panic!("a session begins with a command, not with `{line}`");
        }
    }
    commands
}
