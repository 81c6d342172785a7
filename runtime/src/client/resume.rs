//! Sessions that outlive their client: what is stored, and going on with it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    Error, ErrorKind,
    driver::Driver,
    keep::{self, Keep},
    keeper::{Fact, Place},
    record::{Newer, Record, StoredKey},
    token::{Acceptance, Offer, Token},
};
use crate::{
    EpochMillis, Secret,
    cassette::{NewerCredential, StoredSession},
    dpop::{DpopKey, KeyKind},
    lifecycle::{Cached, CredentialKind, Event},
    session::Stored,
    space::AllowedDomains,
    spawn,
};

/// What a client starts with when its storage holds an earlier session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ResumePolicy {
    /// The stored session. The provider is asked when that cannot be resumed and its credential
    /// starts no other.
    #[default]
    PreferCache,
    /// A credential of the provider. The stored session is resumed when the provider has none.
    PreferProvider,
}

/// A stored session that can be gone on with.
#[derive(Debug)]
pub(super) struct Restored {
    token: Token,
    kind: CredentialKind,
    expiry: Option<EpochMillis>,
    resume: Option<Stored>,
    /// Not yet given to the session that is resumed.
    newer: Option<(Offer, CredentialKind)>,
}

impl Restored {
    /// As it stands in a recording.
    pub(super) fn recorded(&self, hide: &mut dyn FnMut(&str) -> String) -> StoredSession {
        StoredSession {
            token: hide(self.token.secret.expose()),
            bound: self.kind == CredentialKind::Bound,
            expiry_at: self.expiry,
            lifetime: self.token.lifetime,
            authorization_state: self
                .resume
                .as_ref()
                .map(|stored| hide(stored.authorization_state.expose())),
            protocol: self.resume.as_ref().map(|stored| stored.protocol.clone()),
            newer: self.newer.as_ref().map(|(offer, kind)| NewerCredential {
                token: hide(offer.token.secret.expose()),
                bound: *kind == CredentialKind::Bound,
                expiry_at: offer.expiry,
                lifetime: offer.token.lifetime,
            }),
        }
    }

    /// What stands in a recording.
    pub(super) fn replayed(stored: StoredSession, allowed: &AllowedDomains) -> Result<Self, Error> {
        let resume = stored.authorization_state.zip(stored.protocol);
        let kind = |bound| if bound { CredentialKind::Bound } else { CredentialKind::Unbound };
        let record = Record {
            token: Secret::new(stored.token),
            kind: kind(stored.bound),
            expiry: stored.expiry_at,
            lifetime: stored.lifetime,
            resume: resume.map(|(authorization_state, protocol)| Stored {
                authorization_state: Secret::new(authorization_state),
                protocol,
            }),
            newer: stored.newer.map(|newer| Newer {
                token: Secret::new(newer.token),
                kind: kind(newer.bound),
                expiry: newer.expiry_at,
                lifetime: newer.lifetime,
            }),
            key: None,
        };
        restore(record, allowed)
    }
}

/// The key of a client, and what it can go on with.
#[derive(Debug)]
pub(super) struct Beginning {
    pub(super) key: Option<Arc<DpopKey>>,
    /// The key as it is to be stored with the session.
    pub(super) stored_key: Option<StoredKey>,
    pub(super) restored: Option<Restored>,
}

impl Beginning {
    /// Begins with nothing but a key, which `is_stored` with the session unless a key store has it.
    pub(super) fn new(
        key: Option<DpopKey>,
        is_stored: bool,
        has_key_store: bool,
        mut report: impl FnMut(Error),
    ) -> Self {
        let stored_key = key.as_ref().filter(|_| is_stored).map(|key| {
            let pkcs8 = if has_key_store {
                None
            } else {
                key.to_pkcs8()
                    .map_err(|error| {
                        let why = "the key is not stored, so no session is resumed with it";
                        report(Error::new(ErrorKind::Storage, why).because(error));
                    })
                    .ok()
                    .map(|pkcs8| Secret::new(URL_SAFE_NO_PAD.encode(pkcs8.expose())))
            };
            StoredKey { thumbprint: key.thumbprint().to_owned(), pkcs8 }
        });
        Self { key: key.map(Arc::new), stored_key, restored: None }
    }
}

