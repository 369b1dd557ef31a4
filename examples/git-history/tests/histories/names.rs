//! Names of all kinds: of paths, and of authors.

use sqlx::Row;

use super::support::{Database, Repository, run};

const ODD: [&[u8]; 17] = [
    b" leading and trailing ",
    b"\"double\" 'single' `back`",
    b"line\nbreak\r\n",
    b"tab\tand\x1b[31mescape",
    b"back\\slash",
    b"per%20cent",
    b"per cent%",
    b":100644 100644 a b M",
    b"-option",
    b"a b c d e\x01",
    b"\xff\xfe\x80",
    b"caf\xe9/caf\xc3\xa9",
    "e\u{301}".as_bytes(),
    "\u{e9}".as_bytes(),
    "日本語/😀".as_bytes(),
    b"$(echo) * ? [a] {b} ~ # ; | & < >",
    b"*",
];

#[tokio::test]
async fn paths_of_all_kinds() {
    let repository = Repository::new();
    for (index, path) in ODD.iter().enumerate() {
        repository.write(path, &format!("file {index}"));
    }
    repository.commit();
    for path in ODD {
        repository.write(path, "changed");
    }
    repository.commit();
    repository.git(&["mv", "--", "-option", "new\nname"]);
    repository.write(ODD[3], "changed again");
    repository.commit();
    let database = Database::new().await;
    let output = run(repository.path(), &database).verified();
    // What the busiest files are called does not steer the terminal.
    assert!(output.contains("tab%09and%1B[31mescape"), "{output}");
    assert_eq!(database.query("select from events where tag = 'path.added'").await.len(), ODD.len());
}

#[tokio::test]
async fn paths_longer_than_a_stream_id() {
    let repository = Repository::new();
    let long = ["x".repeat(200), "ü".repeat(100), "\u{1}".repeat(99)].join("/");
    for last in ["one", "other"] {
        repository.write(format!("{long}/{last}"), last);
    }
    repository.commit();
    repository.write(format!("{long}/one"), "again");
    repository.commit();
    let database = Database::new().await;
    run(repository.path(), &database).verified();
    let sql = "select payload ->> 'path', octet_length(stream_id) from events where tag = 'path.added' order by 1";
    let added = database.query(sql).await;
    let paths: Vec<&str> = added.iter().map(|row| row.get(0)).collect();
    let whole = long.replace('\u{1}', "%01");
    assert_eq!(paths, [format!("{whole}/one"), format!("{whole}/other")]);
    assert!(added.iter().all(|row| (500..=512).contains(&row.get::<i32, _>(1))));
}

#[tokio::test]
async fn authors_of_all_kinds() {
    let repository = Repository::new();
    let commit = |author: &[u8], encoding: &str, date: &str| {
        let parent = repository.git(&["rev-list", "--max-count=1", "--all"]);
        let tree = repository.git(&["write-tree"]);
        let mut object = format!("tree {tree}\n").into_bytes();
        if !parent.is_empty() {
            object.extend(format!("parent {parent}\n").into_bytes());
        }
        object.extend([b"author ", author, b" ", date.as_bytes(), b"\ncommitter C <c@x> 1 +0000\n"].concat());
        object.extend(format!("{encoding}\nmessage\n").into_bytes());
        let id = repository.git_with(&["hash-object", "-t", "commit", "-w", "--stdin", "--literally"], &object);
        repository.git(&["update-ref", "HEAD", &id]);
    };
    commit("Zoë \"Z\" <z@x>".as_bytes(), "", "1000000000 +0545");
    commit(b"Zo\xeb <z@x>", "encoding ISO-8859-1\n", "1000000000 -1200");
    commit(b"Zo\xeb <z@x>", "", "1000000000 +0000");
    commit(b" <>", "", "0 +0000");
    commit(b"Esc \x1b[31m <e@x>", "", "1000000000 +0000");
    commit(b"No Date <n@x>", "", "never");
    let database = Database::new().await;
    let output = run(repository.path(), &database).verified();
    assert!(!output.contains('\x1b'), "{output}");
    let authors = "select metadata ->> 'author', metadata ->> 'author_time' from events order by position";
    let authors = database.query(authors).await;
    let author = |index: usize| (authors[index].get::<&str, _>(0), authors[index].get::<&str, _>(1));
    assert_eq!(author(0), ("Zoë \"Z\" <z@x>", "2001-09-09T07:31:40+05:45"));
    assert_eq!(author(1), ("Zoë <z@x>", "2001-09-08T13:46:40-12:00"));
    assert_eq!(author(2), ("Zo\u{fffd} <z@x>", "2001-09-09T01:46:40Z"));
    assert_eq!(author(3).0, " <>");
    assert_eq!(authors.len(), 6);
}
