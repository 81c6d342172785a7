//! Registration by wish.

use super::*;

fn methods(actions: &[Action]) -> Vec<String> {
    sent(actions).iter().filter_map(|frame| frame["method"].as_str().map(str::to_owned)).collect()
}

impl Script {
    /// Answers the last of our calls in `actions`.
    fn agree(&mut self, actions: &[Action]) -> Vec<Action> {
        let id = sent(actions).pop().expect("a call")["id"].clone();
        self.frame(&json!({ "id": id, "result": {} }))
    }

    fn registered() -> Self {
        let mut script = Self::live(Settings::default());
        let online = script.on(Event::Settled);
        script.agree(&online);
        script
    }

    fn back(&mut self) -> Vec<Action> {
        self.wait();
        let (id, _) = self.open();
        self.accept(id, "proto-1")
    }
}

#[test]
fn a_registration_is_taken_back_and_not_renewed_until_it_is_wished_again() {
    let mut script = Script::registered();
    let offline = script.on(Event::Unregister);
    assert_eq!(methods(&offline), ["subscriber.offline"]);
    assert!(script.on(Event::Unregister).is_empty());
    assert!(matches!(script.agree(&offline)[..], [Action::Unregistered(Ok(()))]));
    assert!(matches!(script.on(Event::Unregister)[..], [Action::Unregistered(Ok(()))]));
    script.on(Event::Closed);
    assert!(methods(&script.back()).is_empty());
    assert!(script.on(Event::Settled).is_empty());
    assert!(script.on(Event::Register).is_empty());
    assert_eq!(methods(&script.on(Event::Settled)), ["subscriber.online"]);
}

#[test]
fn a_registration_that_could_not_be_taken_back_is_in_the_resumed_session() {
    let mut script = Script::registered();
    script.on(Event::Closed);
    assert!(script.on(Event::Unregister).is_empty());
    let up = script.back();
    assert_eq!(methods(&up), ["subscriber.offline"]);
    assert!(matches!(script.agree(&up)[..], [Action::Unregistered(Ok(()))]));
}

#[test]
fn wishes_during_a_retraction_are_carried_out_after_it() {
    let mut script = Script::registered();
    let offline = script.on(Event::Unregister);
    assert!(script.on(Event::Register).is_empty());
    assert!(matches!(script.agree(&offline)[..], [Action::Unregistered(Ok(()))]));
    let online = script.on(Event::Settled);
    assert_eq!(methods(&online), ["subscriber.online"]);
    assert!(matches!(script.agree(&online)[..], [Action::Registered(Ok(()))]));
    assert!(matches!(script.on(Event::Register)[..], [Action::Registered(Ok(()))]));
    script.on(Event::Disconnect);
    assert!(matches!(
        script.on(Event::Register)[..],
        [Action::Registered(Err(RpcError::Disconnected))]
    ));
}

#[test]
fn notifications_go_out_only_in_a_session() {
    let mut script = Script::live(Settings::default());
    let params = crate::Secret::from("{}");
    let notify = || Event::Notify { method: "m", params: &params };
    let text = sent(&script.on(notify()));
    assert_eq!(text, [json!({ "jsonrpc": "2.0", "method": "m", "params": {} })]);
    script.on(Event::Closed);
    assert!(script.on(notify()).is_empty());
}
