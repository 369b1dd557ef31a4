//! The pages of the guide say what is so: their statements run, and the tables are those that there are.

use std::{env, fmt::Write, fs, path::PathBuf};

use sqlx::{AssertSqlSafe, Row, raw_sql};

use crate::support::{
    TestDb,
    account::{AccountEvent, account, deposits},
};

fn page(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn statements(page: &str) -> impl Iterator<Item = &str> {
    page.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sql\n"))
}

/// Each runs on a store with events and a checkpoint; what the first of them creates is gone with its transaction.
#[tokio::test]
async fn the_statements_of_operating_run() {
    let db = TestDb::new().await;
    let store = db.store();
    let appended = store
        .stream::<AccountEvent>(account(1))
        .append(eventsourcing::ExpectedVersion::Any, deposits(3))
        .await
        .unwrap();
    let insert =
        "insert into eventsourcing.checkpoints (name, kind, position, token) values ('balances', 'projection', 1, 4)";
    raw_sql(insert).execute(db.pool()).await.unwrap();
    let page = fs::read_to_string(page("operating.md")).unwrap();
    let statements: Vec<&str> = statements(&page).collect();
    assert_eq!(statements.len(), 7);
    for sql in statements {
        // Roles are of the whole server, and some statements run in no transaction.
        let is_global = sql.contains("create role");
        let sql = if is_global { format!("begin; {sql} rollback") } else { sql.to_owned() };
        raw_sql(AssertSqlSafe(sql.clone())).execute(db.pool()).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let moved = "select position, event_position, token from eventsourcing.checkpoints where name = 'balances'";
    let moved = sqlx::query(moved).fetch_one(db.pool()).await.unwrap();
    let end = appended.position.unwrap().get();
    assert_eq!((moved.get::<i64, _>(0), moved.get::<i64, _>(1), moved.get::<i64, _>(2)), (end, end, 5));
    store.verify().await.unwrap();
}

/// `TRYBUILD=overwrite` writes the columns into the page, as `scripts/bless` does.
#[tokio::test]
async fn the_tables_are_those_of_the_page() {
    const COLUMNS: &str = "
        select c.relname::text, obj_description(c.oid, 'pg_class'), a.attname::text, format_type(a.atttypid, a.atttypmod),
            a.attnotnull, col_description(c.oid, a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'eventsourcing'::regnamespace and c.relkind = 'r' and c.relname <> '_migrations'
        order by c.relname <> 'events', c.relname, a.attnum";
    let db = TestDb::new().await;
    let mut columns = String::new();
    let mut last = String::new();
    for row in sqlx::query(COLUMNS).fetch_all(db.pool()).await.unwrap() {
        let (table, about): (String, Option<String>) = (row.get(0), row.get(1));
        if table != last {
            let about = about.unwrap();
            write!(columns, "\n## `{table}`\n\n{about}\n\n| column | type | |\n|---|---|---|\n").unwrap();
            last = table;
        }
        let kind: String = row.get(3);
        let null = if row.get(4) { "" } else { ", may be null" };
        let about = row.get::<Option<String>, _>(5).unwrap().replace('|', "\\|");
        writeln!(columns, "| `{}` | `{kind}`{null} | {about} |", row.get::<String, _>(2)).unwrap();
    }
    let path = page("tables.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- columns -->\n").unwrap();
    let (written, after) = rest.split_once("\n<!-- end -->").unwrap();
    if env::var_os("TRYBUILD").is_some_and(|mode| mode == "overwrite") {
        return fs::write(&path, format!("{before}<!-- columns -->\n{columns}\n<!-- end -->{after}")).unwrap();
    }
    assert!(written == columns, "run scripts/bless; the columns are now:\n{columns}");
}
