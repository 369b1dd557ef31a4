//! How events change over the years, from outside of this workspace: the page about it, the broken edits of the example,
//! and the whole way from a first event to its retirement.

mod adapters;
mod broken;
mod defaults;
mod items;
mod list;
#[path = "../lines/messages.rs"]
mod messages;
mod outside;
mod page;
mod untagged;
mod without_lock;
mod workflow;

/// Whether what was said is not what was expected. On one compiler every word counts; on others our messages do, and
/// what no compiler writes.
fn differs(expected: &str, said: &str) -> bool {
    if messages::every_word_counts() {
        return expected.trim_end() != said.trim_end();
    }
    messages::in_text(expected) != messages::in_text(said)
}

fn overwrite() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite")
}
