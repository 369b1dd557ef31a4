//! What a check found, in words for whoever reads a failing test.

use std::fmt::Write;

use super::{
    check::Checked,
    fault::{Failure, Fault},
    refusal,
};
use crate::{codec::DecodeError, vocabulary::Chain};

/// How many failures of one version are shown.
const SHOWN: usize = 3;
/// How much of a payload, or of a value in it, is shown, in characters.
const LONGEST: usize = 400;

/// Why the test fails; `None` when it does not.
pub(super) fn unreadable(name: &str, checked: &[Checked]) -> Option<String> {
    let faulty: Vec<&Checked> = checked.iter().filter(|checked| !checked.failures.is_empty()).collect();
    if faulty.is_empty() {
        return None;
    }
    let mut text = format!("`{name}` does not read everything that its lock says may be stored\n");
    for Checked { tag, version, tried, failures, .. } in &faulty {
        let is_payload = |failure: &&Failure| !matches!(failure.fault, Fault::Mistaken { .. });
        let tried = match failures.iter().filter(is_payload).count() {
            0 => String::new(),
            count => format!(", {count} of {tried} made-up payloads"),
        };
        push(&mut text, format_args!("\n`{tag}` version {version}{tried}:\n"));
        for failure in different(failures).iter().take(SHOWN) {
            let what = if is_payload(failure) { "payload" } else { "value" };
            push(&mut text, format_args!("  {}\n    {what}: {}\n", sentence(&failure.fault), short(&failure.payload)));
        }
    }
    let any = |is: fn(&Fault) -> bool| faulty.iter().any(|checked| checked.failures.iter().any(|f| is(&f.fault)));
    text.push('\n');
    if any(|fault| matches!(fault, Fault::Unreadable(_))) {
        text.push_str(NOT_READ);
    }
    if any(|fault| matches!(fault, Fault::Lost(_) | Fault::Unwritable(_) | Fault::Elsewhere(_))) {
        text.push_str(LOST);
    }
    if any(|fault| matches!(fault, Fault::Mistaken { .. })) {
        text.push_str(MISTAKEN);
    }
    if any(|fault| matches!(fault, Fault::Delivery { .. })) {
        text.push_str(DELIVERY);
    }
    Some(text)
}

const NOT_READ: &str = "\
The lock allows such payloads, so the store may hold them, and an event that cannot be read stops its readers.
Take the change back, or give the event a new version with an `upcast` step. When the schema of a type is stated
(`#[schema(as = ..)]`, or `impl Schema` by hand), it must say what the code beside it reads: make the one follow the other.
";
const LOST: &str = "\
What is read must be kept: an event that is read and written again must say the same. Look for a `with`
that throws away what it reads or does not write it, for a hand-written `Serialize` or `Deserialize`, and for a
`skip_serializing_if` that leaves out another value than the default.
";
const MISTAKEN: &str = "\
An untagged enum is read as the first variant that fits, and the code behind a stated shape (`#[schema(as = ..)]`) may read
more than the shape says. Put the variant that is never read first, or give the enum a tag.
";
const DELIVERY: &str = "\
`decode` gives `None` for the events that `TYPES` says are retired, and for no others.
";

/// What the user's own rules have refused, which is for them to decide; `None` when they have not.
pub(super) fn refused(checked: &[Checked]) -> Option<String> {
    let mut text = String::new();
    for Checked { tag, version, tried, refused, .. } in checked {
        for (rule, (count, payload)) in refused {
            push(
                &mut text,
                format_args!(
                    "`{tag}` version {version}: {count} of {tried} made-up payloads were refused by a rule of your own: {rule}\n    the first: {}\n",
                    short(payload)
                ),
            );
        }
        let all: usize = refused.values().map(|(count, _)| count).sum();
        if all > 0 && all == *tried {
            push(
                &mut text,
                format_args!(
                    "`{tag}` version {version}: no payload got past these rules, so nothing is proven about this version\n"
                ),
            );
        }
        if *tried == 0 {
            push(
                &mut text,
                format_args!(
                    "`{tag}` version {version}: no payload can be made up, because it holds what `#[schema(recursive)]` cuts off; nothing is proven about this version\n"
                ),
            );
        }
    }
    (!text.is_empty()).then_some(text)
}

/// One failure for each thing that is wrong.
fn different(failures: &[Failure]) -> Vec<&Failure> {
    let mut known: Vec<String> = Vec::new();
    let is_new = |failure: &&Failure| {
        let what = place_and_kind(&failure.fault);
        let is_new = !known.contains(&what);
        known.push(what);
        is_new
    };
    failures.iter().filter(is_new).collect()
}

/// Without the numbers of elements, so that one mistake in a list is shown once.
fn place_and_kind(fault: &Fault) -> String {
    let place = match fault {
        Fault::Unreadable(DecodeError::Payload { source, .. }) => &source.path,
        Fault::Lost(loss) => &loss.path,
        Fault::Mistaken { variant, .. } => *variant,
        _ => "",
    };
    let general: String = place.chars().filter(|c| !c.is_ascii_digit()).collect();
    format!("{general} {:?}", std::mem::discriminant(fault))
}

fn sentence(fault: &Fault) -> String {
    match fault {
        Fault::Unreadable(DecodeError::Payload { source, .. }) => {
            let message = refusal::without_place(source.source.to_string());
            format!("not read, at {}: {message}", source.path)
        }
        Fault::Unreadable(error) => format!("not read: {}", Chain(error)),
        Fault::Lost(loss) => {
            let before = short(&loss.before.to_string());
            match &loss.after {
                Some(after) => format!(
                    "changed, at {}: it is {before} and is written again as {}",
                    loss.path,
                    short(&after.to_string())
                ),
                None => match &loss.read_as {
                    Some(default) => format!(
                        "lost, at {}: it is {before} and is not written again, and then it is read as its default, {}",
                        loss.path,
                        short(&default.to_string())
                    ),
                    None => format!("lost, at {}: it is {before} and is not written again", loss.path),
                },
            }
        }
        Fault::Unwritable(error) => format!("read, and cannot be written again: {error}"),
        Fault::Elsewhere(place) => format!("read, and written again as {place}"),
        Fault::Mistaken { variant, mistaken_for } => {
            format!("every value of `{variant}` is read as `{mistaken_for}`, which comes first")
        }
        Fault::Delivery { wanted: true } => "not delivered, though it is not retired".to_owned(),
        Fault::Delivery { wanted: false } => "delivered, though it is retired".to_owned(),
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_owned(),
    }
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    _ = text.write_fmt(line);
}
