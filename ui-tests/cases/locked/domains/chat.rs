// case: Chat events of thirty kinds, and one more; a role more, fields more; contents that no version knew stay as they are.
// verdict: additive
// --- before ---
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "room")]
#[serde(rename_all = "camelCase")]
pub enum RoomEvent {
    Created { by: UserId, name: String },
    Renamed { name: String },
    TopicSet { topic: Option<String> },
    AvatarSet { url: String },
    AvatarRemoved,
    Archived { by: UserId },
    Restored { by: UserId },
    MadePublic,
    MadePrivate,
    UserInvited { user: UserId, by: UserId },
    InviteDeclined { user: UserId },
    UserJoined { user: UserId },
    UserLeft { user: UserId },
    UserKicked { user: UserId, by: UserId, reason: Option<String> },
    UserBanned { user: UserId, until: Option<DateTime<Utc>> },
    UserUnbanned { user: UserId },
    RoleGiven { user: UserId, role: Role },
    RolesReplaced { roles: BTreeMap<Uuid, Role> },
    MessageSent { id: MessageId, by: UserId, content: Content },
    MessageEdited { id: MessageId, content: Content },
    MessageRedacted { id: MessageId, by: UserId },
    MessagePinned { id: MessageId },
    MessageUnpinned { id: MessageId },
    ReactionAdded { to: MessageId, by: UserId, emoji: String },
    ReactionRemoved { to: MessageId, by: UserId, emoji: String },
    ThreadOpened { root: MessageId },
    ThreadClosed { root: MessageId },
    ReadUpTo { user: UserId, message: MessageId },
    PollStarted { id: Uuid, question: String, options: Vec<String> },
    PollEnded { id: Uuid, votes: Vec<u32> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct UserId(Uuid);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct MessageId(Uuid);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Text { body: String, mentions: BTreeSet<UserId> },
    Image { url: String, width: u32, height: u32 },
    File { url: String, bytes: u64 },
    Reply { to: MessageId, content: Box<Content> },
    #[serde(untagged)]
    Unknown(serde_json::Map<String, serde_json::Value>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Guest,
    Member,
    Moderator,
}

// --- after ---
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use eventsourcing::{Event, Schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Event)]
#[event(prefix = "room")]
#[serde(rename_all = "camelCase")]
pub enum RoomEvent {
    Created { by: UserId, name: String },
    Renamed { name: String },
    TopicSet { topic: Option<String> },
    AvatarSet { url: String },
    AvatarRemoved,
    Archived { by: UserId },
    Restored { by: UserId },
    MadePublic,
    MadePrivate,
    UserInvited { user: UserId, by: UserId, as_role: Option<Role> },
    InviteDeclined { user: UserId },
    UserJoined { user: UserId },
    UserLeft { user: UserId },
    UserKicked { user: UserId, by: UserId, reason: Option<String> },
    UserBanned { user: UserId, until: Option<DateTime<Utc>> },
    UserUnbanned { user: UserId },
    RoleGiven { user: UserId, role: Role },
    RolesReplaced { roles: BTreeMap<Uuid, Role> },
    MessageSent { id: MessageId, by: UserId, content: Content },
    MessageEdited { id: MessageId, content: Content },
    MessageRedacted { id: MessageId, by: UserId },
    MessagePinned { id: MessageId },
    MessageUnpinned { id: MessageId },
    ReactionAdded { to: MessageId, by: UserId, emoji: String, skin_tone: Option<u8> },
    ReactionRemoved { to: MessageId, by: UserId, emoji: String },
    ThreadOpened { root: MessageId },
    ThreadClosed { root: MessageId },
    ReadUpTo { user: UserId, message: MessageId },
    PollStarted { id: Uuid, question: String, options: Vec<String> },
    PollEnded { id: Uuid, votes: Vec<u32> },
    CallStarted { by: UserId, video: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct UserId(Uuid);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Schema)]
#[serde(transparent)]
pub struct MessageId(Uuid);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Schema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    Text { body: String, mentions: BTreeSet<UserId> },
    Image { url: String, width: u32, height: u32 },
    File { url: String, bytes: u64 },
    Reply { to: MessageId, content: Box<Content> },
    #[serde(untagged)]
    Unknown(serde_json::Map<String, serde_json::Value>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Schema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Guest,
    Member,
    Moderator,
    Admin,
}
