//! Bad answers of a provider: for each a rule of the lifecycle, a test, and what names it.
//!
//! | rule | answer | test | told by |
//! |---|---|---|---|
//! | B1 | the old token again | `the_old_token_again` | warning `credential_unchanged` |
//! | B2 | an earlier expiry | `an_earlier_expiry` | warning `credential_expires_earlier` |
//! | B3 | no expiry | `no_expiry` | warning `credential_expiry_unknown` |
//! | B4 | an expiry in seconds | `seconds_in_place_of_milliseconds` | `ResponseFault::ExpiryInSeconds` |
//! | B5 | a token for another host | `a_token_for_another_host` | `ResponseFault::ForeignHost` |
//! | B6 | an empty credential | `an_empty_credential` | `ResponseFault::Empty` |
//! | B7 | no answer, ever | `a_call_that_never_returns` | `ResponseFault::TimedOut` |
//! | B8 | a panic | `a_call_that_panics` | `ResponseFault::Panicked` |
//! | B9 | one after the client is gone | `an_answer_after_the_client_was_dropped` | `ResponseFault::Abandoned` |
//! | B10 | something else than a token | `something_else_than_a_token` | `ResponseFault::MalformedToken` |
//! | B11 | one that has expired | `a_credential_that_has_expired` | warning `credential_expired_on_arrival` |
//!
//! The rules are those of `credwire::session::scheduler`. Each test asks by `authenticate()` and by
//! `refresh()`, and none of what the client tells may hold a token.

use std::time::Duration;

use credwire::{
    Client, EpochMillis, Error, ErrorKind, EventStream, SdkCredential, Status,
    client::{HistoryEntry, HistoryEvent, OpKind, OutcomeResult, RefreshError, ResponseFault},
    sdk::SdkWarning,
    test::made_up_token,
};
use credwire_sandbox::{Fault, SocketAction};
use credwire_tests::live::*;
use futures_util::StreamExt as _;

/// Every rule of the contract is in the table, and every test of the table exists.
#[test]
fn every_bad_answer_has_a_rule_and_a_test() {
    let rows = |text: &'static str| -> Vec<Vec<&'static str>> {
        let rows = text.lines().filter(|line| line.starts_with("//! | B"));
        rows.map(|row| row.split('|').skip(1).map(str::trim).collect()).collect()
    };
    let contract = rows(include_str!("../../../session/src/scheduler/mod.rs"));
    let table = rows(include_str!("answers.rs"));
    let rules = |rows: &[Vec<&'static str>]| rows.iter().map(|row| row[0]).collect::<Vec<_>>();
    assert_eq!(rules(&table), rules(&contract));
    let tests = crate::tests();
    for row in &table {
        let test = format!("answers::{}", row[2].trim_matches('`'));
        assert!(tests.contains(&test), "{}: there is no test {test}", row[0]);
    }
}

/// The call that is answered badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Authenticate,
    Refresh,
}

const BOTH: [Asked; 2] = [Asked::Authenticate, Asked::Refresh];

/// A live client whose provider answers one call badly and the next one well.
struct Trial {
    scene: Scene,
    backend: Backend,
    client: Client,
    asked: Asked,
    errors: EventStream<Error>,
    warnings: EventStream<SdkWarning>,
    history: EventStream<HistoryEntry>,
}

impl Trial {
    /// A client on which nothing has happened yet.
    async fn new(asked: Asked) -> Self {
        let scene = Scene::new("{}").await;
        let backend = Backend { can_refresh: asked == Asked::Refresh, ..scene.backend() };
        let client = scene.connect(&backend).await;
        let (errors, warnings, history) = (client.errors(), client.warnings(), client.history());
        Self { scene, backend, client, asked, errors, warnings, history }
    }

