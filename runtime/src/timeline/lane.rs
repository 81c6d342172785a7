//! What one session's entries state about stretches of time: which credential was valid when, and
//! when the socket was open.

use credwire_core::EpochMillis;

use super::{CredentialOrigin, HistoryEntry, HistoryEvent};

/// How many rows of credentials a lane has at most.
const MOST_ROWS: usize = 3;

/// One session.
pub(super) struct Lane<'a> {
    pub(super) session: &'a str,
    pub(super) entries: Vec<&'a HistoryEntry>,
    pub(super) credentials: Vec<Credential>,
    pub(super) rows: usize,
    pub(super) socket: Vec<Stretch>,
}

/// The life of one credential. It is in use from `from` to `in_use_until`, and would have been
/// good until `until`.
#[derive(Debug, PartialEq)]
pub(super) struct Credential {
    pub(super) kind: CredentialOrigin,
    pub(super) from: EpochMillis,
    pub(super) in_use_until: EpochMillis,
    pub(super) until: EpochMillis,
    pub(super) expires_at: Option<EpochMillis>,
    pub(super) row: usize,
}

/// A stretch in which the socket was open, or was missed.
#[derive(Debug, PartialEq)]
pub(super) struct Stretch {
    pub(super) from: EpochMillis,
    pub(super) to: EpochMillis,
    pub(super) open: bool,
}

/// One lane for each session, in the order of their first entries. `entries` are by time and
/// `end` is where the picture ends.
pub(super) fn lanes<'a>(entries: &[&'a HistoryEntry], end: EpochMillis) -> Vec<Lane<'a>> {
    let mut sessions: Vec<(&str, Vec<&HistoryEntry>)> = Vec::new();
    for &entry in entries {
        match sessions.iter_mut().find(|(session, _)| *session == &*entry.session) {
            Some((_, entries)) => entries.push(entry),
            None => sessions.push((&entry.session, vec![entry])),
        }
    }
    let lane = |(session, entries): (&'a str, Vec<&'a HistoryEntry>)| {
        let (credentials, rows) = rows(credentials(&entries, end));
        Lane { session, credentials, rows, socket: socket(&entries, end), entries }
    };
    sessions.into_iter().map(lane).collect()
}

fn credentials(entries: &[&HistoryEntry], end: EpochMillis) -> Vec<Credential> {
    let mut credentials: Vec<Credential> = Vec::new();
    for entry in entries {
        let (HistoryEvent::Credential { .. } | HistoryEvent::Disconnected) = entry.event else {
            continue;
        };
        if let Some(last) = credentials.last_mut() {
            last.in_use_until = last.in_use_until.min(entry.at);
            if last.expires_at.is_none() {
                last.until = last.in_use_until;
            }
        }
        let HistoryEvent::Credential { kind, expires_at } = entry.event else { continue };
        let until = expires_at.unwrap_or(end).max(entry.at);
        credentials.push(Credential {
            kind,
            from: entry.at,
            in_use_until: until.min(end),
            until,
            expires_at,
            row: 0,
        });
    }
    credentials
}

/// Assigns every credential a row on which it overlaps no other. When the rows do not suffice, the
/// unused end of an older credential is cut: what was in use never overlaps.
fn rows(mut credentials: Vec<Credential>) -> (Vec<Credential>, usize) {
    let mut last_in_row: Vec<usize> = Vec::new();
    for index in 0..credentials.len() {
        let from = credentials[index].from;
        let free = last_in_row.iter().position(|&last| credentials[last].until <= from);
        let row = match free {
            Some(row) => row,
            None if last_in_row.len() < MOST_ROWS => {
                last_in_row.push(index);
                last_in_row.len() - 1
            }
            None => {
                let soonest = |&row: &usize| credentials[last_in_row[row]].until;
                let row = (0..MOST_ROWS).min_by_key(soonest).unwrap_or(0);
                credentials[last_in_row[row]].until = from;
                row
            }
        };
        last_in_row[row] = index;
        credentials[index].row = row;
    }
    (credentials, last_in_row.len())
}

