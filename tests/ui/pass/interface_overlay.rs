//! `interface!` of a document that mentions a type which its overlay alone declares.

credwire::interface!("ui/documents/Clip.json", overlay = "ui/documents/overlay.toml");

pub(crate) fn main() {
    let clip: Clip = serde_json::from_str(r#"{"cue":{"at":[1,2]},"title":"made-up"}"#).unwrap();
    assert_eq!(clip.cue["at"][1], 2);
    assert_eq!(clip.title, "made-up");
}
