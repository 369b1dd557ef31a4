// The type of version 1 follows a change that was meant for today's.
#[derive(Debug, Deserialize, Schema)]
pub(crate) struct StartedV1 {
    pub(crate) email: String,
    pub(crate) plan: String,
    pub(crate) price: Money,
}

impl From<StartedV1> for StartedV2 {
    fn from(old: StartedV1) -> Self {
        let StartedV1 { email, plan, price } = old;
        Self { email, plan, price }
    }
}
