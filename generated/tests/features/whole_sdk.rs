//! A whole SDK: every object, function and constant of the goldens.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use credwire_core::{Millis, Seconds, Secret};
use serde_json::{Value, json};
use tokio_stream::{Stream, StreamExt as _};

use crate::{
    Deck, DeckLinkTo, Observable, Plain, Platform, Player, PlayerTags, Sdk, SdkTypes, Song, Tape,
    ready,
};

impl SdkTypes for Plain {
    type Deck = Machine;
    type Player = Machine;
    type Songbook<A>
        = Vec<A>
    where
        A: Clone + std::fmt::Debug + PartialEq + Send + Sync + 'static;
}

impl Sdk for Plain {
    const BUILD: &'static str = "in memory";

    fn to_deck(player: &Machine) -> Option<Machine> {
        player.is_deck.then(|| player.clone())
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Machine {
    is_deck: bool,
    done: Arc<Mutex<Vec<String>>>,
}

impl Machine {
    fn does(&self, what: impl Into<String>) {
        self.done.lock().unwrap().push(what.into());
    }
}

impl PartialEq for Machine {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.done, &other.done)
    }
}

impl Player<Plain> for Machine {
    async fn play(&self, at: Option<Seconds>) -> Result<(), std::fmt::Error> {
        self.does(format!("play {at:?}"));
        Ok(())
    }
    fn rewind(&self) {
        self.does("rewind");
    }
    fn tags(&self) -> PlayerTags {
        PlayerTags::new().with_genre("noise")
    }
    fn tags_stream(&self) -> impl Stream<Item = PlayerTags> + Send + 'static {
        tokio_stream::once(self.tags())
    }
    fn title_stream(&self) -> impl Stream<Item = Option<String>> + Send + 'static {
        tokio_stream::empty()
    }
    fn volume(&self) -> f64 {
        50.0
    }
    fn volume_stream(&self) -> impl Stream<Item = f64> + Send + 'static {
        tokio_stream::iter([40.0, 50.0])
    }
}

impl Deck<Plain> for Machine {
    async fn ask<T: serde::de::DeserializeOwned + Send>(
        &self,
        what: &str,
        more: Option<&Value>,
    ) -> Result<T, std::fmt::Error> {
        serde_json::from_value(json!([what, more])).map_err(|_| std::fmt::Error)
    }
    fn destroyed_stream(&self) -> impl Stream<Item = ()> + Send + 'static {
        tokio_stream::empty()
    }
    fn fade(&self) -> Millis {
        Millis::new(20)
    }
    fn find(&self, id: &str) -> Option<Self> {
        (id == "me").then(|| self.clone())
    }
    fn input(&self) -> Option<u8> {
        None
    }
    fn link(&self, to: impl Into<DeckLinkTo<Plain>> + Send) {
        match to.into() {
            DeckLinkTo::Text(name) => self.does(format!("link {name}")),
            DeckLinkTo::Deck(deck) => self.does(format!("link itself: {}", deck == *self)),
        }
    }
    fn new(_: Tape, key: Secret<String>) -> Result<Self, std::fmt::Error> {
        match key.expose().as_str() {
            "" => Err(std::fmt::Error),
            _ => Ok(Self { is_deck: true, done: Arc::default() }),
        }
    }
    fn on(&self, heard: Box<dyn Fn(String) + Send + Sync>) -> Box<dyn Fn() + Send + Sync> {
        heard("start".to_owned());
        let this = self.clone();
        Box::new(move || this.does("off"))
    }
    fn seek(&self, to: f64) {
        self.does(format!("seek {to}"));
    }
    async fn seek_with_mark(&self, mark: &str) -> Result<bool, std::fmt::Error> {
        Ok(mark == "intro")
    }
    fn set_fade(&self, value: Millis) {
        self.does(format!("fade {}", value.get()));
    }
    fn set_input(&self, value: Option<&u8>) {
        self.does(format!("input {value:?}"));
    }
    fn songs(&self) -> Vec<Song<Self>> {
        let this = self.clone();
        let singer = Observable::new(move || tokio_stream::once(this.clone()));
        vec![Song::new("Hum").with_singer_stream(singer), Song::new("Hiss")]
    }
}

/// Uses nothing but what any SDK has, objects of one trait through those of another.
async fn tour<S: Sdk>(deck: &S::Deck) -> Result<Vec<f64>, <S as Platform>::Error> {
    deck.link("there");
    deck.link(DeckLinkTo::Deck(deck.clone()));
    deck.play(Seconds::new(1.5)).await?;
    deck.set_input(None);
    if let Some(player) = deck.find("me") {
        player.rewind();
        if let Some(deck) = S::to_deck(&player) {
            deck.seek(2.0);
        }
    }
    let stop = deck.on(Box::new(|event| assert_eq!(event, "start")));
    stop();
    Ok(deck.volume_stream().collect().await)
}

#[test]
fn code_for_any_sdk_runs_with_one() {
    let deck = Machine::new(Tape, Secret::new("made-up".to_owned())).unwrap();
    assert!(Machine::new(Tape, Secret::new(String::new())).is_err());
    assert_eq!(ready(tour::<Plain>(&deck)).unwrap(), [40.0, 50.0]);
    let done = deck.done.lock().unwrap().join(", ");
    let expected = "link there, link itself: true, play Some(Seconds(1.5)), input None, rewind, \
                    seek 2, off";
    assert_eq!(done, expected);
    assert_eq!(Plain::BUILD, "in memory");
}

#[test]
fn the_caller_chooses_what_an_answer_is_read_as() {
    let deck = Machine { is_deck: false, done: Arc::default() };
    let answer: (String, Option<u8>) = ready(deck.ask("how many", Some(&json!(3)))).unwrap();
    assert_eq!(answer, ("how many".to_owned(), Some(3)));
    assert!(ready(deck.ask::<bool>("how many", None)).is_err());
    assert!(ready(deck.seek_with_mark("intro")).unwrap());
    assert_eq!(Plain::to_deck(&deck), None);
}

#[test]
fn something_to_watch_is_held_as_data() {
    let deck = Machine { is_deck: true, done: Arc::default() };
    let songs = deck.songs();
    let [hum, hiss] = songs.as_slice() else { panic!("{songs:?}") };
    let mut singers = hum.singer_stream.as_ref().unwrap().subscribe();
    assert_eq!(ready(singers.next()), Some(deck));
    assert_eq!(ready(singers.next()), None);
    assert_eq!(hiss.singer_stream, None);
    assert_eq!(hum.clone(), *hum);
    assert_ne!(hum.name, hiss.name);
}
