//! A projection: what each author did, and how often each path changed. Its tables stand in the store's schema.

use eventsourcing::{Postgres, Projection, Recorded};
use indicatif::ProgressBar;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row};

use crate::domain::HistoryEvent;

const TABLES: &str = r#"
-- Of two that create the same table at the same moment, one fails; so one waits for the other.
select pg_advisory_xact_lock(hashtextextended('{schema}', 0));
create table if not exists "{schema}".authors (
    author text not null primary key, commits bigint not null, changes bigint not null
);
create table if not exists "{schema}".paths (
    path text collate "C" not null primary key, changes bigint not null
);
"#;

const ADD_AUTHORS: &str = r#"
insert into "{schema}".authors as t (author, commits, changes)
select author, count(*) filter (where is_commit), count(*) filter (where not is_commit)
from unnest($1::text[], $2::boolean[]) as event (author, is_commit)
group by author order by author
on conflict (author) do update set commits = t.commits + excluded.commits, changes = t.changes + excluded.changes
"#;

const ADD_PATHS: &str = r#"
insert into "{schema}".paths as t (path, changes)
select path, count(*) from unnest($1::text[]) as event (path) group by path order by path
on conflict (path) do update set changes = t.changes + excluded.changes
"#;

/// Totals per author and per path.
#[derive(Debug, Clone)]
pub(crate) struct Totals {
    schema: String,
    progress: ProgressBar,
}

impl Totals {
    /// In a schema whose name needs no escaping.
    pub(crate) fn new(schema: String, progress: ProgressBar) -> Self {
        Self { schema, progress }
    }

    pub(crate) async fn create_tables(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(self.sql(TABLES)).execute(pool).await?;
        Ok(())
    }

    /// The authors of the most commits, with their commits and changes.
    pub(crate) async fn busiest_authors(&self, pool: &PgPool) -> Result<Vec<(String, i64, i64)>, sqlx::Error> {
        let sql = r#"select author, commits, changes from "{schema}".authors order by commits desc, author limit 10"#;
        let rows = sqlx::query(self.sql(sql)).fetch_all(pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
    }

    /// The paths with the most changes, with these.
    pub(crate) async fn busiest_paths(&self, pool: &PgPool) -> Result<Vec<(String, i64)>, sqlx::Error> {
        let sql = r#"select path, changes from "{schema}".paths order by changes desc, path limit 10"#;
        let rows = sqlx::query(self.sql(sql)).fetch_all(pool).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Every path that the store has events of.
    pub(crate) async fn paths(&self, pool: &PgPool) -> Result<Vec<String>, sqlx::Error> {
        let rows = sqlx::query(self.sql(r#"select path from "{schema}".paths order by path"#)).fetch_all(pool).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    fn sql(&self, template: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(template.replace("{schema}", &self.schema))
    }
}

impl Projection<Postgres> for Totals {
    const NAME: &'static str = "totals";
    type Event = HistoryEvent;
    type Error = sqlx::Error;

    async fn apply(&self, batch: &[Recorded<HistoryEvent>], connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let mut authors = Vec::new();
        let mut is_commit = Vec::new();
        let mut paths = Vec::new();
        for recorded in batch {
            authors.push(recorded.metadata.get("author").unwrap_or_default().to_owned());
            is_commit.push(matches!(recorded.event, HistoryEvent::Repository(_)));
            if let HistoryEvent::Path(_) = recorded.event {
                paths.push(recorded.stream_id.id().to_owned());
            }
        }
        sqlx::query(self.sql(ADD_AUTHORS)).bind(authors).bind(is_commit).execute(&mut *connection).await?;
        sqlx::query(self.sql(ADD_PATHS)).bind(paths).execute(connection).await?;
        self.progress.inc(u64::try_from(batch.len()).unwrap_or_default());
        Ok(())
    }
}
