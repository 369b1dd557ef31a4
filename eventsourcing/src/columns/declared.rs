//! What a consumer declares: an object with a member for each tag.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    port::{DeclaredTag, StoreError},
    vocabulary::{GlobalPosition, SchemaVersion, Tag},
};

/// A tag's member.
#[derive(Serialize, Deserialize)]
struct Declared {
    version: u16,
    after: Option<i64>,
}

pub(crate) fn encode_declared(declared: &[DeclaredTag]) -> Result<String, StoreError> {
    let members: BTreeMap<&str, Declared> = declared
        .iter()
        .map(|of| {
            let after = of.after.map(GlobalPosition::get);
            (of.tag.as_str(), Declared { version: of.version.get(), after })
        })
        .collect();
    serde_json::to_string(&members).map_err(corrupt)
}

pub(crate) fn decode_declared(json: &str) -> Result<Vec<DeclaredTag>, StoreError> {
    let members: BTreeMap<String, Declared> = serde_json::from_str(json).map_err(corrupt)?;
    let declared = members.into_iter().map(|(name, of)| {
        let after =
            of.after.map(|number| GlobalPosition::new(number).ok_or_else(|| corrupt(format!("position {number}"))));
        Ok(DeclaredTag {
            tag: Tag::new(name).map_err(corrupt)?,
            version: SchemaVersion::new(of.version).ok_or_else(|| corrupt("schema version 0"))?,
            after: after.transpose()?,
        })
    });
    declared.collect()
}

fn corrupt(problem: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt { problem: format!("what a consumer declares: {problem}") }
}
