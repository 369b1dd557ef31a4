//! The file as text: its sections and the blocks of their events, without a look inside.

use std::{collections::BTreeMap, fmt::Write};

use super::COMMAND;

/// What an event stands under: its tag as it is written, and its version.
pub(super) type Key = (String, u16);

/// The lines of each version of each event.
pub(super) type Section = BTreeMap<Key, String>;

/// All of a lock. Sections and events are sorted; comments and spare lines are not kept.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct File {
    pub(super) sections: BTreeMap<String, Section>,
}

impl File {
    /// The sections and blocks of a text. The compiler reads the same file and says more about what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut file = Self::default();
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        if lines.next().is_none_or(|(_, line)| line.trim_end() != "events.lock 1") {
            return Err("the first line of `events.lock` is not `events.lock 1`".to_owned());
        }
        let mut section: Option<&mut Section> = None;
        let mut block: Option<Key> = None;
        for (number, line) in lines {
            let line = line.trim_end();
            let misplaced = || format!("events.lock:{number}: this line belongs to no event");
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = Some(file.sections.entry(name.to_owned()).or_default());
                block = None;
                continue;
            }
            let section = section.as_mut().ok_or_else(misplaced)?;
            if line.starts_with(' ') {
                let lines = block.as_ref().and_then(|key| section.get_mut(key)).ok_or_else(misplaced)?;
                lines.push('\n');
                lines.push_str(line);
            } else {
                let key = key(line).ok_or_else(misplaced)?;
                section.insert(key.clone(), line.to_owned());
                block = Some(key);
            }
        }
        Ok(file)
    }

    /// The file in its own form.
    pub(super) fn render(&self) -> String {
        let mut text = format!(
            "# What the stored events of this crate look like. Written by `{COMMAND}`; commit it.\nevents.lock 1\n"
        );
        for (name, section) in &self.sections {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n[{name}]\n");
            for block in section.values() {
                let _ = write!(text, "\n{block}\n");
            }
        }
        text
    }
}

/// The tag and the version at the beginning of an event's first line.
fn key(line: &str) -> Option<Key> {
    let tag_ends = match line.strip_prefix('"') {
        Some(quoted) => {
            let mut escaped = false;
            let closing = quoted.char_indices().find_map(|(at, char)| {
                let closes = char == '"' && !escaped;
                escaped = char == '\\' && !escaped;
                closes.then_some(at)
            })?;
            closing + 2
        }
        None => line.find(' ')?,
    };
    let (tag, rest) = line.split_at_checked(tag_ends)?;
    let version = rest.strip_prefix(' ')?.split(':').next()?;
    Some((tag.to_owned(), version.parse().ok()?))
}
