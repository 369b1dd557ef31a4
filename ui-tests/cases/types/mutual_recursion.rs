use eventsourcing::Schema;

#[derive(Schema)]
struct Folder {
    files: Vec<File>,
}

#[derive(Schema)]
struct File {
    links: Vec<Folder>,
}

fn main() {}
