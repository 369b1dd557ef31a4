//! Repositories of all kinds, and configurations that lead others astray.

use std::fs;

use super::support::{Database, Directory, Repository, outcome, program, run, story};

/// Two files, four commits.
fn small(options: &[&str]) -> Repository {
    let repository = Repository::with(options);
    repository.write("a", "1\n2\n3\n4\n");
    repository.write("directory/b", "1");
    repository.commit();
    repository.write("directory/b", "2");
    repository.commit();
    repository.git(&["mv", "a", "c"]);
    repository.commit();
    repository.write("c", "else");
    repository.commit();
    repository
}

const SMALL: [&str; 4] =
    ["added a, added directory/b", "modified directory/b", "renamed_to a, renamed_from c", "modified c"];

#[tokio::test]
async fn a_work_tree_and_a_directory_in_it() {
    let repository = small(&[]);
    assert_eq!(story(&repository).await, SMALL);
    let database = Database::new().await;
    run(repository.path().join("directory"), &database).verified();
    assert_eq!(database.story().await, SMALL);
}

#[tokio::test]
async fn the_repository_it_stands_in() {
    let (repository, database) = (small(&[]), Database::new().await);
    let mut program = program(".", &database);
    // A hook is run with variables that name the repository it belongs to.
    program.current_dir(repository.path().join("directory")).env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "none");
    outcome(&mut program).verified();
    assert_eq!(database.story().await, SMALL);
}

#[tokio::test]
async fn without_a_database() {
    let repository = small(&[]);
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_git-history"));
    outcome(program.arg(repository.path())).verified();
}

#[tokio::test]
async fn a_bare_one() {
    assert_eq!(story(&small(&[]).cloned(&["--bare"])).await, SMALL);
}

#[tokio::test]
async fn a_detached_head() {
    let repository = small(&[]);
    repository.git(&["checkout", "--quiet", "HEAD~2"]);
    assert_eq!(story(&repository).await, SMALL[..2]);
}

#[tokio::test]
async fn a_linked_work_tree() {
    let (repository, database, directory) = (small(&[]), Database::new().await, Directory::new());
    let tree = directory.path().join("tree");
    repository.git(&["worktree", "add", "--quiet", "--detach", tree.to_str().unwrap(), "HEAD~1"]);
    run(&tree, &database).verified();
    assert_eq!(database.story().await, SMALL[..3]);
}

#[tokio::test]
async fn one_with_sha256() {
    assert_eq!(story(&small(&["--object-format=sha256"])).await, SMALL);
}

#[tokio::test]
async fn a_shallow_one() {
    let shallow = small(&[]).cloned(&["--depth=2"]);
    assert_eq!(story(&shallow).await, ["added c, added directory/b", "modified c"]);
}

#[tokio::test]
async fn a_partial_one_whose_origin_is_gone() {
    let repository = small(&[]);
    repository.git(&["mv", "directory/b", "moved"]);
    repository.commit();
    // Git would have to compare contents to see this as renamed.
    repository.git(&["mv", "moved", "changed"]);
    repository.write("changed", "2\n");
    repository.commit();
    let partial = repository.cloned(&["--filter=blob:none", "--bare"]);
    drop(repository);
    let moved = ["renamed_to directory/b, renamed_from moved", "added changed, deleted moved"];
    assert_eq!(story(&partial).await, [&SMALL[..], &moved].concat());
}

#[tokio::test]
async fn one_without_commits() {
    let database = Database::new().await;
    run(Repository::new().path(), &database).verified();
}

#[tokio::test]
async fn none() {
    let (directory, database) = (Directory::new(), Database::new().await);
    // Above the directory there may be a repository, but not in a place like this.
    let mut program = program(directory.path(), &database);
    outcome(program.env("GIT_CEILING_DIRECTORIES", directory.path().parent().unwrap()))
        .failed(&["rev-parse", "not a git"]);
    run(directory.path().join("nowhere"), &database).failed(&["nowhere"]);
}

#[tokio::test]
async fn a_broken_one() {
    let (repository, database) = (small(&[]), Database::new().await);
    let tree = repository.git(&["rev-parse", "HEAD~1^{tree}"]);
    fs::remove_file(repository.path().join(format!(".git/objects/{}/{}", &tree[..2], &tree[2..]))).unwrap();
    run(repository.path(), &database).failed(&["git log", &tree]);
}

#[tokio::test]
async fn two_in_one_database() {
    let (one, other, database) = (small(&[]), Repository::new(), Database::new().await);
    other.write("a", "another a");
    other.commit();
    for repository in [&one, &other, &one] {
        run(repository.path(), &database).verified();
    }
}

#[tokio::test]
async fn configured_against_us() {
    let repository = small(&[]);
    repository.stage("160000", &"12".repeat(20), "submodule");
    repository.stage(
        "100644",
        &repository.blob("[submodule \"s\"]\npath = submodule\nurl = .\nignore = all\n"),
        ".gitmodules",
    );
    repository.commit_index();
    repository.stage("160000", &"34".repeat(20), "submodule");
    repository.commit_index();
    for (name, value) in [
        ("color.ui", "always"),
        ("core.quotePath", "false"),
        ("diff.external", "false"),
        ("diff.ignoreSubmodules", "all"),
        ("diff.noprefix", "true"),
        ("diff.orderFile", "/nowhere"),
        ("diff.relative", "true"),
        ("diff.renames", "copies"),
        ("diff.renameLimit", "1"),
        ("i18n.logOutputEncoding", "UTF-16"),
        ("log.decorate", "full"),
        ("log.diffMerges", "combined"),
        ("log.follow", "true"),
        ("log.showRoot", "false"),
        ("log.showSignature", "true"),
        ("submodule.s.ignore", "all"),
    ] {
        repository.git(&["config", name, value]);
    }
    merge_with_a_signature(&repository);
    let database = Database::new().await;
    run(repository.path().join("directory"), &database).verified();
    let submodule = ["added .gitmodules, added submodule", "modified submodule", "modified c"];
    assert_eq!(database.story().await, [&SMALL[..], &submodule].concat());
}

/// A commit with a signature that nobody can check, of two parents that both have another `c`.
fn merge_with_a_signature(repository: &Repository) {
    let [ours, theirs] = ["HEAD", "HEAD~1"].map(|commit| repository.git(&["rev-parse", commit]));
    repository.stage("100644", &repository.blob("both"), "c");
    let tree = repository.git(&["write-tree"]);
    let object = format!(
        "tree {tree}\nparent {ours}\nparent {theirs}\nauthor A <a@x> 1 +0000\ncommitter C <c@x> 1 +0000\n\
         gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ\n -----END PGP SIGNATURE-----\n\nmessage\n"
    );
    let merge = repository.git_with(&["hash-object", "-t", "commit", "-w", "--stdin"], object.as_bytes());
    repository.git(&["update-ref", "HEAD", &merge]);
}

#[tokio::test]
async fn with_replaced_and_grafted_commits() {
    let repository = small(&[]);
    repository.git(&["replace", "HEAD~2", "HEAD~3"]);
    repository.git(&["replace", "--graft", "HEAD~1"]);
    fs::write(repository.path().join(".git/info/grafts"), repository.git(&["rev-parse", "HEAD"]) + "\n").unwrap();
    assert_eq!(story(&repository).await, SMALL);
}
