//! What is derived, after all checks: names resolved, defaults filled in. `check` makes it, `expand` writes it out.

use proc_macro2::{Span, TokenStream};
use syn::{ExprPath, Generics, Ident, LitStr, Member, Path, Type};

use crate::{lock::Section, tagging::Tagging};

/// A type's wire form.
pub(crate) enum Wire {
    /// `null`.
    Null,
    /// That of another type.
    Same(Box<WireType>),
    /// An array with one element for each type.
    Tuple(Vec<WireType>),
    Object {
        fields: Vec<WireField>,
        closed: bool,
        /// Whether there are fields that are not stored.
        hidden: bool,
    },
    Choice {
        tagging: Tagging,
        variants: Vec<WireVariant>,
    },
}

/// The type whose shape stands in one place.
pub(crate) struct WireType {
    pub(crate) ty: Type,
    /// What writes it in its place.
    pub(crate) adapter: Option<Adapter>,
    /// It would lead back to the type itself, so the walk ends here.
    pub(crate) cut: bool,
    /// It is not the type of the field, but what the author says it looks like.
    pub(crate) stated: Option<Box<Stated>>,
    /// The field whose value is written by the type itself; `None` where something stands between the two.
    pub(crate) held: Option<Member>,
}

/// What stands behind a stated shape.
pub(crate) struct Stated {
    /// The type in Rust.
    pub(crate) ty: Type,
    /// How the lock calls the code between the two; empty when the type has serde's traits itself.
    pub(crate) name: String,
    /// The function that reads it; `None` for the type's own.
    pub(crate) read: Option<ExprPath>,
}

/// What writes a value in place of its type.
pub(crate) enum Adapter {
    /// An adapter of `serde_with`, which knows its form by itself.
    Asked(Box<Type>),
    /// `eventsourcing::codec::as_text`.
    AsText,
    /// A module that always writes the same form.
    Fixed { form: Form, optional: bool },
}

/// The form of a known module.
#[derive(Clone, Copy)]
pub(crate) enum Form {
    DateTime,
    Decimal,
    Integer,
    Text,
}

pub(crate) struct WireField {
    pub(crate) name: String,
    /// The name in Rust.
    pub(crate) member: String,
    pub(crate) span: Span,
    pub(crate) aliases: Vec<String>,
    pub(crate) ty: WireType,
    /// The type in Rust, which need not be what is on the wire.
    pub(crate) rust_type: Type,
    pub(crate) absent: Absent,
    pub(crate) flatten: bool,
    pub(crate) read_only: bool,
    /// What is read when it is absent, where that is more than the `None` of an `Option`.
    pub(crate) default: Option<Fallback>,
}

/// Where a default comes from.
pub(crate) enum Fallback {
    /// The field's type, with `default`.
    Type,
    /// A function, with `default = ".."`.
    Function(ExprPath),
    /// This field of the default of the struct around it.
    Container(Member),
}

/// Whether a field may be absent when it is read.
#[derive(Clone, Copy)]
pub(crate) enum Absent {
    Yes,
    No,
    /// When it is an `Option`.
    AsType,
    /// It has to be an `Option`, because it is not always written; the place that says so.
    MustBe(Span),
    /// It is flattened and not always written, so it has to be read from no fields at all; the place that says so.
    WithoutFields(Span),
}

pub(crate) struct WireVariant {
    pub(crate) name: String,
    /// The name in Rust.
    pub(crate) member: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) wire: Wire,
    pub(crate) other: bool,
    pub(crate) read_only: bool,
    /// Where a content that cannot carry the enum's tag inside is reported.
    pub(crate) span: Span,
}

/// `derive(Schema)`.
pub(crate) struct Schema<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) private: Path,
    pub(crate) wire: Wire,
    /// Whether serde reads the type as the one whose wire form it has, absence included.
    pub(crate) see_through: bool,
    /// It is read as another type, which is right as long as it is never written; the place that says so.
    pub(crate) read_only: Option<Span>,
}

/// `derive(Event)`.
pub(crate) struct Event<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) private: Path,
    /// Whether it is a struct, and so one kind of event.
    pub(crate) single: bool,
    pub(crate) own: Vec<Own<'a>>,
    pub(crate) nested: Vec<Nested<'a>>,
    pub(crate) retired: Vec<Retired>,
    /// serde's keys for the mirror of a struct.
    pub(crate) serde: Vec<TokenStream>,
    /// A fixture, which is in no lock and no catalog.
    pub(crate) unlocked: bool,
    /// `None` for fixtures, and where there is nothing to lock.
    pub(crate) lock: Option<Lock>,
}

/// What the lock has about an event type.
pub(crate) struct Lock {
    pub(crate) section: String,
    pub(crate) found: Section,
    /// What can be told from tags and versions alone. It stands beside the derived code and not in its place, so that
    /// the shapes of the other events are compared all the same.
    pub(crate) mistakes: Option<TokenStream>,
}

/// A variant that holds another event type.
pub(crate) struct Nested<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
}

/// A kind of event with a tag of its own.
pub(crate) struct Own<'a> {
    /// The variant, or the struct.
    pub(crate) ident: &'a Ident,
    pub(crate) tag: LitStr,
    pub(crate) version: u16,
    /// Where the version is written, or else the event.
    pub(crate) version_at: Span,
    /// The types of the older versions, from the first on.
    pub(crate) older: Vec<Type>,
    pub(crate) payload: Payload<'a>,
    /// Whether nothing is wrong with it, so that it can be compared with the lock whatever is wrong elsewhere.
    pub(crate) sound: bool,
}

pub(crate) struct Payload<'a> {
    pub(crate) style: PayloadStyle,
    pub(crate) fields: Vec<PayloadField<'a>>,
    pub(crate) wire: Wire,
    /// serde's rule for the names of a variant's fields.
    pub(crate) rename_all: Option<LitStr>,
    /// serde's keys for the struct that is read in place of a variant.
    pub(crate) read: Vec<TokenStream>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayloadStyle {
    Named,
    Newtype,
    Unit,
}

pub(crate) struct PayloadField<'a> {
    pub(crate) member: Member,
    pub(crate) ty: &'a Type,
    pub(crate) serde: Vec<TokenStream>,
}

pub(crate) struct Retired {
    pub(crate) tag: LitStr,
    pub(crate) first: u16,
    pub(crate) last: u16,
}

/// `derive(Aggregate)`.
pub(crate) struct Aggregate<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) private: Path,
    pub(crate) event: Type,
    pub(crate) id: Type,
    pub(crate) category: LitStr,
    pub(crate) snapshots: Option<Snapshots>,
}

pub(crate) struct Snapshots {
    pub(crate) every: u32,
    pub(crate) version: u32,
    pub(crate) span: Span,
}
