//! Keys and index attributes: the only place that knows how a row is found.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use kemala_domain::author::AuthorKey;
use kemala_domain::figures::{FiguresKey, Format, Month, Subject};
use kemala_domain::incident::IncidentKey;
use kemala_domain::reply::ReplyId;
use kemala_domain::{PostKey, RegionCode, TicketId};

/// Shards of the `due` and `undelivered` indexes, so that no single index partition takes every write.
pub(crate) const SHARDS: u32 = 4;

/// A sharded index that finds rows whose time has come.
pub(crate) struct TimeIndex {
    pub(crate) name: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) range: &'static str,
    pub(crate) partition: fn(u32) -> String,
}

/// Tickets by their next clock step.
pub(crate) const DUE_INDEX: TimeIndex =
    TimeIndex { name: "due", hash: "due_shard", range: "due_at", partition: due_shard };
/// Events that somebody still has to hear of, by their next attempt.
pub(crate) const UNDELIVERED_INDEX: TimeIndex = TimeIndex {
    name: "undelivered",
    hash: "undelivered_shard",
    range: "next_attempt_at",
    partition: undelivered_shard,
};
/// The open tickets of an agency.
pub(crate) const AGENCY_INDEX: &str = "agency";
/// The open tickets of which a rung has told a desk.
pub(crate) const ESCALATED_INDEX: &str = "escalated";
/// Their one partition: few of all tickets come that far.
pub(crate) const ESCALATED: &str = "ESCALATED";

/// Tickets by the day on which they were opened, and where.
pub(crate) const OPENED_INDEX: &str = "opened";

/// Sort key of ticket rows.
pub(crate) const TICKET: &str = "TICKET";
/// Sort key of post rows.
pub(crate) const POST: &str = "POST";
/// Sort key of photos.
pub(crate) const PHOTO: &str = "PHOTO";
/// Sort key of idempotency rows.
pub(crate) const IDEM: &str = "IDEM";
/// Sort key of what a place remembers.
pub(crate) const INCIDENT: &str = "INCIDENT";
/// Sort key of what is counted of an author.
pub(crate) const AUTHOR: &str = "AUTHOR";
/// Sort key of a ticket's mark that it is still to be compared with others.
pub(crate) const LATE_JOIN: &str = "JOIN";
/// Sort key of which posts of a ticket the platform last showed.
pub(crate) const SEEN_LIVE: &str = "SEEN_LIVE";
/// Prefix of the sort keys of event rows.
pub(crate) const EVENT_PREFIX: &str = "EVENT#";
/// Prefix of the sort keys of voices.
pub(crate) const REPORT_PREFIX: &str = "REPORT#";

/// Sort key of posts of ours.
pub(crate) const REPLY: &str = "REPLY";
/// Sort key of how many posts of ours a day has.
pub(crate) const BUDGET: &str = "BUDGET";
/// Partition and sort key of whether anything is posted.
pub(crate) const POSTING: &str = "POSTING";
/// Sort key of the handshake with an agency.
pub(crate) const PING: &str = "PING";
/// Sort key of how far the search for posts has come.
pub(crate) const SEARCH: &str = "SEARCH";
/// Sort key of where the daily look-up of posts goes on.
pub(crate) const LOOK_UP: &str = "LOOK_UP";

/// Sort key of the row that says which version of a pack counts.
pub(crate) const CHOICE: &str = "CHOICE";
/// Prefix of the sort keys of overrides.
pub(crate) const OVERRIDE_PREFIX: &str = "OVERRIDE#";

/// Partition of a ticket, its events and its voices.
pub fn ticket(id: &TicketId) -> String {
    format!("TICKET#{id}")
}

/// The ticket of a partition key, where it is one.
pub fn ticket_of(pk: &str) -> Option<TicketId> {
    pk.strip_prefix("TICKET#")?.parse().ok()
}

/// Sort key of an event.
pub fn event(seq: u32) -> String {
    format!("{EVENT_PREFIX}{seq:06}")
}

/// The event's sequence number of a sort key, where it is one.
pub fn seq_of(sk: &str) -> Option<u32> {
    sk.strip_prefix(EVENT_PREFIX)?.parse().ok()
}

pub(crate) fn report(post: &PostKey) -> String {
    format!("{REPORT_PREFIX}{post}")
}

pub(crate) fn post(post: &PostKey) -> String {
    format!("POST#{post}")
}

pub(crate) fn photo(hash: &str) -> String {
    format!("PHOTO#{hash}")
}

pub(crate) fn idem(agency: &str, key: &str) -> String {
    format!("IDEM#{agency}#{key}")
}

pub(crate) fn incident(key: &IncidentKey) -> String {
    format!("INCIDENT#{key}")
}

pub(crate) fn author(key: &AuthorKey) -> String {
    format!("AUTHOR#{key}")
}

/// Partition of the `due` index for tickets that are still to be compared with others. Few, so one is enough.
pub(crate) const LATE_JOIN_SHARD: &str = "LATE_JOIN";

