//! Open requests: those that wait for a session to be sent on, and those that wait for an answer.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    time::Duration,
};

use credwire_core::Secret;
use uuid::Uuid;

use crate::{
    boot_time::BootTime,
    input::{ReplyId, RequestId},
    scheduler::{Generation, ReauthId},
};

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// `signalwire.connect`.
    Connect,
    /// `signalwire.reauthenticate` with this credential.
    Reauthenticate { id: ReauthId, generation: Generation },
    /// `subscriber.online`.
    Online,
    /// `subscriber.offline`.
    Offline,
    /// A call of the application.
    Call(ReplyId),
}

/// The ids of requests: numbers of the session in the form of a random UUID (RFC 9562, section 5.4),
/// so that an answer is found by its number and the state holds no ids.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    /// A random value but for the bits that mark the kind of UUID; a number is XORed into the
    /// lowest bits.
    mask: u128,
    last: u64,
}

/// Bits of an id that hold the number.
const NUMBER: u128 = (1 << 62) - 1;

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let random = fastrand::Rng::with_seed(seed).u128(..);
        let mask = uuid::Builder::from_random_bytes(random.to_be_bytes()).into_uuid().as_u128();
        Self { mask, last: 0 }
    }

    pub(crate) fn next(&mut self) -> RequestId {
        self.last = self.last.wrapping_add(1);
        RequestId(self.last)
    }

    pub(crate) fn id(&self, number: RequestId) -> Uuid {
        Uuid::from_u128(self.mask ^ (u128::from(number.0) & NUMBER))
    }

    /// The number of an id of ours.
    pub(crate) fn number(&self, id: Uuid) -> Option<RequestId> {
        let number = id.as_u128() ^ self.mask;
        u64::try_from(number).ok().filter(|_| number <= NUMBER).map(RequestId)
    }
}

#[derive(Clone, Debug)]
struct Queued {
    number: RequestId,
    frame: Secret<String>,
    timeout: Duration,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    number: RequestId,
    purpose: Purpose,
    deadline: BootTime,
}

/// All open requests, calls in a bounded queue while there is no session. What was allocated for
/// them is kept, so that a session in steady state allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    queue: VecDeque<Queued>,
    queued_bytes: usize,
    /// In the order of their numbers, which grow: a new one comes last.
    open: Vec<Open>,
    /// The earliest on top. Entries of requests that were closed, or have another deadline by now,
    /// are dropped when they come there.
    deadlines: BinaryHeap<Reverse<(BootTime, RequestId)>>,
}

impl Requests {
    fn find(&self, number: RequestId) -> Result<usize, usize> {
        self.open.binary_search_by_key(&number, |open| open.number)
    }

    /// Notes a request that is sent now.
    pub(crate) fn sent(&mut self, number: RequestId, purpose: Purpose, deadline: BootTime) {
        let request = Open { number, purpose, deadline };
        match self.find(number) {
            Ok(at) => self.open[at] = request,
            Err(at) => self.open.insert(at, request),
        }
        self.deadlines.push(Reverse((deadline, number)));
        self.drop_stale_deadlines();
    }

    /// The top of the deadlines is that of an open request afterwards.
    fn drop_stale_deadlines(&mut self) {
        let Self { open, deadlines, .. } = self;
        let holds = |&Reverse((deadline, number)): &Reverse<(BootTime, RequestId)>| {
            let found = open.binary_search_by_key(&number, |open| open.number);
            found.is_ok_and(|at| open[at].deadline == deadline)
        };
        while deadlines.peek().is_some_and(|top| !holds(top)) {
            deadlines.pop();
        }
        if deadlines.len() > 2 * open.len() + 64 {
            deadlines.retain(holds);
        }
    }

    /// Keeps a call for the next session; `false` when the queue is full.
    pub(crate) fn enqueue(
        &mut self,
        number: RequestId,
        call: ReplyId,
        frame: Secret<String>,
        timeout: Duration,
        limits: (usize, usize),
        now: BootTime,
    ) -> bool {
        let bytes = self.queued_bytes.saturating_add(frame.expose().len());
        if self.queue.len() >= limits.0 || bytes > limits.1 {
            return false;
        }
        self.sent(number, Purpose::Call(call), now.after(timeout));
        self.queued_bytes = bytes;
        self.queue.push_back(Queued { number, frame, timeout });
        true
    }

