//! The page about coming from other libraries: its SQL takes apart what serde stores, and the event types that the page
//! tells to write read it.

use std::{fmt, fs};

use eventsourcing::{Encoded, Event, ExpectedVersion, SchemaVersion, StreamId, Tag};
use serde::Serialize;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};

use crate::support::TestDb;

/// The enum of the other library, in each form that serde has for one.
mod old {
    use super::Serialize;

    #[derive(Serialize)]
    #[serde(tag = "type", rename_all = "snake_case")]
    pub(super) enum Internal {
        Opened { owner: String },
        Closed,
    }

    #[derive(Serialize)]
    #[serde(tag = "type", content = "data", rename_all = "snake_case")]
    pub(super) enum Adjacent {
        Opened { owner: String },
        Closed,
    }

    #[derive(Serialize)]
    pub(super) enum External {
        Opened { owner: String },
        Moved(String, i64),
        Closed,
    }
}

#[derive(Debug, PartialEq, Event)]
#[event(unlocked)]
#[serde(rename_all = "snake_case")]
enum Snake {
    Opened { owner: String },
    Closed,
}

#[derive(Debug, PartialEq, Event)]
#[event(unlocked)]
#[serde(rename_all = "PascalCase")]
enum Pascal {
    Opened { owner: String },
    Moved { to: String, cents: i64 },
    Closed,
}

#[tokio::test]
async fn the_statements_of_coming_from_take_apart_what_serde_stores() {
    let db = TestDb::new().await;
    let rows = rows();
    let [internal, adjacent, external, unit, list] = rows.as_slice() else {
        panic!("the page has {} rows", rows.len())
    };
    let owner = || "Ada".to_owned();
    let opened = || Snake::Opened { owner: owner() };

    internal.shows(&old::Internal::Opened { owner: owner() });
    internal.moves(&db, &old::Internal::Opened { owner: owner() }, opened()).await;
    internal.moves(&db, &old::Internal::Closed, Snake::Closed).await;

    adjacent.shows(&old::Adjacent::Opened { owner: owner() });
    adjacent.moves(&db, &old::Adjacent::Opened { owner: owner() }, opened()).await;
    adjacent.moves(&db, &old::Adjacent::Closed, Snake::Closed).await;

    external.shows(&old::External::Opened { owner: owner() });
    external.moves(&db, &old::External::Opened { owner: owner() }, Pascal::Opened { owner: owner() }).await;
    unit.shows(&old::External::Closed);
    unit.moves(&db, &old::External::Closed, Pascal::Closed).await;
    list.shows(&old::External::Moved(owner(), 7));
    list.moves(&db, &old::External::Moved(owner(), 7), Pascal::Moved { to: owner(), cents: 7 }).await;

    db.store().verify_history::<Both>().await.unwrap();
}

#[derive(Debug, Event)]
enum Both {
    #[event(nested)]
    Snake(Snake),
    #[event(nested)]
    Pascal(Pascal),
}

/// A row of the table: how something is stored, and the expressions of its tag and its payload.
struct Form {
    stored: String,
    tag: String,
    payload: String,
}

fn rows() -> Vec<Form> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/coming-from.md");
    let page = fs::read_to_string(path).unwrap();
    let rows = page.lines().skip_while(|line| !line.starts_with("| stored today")).skip(2);
    rows.take_while(|line| line.starts_with('|'))
        .map(|line| {
            let code = |cell: &str| cell.split('`').nth(1).unwrap().to_owned();
            let cells: Vec<String> = line.split('|').skip(1).take(3).map(code).collect();
            let [stored, tag, payload] = cells.try_into().unwrap();
            Form { stored, tag, payload }
        })
        .collect()
}

impl Form {
    /// What the page shows is what serde writes.
    fn shows(&self, old: &impl Serialize) {
        assert_eq!(serde_json::to_string(old).unwrap(), self.stored);
    }

    /// Takes the event over, from a column of each type.
    async fn moves<E: Event + PartialEq + fmt::Debug>(&self, db: &TestDb, old: &impl Serialize, new: E) {
        let text = serde_json::to_string(old).unwrap();
        for column in ["json", "jsonb"] {
            let sql = format!(
                "select {} as tag, ({})::text as payload from (select $1::text::{column} as data) as old",
                self.tag, self.payload
            );
            let row = sqlx::query(AssertSqlSafe(sql.clone())).bind(&text).fetch_one(db.pool()).await;
            let row = row.unwrap_or_else(|error| panic!("{sql}: {error}"));
            let (tag, payload): (String, String) = (row.get("tag"), row.get("payload"));
            assert!(serde_json::from_str::<Value>(&payload).unwrap().is_object(), "{payload}");
            let encoded = Encoded::new(Tag::new(tag).unwrap(), SchemaVersion::FIRST, payload.as_bytes());
            let event = E::decode(&encoded).unwrap();
            assert_eq!(event.as_ref(), Some(&new), "{sql}");
            let stream: StreamId = StreamId::new("moved", format!("{column}-{}", text.len())).unwrap();
            db.store().stream::<E>(stream).append(ExpectedVersion::Any, event).await.unwrap();
        }
    }
}