/// Partition of a post of ours.
pub(crate) fn reply(id: &ReplyId) -> String {
    format!("REPLY#{id}")
}

/// The post of ours of a partition key, where it is one.
pub(crate) fn reply_of(pk: &str) -> Option<ReplyId> {
    pk.strip_prefix("REPLY#")?.parse().ok()
}

/// Partition of how many posts of ours a day has.
pub(crate) fn reply_budget(day: Date) -> String {
    format!("REPLIES#{day}")
}

/// Partition of the handshake with an agency.
pub(crate) fn ping(agency: &str) -> String {
    format!("PING#{agency}")
}

/// Partition of what is remembered of a pack's searches.
pub(crate) fn cursor(pack: &str) -> String {
    format!("CURSOR#{pack}")
}

/// Partition of a pack's overrides.
pub fn pack(name: &str) -> String {
    format!("PACK#{name}")
}

/// Sort key of an override.
pub fn pack_override(version: u32) -> String {
    format!("{OVERRIDE_PREFIX}{version:06}")
}

/// The version of a sort key, where it is one of an override.
pub fn version_of(sk: &str) -> Option<u32> {
    sk.strip_prefix(OVERRIDE_PREFIX)?.parse().ok()
}

/// Partition of a pack's figures of a month's days.
pub(crate) fn figures(pack: &str, month: Month) -> String {
    format!("FIGURES#{pack}#{month}")
}

/// Sort key of a day's figures of one subject.
pub(crate) fn figures_row(key: &FiguresKey) -> String {
    format!("{:02}#{}", key.day.day(), subject(&key.subject))
}

/// What the figures of such a row count for, in a month.
pub(crate) fn figures_of(month: Month, sk: &str) -> Option<FiguresKey> {
    let (day, of) = sk.split_once('#')?;
    let day = month.first_day().with().day(day.parse().ok()?).build().ok()?;
    Some(FiguresKey { day, subject: subject_of(of)? })
}

/// Who, about what, where, as keys have it: `-` for what is not known.
pub(crate) fn subject(subject: &Subject) -> String {
    let category = subject.category.as_ref().map_or("-", |category| category.as_str());
    let regency = subject.regency.as_ref().map_or("-", |regency| regency.as_str());
    format!("{}#{category}#{regency}", subject.agency)
}

/// The subject of such a text.
pub(crate) fn subject_of(text: &str) -> Option<Subject> {
    let mut parts = text.split('#');
    let agency = parts.next()?.parse().ok()?;
    let category = parts.next().filter(|part| *part != "-").map(str::parse).transpose().ok()?;
    let regency = parts.next().filter(|part| *part != "-").map(str::parse).transpose().ok()?;
    Some(Subject { agency, category, regency })
}

/// Partition of a pack's months that are over.
pub(crate) fn months(pack: &str) -> String {
    format!("MONTH#{pack}")
}

/// Partition of what the public board has of a month: a row a place, and the board itself.
pub(crate) fn board(pack: &str, month: Month) -> String {
    format!("BOARD#{pack}#{month}")
}

/// Sort key of a month's board.
pub(crate) const SUMMARY: &str = "SUMMARY";

/// Partition of the files of a month that is over. It is not that of the months: whoever looks for the last one that was
/// closed must meet nothing else.
pub(crate) fn month_files(pack: &str, month: Month) -> String {
    format!("FILES#{pack}#{month}")
}

/// Prefix of the sort keys of a file's parts.
pub(crate) fn month_file(format: Format) -> String {
    format!("{format}#")
}

/// Sort key of a part; a transaction has at most 100.
pub(crate) fn month_file_part(format: Format, part: usize) -> String {
    format!("{}{part:02}", month_file(format))
}

/// The shard of a ticket's rows in an index: spread evenly, and the same each time.
pub(crate) fn shard(id: &TicketId) -> u32 {
    id.as_str().bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % SHARDS
}

/// The `due` index has one more shard, for emergencies: after an outage they come first.
pub(crate) const EMERGENCIES: u32 = SHARDS;

/// Partition of the `due` index.
pub(crate) fn due_shard(shard: u32) -> String {
    format!("DUE#{shard}")
}

/// Partition of the `undelivered` index.
pub(crate) fn undelivered_shard(shard: u32) -> String {
    format!("UNDELIVERED#{shard}")
}

/// Partition of the `undelivered` index for events that were given up; people look at them.
pub(crate) const PARKED_SHARD: &str = "PARKED";

/// Partition of the `undelivered` index for posts of ours. Few (X takes 100 in 15 minutes), so one is enough.
pub(crate) const REPLIES_SHARD: &str = "REPLIES";

/// Partition of the `undelivered` index for posts of ours that failed; people look at them.
pub(crate) const PARKED_REPLIES_SHARD: &str = "PARKED_REPLIES";

/// Partition of what an agency's officers have done.
pub(crate) fn audit(agency: &str) -> String {
    format!("AUDIT#{agency}")
}

/// Sort key of what an officer has done: in the order of time, one for each request.
pub(crate) fn deed(at: Timestamp, ticket: &TicketId, request: &str) -> String {
    format!("{}#{ticket}#{request}", time(at))
}