fn socket(entries: &[&HistoryEntry], end: EpochMillis) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    // A recording that begins with a loss lost its beginning: the socket was open before.
    let mut since = entries.first().map(|entry| (entry.at, true));
    let mut seen = false;
    for entry in entries {
        let next = match entry.event {
            HistoryEvent::Connected | HistoryEvent::Resumed | HistoryEvent::Reconnected => {
                Some(true)
            }
            HistoryEvent::Dropped { .. } => Some(false),
            HistoryEvent::Disconnected => None,
            _ => continue,
        };
        if let Some((from, open)) = since
            && (seen || next != Some(true))
            && from < entry.at
        {
            stretches.push(Stretch { from, to: entry.at, open });
        }
        seen = true;
        since = next.map(|open| (entry.at, open));
    }
    if let Some((from, open)) = since
        && seen
    {
        stretches.push(Stretch { from, to: end.max(from), open });
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: EpochMillis = EpochMillis::new(100);

    fn lane_of(events: &[(i64, HistoryEvent)]) -> Vec<HistoryEntry> {
        let entry = |(at, event): &(i64, HistoryEvent)| {
            HistoryEntry::new(EpochMillis::new(*at), "s", event.clone())
        };
        events.iter().map(entry).collect()
    }

    fn credential(expires_at: i64) -> HistoryEvent {
        let expires_at = Some(EpochMillis::new(expires_at));
        HistoryEvent::Credential { kind: CredentialOrigin::ClientBound, expires_at }
    }

    fn stretches(events: &[(i64, HistoryEvent)]) -> Vec<(i64, i64, bool)> {
        let entries = lane_of(events);
        let lanes = lanes(&entries.iter().collect::<Vec<_>>(), END);
        lanes[0].socket.iter().map(|s| (s.from.get(), s.to.get(), s.open)).collect()
    }

    #[test]
    fn a_credential_is_in_use_until_its_successor_and_good_until_it_expires() {
        let entries = lane_of(&[(0, credential(60)), (40, credential(90))]);
        let lanes = lanes(&entries.iter().collect::<Vec<_>>(), END);
        let lives: Vec<_> = lanes[0]
            .credentials
            .iter()
            .map(|c| (c.from.get(), c.in_use_until.get(), c.until.get(), c.row))
            .collect();
        assert_eq!(lives, [(0, 40, 60, 0), (40, 90, 90, 1)]);
    }

    #[test]
    fn rows_are_used_again_and_never_more_than_three() {
        let events: Vec<_> = (0..20).map(|n| (n * 4, credential(n * 4 + 50))).collect();
        let entries = lane_of(&events);
        let lanes = lanes(&entries.iter().collect::<Vec<_>>(), END);
        assert_eq!(lanes[0].rows, 3);
        for (index, one) in lanes[0].credentials.iter().enumerate() {
            assert!(one.until >= one.in_use_until, "{one:?}");
            for other in &lanes[0].credentials[index + 1..] {
                assert!(one.row != other.row || one.until <= other.from, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn the_socket_is_open_missed_and_closed() {
        let dropped = || HistoryEvent::Dropped { reason: "gone".to_owned() };
        let events = [
            (5, HistoryEvent::Connected),
            (30, dropped()),
            (40, HistoryEvent::Resumed),
            (90, HistoryEvent::Disconnected),
        ];
        assert_eq!(stretches(&events), [(5, 30, true), (30, 40, false), (40, 90, true)]);
        assert_eq!(stretches(&[(5, HistoryEvent::Connected)]), [(5, 100, true)]);
        assert_eq!(stretches(&[(5, HistoryEvent::Authenticated)]), []);
        let cut = [(5, HistoryEvent::Rotated), (30, dropped()), (35, dropped())];
        assert_eq!(stretches(&cut), [(5, 30, true), (30, 35, false), (35, 100, false)]);
    }
}
