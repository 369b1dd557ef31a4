//! The keys of `#[event]`, `#[schema]`, `#[aggregate]` and `#[serde]`: the attribute reference as data.

use super::{
    Form, Grammar, Key,
    Place::{self, Enum, Field, Struct, Variant},
};

const CONTAINER: &[Place] = &[Enum, Struct];

pub(crate) const EVENT: Grammar = Grammar {
    attr: "event",
    shown: "#[event(..)]",
    keys: &[
        key("prefix", &[Enum], Form::Str, "prefix = \"account\""),
        key("tag", &[Variant, Struct], Form::Str, "tag = \"account.opened\""),
        key("version", &[Variant, Struct], Form::Int, "version = 2"),
        key("upcast", &[Variant, Struct], Form::Steps, "upcast(1 = OpenedV1)"),
        key("nested", &[Variant], Form::Flag, "nested"),
        repeated("retired", CONTAINER, Form::Retired, "retired(\"account.frozen\", versions = 1..=2)"),
        key("lock", CONTAINER, Form::Str, "lock = \"account\""),
        key("unlocked", CONTAINER, Form::Flag, "unlocked"),
        key("crate", CONTAINER, Form::Path, "crate = \"eventsourcing\""),
    ],
};

pub(crate) const SCHEMA: Grammar = Grammar {
    attr: "schema",
    shown: "#[schema(..)]",
    keys: &[
        key("as", &[Enum, Struct, Field], Form::Type, "as = \"String\""),
        key("recursive", &[Field], Form::Flag, "recursive"),
        key("crate", CONTAINER, Form::Path, "crate = \"eventsourcing\""),
    ],
};

pub(crate) const AGGREGATE: Grammar = Grammar {
    attr: "aggregate",
    shown: "#[aggregate(..)]",
    keys: &[
        key("event", CONTAINER, Form::Type, "event = AccountEvent"),
        key("id", CONTAINER, Form::Type, "id = AccountId"),
        key("category", CONTAINER, Form::Str, "category = \"account\""),
        key("snapshot", CONTAINER, Form::Keys(&SNAPSHOT), "snapshot(every = 100, version = 1)"),
        key("crate", CONTAINER, Form::Path, "crate = \"eventsourcing\""),
    ],
};

const SNAPSHOT: Grammar = Grammar {
    attr: "snapshot",
    shown: "#[aggregate(snapshot(..))]",
    keys: &[key("every", CONTAINER, Form::Int, "every = 100"), key("version", CONTAINER, Form::Int, "version = 1")],
};

/// What a schema can state of serde's attributes; all others are refused, never ignored.
pub(crate) const SERDE: Grammar = Grammar {
    attr: "serde",
    shown: "#[serde(..)]",
    keys: &[
        key("rename", &[Struct, Enum, Variant, Field], Form::Name, "rename = \"name\""),
        key("rename_all", &[Struct, Enum, Variant], Form::Name, "rename_all = \"camelCase\""),
        key("rename_all_fields", &[Enum], Form::Name, "rename_all_fields = \"camelCase\""),
        repeated("alias", &[Variant, Field], Form::Str, "alias = \"old_name\""),
        key("default", &[Struct, Field], Form::FlagOrStr, "default"),
        key("skip", &[Variant, Field], Form::Flag, "skip"),
        key("skip_serializing", &[Variant, Field], Form::Flag, "skip_serializing"),
        key("skip_deserializing", &[Variant, Field], Form::Flag, "skip_deserializing"),
        key("skip_serializing_if", &[Field], Form::Str, "skip_serializing_if = \"Option::is_none\""),
        key("flatten", &[Field], Form::Flag, "flatten"),
        key("with", &[Field], Form::Str, "with = \"module\""),
        key("serialize_with", &[Field], Form::Str, "serialize_with = \"function\""),
        key("deserialize_with", &[Field], Form::Str, "deserialize_with = \"function\""),
        key("remote", CONTAINER, Form::Opaque, "remote = \"Type\""),
        key("getter", &[Field], Form::Opaque, "getter = \"function\""),
        key("transparent", &[Struct], Form::Flag, "transparent"),
        key("tag", &[Enum], Form::Str, "tag = \"type\""),
        key("content", &[Enum], Form::Str, "content = \"value\""),
        key("untagged", &[Enum, Variant], Form::Flag, "untagged"),
        key("other", &[Variant], Form::Flag, "other"),
        key("deny_unknown_fields", CONTAINER, Form::Flag, "deny_unknown_fields"),
        key("from", CONTAINER, Form::Type, "from = \"Type\""),
        key("try_from", CONTAINER, Form::Type, "try_from = \"Type\""),
        key("into", CONTAINER, Form::Type, "into = \"Type\""),
        key("crate", CONTAINER, Form::Opaque, "crate = \"serde\""),
        key("bound", &[Struct, Enum, Variant, Field], Form::Opaque, "bound = \"\""),
        key("borrow", &[Variant, Field], Form::Opaque, "borrow"),
        key("expecting", CONTAINER, Form::Opaque, "expecting = \"a thing\""),
        refused("tag", &[Struct], "it writes a key that is not a field; make it a field"),
        refused("with", &[Variant], "a schema cannot see what it writes; give the variant a payload type of its own"),
        refused(
            "serialize_with",
            &[Variant],
            "a schema cannot see what it writes; give the variant a payload type of its own",
        ),
        refused(
            "deserialize_with",
            &[Variant],
            "a schema cannot see what it reads; give the variant a payload type of its own",
        ),
        refused(
            "field_identifier",
            CONTAINER,
            "such a type is no payload, only a part of a hand-written `Deserialize`",
        ),
        refused(
            "variant_identifier",
            CONTAINER,
            "such a type is no payload, only a part of a hand-written `Deserialize`",
        ),
    ],
};

const fn key(name: &'static str, on: &'static [Place], form: Form, example: &'static str) -> Key {
    Key { name, on, form, example, repeats: false }
}

const fn repeated(name: &'static str, on: &'static [Place], form: Form, example: &'static str) -> Key {
    Key { name, on, form, example, repeats: true }
}

const fn refused(name: &'static str, on: &'static [Place], why: &'static str) -> Key {
    Key { name, on, form: Form::Refused(why), example: name, repeats: false }
}
