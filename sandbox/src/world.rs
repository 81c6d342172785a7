//! The state of a space, without IO: requests and frames go in, answers come out.

use std::collections::{HashMap, HashSet};

use credwire_core::{EpochMillis, Secret};
use uuid::Uuid;

use crate::{
    clock::SpaceClock,
    config::Config,
    dpop::SeenProofs,
    fault::{self, Attempt, Fault},
    log::{Check, Log, Ticket},
    nonce::Nonces,
    sat::{Holder, Origin, RefreshClaims, SatClaims},
    sockets::Sockets,
    span::Span,
    subscriber::Subscribers,
    token::{SealError, Sealer, TokenType},
};

/// How much longer a refresh token is valid than the SAT beside it.
const REFRESH_MARGIN: Span = Span::from_secs(300);

pub(crate) struct World {
    pub(crate) identity: Identity,
    pub(crate) clock: SpaceClock,
    /// The configuration that a reset goes back to.
    pub(crate) base: Config,
    /// The configuration in force; its faults are the armed ones.
    pub(crate) config: Config,
    pub(crate) log: Log,
    pub(crate) sealer: Sealer,
    pub(crate) proofs: SeenProofs,
    pub(crate) nonces: Nonces,
    pub(crate) subscribers: Subscribers,
    pub(crate) sockets: Sockets,
    /// Identity of each session, by protocol.
    pub(crate) sessions: HashMap<String, String>,
    /// Protocol that each authorization state belongs to.
    pub(crate) states: HashMap<String, String>,
    /// Refresh tokens that were used.
    pub(crate) spent: HashSet<Uuid>,
    /// Key that an unbound SAT with `sat:refresh` was first used with.
    pub(crate) first_keys: HashMap<Uuid, String>,
}

/// Who a space is.
pub(crate) struct Identity {
    /// The domain with its port.
    pub(crate) domain: String,
    /// The user name of the backend's Basic credentials.
    pub(crate) project: String,
    pub(crate) api_token: Secret<String>,
    pub(crate) project_id: Uuid,
    pub(crate) space_id: Uuid,
}

/// A SAT with its claims.
pub(crate) struct Minted {
    pub(crate) token: Secret<String>,
    pub(crate) claims: SatClaims,
}

/// A token as read: its claims where it is one of ours, and what is wrong with it.
pub(crate) struct Reading {
    pub(crate) claims: Option<SatClaims>,
    pub(crate) problem: Option<&'static str>,
}

impl World {
    pub(crate) fn new(identity: Identity, clock: SpaceClock, base: Config, sealer: Sealer) -> Self {
        Self {
            identity,
            clock,
            config: base.clone(),
            base,
            log: Log::default(),
            sealer,
            proofs: SeenProofs::default(),
            nonces: Nonces::default(),
            subscribers: Subscribers::default(),
            sockets: Sockets::default(),
            sessions: HashMap::new(),
            states: HashMap::new(),
            spent: HashSet::new(),
            first_keys: HashMap::new(),
        }
    }

    /// Forgets sessions, sockets, log and faults, and goes on with `config`.
    pub(crate) fn reset(&mut self, config: Config) {
        self.config = config;
        self.log.clear();
        self.proofs = SeenProofs::default();
        self.nonces = Nonces::default();
        self.sockets.cut(None);
        self.forget_sessions();
        self.spent.clear();
        self.first_keys.clear();
    }

    /// Forgets sessions and authorization states; sockets stay.
    pub(crate) fn forget_sessions(&mut self) {
        self.sessions.clear();
        self.states.clear();
    }

    /// The time that tokens and proofs are judged by.
    pub(crate) fn now(&self) -> EpochMillis {
        self.config.clock_offset.after(self.clock.now())
    }

    /// The same in whole seconds, which new tokens are dated by.
    pub(crate) fn second(&self) -> EpochMillis {
        self.now().to_seconds().to_millis()
    }

    /// Enters what is known of a request before it is looked at.
    pub(crate) fn enter(&mut self, check: Check, subscriber: Option<String>) -> Ticket {
        let at = Some(self.clock.now());
        self.log.enter(Check { at, subscriber, ..check })
    }

    pub(crate) fn take_fault(&mut self, op: &str, attempt: Option<Attempt>) -> Option<Fault> {
        fault::take(&mut self.config.faults, op, attempt)
    }

    /// The host that a token's client connects to: stands in the token's header as `ch`.
    fn ch(&self, holder: Option<&Holder>) -> String {
        let label = holder.and_then(|holder| holder.host.as_deref()).unwrap_or("puc");
        format!("{label}.{}", self.identity.domain)
    }

    pub(crate) fn mint(
        &self,
        origin: Origin,
        holder: Holder,
        exp: EpochMillis,
    ) -> Result<Minted, SealError> {
        let claims = SatClaims { jti: Uuid::new_v4(), origin, holder, exp };
        let ch = self.ch(Some(&claims.holder));
        let token = self.sealer.seal(TokenType::Access, &ch, &claims)?;
        Ok(Minted { token, claims })
    }

    /// A refresh token that outlives the SAT `beside` it by five minutes.
    pub(crate) fn mint_refresh(&self, beside: &SatClaims) -> Result<Secret<String>, SealError> {
        let claims = RefreshClaims {
            jti: Uuid::new_v4(),
            origin: beside.origin,
            holder: beside.holder.clone(),
            exp: REFRESH_MARGIN.after(beside.exp),
        };
        self.seal(TokenType::Refresh, &claims)
    }

    pub(crate) fn seal(
        &self,
        typ: TokenType,
        claims: &impl serde::Serialize,
    ) -> Result<Secret<String>, SealError> {
        self.sealer.seal(typ, &self.ch(None), claims)
    }

    /// Reads a SAT; an expired one is a problem where `expiry` matters.
    pub(crate) fn read_sat(&self, token: Option<&str>, expiry: bool) -> Reading {
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Reading { claims: None, problem: Some("missing") };
        };
        let claims: Option<SatClaims> = self.sealer.open(TokenType::Access, token);
        let problem = match &claims {
            None => Some("unknown token"),
            Some(claims) if expiry && self.is_over(claims) => Some("expired"),
            Some(_) => None,
        };
        Reading { claims, problem }
    }

    /// Whose token that is, valid or not.
    pub(crate) fn holder(&self, token: &str) -> Option<String> {
        let claims: SatClaims = self.sealer.open(TokenType::Access, token)?;
        Some(claims.holder.reference)
    }

    pub(crate) fn is_over(&self, claims: &SatClaims) -> bool {
        claims.exp <= self.now()
    }
}
