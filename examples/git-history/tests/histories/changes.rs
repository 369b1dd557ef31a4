//! What commits do to paths.

use std::os::unix::fs::symlink;

use super::support::{Repository, story};

const TEXT: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";

#[tokio::test]
async fn added_modified_deleted_and_added_again() {
    let repository = Repository::new();
    repository.write("a", "1");
    repository.commit();
    repository.write("a", "2");
    repository.commit();
    repository.git(&["update-index", "--chmod=+x", "a"]);
    repository.commit_index();
    repository.git(&["checkout", "--quiet", "a"]);
    repository.remove("a");
    repository.commit();
    repository.write("a", "1");
    repository.commit();
    assert_eq!(story(&repository).await, ["added a", "modified a", "modified a", "deleted a", "added a"]);
}

#[tokio::test]
async fn renamed_with_and_without_a_change() {
    let repository = Repository::new();
    repository.write("a", TEXT);
    repository.commit();
    repository.git(&["mv", "a", "b"]);
    repository.commit();
    repository.git(&["mv", "b", "c"]);
    repository.write("c", &TEXT.replace("two", "2"));
    repository.commit();
    // A path that was left is free for another file.
    repository.write("a", "another");
    repository.commit();
    let moves = ["added a", "renamed_to a, renamed_from b", "renamed_to b, renamed_from c", "added a"];
    assert_eq!(story(&repository).await, moves);
}

#[tokio::test]
async fn swapped_and_renamed_onto_a_file_that_is_there() {
    let repository = Repository::new();
    repository.write("a", TEXT);
    repository.write("b", "other");
    repository.commit();
    repository.swap("a", "b");
    repository.commit();
    repository.git(&["mv", "--force", "a", "b"]);
    repository.commit();
    let moves = ["added a, added b", "modified a, modified b", "deleted a, modified b"];
    assert_eq!(story(&repository).await, moves);
}

#[tokio::test]
async fn a_file_becomes_a_directory_and_back() {
    let repository = Repository::new();
    repository.write("a", "file");
    repository.commit();
    repository.remove("a");
    repository.write("a/b", "another");
    repository.commit();
    repository.remove("a/b");
    std::fs::remove_dir(repository.path().join("a")).unwrap();
    repository.write("a", "file");
    repository.commit();
    assert_eq!(story(&repository).await, ["added a", "deleted a, added a/b", "added a, deleted a/b"]);
}

#[tokio::test]
async fn files_links_and_submodules_become_each_other() {
    let repository = Repository::new();
    repository.write("a", "file");
    repository.commit();
    repository.remove("a");
    symlink("target", repository.path().join("a")).unwrap();
    repository.commit();
    repository.stage("160000", &"12".repeat(20), "a");
    repository.commit_index();
    repository.stage("160000", &"34".repeat(20), "a");
    repository.commit_index();
    let blob = repository.blob("script");
    repository.stage("100755", &blob, "a");
    repository.commit_index();
    let changes = ["added a", "type_changed a", "type_changed a", "modified a", "type_changed a"];
    assert_eq!(story(&repository).await, changes);
}

#[tokio::test]
async fn merges_are_what_they_change_for_their_first_parent() {
    let repository = Repository::new();
    repository.write("a", "1");
    repository.commit();
    for branch in ["one", "two", "three"] {
        repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repository.write(branch, branch);
        repository.commit();
        repository.write(branch, "again");
        repository.commit();
    }
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-edit", "one"]);
    repository.git(&["merge", "--quiet", "--no-commit", "--no-ff", "two"]);
    // A merge that does more than merge.
    repository.write("a", "evil");
    repository.commit();
    repository.git(&["merge", "--quiet", "--no-edit", "--strategy=ours", "three"]);
    repository.write("a", "2");
    repository.commit();
    assert_eq!(story(&repository).await, ["added a", "added one", "modified a, added two", "", "modified a"]);
}

#[tokio::test]
async fn a_merge_of_many_branches_is_one_commit() {
    let repository = Repository::new();
    repository.commit();
    for branch in ["one", "two", "three"] {
        repository.git(&["checkout", "--quiet", "-b", branch, "main"]);
        repository.write(branch, branch);
        repository.commit();
    }
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-edit", "one", "two", "three"]);
    assert_eq!(story(&repository).await, ["", "added one, added three, added two"]);
}

#[tokio::test]
async fn commits_without_changes_count() {
    let repository = Repository::new();
    repository.commit();
    repository.commit();
    repository.write("a", "1");
    repository.commit();
    repository.commit();
    repository.remove("a");
    repository.commit();
    assert_eq!(story(&repository).await, ["", "", "added a", "", "deleted a"]);
}
