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

/// Returns the name in `snake_case`. Where it has no ASCII letter, its signs are spelled: `plus_1` for `+1`,
/// `dollar` for `$`, `n4` for `4`. Only an empty name becomes an empty one.
pub fn spelled(name: &str) -> String {
    if name.is_empty() || name.chars().any(|c| c.is_ascii_alphabetic()) {
        return snake(name);
    }
    signs(name)
}

/// The words for the signs of a name without letters, and its digits as they are. An underscore between others
/// divides, and digits alone have an `n` in front.
fn signs(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut digits = String::new();
    let is_divided = name.chars().any(|c| c != '_');
    for c in name.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            words.push(std::mem::take(&mut digits));
        }
        match sign(c) {
            Some(_) if c == '_' && is_divided => {}
            Some(word) => words.push(word.to_owned()),
            None => words.push(format!("u{:x}", u32::from(c))),
        }
    }
    if !digits.is_empty() {
        words.push(digits);
    }
    let begins = words.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    format!("{}{}", if begins { "n" } else { "" }, words.join("_"))
}

/// What a sign is called.
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '_' => "underscore",
        '$' => "dollar",
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '#' => "hash",
        '@' => "at",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '!' => "not",
        '?' => "question",
        '=' => "equals",
        '<' => "less",
        '>' => "greater",
        '~' => "tilde",
        '^' => "caret",
        '\'' | '"' | '`' => "quote",
        '(' | '[' | '{' => "open",
        ')' | ']' | '}' => "close",
        ' ' => "space",
        _ => return None,
    })
}

/// Returns the name in `PascalCase`, which is not yet an identifier.
pub fn pascal(name: &str) -> String {
    let capital = |word: String| {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    words(name).into_iter().map(capital).collect()
}

/// Returns what a member that is called like a stream streams: `name` of `name$`. A `$` alone is a name.
pub fn streamed(name: &str) -> Option<&str> {
    name.strip_suffix('$').filter(|before| before.contains(char::is_alphanumeric))
}

/// Returns the name of a type that stands inside another one: `RoomOptions` of `Room` and `options`.
/// Characters that no identifier has are left out; a member without any other is `Value`.
pub fn inner(owner: &str, member: &str) -> String {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
    };
    let member = letters(&pascal(member));
    let member = if member.is_empty() { "Value" } else { &member };
    let owner = letters(owner);
    let name = format!("{}{member}", owner.trim_end_matches('_'));
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
    fn a_stream_is_called_after_its_value() {
        assert_eq!(streamed("value$"), Some("value"));
        for name in ["$", "$$", "_$", "value", "$value", ""] {
            assert_eq!(streamed(name), None, "{name}");
        }
    }

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
    fn signs_are_spelled_where_a_name_has_no_letter() {
        for (name, expected) in [
            ("+1", "plus_1"),
            ("-1", "minus_1"),
            ("$", "dollar"),
            ("$_2", "dollar_2"),
            ("_", "underscore"),
            ("4", "n4"),
            ("1_2", "n1_2"),
            ("é", "ue9"),
            ("$ref", "ref"),
            ("", ""),
        ] {
            assert_eq!(spelled(name), expected, "{name}");
            assert!(name.is_empty() || is_identifier(expected), "{name}");
        }
    }

    #[test]
    fn identifiers_begin_with_a_letter() {
        assert!(!is_identifier("4k") && !is_identifier("") && is_identifier("type"));
    }
}