    /// Takes the next kept call that still waits; its time for an answer starts now.
    pub(crate) fn dequeue(&mut self, now: BootTime) -> Option<Secret<String>> {
        let Queued { number, frame, timeout } = self.queue.pop_front()?;
        self.queued_bytes = self.queued_bytes.saturating_sub(frame.expose().len());
        if let Ok(at) = self.find(number) {
            self.sent(number, self.open[at].purpose, now.after(timeout));
        }
        Some(frame)
    }

    /// Ends the request with this number and returns what it was for.
    pub(crate) fn close(&mut self, number: RequestId) -> Option<Purpose> {
        let at = self.find(number).ok()?;
        let purpose = self.open.remove(at).purpose;
        self.drop_stale_deadlines();
        Some(purpose)
    }

    /// Drops a call whose caller has gone. Its answer, if one comes, is ignored.
    pub(crate) fn cancel(&mut self, call: ReplyId) {
        if let Some(number) = self.number_of(|purpose| purpose == Purpose::Call(call)) {
            self.close(number);
            self.unqueue(number);
        }
    }

    fn unqueue(&mut self, number: RequestId) {
        self.queue.retain(|queued| queued.number != number);
        self.queued_bytes = self.queue.iter().map(|queued| queued.frame.expose().len()).sum();
    }

    /// Ends the next request whose time is over.
    pub(crate) fn expired(&mut self, now: BootTime) -> Option<Purpose> {
        let &Reverse((deadline, number)) = self.deadlines.peek()?;
        if deadline > now {
            return None;
        }
        self.unqueue(number);
        self.close(number)
    }

    pub(crate) fn deadline(&self) -> BootTime {
        self.deadlines.peek().map_or(BootTime::NEVER, |Reverse((deadline, _))| *deadline)
    }

    /// Ends every request that was sent, and returns the calls among them; those in the queue wait
    /// on.
    pub(crate) fn lose_sent(&mut self) -> Vec<ReplyId> {
        let Self { queue, open, .. } = self;
        let mut calls = Vec::new();
        open.retain(|request| {
            let waits = queue.binary_search_by_key(&request.number, |it| it.number).is_ok();
            if let (false, Purpose::Call(call)) = (waits, request.purpose) {
                calls.push(call);
            }
            waits
        });
        self.drop_stale_deadlines();
        calls
    }

    /// Ends every request, and returns the calls among them.
    pub(crate) fn lose_all(&mut self) -> Vec<ReplyId> {
        self.queue.clear();
        self.queued_bytes = 0;
        self.lose_sent()
    }

    /// The open requests with their deadlines, for comparisons.
    pub(crate) fn open(&self) -> impl Iterator<Item = (Purpose, BootTime)> {
        self.open.iter().map(|open| (open.purpose, open.deadline))
    }

    /// The number of the open request for this purpose.
    pub(crate) fn number_of(&self, is_for: impl Fn(Purpose) -> bool) -> Option<RequestId> {
        self.open.iter().find(|open| is_for(open.purpose)).map(|open| open.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_random_uuids_that_hold_their_number() {
        let mut ids = Ids::new(7);
        let (first, second) = (ids.next(), ids.next());
        for number in [first, second] {
            let id = ids.id(number);
            assert_eq!(id.get_version_num(), 4);
            assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            assert_eq!(ids.number(id), Some(number));
        }
        assert_eq!(Ids::new(8).number(ids.id(first)), None);
        assert_eq!(ids.number(Uuid::nil()), None);
    }

    #[test]
    fn deadlines_of_closed_requests_neither_count_nor_pile_up() {
        let mut requests = Requests::default();
        let mut ids = Ids::new(1);
        let kept = ids.next();
        requests.sent(kept, Purpose::Online, BootTime::ZERO.plus(5000));
        for later in 0..10_000 {
            let number = ids.next();
            let call = Purpose::Call(ReplyId(number.0));
            requests.sent(number, call, BootTime::ZERO.plus(6000 + later));
            assert_eq!(requests.close(number), Some(call));
            assert_eq!(requests.close(number), None);
        }
        assert!(requests.deadlines.len() < 100, "{}", requests.deadlines.len());
        assert_eq!(requests.deadline(), BootTime::ZERO.plus(5000));
        // Sent again, it has another deadline, and the former is none.
        requests.sent(kept, Purpose::Online, BootTime::ZERO.plus(9000));
        assert_eq!(requests.expired(BootTime::ZERO.plus(8999)), None);
        assert_eq!(requests.expired(BootTime::ZERO.plus(9000)), Some(Purpose::Online));
        assert_eq!(requests.deadline(), BootTime::NEVER);
    }
}
