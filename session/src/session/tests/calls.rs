//! Calls and notifications of the application.

use super::*;

#[test]
fn results_find_their_call_in_any_order() {
    let mut script = Script::live(quiet());
    let first = sent(&script.call(1))[0]["id"].clone();
    let second = sent(&script.call(2))[0]["id"].clone();
    let answer = |script: &mut Script, id: &Value, result: i32| {
        called(&script.frame(&json!({"id": id, "result": result})))
    };
    assert_eq!(answer(&mut script, &second, 2), [(2, Ok("2".to_owned()))]);
    assert_eq!(answer(&mut script, &first, 1), [(1, Ok("1".to_owned()))]);
}

#[test]
fn an_error_of_the_space_is_the_answer() {
    let mut script = Script::live(quiet());
    let id = sent(&script.call(1))[0]["id"].clone();
    let outputs = script.frame(&json!({"id": id, "error": {"code": -1, "message": "no"}}));
    let error = RpcError::Remote { code: -1, message: "no".to_owned() };
    assert_eq!(called(&outputs), [(1, Err(error))]);
}

#[test]
fn calls_time_out_and_a_late_answer_is_ignored() {
    let mut script = Script::live(quiet());
    let id = sent(&script.call(1))[0]["id"].clone();
    assert_eq!(called(&script.pass(Duration::from_millis(4_999))), []);
    assert_eq!(called(&script.pass(Duration::from_millis(1))), [(1, Err(RpcError::Timeout))]);
    let late = script.frame(&json!({"id": id, "result": {}}));
    assert_eq!((called(&late).len(), discarded(&late)), (0, vec![Discarded::Unexpected]));

    let (params, timeout) = (Secret::from("{}"), Some(Duration::from_secs(60)));
    script.on(Input::Call { reply: ReplyId(2), method: "m", params: &params, timeout });
    script.on(Input::Control);
    assert_eq!(called(&script.pass(Duration::from_secs(29))), []);
    script.on(Input::Control);
    assert_eq!(called(&script.pass(Duration::from_secs(29))), []);
    assert_eq!(called(&script.pass(Duration::from_secs(2))), [(2, Err(RpcError::Timeout))]);
}

#[test]
fn a_call_that_nobody_waits_for_is_answered_by_nothing() {
    let mut script = Script::live(quiet());
    let id = sent(&script.call(1))[0]["id"].clone();
    script.on(Input::Cancel(ReplyId(1)));
    assert_eq!(called(&script.frame(&json!({"id": id, "result": {}}))), []);
    assert_eq!(called(&script.pass(Duration::from_secs(10))), []);
}

#[test]
fn calls_in_flight_fail_at_once_when_the_socket_is_lost() {
    let mut script = Script::live(quiet());
    script.call(1);
    assert_eq!(called(&script.close(None)), [(1, Err(RpcError::ConnectionLost))]);
    assert!(RpcError::ConnectionLost.is_transient());
}

#[test]
fn calls_wait_for_a_session_in_a_bounded_queue() {
    let mut script = Script::live(Settings { queue: 2, ..quiet() });
    script.close(None);
    assert!(script.call(1).is_empty());
    assert!(script.call(2).is_empty());
    assert_eq!(called(&script.call(3)), [(3, Err(RpcError::QueueFull))]);
    script.on(Input::Cancel(ReplyId(1)));
    assert!(script.call(4).is_empty(), "there is room again");
    script.wait();
    let connect = script.open();
    let texts = sent(&script.accept(connect.id, "proto-1"));
    assert_eq!(texts.len(), 2, "after the session is authenticated, in order");
    let outputs = script.frame(&json!({"id": texts[0]["id"], "result": 0}));
    assert_eq!(called(&outputs), [(2, Ok("0".to_owned()))]);
}

#[test]
fn the_queue_is_bounded_in_bytes() {
    let mut script = Script::live(Settings { queue_bytes: 1000, ..quiet() });
    script.close(None);
    let params = Secret::new(format!(r#"{{"a":"{}"}}"#, "x".repeat(500)));
    let mut call = |reply| {
        let (reply, timeout) = (ReplyId(reply), None);
        called(&script.on(Input::Call { reply, method: "m", params: &params, timeout }))
    };
    assert_eq!(call(1), []);
    assert_eq!(call(2), [(2, Err(RpcError::QueueFull))]);
}

#[test]
fn a_call_that_waits_for_a_session_times_out_and_is_not_sent() {
    let mut script = Script::live(quiet());
    script.close(None);
    script.call(1);
    script.wait();
    assert_eq!(called(&script.pass(Duration::from_secs(5))), [(1, Err(RpcError::Timeout))]);
    let connect = script.open();
    assert!(sent(&script.accept(connect.id, "proto-1")).is_empty());
}

#[test]
fn a_call_sent_from_the_queue_has_its_whole_time() {
    let mut script = Script::live(quiet());
    script.close(None);
    script.call(1);
    script.wait();
    script.pass(Duration::from_secs(4));
    let connect = script.open();
    script.accept(connect.id, "proto-1");
    assert_eq!(called(&script.pass(Duration::from_millis(4_999))), []);
    assert_eq!(called(&script.pass(Duration::from_millis(1))), [(1, Err(RpcError::Timeout))]);
}

#[test]
fn calls_without_a_session_to_come_fail_at_once() {
    let mut script = Script::new();
    assert_eq!(called(&script.call(1)), [(1, Err(RpcError::Disconnected))]);
    let mut script = Script::live(quiet());
    script.close(None);
    script.call(1);
    let outputs = script.on(Input::Suspend(ReplyId(2)));
    assert_eq!(called(&outputs), [(1, Err(RpcError::Disconnected))]);
    assert_eq!(called(&script.call(3)), [(3, Err(RpcError::Disconnected))]);
}

#[test]
fn notifications_go_out_only_in_a_session() {
    let mut script = Script::live(quiet());
    let params = Secret::from("{}");
    let notify = || Input::Notify { reply: ReplyId(1), method: "m", params: &params };
    let outputs = script.on(notify());
    assert_eq!(sent(&outputs), [json!({ "jsonrpc": "2.0", "method": "m", "params": {} })]);
    assert_eq!(done(&outputs), [(1, Ok(()))]);
    script.close(None);
    assert_eq!(done(&script.on(notify())), [(1, Err(RpcError::ConnectionLost))]);
    script.on(Input::Suspend(ReplyId(2)));
    assert_eq!(done(&script.on(notify())), [(1, Err(RpcError::Disconnected))]);
}
