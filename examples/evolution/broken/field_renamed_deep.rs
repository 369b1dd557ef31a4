// A better name for a field, two structs away from any event.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Money {
    pub(crate) amount: i64,
    pub(crate) currency: Currency,
}

impl From<StartedV1> for StartedV2 {
    fn from(old: StartedV1) -> Self {
        let StartedV1 { email, plan, price } = old;
        Self { email, plan, price: Money { amount: i64::from(price) * 100, currency: Currency::Eur } }
    }
}
