#![doc = include_str!("../README.md")]

pub mod author;
pub mod calendar;
pub mod clocks;
pub mod decision;
pub mod event;
pub mod figures;
pub mod hold;
pub mod ids;
pub mod incident;
pub mod ladder;
pub mod lifecycle;
pub mod office_hours;
pub mod overrides;
pub mod ping;
pub mod polling;
pub mod public;
pub mod reply;
pub mod report;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod seen_live;
pub mod silence;
pub mod ticket;
pub mod waiting;
pub mod weighted;

pub use calendar::Calendar;
pub use clocks::{Clock, Policies, Policy};
pub use decision::{Decision, Kind, Urgency};
pub use event::{Actor, Destination, Event, EventBody, ReplyFailure, ReplyKind};
pub use ids::{AgencyCode, EventId, PingId, Platform, PostKey, RegionCode, TicketId};
pub use lifecycle::Change;
pub use overrides::Override;
pub use ping::Ping;
pub use report::{Report, Voice};
pub use ticket::{Status, Ticket};
