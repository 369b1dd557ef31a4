//! A lock cut into its sections, as text: what is written for all cases together, and what each case gets of it.

use std::{collections::BTreeSet, fmt::Write as _};

/// The text of a lock, by section.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lock {
    /// What stands above the first section.
    head: String,
    sections: Vec<Section>,
}

#[derive(Debug, Clone)]
struct Section {
    /// The case whose types it is of.
    case: String,
    text: String,
}

impl Lock {
    /// Reads a lock whose sections are named `case.section`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut lock = Self::default();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[') {
                let case = name.trim_start_matches('"').split_once('.').map_or(name, |(case, _)| case);
                lock.sections.push(Section { case: case.to_owned(), text: String::new() });
            }
            let part = lock.sections.last_mut().map_or(&mut lock.head, |section| &mut section.text);
            writeln!(part, "{line}").expect("a string takes any text");
        }
        lock
    }

    /// The sections of one case.
    pub(crate) fn of(&self, case: &str) -> Self {
        let sections = self.sections.iter().filter(|section| section.case == case).cloned().collect();
        Self { head: self.head.clone(), sections }
    }

    /// The sections of these cases, as they were written.
    pub(crate) fn only(&self, cases: &BTreeSet<&str>) -> String {
        let sections = self.sections.iter().filter(|section| cases.contains(section.case.as_str()));
        self.head.clone() + &sections.map(|section| section.text.as_str()).collect::<String>()
    }

    /// The text, with the names that the case itself has.
    pub(crate) fn own_names(&self, case: &str) -> String {
        let text: String = self.sections.iter().map(|section| section.text.as_str()).collect();
        let text = self.head.clone() + &text.replace(&format!("{case}."), "");
        format!("{}\n", text.trim_end())
    }
}
