// No one pays more than two billion cents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) struct Money {
    pub(crate) cents: i32,
    pub(crate) currency: Currency,
}

impl From<StartedV1> for StartedV2 {
    fn from(old: StartedV1) -> Self {
        let StartedV1 { email, plan, price } = old;
        let cents = i32::try_from(price).unwrap_or(i32::MAX).saturating_mul(100);
        Self { email, plan, price: Money { cents, currency: Currency::Eur } }
    }
}
