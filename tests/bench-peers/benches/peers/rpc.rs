//! JSON-RPC: requests written, and answers read and matched to their calls.

use std::{borrow::Cow, collections::HashMap, hint::black_box};

use crate::credwire::{
    RpcFrame, RpcMethod, SerializeExposed, SignalwireReauthenticate,
    SignalwireReauthenticateParams, SignalwireReauthenticateParamsAuthentication,
    SignalwireReauthenticateResult,
};
use jsonrpsee_types::{Id, Request, Response, ResponsePayload};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::measure::{
    report::{Bound, Report},
    sampling::{Spent, median, median_ratio, side_by_side},
};

const ROUNDS: usize = 21;

/// How many requests or answers a sample has.
const TIMES: usize = 20_000;

/// How many calls wait for an answer.
const PENDING: u64 = 64;

type Params = SignalwireReauthenticateParams;

pub(crate) fn measure(report: &mut Report) {
    let authentication =
        SignalwireReauthenticateParamsAuthentication::new("made-up-project", "made-up-token");
    let params = Params::new(authentication).with_dpop_token("made-up-proof");
    allocations(&params, report);
    requests(&params, report);
    answers(report);
}

fn ours(text: &mut Vec<u8>, id: u64, params: &Params) {
    text.clear();
    RpcFrame::write_request::<SignalwireReauthenticate>(text, &id, params).expect("params");
    black_box(text);
}

/// What one writes by hand with serde.
fn by_hand(text: &mut Vec<u8>, id: u64, params: &Params) {
    #[derive(Serialize)]
    struct Request<'a, P> {
        jsonrpc: &'a str,
        id: u64,
        method: &'a str,
        params: P,
    }
    text.clear();
    let (method, params) = (SignalwireReauthenticate::NAME, params.exposed());
    let request = Request { jsonrpc: "2.0", id, method, params };
    serde_json::to_writer(&mut *text, &request).expect("params");
    black_box(text);
}

fn jsonrpsee(id: u64, params: &Params) {
    let params = to_raw_value(&params.exposed()).expect("params");
    let request = Request::borrowed(SignalwireReauthenticate::NAME, Some(&params), Id::Number(id));
    black_box(serde_json::to_string(&request).expect("a request"));
}

fn allocations(params: &Params, report: &mut Report) {
    let row = report.row("a request into a buffer: allocations");
    let mut text = Vec::with_capacity(4096);
    let counted = allocation_counter::measure(|| ours(&mut text, 7, params));
    let peer = allocation_counter::measure(|| jsonrpsee(7, params));
    row.detail(format!("{} B; jsonrpsee-types {}", text.len(), peer.count_total)).measured(
        counted.count_total as f64,
        "",
        Bound::AtMost(0.0),
    );
}

fn requests(params: &Params, report: &mut Report) {
    let (mut left, mut right) = (Vec::with_capacity(4096), Vec::with_capacity(4096));
    let row = report.row("a request into a buffer: CPU time, of one written by hand");
    let samples = side_by_side(
        ROUNDS,
        || (0..TIMES as u64).for_each(|id| ours(&mut left, id, black_box(params))),
        || (0..TIMES as u64).for_each(|id| by_hand(&mut right, id, black_box(params))),
    );
    assert_eq!(left.len(), right.len());
    row.detail(both(&samples)).measured(
        median_ratio(&samples, Spent::cpu),
        "x",
        Bound::AtMost(1.0),
    );
    let row = report.row("a request into a buffer: speed, of jsonrpsee-types");
    let samples = side_by_side(
        ROUNDS,
        || (0..TIMES as u64).for_each(|id| ours(&mut left, id, black_box(params))),
        || (0..TIMES as u64).for_each(|id| jsonrpsee(id, black_box(params))),
    );
    row.detail(both(&samples)).told(1.0 / median_ratio(&samples, Spent::cpu), "x");
}

/// The answers to all calls that wait, not in their order.
fn texts() -> Vec<String> {
    (0..PENDING)
        .map(|call| {
            let id = call * 37 % PENDING;
            format!(
                concat!(
                    r#"{{"jsonrpc":"2.0","id":{},"result":{{"authorization":{{"jti":"made-up","#,
                    r#""project_id":"made-up-project","scope":["sat:refresh"],"#,
                    r#""fabric_subscriber":{{"version":2,"expires_at":1760003600}}}}}}}}"#
                ),
                id
            )
        })
        .collect()
}

/// Takes each answer to the call that waits for it, and makes that call wait again.
fn answers(report: &mut Report) {
    let texts = texts();
    let row = report.row("an answer read and matched among 64: CPU time, of RawValue and a map");
    let mut ours: HashMap<u64, usize> = (0..PENDING).map(|id| (id, 0)).collect();
    let mut raw: HashMap<u64, usize> = ours.clone();
    let mut theirs: HashMap<Id<'static>, usize> =
        (0..PENDING).map(|id| (Id::Number(id), 0)).collect();
    let mut by_credwire = || {
        for text in texts.iter().cycle().take(TIMES) {
            let Ok(RpcFrame::Answer { id, outcome }) = RpcFrame::read(text) else {
                unreachable!("an answer")
            };
            let id: u64 = id.read().expect("an id");
            let waits = ours.remove(&id).expect("a call");
            let result: SignalwireReauthenticateResult =
                outcome.expect("a result").read().expect("a result");
            black_box(result);
            ours.insert(id, waits + 1);
        }
    };
    let samples = side_by_side(ROUNDS, &mut by_credwire, || {
        for text in texts.iter().cycle().take(TIMES) {
            let answer: Answer<'_> = serde_json::from_str(text).expect("an answer");
            let waits = raw.remove(&answer.id).expect("a call");
            let result = answer.result.expect("a result").get();
            let result: SignalwireReauthenticateResult =
                serde_json::from_str(result).expect("a result");
            black_box((result, answer.error));
            raw.insert(answer.id, waits + 1);
        }
    });
    row.detail(both(&samples)).measured(
        median_ratio(&samples, Spent::cpu),
        "x",
        Bound::AtMost(0.75),
    );
    let row = report.row("an answer read and matched among 64: speed, of jsonrpsee-types");
    let samples = side_by_side(ROUNDS, &mut by_credwire, || {
        for text in texts.iter().cycle().take(TIMES) {
            let answer: Response<'_, Cow<'_, RawValue>> =
                serde_json::from_str(text).expect("an answer");
            let id = answer.id.into_owned();
            let waits = theirs.remove(&id).expect("a call");
            let ResponsePayload::Success(result) = answer.payload else { unreachable!("a result") };
            let result: SignalwireReauthenticateResult =
                serde_json::from_str(result.get()).expect("a result");
            black_box(result);
            theirs.insert(id, waits + 1);
        }
    });
    row.detail(both(&samples)).measured(
        1.0 / median_ratio(&samples, Spent::cpu),
        "x",
        Bound::AtLeast(2.5),
    );
}

/// What one writes by hand to find the call before its result is read.
#[derive(Deserialize)]
struct Answer<'a> {
    id: u64,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// Nanoseconds of each side, for one request or answer.
fn both(samples: &[(Spent, Spent)]) -> String {
    let each = 1e6 / TIMES as f64;
    let ours = each * median(samples.iter().map(|(ours, _)| ours.cpu()));
    let theirs = each * median(samples.iter().map(|(_, peer)| peer.cpu()));
    format!("{ours:.0} ns, {theirs:.0} ns")
}
