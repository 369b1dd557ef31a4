//! A private cluster goes away with the process that started it, however that ends.

use std::{
    env, fs,
    io::{BufRead, BufReader, Lines, Read, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use eventsourcing::testing::PrivateCluster;

/// What the other process prints before the directory of its cluster.
const READY: &str = "the cluster is in ";

/// Run by the tests below in a process of its own: says where its cluster is, and waits for a line.
#[test]
#[ignore = "a part of the other tests of this module"]
fn owner() {
    let cluster = PrivateCluster::shared().unwrap();
    println!("\n{READY}{}", cluster.directory().display());
    stdout().flush().unwrap();
    stdin().read_exact(&mut [0]).unwrap();
}

struct Owner {
    process: Child,
    output: Lines<BufReader<ChildStdout>>,
    directory: PathBuf,
    postmaster: String,
}

fn spawn_owner() -> Owner {
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "private_cluster::owner", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap()).lines();
    let directory = output.find_map(|line| line.unwrap().strip_prefix(READY).map(PathBuf::from)).unwrap();
    let pid_file = fs::read_to_string(directory.join("data/postmaster.pid")).unwrap();
    let postmaster = pid_file.lines().next().unwrap().to_owned();
    assert!(is_running(&postmaster));
    Owner { process, output, directory, postmaster }
}

fn is_running(process: &str) -> bool {
    Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", process]).status().unwrap().success()
}

fn assert_goes_away(directory: &Path, postmaster: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while directory.exists() || is_running(postmaster) {
        assert!(Instant::now() < deadline, "the cluster in `{}` has outlived its owner", directory.display());
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_killed_process_leaves_nothing_behind() {
    let mut owner = spawn_owner();
    owner.process.kill().unwrap();
    owner.process.wait().unwrap();
    assert_goes_away(&owner.directory, &owner.postmaster);
}

#[test]
fn a_process_that_ends_leaves_nothing_behind() {
    let mut owner = spawn_owner();
    owner.process.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(owner.output.all(|line| line.is_ok()));
    assert!(owner.process.wait().unwrap().success());
    assert_goes_away(&owner.directory, &owner.postmaster);
}

#[test]
fn a_dropped_cluster_is_gone_at_once() {
    let cluster = PrivateCluster::start().unwrap();
    let directory = cluster.directory().to_owned();
    assert!(directory.join(".s.PGSQL.5432").exists());
    drop(cluster);
    assert!(!directory.exists());
}
