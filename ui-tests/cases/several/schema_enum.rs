use eventsourcing::Schema;

#[derive(Schema)]
#[serde(content = "c")]
enum Currency {
    #[serde(skip_deserializing)]
    Euro,
    #[serde(rename)]
    Dollar,
}

fn takes<S: Schema>() {}

fn main() {
    takes::<Option<Currency>>();
}