    /// Lets the next call be answered like that, and makes it due.
    async fn answer(&self, reply: BackendReply) {
        match self.asked {
            Asked::Refresh => {
                self.backend.plan([reply]);
                self.client.invalidate().await;
            }
            Asked::Authenticate => {
                self.backend.plan_authenticate([reply]);
                // Without `refresh()` it counts as expired, so that a fresh connect needs another.
                self.client.invalidate().await;
                pass(Duration::from_millis(1)).await;
                self.scene.space.sockets(SocketAction::Forget).unwrap();
                self.scene.space.sockets(SocketAction::Drop).unwrap();
            }
        }
    }

    /// How often the call was made, the first `authenticate()` apart.
    fn calls(&self) -> u32 {
        let (authenticated, refreshed) = self.backend.called();
        if self.asked == Asked::Refresh { refreshed } else { authenticated - 1 }
    }

    /// The credential with which the client began.
    fn first(&self) -> SdkCredential {
        let token = self.backend.given.lock().unwrap()[0].clone();
        SdkCredential::from_token(token).with_expiry_at(credential(&self.client).expiry.unwrap())
    }

    /// Waits for the good answer that follows, in force on a live session.
    async fn recovers(&mut self) {
        let asked = self.asked;
        let recovered = |event: &HistoryEvent| match asked {
            Asked::Refresh => matches!(event, HistoryEvent::Reauthenticated),
            Asked::Authenticate => matches!(event, HistoryEvent::Reconnected),
        };
        simulate(&mut self.history, 1, recovered).await;
        reaches(&self.client, Status::Online).await;
        let status = credential(&self.client);
        assert!(status.applied && !status.expired, "{asked:?}: {status:?}");
        assert_eq!(status.last_outcome.unwrap().result, OutcomeResult::Committed);
    }

    /// What was reported of answers that were not used.
    fn bad_answers(&mut self) -> Vec<ResponseFault> {
        let errors = so_far(&mut self.errors);
        errors.iter().filter_map(Error::response_fault).collect()
    }

    /// Ends the client, and looks for tokens in everything that it told.
    async fn tells_no_secret(self) {
        let mut text = format!("{:?} {:?}", self.client, self.client.credential_status().borrow());
        let (errors, warnings) = (self.client.errors(), self.client.warnings());
        let history = self.client.history();
        self.client.disconnect().await;
        for error in errors.collect::<Vec<_>>().await {
            text += &format!("{error:?} {error} {}", chain(&error));
        }
        for warning in warnings.collect::<Vec<_>>().await {
            text += &format!("{warning:?} {}", serde_json::to_string(&warning).unwrap());
        }
        for entry in history.collect::<Vec<_>>().await {
            text += &format!("{entry:?} {}", serde_json::to_string(&entry).unwrap());
        }
        assert!(text.len() > 500, "{text}");
        assert_hidden(&text, &self.backend.given.lock().unwrap());
    }

    /// The answer is refused by that name: the call is made again, and the credential that comes
    /// then is the next.
    async fn refuses(asked: Asked, reply: BackendReply, name: ResponseFault) {
        let mut trial = Self::new(asked).await;
        let before = credential(&trial.client).generation.unwrap().get();
        trial.answer(reply).await;
        trial.recovers().await;
        assert_eq!(trial.bad_answers(), [name], "{asked:?}");
        assert_eq!((trial.calls(), trial.backend.running.lock().unwrap().0), (2, 0), "{asked:?}");
        let after = credential(&trial.client).generation.unwrap().get();
        assert_eq!(after, before + 1, "{asked:?}: nothing else was committed");
        trial.tells_no_secret().await;
    }
}

