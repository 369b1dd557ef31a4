//! Running the program again.

use sqlx::Row;

use super::support::{Database, Repository, run};

fn two_commits() -> Repository {
    let repository = Repository::new();
    repository.write("a", "1");
    repository.write("b", "1");
    repository.commit();
    repository.write("a", "2");
    repository.commit();
    repository
}

fn says(output: &str, words: &str) {
    assert!(output.contains(words), "{words:?} is not in {output}");
}

#[tokio::test]
async fn only_what_is_new_is_imported() {
    let (repository, database) = (two_commits(), Database::new().await);
    says(&run(repository.path(), &database).verified(), "2 commits (");
    says(&run(repository.path(), &database).verified(), "0 commits (0 a second), 0 events");

    repository.git(&["mv", "b", "c"]);
    repository.write("a", "3");
    repository.commit();
    repository.write("b", "2");
    repository.commit();
    let output = run(repository.path(), &database).verified();
    says(&output, "2 commits (");
    says(&output, "4 commits, 4 streams, 11 events, 3 files as in HEAD");
    let story = ["added a, added b", "modified a", "modified a, renamed_to b, renamed_from c", "added b"];
    assert_eq!(database.story().await, story);
}

#[tokio::test]
async fn what_has_gone_on_elsewhere_is_imported_after_a_fast_forward() {
    let (repository, database) = (two_commits(), Database::new().await);
    run(repository.path(), &database).verified();
    repository.git(&["checkout", "--quiet", "-b", "side"]);
    repository.write("c", "1");
    repository.commit();
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    run(repository.path(), &database).verified();
    assert_eq!(database.story().await, ["added a, added b", "modified a", "added c"]);
}

#[tokio::test]
async fn rewritten_history_is_refused() {
    let (repository, database) = (two_commits(), Database::new().await);
    run(repository.path(), &database).verified();
    let before = repository.git(&["rev-parse", "HEAD"]);
    let refused = ["history was rewritten", "drop the schema", &before];
    repository.git(&["commit", "--quiet", "--amend", "--message=another"]);
    run(repository.path(), &database).failed(&refused);
    repository.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    run(repository.path(), &database).failed(&refused);
    // Also where the old commit is no longer on the way of first parents.
    repository.write("c", "1");
    repository.commit();
    repository.git(&["merge", "--quiet", "--no-edit", &before]);
    run(repository.path(), &database).failed(&refused);
    repository.git(&["reset", "--quiet", "--hard", &before]);
    run(repository.path(), &database).verified();
}

#[tokio::test]
async fn metadata_names_the_commit_and_its_author() {
    let (repository, database) = (two_commits(), Database::new().await);
    run(repository.path(), &database).verified();
    let sql = "select string_agg(distinct correlation_id || metadata::text, '')
        from events group by correlation_id order by min(position)";
    let rows = database.query(sql).await;
    let log = repository.git(&["log", "--reverse", "--format=%H{\"author\":\"%an <%ae>\",\"author_time\":\"%aI\"}"]);
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<&str>>(), log.lines().collect::<Vec<_>>());
}
