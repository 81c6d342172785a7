//! How documented names are spelled in Rust, as text.

/// The words of a name: split at every character that is neither letter nor digit, between a
/// small and a capital letter, and before the last capital of an acronym (`RPCOptions`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| chars.get(index));
        let after = chars.get(index + 1);
        let starts = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || before.is_uppercase() && after.is_some_and(|after| after.is_lowercase())
            });
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Returns the name in `snake_case`, which is not yet an identifier.
pub fn snake(name: &str) -> String {
    words(name).join("_")
}

/// Returns the name in `PascalCase`, which is not yet an identifier.
pub fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    words(name).into_iter().map(capital).collect()
}

/// Returns the name of a type that stands inside another one: `RoomOptions` of `Room` and `options`.
/// Characters that no identifier has are left out; a member without any other is `Value`.
pub fn inner(owner: &str, member: &str) -> String {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let member = letters(&pascal(member));
    let member = if member.is_empty() { "Value" } else { &member };
    let name = format!("{}{member}", letters(owner));
    if is_identifier(&name) { name } else { format!("Type{name}") }
}

/// Returns `base`, or where that is taken `base`, `between` and the first number from 2 that is not.
pub fn first_free(base: &str, between: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = base.to_owned();
    let mut number = 2;
    while is_taken(&name) {
        name = format!("{base}{between}{number}");
        number += 1;
    }
    name
}

/// The names that the root of a generated package has besides those of items, and the letters that stand for a
/// platform and an SDK in the definitions of items.
pub const RESERVED: &[&str] = &[
    "Observable",
    "P",
    "Platform",
    "RawJson",
    "RpcFault",
    "RpcFrame",
    "RpcFrameError",
    "S",
    "Sdk",
    "SdkTypes",
    "UnknownValue",
];

/// Names that the parameters of generated impls have for the platform, for serializers and the like.
const TAKEN: [char; 3] = ['D', 'P', 'S'];

/// Returns `R` for `TResult`, `T` for `T`, `TP` for `TParams`, `T2` for `T2`: the first letter behind
/// the customary `T`, which stays where the letter is taken, and the number of a letter.
pub fn type_param(name: &str) -> String {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number =
        if letters.len() <= 2 { name.get(letters.len()..).unwrap_or_default() } else { "" };
    let mut chars = letters.chars().filter(char::is_ascii_alphabetic);
    let letter = match (chars.next(), chars.next()) {
        (Some('T'), Some(second)) if second.is_ascii_uppercase() => second,
        (Some(first), _) => first.to_ascii_uppercase(),
        (None, _) => 'T',
    };
    let customary = if TAKEN.contains(&letter) { "T" } else { "" };
    format!("{customary}{letter}{number}")
}

/// Returns whether `name` can be used as an identifier, at worst as `r#name` or `name_`.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "_"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_case_style() {
        for (name, expected) in [
            ("authorizationState", "authorization_state"),
            ("expiry_at", "expiry_at"),
            ("rttMs", "rtt_ms"),
            ("self.mute.audio.on", "self_mute_audio_on"),
            ("no-dpop-support", "no_dpop_support"),
            ("RPCOptions", "rpc_options"),
            ("lastE911", "last_e911"),
            ("status$", "status"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
        assert_eq!(pascal("no-dpop-support"), "NoDpopSupport");
        assert_eq!(pascal("cnf"), "Cnf");
    }

    #[test]
    fn identifiers_begin_with_a_letter() {
        assert!(!is_identifier("4k") && !is_identifier("") && is_identifier("type"));
    }
}