/// The answer ends the first start of a client, or is tried again until the start takes too long.
async fn ends_the_start(reply: BackendReply, name: ResponseFault, kind: ErrorKind) {
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    backend.plan_authenticate(std::iter::repeat_n(reply, 50));
    let error = scene.client(backend.clone()).connect().await.unwrap_err();
    let text = format!("{error:?} {}", chain(&error));
    let mut causes =
        std::iter::successors(Some(&error as &(dyn std::error::Error + 'static)), |error| {
            error.source()
        });
    let named = causes.find_map(|cause| {
        let cause = cause.downcast_ref::<Error>()?;
        cause.response_fault().map(|answer| (answer, cause.kind()))
    });
    assert_eq!(named, Some((name, kind)), "{text}");
    assert_hidden(&text, &backend.given.lock().unwrap());
    assert_eq!(operations(&scene.space), Vec::<String>::new(), "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn the_old_token_again() {
    for asked in BOTH {
        let mut trial = Trial::new(asked).await;
        let first = trial.first();
        trial.answer(BackendReply::Given(first)).await;
        trial.recovers().await;
        assert_eq!(trial.calls(), 2, "{asked:?}: it is no new credential");
        let codes: Vec<_> = so_far(&mut trial.warnings);
        let unchanged = codes.iter().filter(|it| it.code() == "credential_unchanged");
        assert_eq!(unchanged.count(), 1, "{asked:?}: {codes:?}");
        trial.tells_no_secret().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_expiry() {
    for asked in BOTH {
        let mut trial = Trial::new(asked).await;
        let shorter = Backend { ttl: minutes(20), ..trial.backend.clone() }.plain();
        let expiry = shorter.expiry_at;
        trial.answer(BackendReply::Given(shorter)).await;
        trial.recovers().await;
        assert_eq!((trial.calls(), credential(&trial.client).expiry), (1, expiry), "{asked:?}");
        assert_eq!(warned(&trial.client, "credential_expires_earlier"), 1, "{asked:?}");
        if asked == Asked::Refresh {
            // The next one is due before that.
            pass(minutes(20)).await;
            assert!(trial.calls() == 2 && !credential(&trial.client).expired);
        }
        trial.tells_no_secret().await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_expiry() {
    let silent = |backend: &Backend| SdkCredential::from_token(backend.plain().token.unwrap());
    for asked in BOTH {
        // The space tells what the provider does not.
        let mut trial = Trial::new(asked).await;
        let given = silent(&trial.backend);
        trial.answer(BackendReply::Given(given)).await;
        trial.recovers().await;
        pass(Duration::from_secs(1)).await;
        let status = credential(&trial.client);
        assert!(status.expiry.is_some() && status.next.is_some(), "{asked:?}: {status:?}");
        assert_eq!(warned(&trial.client, "credential_expiry_unknown"), 0, "{asked:?}");
        trial.tells_no_secret().await;

        // Nobody does.
        let scene = silent_space().await;
        let backend = Backend { can_refresh: true, ..scene.backend() };
        let endless = BackendReply::Given(silent(&backend));
        match asked {
            Asked::Authenticate => backend.plan_authenticate([endless]),
            Asked::Refresh => backend.plan([endless]),
        }
        let client = scene.client(backend.clone()).register(false).connect().await.unwrap();
        if asked == Asked::Refresh {
            client.refresh_now().await.unwrap();
            pass(Duration::from_secs(1)).await;
        }
        let status = credential(&client);
        assert_eq!((status.expiry, status.next, status.applied), (None, None, true), "{asked:?}");
        assert_eq!(warned(&client, "credential_expiry_unknown"), 1, "{asked:?}");
        // It is still refreshed by hand.
        client.refresh_now().await.unwrap();
        assert!(credential(&client).next.is_some(), "{asked:?}");
    }
}

/// A space that takes everything and tells nothing of an expiry.
async fn silent_space() -> Scene {
    telling("").await
}

/// A space that takes everything; `subscriber` is what it tells of the subscriber.
async fn telling(subscriber: &str) -> Scene {
    let authorization = format!(r#"{{"project_id":"made-up"{subscriber}}}"#);
    let connect =
        format!(r#"{{"identity":"made-up","protocol":"made-up","authorization":{authorization}}}"#);
    let scene = Scene::new("{}").await;
    for fault in [
        format!(r#"{{"on":"{INFO}","status":200,"body":{{}},"times":-1}}"#),
        format!(r#"{{"on":"{CONNECT}","rpcResult":{connect},"times":-1}}"#),
        format!(
            r#"{{"on":"{REAUTHENTICATE}","rpcResult":{{"authorization":{authorization}}},"times":-1}}"#
        ),
    ] {
        scene.space.add_fault(serde_json::from_str::<Fault>(&fault).unwrap());
    }
    scene
}

#[tokio::test(start_paused = true)]
async fn seconds_in_place_of_milliseconds() {
    let in_seconds = |scene: &Scene| {
        let seconds = scene.now().saturating_add(hours(1)).to_seconds().get();
        let credential = scene.backend().plain();
        BackendReply::Given(credential.with_expiry_at(EpochMillis::new(seconds)))
    };
    for asked in BOTH {
        let reply = in_seconds(&Scene::new("{}").await);
        Trial::refuses(asked, reply, ResponseFault::ExpiryInSeconds).await;
    }
    let reply = in_seconds(&Scene::new("{}").await);
    ends_the_start(reply, ResponseFault::ExpiryInSeconds, ErrorKind::InvalidCredentials).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_for_another_host() {
    // `{"typ":"SAT","ch":"puc.evil.test"}`
    let evil = "eyJ0eXAiOiJTQVQiLCJjaCI6InB1Yy5ldmlsLnRlc3QifQ..bWFkZS11cA.bWFkZS11cA.bWFkZS11cA";
    let evil = || BackendReply::Given(SdkCredential::from_token(evil));
    for asked in BOTH {
        Trial::refuses(asked, evil(), ResponseFault::ForeignHost).await;
    }
    // One that is allowed, and is not the session's.
    let other = BackendReply::Given(SdkCredential::from_token(made_up_token()));
    Trial::refuses(Asked::Refresh, other, ResponseFault::ForeignHost).await;
    ends_the_start(evil(), ResponseFault::ForeignHost, ErrorKind::HostNotAllowed).await;
}

#[tokio::test(start_paused = true)]
async fn an_empty_credential() {
    for credential in
        [SdkCredential::from_token(""), SdkCredential::from_authorization_state("made-up")]
    {
        for asked in BOTH {
            Trial::refuses(asked, BackendReply::Given(credential.clone()), ResponseFault::Empty)
                .await;
        }
        let reply = BackendReply::Given(credential);
        ends_the_start(reply, ResponseFault::Empty, ErrorKind::InvalidCredentials).await;
    }
}

#[tokio::test(start_paused = true)]
async fn something_else_than_a_token() {
    let reply = || BackendReply::Given(SdkCredential::from_token("made-up-session-cookie"));
    for asked in BOTH {
        Trial::refuses(asked, reply(), ResponseFault::MalformedToken).await;
    }
    ends_the_start(reply(), ResponseFault::MalformedToken, ErrorKind::InvalidCredentials).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_returns() {
    for asked in BOTH {
        Trial::refuses(asked, BackendReply::Hang, ResponseFault::TimedOut).await;
    }
    let trial = Trial::new(Asked::Refresh).await;
    trial.backend.plan([BackendReply::Hang]);
    let started = trial.scene.now();
    assert_eq!(trial.client.refresh_now().await, Err(RefreshError::TimedOut));
    assert_eq!(trial.scene.now().saturating_since(started).as_secs(), 30);
    let outcome = credential(&trial.client).last_outcome.unwrap();
    assert_eq!((outcome.kind, outcome.result), (OpKind::Refresh, OutcomeResult::TimedOut));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_panics() {
    for asked in BOTH {
        Trial::refuses(asked, BackendReply::Panic, ResponseFault::Panicked).await;
    }
    ends_the_start(BackendReply::Panic, ResponseFault::Panicked, ErrorKind::Provider).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_the_client_was_dropped() {
    for asked in BOTH {
        for politely in [true, false] {
            let trial = Trial::new(asked).await;
            trial.answer(BackendReply::Late(Duration::from_secs(20))).await;
            while trial.calls() == 0 {
                pass(Duration::from_millis(10)).await;
            }
            let (seen, given) = (operations(&trial.scene.space), trial.backend.given.clone());
            let given_before = given.lock().unwrap().len();
            let Trial { scene, backend, client, mut errors, history, warnings, .. } = trial;
            if politely {
                client.disconnect().await;
            }
            drop(client);
            let told: Vec<_> = errors.by_ref().collect().await;
            assert_eq!(
                told.last().unwrap().response_fault(),
                Some(ResponseFault::Abandoned),
                "{told:?}"
            );
            let text = format!(
                "{told:?} {:?} {:?}",
                history.collect::<Vec<_>>().await,
                warnings.collect::<Vec<_>>().await
            );
            pass(minutes(2)).await;
            assert_eq!(backend.running.lock().unwrap().0, 0, "{asked:?}: the call is cancelled");
            assert_eq!(given.lock().unwrap().len(), given_before, "{asked:?}");
            let later = operations(&scene.space);
            let after = later.iter().skip(seen.len()).filter(|op| *op != "rpc subscriber.offline");
            assert_eq!(after.count(), 0, "{asked:?}: {later:?}");
            assert_eq!(scene.space.sockets(SocketAction::Ping).unwrap(), 0);
            assert_hidden(&text, &given.lock().unwrap());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_credential_that_has_expired() {
    for asked in BOTH {
        let mut trial = Trial::new(asked).await;
        let past = EpochMillis::new(trial.scene.now().get() - 60_000);
        let stale = trial.backend.plain().with_expiry_at(past);
        trial.answer(BackendReply::Given(stale)).await;
        trial.recovers().await;
        assert_eq!((trial.calls(), warned(&trial.client, "credential_expired_on_arrival")), (2, 1));
        trial.tells_no_secret().await;
    }
    let scene = Scene::new("{}").await;
    let backend = scene.backend();
    let past = EpochMillis::new(scene.now().get() - 60_000);
    let stale = backend.plain().with_expiry_at(past);
    backend.plan_authenticate(std::iter::repeat_n(BackendReply::Given(stale), 50));
    let error = scene.client(backend).connect().await.unwrap_err();
    assert_eq!(error.response_fault(), Some(ResponseFault::Expired), "{}", chain(&error));
}

/// What the space tells of an expiry is read in every form that is unmistakable. Anything else is
/// reported by name, and the session goes on without it.
#[tokio::test(start_paused = true)]
async fn an_expiry_of_the_space_in_any_form() {
    let endless = |backend: &Backend| SdkCredential::from_token(backend.plain().token.unwrap());
    let told = async |told: &str| {
        let subscriber = format!(r#","fabric_subscriber":{{"expires_at":{told}}}"#);
        let scene = telling(&subscriber).await;
        let backend = Backend { can_refresh: true, ..scene.backend() };
        let first = endless(&backend);
        backend.plan_authenticate([BackendReply::Given(first)]);
        let client = scene.client(backend).register(false).connect().await.unwrap();
        let errors = so_far(&mut client.errors());
        let flaws: Vec<_> = errors.iter().filter_map(Error::response_fault).collect();
        let text = errors.iter().map(|error| format!("{error:?} {} ", chain(error)));
        (credential(&client).expiry.map(EpochMillis::get), flaws, text.collect::<String>())
    };
    // The year 2096.
    let moment = 4_000_000_000_000_i64;
    for form in ["4000000000", "4000000000000", "\"4000000000\"", "\"2096-10-02T07:06:40Z\""] {
        assert_eq!(told(form).await, (Some(moment), vec![], String::new()), "{form}");
    }
    for (form, word) in [
        ("\"tomorrow\"", "RFC 3339"),
        ("\"2096-10-02\"", "RFC 3339"),
        ("[4000000000]", "neither a number nor a date"),
        ("3600", "between 1973 and 5138"),
        ("4000000000000000", "between 1973 and 5138"),
    ] {
        let (expiry, flaws, text) = told(form).await;
        assert_eq!(
            (expiry, flaws),
            (None, vec![ResponseFault::UnreadableExpiry]),
            "{form}: {text}"
        );
        assert!(text.contains(word) && !text.contains(form.trim_matches('"')), "{text}");
    }
    // One that has passed is no better than none.
    assert_eq!(told("1000000000").await.0, None);
}