/// Partition of what desks have corrected, for the next training.
pub(crate) fn labels(pack: &str) -> String {
    format!("LABEL#{pack}")
}

/// Partition of the `agency` index.
pub(crate) fn agency_open(agency: &str) -> String {
    format!("AGENCY#{agency}")
}

/// Partition of the `opened` index: a day of UTC, so that a row needs no calendar. Who asks for a day of people asks for both
/// that it touches.
pub(crate) fn opened_day(at: Timestamp) -> String {
    format!("OPENED#{}", TimeZone::UTC.to_datetime(at).date())
}

/// The partitions of the days from one time up to another.
pub(crate) fn opened_days(from: Timestamp, until: Timestamp) -> Vec<String> {
    let day = |at| TimeZone::UTC.to_datetime(at).date();
    let first = day(from);
    first.series(1.day()).take_while(|next| *next <= day(until)).map(|next| format!("OPENED#{next}")).collect()
}

/// Partition of that index for what everybody may hear of tickets: a day of UTC, too.
pub(crate) fn news_day(at: Timestamp) -> String {
    format!("NEWS#{}", TimeZone::UTC.to_datetime(at).date())
}

/// The partitions of news of the days from one time up to another.
pub(crate) fn news_days(from: Timestamp, until: Timestamp) -> Vec<String> {
    opened_days(from, until).into_iter().map(|day| day.replacen("OPENED", "NEWS", 1)).collect()
}

/// Prefix of a regency's range keys in that index; `-` where none is known.
pub(crate) fn opened_in(regency: Option<&RegionCode>) -> String {
    format!("{}#", regency.map_or("-", RegionCode::as_str))
}

/// Range key of that index.
pub(crate) fn opened_place(regency: Option<&RegionCode>, at: Timestamp) -> String {
    format!("{}{}", opened_in(regency), time(at))
}

/// The time of such a range key.
pub(crate) fn opened_at(place: &str) -> Option<Timestamp> {
    place.split_once('#')?.1.parse().ok()
}

/// A time as it stands in keys: UTC, always milliseconds, so that text order is time order.
pub(crate) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_time_order() {
        let early: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let late: Timestamp = "2026-11-23T02:00:00.5Z".parse().unwrap();
        assert!(time(early) < time(late), "{} {}", time(early), time(late));
        assert!(time(late) < time(Timestamp::MAX));
    }

    #[test]
    fn keys_are_read_back() {
        let id = TicketId::of_post(&"KJ".parse().unwrap(), &PostKey::x("1").unwrap(), 0);
        assert_eq!(ticket_of(&ticket(&id)), Some(id));
        assert_eq!(seq_of(&event(42)), Some(42));
        assert_eq!(seq_of("TICKET"), None);
        assert_eq!(version_of(&pack_override(3)), Some(3));
        assert_eq!(version_of(CHOICE), None);
        assert_eq!((pack("jateng"), pack_override(3)), ("PACK#jateng".to_owned(), "OVERRIDE#000003".to_owned()));
    }

    #[test]
    fn figures_are_read_back_from_their_keys() {
        let month: Month = "2026-11".parse().unwrap();
        for sk in ["07#PEMKAB3316#road_damage#33.16", "30#TRIAGE#-#-"] {
            let key = figures_of(month, sk).unwrap();
            assert_eq!((figures_row(&key).as_str(), Month::of(key.day)), (sk, month));
        }
        for sk in ["", "31#TRIAGE#-#-", "0#A#-#-", "07#a#-#-", "07#A#B#-", "07#A#-#x"] {
            assert_eq!(figures_of(month, sk), None, "{sk}");
        }
        assert_eq!(
            (figures("jateng", month), months("jateng")),
            ("FIGURES#jateng#2026-11".into(), "MONTH#jateng".into())
        );
    }

    #[test]
    fn opened_tickets_are_found_by_day_and_place() {
        let at: Timestamp = "2026-11-24T23:30:00Z".parse().unwrap();
        let blora = "33.16".parse().unwrap();
        assert_eq!(opened_day(at), "OPENED#2026-11-24");
        assert_eq!(opened_place(Some(&blora), at), "33.16#2026-11-24T23:30:00.000Z");
        assert_eq!(opened_at(&opened_place(None, at)), Some(at));
        let later = "2026-11-26T00:00:00Z".parse().unwrap();
        assert_eq!(opened_days(at, later), ["OPENED#2026-11-24", "OPENED#2026-11-25", "OPENED#2026-11-26"]);
        assert!(opened_days(later, at).is_empty());
    }

    #[test]
    fn shards_are_even() {
        let mut counts = [0; SHARDS as usize];
        for post in 0..4000 {
            let id = TicketId::of_post(&"KJ".parse().unwrap(), &PostKey::x(&post.to_string()).unwrap(), 0);
            counts[shard(&id) as usize] += 1;
        }
        assert!(counts.iter().all(|&count| (800..1200).contains(&count)), "{counts:?}");
    }
}
