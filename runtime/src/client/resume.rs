//! Sessions that outlive their client: what is stored, and how a later client resumes it.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Error, ErrorKind,
    key_loader::KeyLoader,
    saved_session::{SavedCredential, SavedKey, SavedResume, SavedSession, identity_of},
    session_writer::{Fact, ReadError, SessionItem},
    token::{Acceptance, Token},
};
use crate::{
    Secret,
    dpop::{DpopKey, KeyKind},
    space::AllowedDomains,
    spawn,
};
use credwire_session::{ResumeState, scheduler::CredentialKind};

/// A saved session with its tokens checked.
pub(super) type Saved = credwire_session::SavedSession<Arc<Token>>;

/// The key of a client and the saved session that it resumes.
#[derive(Debug)]
pub(super) struct InitialState {
    pub(super) key: Option<Arc<DpopKey>>,
    /// The key as it is to be stored with the session.
    pub(super) stored_key: Option<SavedKey>,
    pub(super) saved: Option<Saved>,
    /// What is stored belongs to another identity, and stays until this client has a session.
    pub(super) keeps_stored: bool,
}

impl InitialState {
    /// A client with nothing but a key, which `is_stored` with the session unless a key store has it.
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
            SavedKey { thumbprint: key.thumbprint().to_owned(), pkcs8 }
        });
        Self { key: key.map(Arc::new), stored_key, saved: None, keeps_stored: false }
    }
}

/// Finds the initial state: the stored session, as long as its key is here. Every failure is passed
/// to `report` and costs the stored session at most.
pub(super) async fn initial_state(
    saved: Option<SavedSession>,
    is_stored: bool,
    kind: Option<KeyKind>,
    key_store: Option<&KeyLoader>,
    allowed: &AllowedDomains,
    identity: Option<&str>,
    mut report: impl FnMut(Error),
) -> InitialState {
    let lost = |why: &str| {
        Error::new(ErrorKind::Storage, "the stored session is not resumed")
            .because(Fact(why.to_owned()))
    };
    let keeps_stored = saved.as_ref().is_some_and(|saved| !saved.belongs_to(identity));
    let mut saved = saved.filter(|_| !keeps_stored);
    if keeps_stored {
        report(lost("it belongs to another identity; it is kept until there is a new session"));
    }
    // A saved key is the client's only where no key store is.
    let own = saved.as_ref().and_then(|saved| saved.key.as_ref()?.pkcs8.clone());
    let own = own.filter(|_| kind.is_some() && key_store.is_none());
    let mut key = None;
    if let Some(pkcs8) = own {
        key = read_key(pkcs8).await;
    }
    if key.is_none()
        && let Some(kind) = kind
    {
        key = KeyLoader::load(key_store, kind, &mut report).await.key;
    }
    let wanted = saved.as_ref().and_then(|saved| saved.key.as_ref());
    if let Some(wanted) = wanted
        && key.as_ref().map(DpopKey::thumbprint) != Some(wanted.thumbprint.as_str())
    {
        report(lost("the key that it is bound to is not here"));
        saved = None;
    }
    let saved = saved.and_then(|saved| match restore(saved, allowed) {
        Ok(saved) => Some(saved),
        Err(error) => {
            let why = "the stored session is not resumed";
            report(Error::new(ErrorKind::Storage, why).because(error));
            None
        }
    });
    let state = InitialState::new(key, is_stored, key_store.is_some(), report);
    InitialState { saved, keeps_stored, ..state }
}

async fn read_key(text: Secret<String>) -> Option<DpopKey> {
    let bytes = Secret::new(URL_SAFE_NO_PAD.decode(text.expose()).ok()?);
    spawn::blocking(move || DpopKey::from_pkcs8(&bytes).ok()).await.flatten()
}

pub(super) fn restore(saved: SavedSession, allowed: &AllowedDomains) -> Result<Saved, Error> {
    let acceptance = Acceptance { allowed: allowed.clone(), bound_to: None };
    let restored = |acceptance: &Acceptance, saved: SavedCredential| {
        let token = acceptance.token(saved.token, saved.lifetime)?;
        let kind = if saved.bound { CredentialKind::Bound } else { CredentialKind::Unbound };
        let (token, expiry) = (Arc::new(token), saved.expiry_at);
        Ok(credwire_session::SavedCredential { token, kind, expiry })
    };
    let credential = restored(&acceptance, saved.credential)?;
    let acceptance = Acceptance { bound_to: Some(credential.token.hosts.clone()), ..acceptance };
    let newer = saved.newer.map(|newer| restored(&acceptance, newer)).transpose()?;
    let resume = saved.resume.map(|SavedResume { authorization_state, protocol }| {
        Arc::new(ResumeState { authorization_state, protocol })
    });
    Ok(Saved { credential, resume, newer })
}

/// The session as it is stored.
pub(super) fn at_rest(
    session: Saved,
    identity: Option<Arc<str>>,
    key: Option<&SavedKey>,
) -> SavedSession {
    let at_rest = |saved: credwire_session::SavedCredential<Arc<Token>>| SavedCredential {
        token: saved.token.secret.clone(),
        bound: saved.kind == CredentialKind::Bound,
        expiry_at: saved.expiry,
        lifetime: saved.token.lifetime,
    };
    SavedSession {
        identity: identity.as_deref().map(identity_of),
        credential: at_rest(session.credential),
        resume: session.resume.map(|state| SavedResume {
            authorization_state: state.authorization_state.clone(),
            protocol: state.protocol.clone(),
        }),
        newer: session.newer.map(at_rest),
        key: key.cloned(),
    }
}

/// Reads the saved session in `item`. Where it must stay, none is stored either.
pub(super) async fn read(
    item: Option<SessionItem>,
    mut report: impl FnMut(Error),
) -> (Option<SessionItem>, Option<SavedSession>) {
    let Some(item) = item else { return (None, None) };
    match item.read().await {
        Ok(saved) => (Some(item), saved),
        Err(ReadError { error, must_stay }) => {
            report(error);
            (Some(item).filter(|_| !must_stay), None)
        }
    }
}
