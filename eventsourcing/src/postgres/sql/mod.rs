//! All SQL that runs on a migrated store, apart from who runs it: rendered once for a store's schema, and immune to the
//! session's search path.

mod append;
mod blockers;
mod checkpoint;
mod event_types;
mod lists;
mod mark;
mod page;
mod read;
mod repair;
mod snapshot;
mod tail;
mod wake;

use std::{fmt, sync::Arc};

use sqlx::{AssertSqlSafe, Postgres, postgres::PgArguments, query::Query};

use super::options::DEFAULT_SCHEMA;

/// The name of the schema that holds a store's tables: 1 to 63 bytes without NUL, quoted wherever it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SchemaName(Arc<str>);

impl SchemaName {
    pub(super) fn new(name: &str) -> Option<Self> {
        // `pg_` is reserved, and Postgres would cut off what is longer.
        let valid = (1..=63).contains(&name.len()) && !name.contains('\0') && !name.starts_with("pg_");
        valid.then(|| Self(name.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn quoted(&self) -> String {
        format!("\"{}\"", self.0.replace('"', "\"\""))
    }

    /// The quoted name of something in this schema.
    pub(super) fn qualify(&self, name: &str) -> String {
        format!("{}.{name}", self.quoted())
    }
}

impl Default for SchemaName {
    fn default() -> Self {
        Self(DEFAULT_SCHEMA.into())
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A statement, rendered for one store.
///
/// In a template, `{events}` and its like are the store's own tables, and `{=}` and its like are operators of
/// `pg_catalog`: a session may have a schema before it in its path with an operator of the same name. For the same
/// reason templates qualify functions and types.
#[derive(Debug, Clone)]
pub(super) struct Sql {
    text: Arc<str>,
    /// Whether connections keep it prepared.
    is_prepared: bool,
}

impl Sql {
    pub(super) fn render(template: &str, schema: &SchemaName, is_prepared: bool) -> Self {
        let mut sql = String::new();
        let mut rest = template;
        // From left to right and never again: a schema may be called `{=}`.
        while let Some((before, (token, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            sql.push_str(before);
            if token.starts_with(|first: char| first.is_ascii_alphabetic()) {
                sql.push_str(&schema.qualify(token));
            } else {
                sql.extend(["operator(pg_catalog.", token, ")"]);
            }
            rest = after;
        }
        sql.push_str(rest);
        Self { text: sql.into(), is_prepared }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The statement with one part of it replaced.
    pub(super) fn replaced(&self, part: &str, by: &str) -> Self {
        Self { text: self.text.replacen(part, by, 1).into(), is_prepared: self.is_prepared }
    }

    /// The statement, ready for its parameters.
    pub(super) fn query(&self) -> Query<'static, Postgres, PgArguments> {
        self.query_with(PgArguments::default())
    }

    /// The statement with its first parameters, ready for the others.
    pub(super) fn query_with(&self, arguments: PgArguments) -> Query<'static, Postgres, PgArguments> {
        sqlx::query_with(AssertSqlSafe(Arc::clone(&self.text)), arguments).persistent(self.is_prepared)
    }
}

macro_rules! statements {
    ($($name:ident = $template:expr,)*) => {
        /// Every statement that runs on a migrated store, rendered for its schema.
        #[derive(Debug)]
        pub(super) struct Statements {
            $(pub(super) $name: Sql,)*
        }

        impl Statements {
            pub(super) fn new(schema: &SchemaName, are_prepared: bool) -> Self {
                Self { $($name: Sql::render($template, schema, are_prepared),)* }
            }

            pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
                [$((stringify!($name), self.$name.as_str()),)*].into_iter()
            }
        }
    };
}

statements! {
    append = &append::small(),
    append_looking = &append::small_looking(),
    append_large = &append::large(),
    append_large_with_window = &append::large_with_window(),
    append_registering = &append::small_registering(),
    append_large_registering = &append::large_registering(),
    probe = append::PROBE,
    read_whole_stream = read::WHOLE_STREAM,
    read_stream_forwards = read::STREAM_FORWARDS,
    read_stream_forwards_careful = read::STREAM_FORWARDS_CAREFUL,
    read_stream_backwards = read::STREAM_BACKWARDS,
    read_stream_backwards_careful = read::STREAM_BACKWARDS_CAREFUL,
    read_log_forwards = read::LOG_FORWARDS,
    read_log_forwards_careful = read::LOG_FORWARDS_CAREFUL,
    read_log_backwards = read::LOG_BACKWARDS,
    read_log_backwards_careful = read::LOG_BACKWARDS_CAREFUL,
    load_with_snapshot = snapshot::LOAD,
    save_snapshot = snapshot::SAVE,
    checkpoint = checkpoint::READ,
    consumer = checkpoint::CONSUMER,
    declare = checkpoint::DECLARE,
    advance = checkpoint::ADVANCE,
    reset = checkpoint::RESET,
    tail_open = tail::OPEN,
    tail_read = tail::READ,
    tail_read_careful = tail::READ_CAREFUL,
    tail_end = tail::END,
    tail_writers = tail::WRITERS,
    tail_last = tail::LAST,
    tail_event_at = tail::EVENT_AT,
    settled = mark::READ,
    settle = mark::WRITE,
    timeline = mark::TIMELINE,
    move_to_timeline = mark::MOVE,
    event_types = event_types::LIST,
    categories = lists::CATEGORIES,
    streams_by_id = lists::STREAMS_BY_ID,
    streams_latest = lists::STREAMS_LATEST,
    streams_longest = lists::STREAMS_LONGEST,
    checkpoints = lists::CHECKPOINTS,
    blockers = blockers::BLOCKERS,
    notify = wake::NOTIFY,
    repair_lock = repair::LOCK,
    repair = repair::REPAIR,
}

#[cfg(test)]
mod tests {
    use super::{SchemaName, Sql, Statements};

    #[test]
    fn a_schema_name_is_quoted() {
        let schema = SchemaName::new("we\"ird; drop").unwrap();
        let sql = Sql::render("select 1 from {events} where a {<=} b", &schema, true);
        assert_eq!(sql.as_str(), "select 1 from \"we\"\"ird; drop\".events where a operator(pg_catalog.<=) b");
    }

    #[test]
    fn a_schema_name_is_no_template() {
        let schema = SchemaName::new("{=}{events}").unwrap();
        let sql = Sql::render("select 1 from {events} where a {=} b", &schema, true);
        assert_eq!(sql.as_str(), "select 1 from \"{=}{events}\".events where a operator(pg_catalog.=) b");
    }

    #[test]
    fn impossible_schema_names_are_refused() {
        for name in ["", "a\0b", "pg_events", &"x".repeat(64)] {
            assert!(SchemaName::new(name).is_none(), "{name:?}");
        }
    }

    #[test]
    fn no_statement_leaves_a_token_or_a_bare_operator() {
        for (name, sql) in Statements::new(&SchemaName::new("s").unwrap(), true).all() {
            assert!(!sql.contains('{') && !sql.contains('}'), "{name}: {sql}");
            // What follows is assigned, not compared.
            let mut bare = sql.to_owned();
            let assigned = [
                "excluded.",
                "$2",
                "$5",
                "$3::",
                "$6::",
                "null",
                "pg_catalog.now()",
                "(select e.event_id",
                "c.token ",
                "($1, ",
            ];
            for assigned in assigned {
                bare = bare.replace(&format!(" = {assigned}"), "");
            }
            for operator in [" = ", " <> ", " < ", " <= ", " > ", " >= ", " + ", " - "] {
                assert!(!bare.contains(operator), "{name} has a bare `{operator}`: {sql}");
            }
        }
    }
}
