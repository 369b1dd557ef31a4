use eventsourcing::Schema;

#[derive(Schema)]
struct Change {
    #[serde(default, with = "serde_with::rust::double_option")]
    nickname: Option<Option<String>>,
}

fn main() {}
