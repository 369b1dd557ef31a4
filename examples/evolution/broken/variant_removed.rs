// Nobody takes the plan for teams. But somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Schema)]
pub(crate) enum Plan {
    Basic,
    Plus,
}
