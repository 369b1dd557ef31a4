//! What the generated tests of a crate said, read from libtest's output.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::case::Expected;

/// The results of tests: the message of each that failed.
#[derive(Debug, Default)]
pub(crate) struct TestsSaid {
    tests: BTreeMap<String, Option<String>>,
}

impl TestsSaid {
    pub(crate) fn parse(output: &str) -> Self {
        let mut tests = BTreeMap::new();
        let mut failed = None;
        for line in output.lines() {
            if let Some((name, result)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) {
                tests.insert(name.to_owned(), (result != "ok").then(String::new));
            } else if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
                failed = Some(name.to_owned());
            } else if line == "failures:" {
                failed = None;
            } else if let Some(Some(message)) = failed.as_ref().and_then(|name| tests.get_mut(name)) {
                let frame = line.starts_with("thread '") || line.starts_with("note: run with `RUST_BACKTRACE");
                if !(frame || message.is_empty() && line.is_empty()) {
                    message.push_str(line);
                    message.push('\n');
                }
            }
        }
        Self { tests }
    }

    /// The tests of a module, without its name.
    pub(crate) fn of_module(&self, module: &str) -> Self {
        let own = |name: &String| name.strip_prefix(module)?.strip_prefix("::").map(ToOwned::to_owned);
        Self { tests: self.tests.iter().filter_map(|(name, said)| Some((own(name)?, said.clone()))).collect() }
    }

    /// Whether the lock wants a refresh, when that is all that was said.
    pub(crate) fn verdict(&self) -> Option<Expected> {
        let mut verdict = Expected::Same;
        for (name, said) in &self.tests {
            match said {
                None => {}
                Some(said) if !name.contains("history") && said.contains("EVENTS_LOCK=write") => {
                    verdict = Expected::Refresh;
                }
                Some(_) => return None,
            }
        }
        (!self.tests.is_empty()).then_some(verdict)
    }

    /// All that was said, by test.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (name, said) in &self.tests {
            if let Some(said) = said {
                writeln!(text, "{name}:\n{}\n", said.trim_end()).expect("a string takes any text");
            }
        }
        text
    }
}