/// Finds out what to begin with: what is stored, as long as its key is here. Everything that goes
/// wrong is told to `report` and costs the stored session at most.
pub(super) async fn begin(
    record: Option<Record>,
    is_stored: bool,
    kind: Option<KeyKind>,
    key_store: Option<&Keep>,
    allowed: &AllowedDomains,
    mut report: impl FnMut(Error),
) -> Beginning {
    let lost = |why: &str| {
        Error::new(ErrorKind::Storage, "the stored session is not resumed")
            .because(Fact(why.to_owned()))
    };
    let mut record = record;
    // A key of the record is the client's only where no key store is.
    let own = record.as_ref().and_then(|record| record.key.as_ref()?.pkcs8.clone());
    let own = own.filter(|_| kind.is_some() && key_store.is_none());
    let mut key = None;
    if let Some(pkcs8) = own {
        key = read_key(pkcs8).await;
    }
    if key.is_none()
        && let Some(kind) = kind
    {
        key = keep::key(kind, key_store, &mut report).await;
    }
    let wanted = record.as_ref().and_then(|record| record.key.as_ref());
    if let Some(wanted) = wanted
        && key.as_ref().map(DpopKey::thumbprint) != Some(wanted.thumbprint.as_str())
    {
        report(lost("the key that it is bound to is not here"));
        record = None;
    }
    let restored = record.and_then(|record| match restore(record, allowed) {
        Ok(restored) => Some(restored),
        Err(error) => {
            let why = "the stored session is not resumed";
            report(Error::new(ErrorKind::Storage, why).because(error));
            None
        }
    });
    let mut beginning = Beginning::new(key, is_stored, key_store.is_some(), report);
    beginning.restored = restored;
    beginning
}

async fn read_key(text: Secret<String>) -> Option<DpopKey> {
    let bytes = Secret::new(URL_SAFE_NO_PAD.decode(text.expose()).ok()?);
    spawn::blocking(move || DpopKey::from_pkcs8(&bytes).ok()).await.flatten()
}

fn restore(record: Record, allowed: &AllowedDomains) -> Result<Restored, Error> {
    let acceptance = Acceptance { allowed: allowed.clone(), bound_to: None };
    let token = acceptance.token(record.token, record.lifetime)?;
    let acceptance = Acceptance { bound_to: Some(token.hosts.clone()), ..acceptance };
    let newer = match record.newer {
        None => None,
        Some(Newer { token, kind, expiry, lifetime }) => {
            let token = acceptance.token(token, lifetime)?;
            Some((Offer { token, expiry, lasts: None, flaw: None }, kind))
        }
    };
    let Record { kind, expiry, resume, .. } = record;
    Ok(Restored { token, kind, expiry, resume, newer })
}

/// Reads the record at `place`. Without a place to keep a later one, nothing is stored either.
pub(super) async fn read(
    place: Option<Place>,
    mut report: impl FnMut(Error),
) -> (Option<Place>, Option<Record>) {
    let Some(place) = place else { return (None, None) };
    match place.read().await {
        Ok(record) => (Some(place), record),
        Err(refused) => {
            report(refused.error);
            (Some(place).filter(|_| !refused.is_newer), None)
        }
    }
}

impl Driver {
    /// Goes on with a stored session, before the first connect or when the provider has nothing.
    pub(super) fn go_on_with(&mut self, restored: Restored) {
        let Restored { token, kind, expiry, resume, newer } = restored;
        let cached = Cached { kind, expiry, resumable: resume.is_some() };
        self.protocol.restore(resume);
        self.offers.push_back((None, Offer { token, expiry, lasts: None, flaw: None }));
        self.lifecycle(Event::Start { cached: Some(cached) });
        if let Some((offer, kind)) = newer {
            let newer = Cached { kind, expiry: offer.expiry, resumable: false };
            self.offers.push_back((None, offer));
            self.lifecycle(Event::Restore(newer));
        }
    }

    /// Stores the session as it is now.
    pub(super) fn persist(&mut self) {
        let record = self.record();
        if let Some(keeper) = &mut self.keeper {
            keeper.keep(record.as_ref());
        }
    }

    fn record(&self) -> Option<Record> {
        let (generation, cached) = self.arbiter.cached(self.now())?;
        let token = self.tokens.get(&generation)?;
        let resume = self.protocol.stored().filter(|_| cached.resumable);
        let is_bound = cached.kind == CredentialKind::Bound;
        // A bound token is of use to its session and its key alone.
        if is_bound && (resume.is_none() || self.key.is_none()) {
            return None;
        }
        let key = self.key.as_ref().and(self.stored_key.as_ref());
        let unapplied = self.arbiter.unapplied(self.now()).filter(|_| resume.is_some());
        let unapplied = unapplied
            .filter(|(_, newer)| newer.kind == CredentialKind::Unbound || self.key.is_some());
        let newer = unapplied.and_then(|(generation, Cached { kind, expiry, .. })| {
            let Token { secret, lifetime, .. } = self.tokens.get(&generation)?.clone();
            Some(Newer { token: secret, kind, expiry, lifetime })
        });
        Some(Record {
            token: token.secret.clone(),
            kind: cached.kind,
            expiry: cached.expiry,
            lifetime: token.lifetime,
            resume,
            newer,
            key: key.map(|key| StoredKey {
                thumbprint: key.thumbprint.clone(),
                pkcs8: key.pkcs8.clone(),
            }),
        })
    }

    /// A write to the storage has ended.
    pub(super) fn written(&mut self, result: Result<(), Error>) {
        if let Err(error) = result {
            self.outlet.failed(self.now().wall, error);
        }
    }
}
