//! Calls that wait: for a session to be sent on, or for an answer.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use uuid::Uuid;

use crate::Secret;

/// Names a call in the shell, which keeps the caller's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CallId(pub(crate) u64);

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `signalwire.connect`.
    Connect,
    /// `subscriber.online`.
    Online,
    /// `subscriber.offline`.
    Offline,
    /// A call of the shell or the user.
    User(CallId),
}

struct Queued {
    id: Uuid,
    frame: Secret<String>,
    timeout: Duration,
}

#[derive(Clone, Copy)]
struct Open {
    purpose: Purpose,
    deadline: Duration,
}

/// All open calls, in a bounded queue while there is no session.
pub(super) struct Calls {
    limit: usize,
    queue: VecDeque<Queued>,
    open: HashMap<Uuid, Open>,
    deadlines: BTreeSet<(Duration, Uuid)>,
}

impl Calls {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, queue: VecDeque::new(), open: HashMap::new(), deadlines: BTreeSet::new() }
    }

    /// Notes a call that is sent now.
    pub(super) fn sent(&mut self, id: Uuid, purpose: Purpose, deadline: Duration) {
        self.close(id);
        self.open.insert(id, Open { purpose, deadline });
        self.deadlines.insert((deadline, id));
    }

    /// Keeps a call for the next session; `false` when the queue is full.
    pub(super) fn enqueue(
        &mut self,
        id: Uuid,
        call: CallId,
        frame: Secret<String>,
        timeout: Duration,
        now: Duration,
    ) -> bool {
        if self.queue.len() >= self.limit {
            return false;
        }
        self.sent(id, Purpose::User(call), now.saturating_add(timeout));
        self.queue.push_back(Queued { id, frame, timeout });
        true
    }

    /// Takes the next kept call that still waits; its time for an answer starts now.
    pub(super) fn dequeue(&mut self, now: Duration) -> Option<Secret<String>> {
        loop {
            let Queued { id, frame, timeout } = self.queue.pop_front()?;
            if let Some(open) = self.open.get(&id).copied() {
                self.sent(id, open.purpose, now.saturating_add(timeout));
                return Some(frame);
            }
        }
    }

    /// Ends the call with this id and says what it was for.
    pub(super) fn close(&mut self, id: Uuid) -> Option<Purpose> {
        let open = self.open.remove(&id)?;
        self.deadlines.remove(&(open.deadline, id));
        Some(open.purpose)
    }

    /// Forgets a call that nobody waits for any more. Its answer, if one comes, is ignored.
    pub(super) fn cancel(&mut self, call: CallId) {
        let of_call =
            |(id, open): (&Uuid, &Open)| (open.purpose == Purpose::User(call)).then_some(*id);
        if let Some(id) = self.open.iter().find_map(of_call) {
            self.close(id);
            self.queue.retain(|queued| queued.id != id);
        }
    }

    /// Ends the next call whose time is over.
    pub(super) fn expired(&mut self, now: Duration) -> Option<Purpose> {
        let &(deadline, id) = self.deadlines.first()?;
        if deadline > now {
            return None;
        }
        self.queue.retain(|queued| queued.id != id);
        self.close(id)
    }

    pub(super) fn deadline(&self) -> Option<Duration> {
        self.deadlines.first().map(|&(deadline, _)| deadline)
    }

    /// Ends every call that was sent; those in the queue wait on.
    pub(super) fn lose_sent(&mut self) -> Vec<Purpose> {
        let queued: Vec<Uuid> = self.queue.iter().map(|queued| queued.id).collect();
        let sent: Vec<Uuid> = self.open.keys().filter(|id| !queued.contains(id)).copied().collect();
        sent.into_iter().filter_map(|id| self.close(id)).collect()
    }

    /// Ends every call.
    pub(super) fn lose_all(&mut self) -> Vec<Purpose> {
        self.queue.clear();
        self.lose_sent()
    }
}
