//! Runs a command with `DATABASE_URL` naming a private cluster, which goes away when the command has ended:
//!
//! `cargo run -p private-postgres --example with -- sh -c 'psql "$DATABASE_URL"'`

use std::{
    env,
    error::Error,
    process::{Command, ExitCode},
};

use private_postgres::PrivateCluster;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = env::args_os().skip(1);
    let program = words.next().ok_or("name the command to run")?;
    let cluster = PrivateCluster::start()?;
    let status = Command::new(program).args(words).env("DATABASE_URL", cluster.url("postgres")).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
