//! `interface!`.

mod enclose;
mod path;

use std::{collections::BTreeMap, fs, path::Path};

use credwire_codegen::{Locations, relocate};
use credwire_schema::{
    diagnostic::Diagnostic,
    document, link,
    model::{External, Item},
    overlay::Overlay,
};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{
    Expr, Ident, LitStr, Token,
    parse::{Parse, ParseStream},
};

use crate::{
    args::Args,
    crate_path::CratePath,
    diagnostic::{Code, Diagnostics, compile_error},
};

/// The paths of documents, then arguments.
struct Input {
    paths: Vec<Result<LitStr, Box<Expr>>>,
    args: TokenStream,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut paths = Vec::new();
        while input.peek(LitStr) || input.peek(Ident) && input.peek2(Token![!]) {
            paths.push(path::read(input.parse()?));
            if input.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        Ok(Self { paths, args: input.parse()? })
    }
}

/// Expands `interface!(input)`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    expand_in(Path::new(&root), input)
}

/// Expands in a crate whose `Cargo.toml` is in `root`.
pub(crate) fn expand_in(root: &Path, input: TokenStream) -> TokenStream {
    let Input { paths, args } = match crate::parse::all(input) {
        Ok(input) => input,
        Err(error) => return compile_error(&error),
    };
    let mut diagnostics = Diagnostics::default();
    let mut args = Args::parse("`interface!`", args, &mut diagnostics);
    let krate = args.crate_path(&mut diagnostics);
    let overlay = args.string("overlay", &mut diagnostics);
    args.finish(&mut diagnostics);
    let paths = path::known(paths, &mut diagnostics);
    if paths.is_empty() && diagnostics.is_empty() {
        diagnostics.report(
            Code::MissingArgument,
            TokenStream::new(),
            "`interface!` names no document",
            "write the path of one, from the folder of Cargo.toml: `interface!(\"schema/Order.json\")`",
        );
    }
    let (items, mut tracked) = read(root, &paths, &mut diagnostics);
    let externals = externals(root, overlay.as_ref(), &mut tracked, &mut diagnostics);
    let code = if diagnostics.is_empty() {
        render(&paths, items, &externals, &krate, &mut diagnostics)
    } else {
        TokenStream::new()
    };
    let errors = diagnostics.into_tokens();
    quote!(#tracked #code #errors)
}

/// The items of the documents, and what makes the compiler watch their files.
fn read(root: &Path, paths: &[LitStr], diagnostics: &mut Diagnostics) -> (Vec<Item>, TokenStream) {
    let mut items = Vec::new();
    let mut tracked = TokenStream::new();
    for path in paths {
        let Some(text) = text(root, path, &mut tracked, diagnostics) else { continue };
        let shown = path.value();
        match document::read(&shown, &text) {
            Ok(mut item) => {
                document::locate(&mut item, &shown);
                items.push(item);
            }
            Err(problem) => report(path, &problem, diagnostics),
        }
    }
    (items, tracked)
}

/// The types that the overlay declares and that no document describes.
fn externals(
    root: &Path,
    overlay: Option<&LitStr>,
    tracked: &mut TokenStream,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, External> {
    let text = overlay.and_then(|path| Some((path, text(root, path, tracked, diagnostics)?)));
    let Some((path, text)) = text else { return BTreeMap::new() };
    match Overlay::read(&path.value(), &text) {
        Ok(overlay) => overlay.externals().clone(),
        Err(problem) => {
            report(path, &problem, diagnostics);
            BTreeMap::new()
        }
    }
}

/// The text of a file, which the compiler watches from then on.
fn text(
    root: &Path,
    path: &LitStr,
    tracked: &mut TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let shown = path.value();
    let file = root.join(&shown);
    match fs::read_to_string(&file) {
        Ok(text) => {
            let file = file.to_string_lossy();
            tracked.extend(quote!(
                const _: &[::core::primitive::u8] = ::core::include_bytes!(#file);
            ));
            Some(text)
        }
        Err(error) => {
            let (fact, fix) = if file.is_dir() || shown.contains(['*', '?']) {
                (
                    format!("`{shown}` is not one document"),
                    "name the documents one by one: the compiler does not notice new files in a \
                     folder; `credwire generate` reads folders",
                )
            } else {
                // The kind alone: the message of the system differs between systems.
                let why = error.kind();
                (
                    format!("the document `{shown}` cannot be read: {why}"),
                    "paths begin at the folder of Cargo.toml",
                )
            };
            diagnostics.report(Code::DocumentMissing, path, fact, fix);
            None
        }
    }
}

fn render(
    paths: &[LitStr],
    items: Vec<Item>,
    externals: &BTreeMap<String, External>,
    krate: &CratePath,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let names = enclose::Names::of(items.first().map_or("", |item| &item.rust));
    let schema = link::link(items, externals);
    match schema.and_then(|schema| credwire_codegen::tokens(&schema)) {
        Ok(tokens) => {
            let (krate, outside) = names.within(krate);
            let support = Some(krate.to_token_stream());
            let locations = Locations { types: TokenStream::new(), support };
            let module = names.enclose(&relocate(tokens, &locations));
            quote!(#outside #module)
        }
        Err(problems) => {
            for problem in &problems {
                let at = paths.iter().find(|path| *path.value() == *problem.place.file);
                if let Some(path) = at.or(paths.first()) {
                    report(path, problem, diagnostics);
                }
            }
            TokenStream::new()
        }
    }
}

fn report(path: &LitStr, problem: &Diagnostic, diagnostics: &mut Diagnostics) {
    let Diagnostic { place, message, help, .. } = problem;
    let unknown = problem.code == "unknown-type";
    // The schemas of a reference have pages and an overlay; a document of the user stands alone.
    let fix = match help {
        _ if problem.code == "document-read" => {
            "write it in the form that `credwire ingest` writes"
        }
        Some(help) if !unknown || help.starts_with("did you mean") => help.as_str(),
        _ if unknown => {
            "name the document of that type too, or the overlay that declares it: \
             `interface!(\"a.json\", \"b.json\", overlay = \"overlay.toml\")`"
        }
        _ if problem.code == "overlay-read" => "correct the overlay",
        _ => "correct the document",
    };
    diagnostics.report(Code::DocumentInvalid, path, format!("{place}: {message}"), fix);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expansion for a document, without spaces.
    fn expansion(document: &str, args: &TokenStream) -> String {
        let folder =
            std::env::temp_dir().join(format!("credwire-interface-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let name = format!("{:x}.json", document.len());
        fs::write(folder.join(&name), document).unwrap();
        expand_in(&folder, quote!(#name #args)).to_string().replace([' ', '\n'], "")
    }

    const DOCUMENT: &str = r#"{"format":"credwire-schema/1","name":"Order","rust":"Order",
        "kind":"interface","properties":[
            {"name":"id","type":"string"},
            {"name":"code","type":"string","secret":true,"optional":true},
            {"name":"mode","type":{"union":[{"literal":"fast"},{"literal":"slow"}]}},
            {"name":"due","type":"number","unit":"epoch-millis"}]}"#;

    #[test]
    fn every_path_starts_at_the_crate() {
        let text = expansion(DOCUMENT, &quote!(, crate = "crate::renamed"));
        assert!(!text.contains("compile_error"), "{text}");
        assert!(text.contains("include_bytes!"), "{text}");
        assert!(text.contains("pubcode:Option<crate::renamed::Secret<String>>"), "{text}");
        for foreign in ["credwire_core", "crate::", "\"crate", "(serde::", ":serde::D<"] {
            let others = text.replace("crate::renamed::", "").replace("core::include", "");
            assert!(!others.contains(foreign), "{foreign}: {text}");
        }
        let own = text.matches("serde(crate=\"crate::renamed::__private::serde\")").count();
        assert!(own >= 1, "{text}");
        assert!(text.contains("\"crate::renamed::__private::sealed::required\""), "{text}");
    }

    #[test]
    fn the_overlay_of_the_documents_declares_what_has_none() {
        let document = DOCUMENT.replace(
            "\"number\",\"unit\":\"epoch-millis\"",
            "{\"ref\":{\"name\":\"Glow\"}},\"optional\":true ",
        );
        let alone = expansion(&document, &quote!());
        assert!(alone.contains("`Glow`") && alone.contains("overlay="), "{alone}");
        let folder = std::env::temp_dir().join(format!("credwire-overlay-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.json"), document).unwrap();
        let with = |overlay: &str| {
            fs::write(folder.join("overlay.toml"), overlay).unwrap();
            let input = quote!("a.json", crate = "crate::own", overlay = "overlay.toml");
            expand_in(&folder, input).to_string().replace([' ', '\n'], "")
        };
        let text = with("[externals]\ndata = [\"Glow\"]\n");
        assert!(!text.contains("compile_error"), "{text}");
        assert!(text.contains("pubdue:Option<crate::own::__private::serde_json::Value>"), "{text}");
        assert_eq!(text.matches("include_bytes!").count(), 2, "both files are watched: {text}");
        let text = with("[externals]\ndatum = []\n");
        assert!(text.contains("overlay.toml:2:1:") && text.contains("correcttheoverlay"), "{text}");
    }

    #[test]
    fn a_path_from_the_users_module_is_followed_there() {
        let text = expansion(DOCUMENT, &quote!(, crate = "self::renamed"));
        assert!(text.contains("useself::renamedas__Order_credwire;"), "{text}");
        assert!(text.contains("pubcode:Option<super::__Order_credwire::Secret<String>>"), "{text}");
        assert!(text.contains("pubuse__Order_interface::{Order,OrderMode};"), "{text}");
    }

    #[test]
    fn a_fault_is_told_with_its_line() {
        let text = expansion("{\n\"format\": 7}", &quote!());
        assert!(text.contains(".json:2:11"), "{text}");
        let unknown = DOCUMENT
            .replace("\"number\",\"unit\":\"epoch-millis\"", "{\"ref\":{\"name\":\"Xyzzy\"}}");
        let text = expansion(&unknown, &quote!());
        assert!(text.contains("[document-invalid]") && text.contains("`Xyzzy`"), "{text}");
    }
}
