//! An SDK in memory, of a few objects: the traits of the SDK implemented, and code that is generic
//! over any SDK run with it.
#![deny(missing_docs)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod idle;
mod memory;

use credwire_generated::{Address, CallState, CallStatus, Directory, SdkTypes};
use serde_json::{Map, Value};
use tokio_stream::StreamExt as _;

use self::memory::{Contact, Contacts, Line, Memory, Refused};

/// Greets who is at a URI, whatever SDK it is; what comes back is their name.
async fn greet<S>(directory: &S::Directory, uri: &str) -> Result<Option<String>, S::Error>
where
    S: SdkTypes<Directory: Directory<S>, Address: Address<S>>,
{
    let Some(id) = directory.find_address_id_by_uri(uri).await? else { return Ok(None) };
    let Some(address) = directory.get(&id) else { return Ok(None) };
    address.send_text("hello").await?;
    Ok(Some(address.display_name()))
}

/// The statuses of a call until it is over; it needs the call no longer once it watches.
fn until_over<S: SdkTypes>(
    call: &impl CallState<S>,
) -> impl Future<Output = Vec<CallStatus>> + Send + 'static {
    let statuses = call.status_stream();
    async move {
        let mut seen = Vec::new();
        let mut statuses = std::pin::pin!(statuses);
        while let Some(status) = statuses.next().await {
            let over = status == CallStatus::Destroyed;
            seen.push(status);
            if over {
                break;
            }
        }
        seen
    }
}

#[tokio::test]
async fn generic_code_finds_and_greets_an_address() {
    let contacts = Contacts::of(&["ann", "bo"]);
    let greeted = greet::<Memory>(&contacts, "/private/bo").await.unwrap();
    assert_eq!(greeted.as_deref(), Some("BO"));
    assert_eq!(greet::<Memory>(&contacts, "/private/cy").await.unwrap(), None);

    let bo = contacts.get("bo").unwrap();
    let messages = bo.text_message().unwrap();
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    assert_eq!(message.text, "hello");
    // Each subscription is a stream of its own, and a handle stands for the object.
    for _ in 0..2 {
        let mut senders = message.from_address_stream.as_ref().unwrap().subscribe();
        assert_eq!(senders.next().await, Some(bo.clone()));
    }
    assert_eq!(message.clone(), *message);
    assert!(contacts.get("ann").unwrap().text_message().unwrap().is_empty());
    // What an object inherits of one without a page is a method like its own.
    let mut changes = contacts.get_stream("bo").unwrap().subscribe();
    assert_eq!(changes.next().await, Some(bo.clone()));
    assert!(contacts.get_stream("cy").is_none());
    bo.destroy();
    assert!(bo.text_message().unwrap().is_empty());
}

#[tokio::test]
async fn a_stream_gives_what_its_snapshot_gives_and_outlives_the_handle() {
    let call = Line::new("call-1", CallStatus::Ringing);
    let watching = tokio::spawn(until_over(&call));
    tokio::task::yield_now().await;
    for next in [CallStatus::Connected, CallStatus::Destroyed] {
        call.turn(next);
        assert_eq!(call.status(), next);
        tokio::task::yield_now().await;
    }
    assert_eq!(call.set_meta(&Map::new()).await, Err(Refused("the call is over")));
    drop(call);
    let seen = watching.await.unwrap();
    assert_eq!(seen, [CallStatus::Ringing, CallStatus::Connected, CallStatus::Destroyed]);
}

#[tokio::test]
async fn a_constructor_may_refuse() {
    assert_eq!(Contact::new("", &(), &()), Err(Refused("an address has an id")));
    let call = Line::new("call-2", CallStatus::Connected);
    let meta = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
    call.update_meta(&meta(r#"{"a":1}"#)).await.unwrap();
    call.update_meta(&meta(r#"{"b":2}"#)).await.unwrap();
    assert_eq!(call.meta(), meta(r#"{"a":1,"b":2}"#));
    let mut metas = std::pin::pin!(call.meta_stream());
    assert_eq!(metas.next().await, Some(call.meta()));
}
