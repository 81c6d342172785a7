//! The syntax of patterns: that of ECMAScript, as far as an automaton can decide it.

use std::{iter::Peekable, str::Chars};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// One character of these ranges, which are sorted and apart.
    One(Vec<(u32, u32)>),
    Sequence(Vec<Tree>),
    Choice(Vec<Tree>),
    /// So many times, at least and at most.
    Repeat(Box<Tree>, u32, Option<u32>),
    Start,
    End,
}

const LAST: u32 = 0x10_ffff;
/// How deep groups may be nested.
const DEPTH: usize = 100;
/// The greatest count of a repetition.
const COUNT: u32 = 1000;

/// Reads a pattern.
pub(super) fn parse(text: &str) -> Result<Tree, String> {
    let mut parser = Parser { rest: text.chars().peekable(), depth: 0 };
    let tree = parser.choice()?;
    match parser.rest.next() {
        None => Ok(tree),
        Some(letter) => Err(format!("`{letter}` closes nothing")),
    }
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
}

impl Parser<'_> {
    fn takes(&mut self, letter: char) -> bool {
        self.rest.next_if_eq(&letter).is_some()
    }

    fn choice(&mut self) -> Result<Tree, String> {
        let mut choices = vec![self.sequence()?];
        while self.takes('|') {
            choices.push(self.sequence()?);
        }
        Ok(match choices.len() {
            1 => choices.remove(0),
            _ => Tree::Choice(choices),
        })
    }

    fn sequence(&mut self) -> Result<Tree, String> {
        let mut parts = Vec::new();
        while let Some(&letter) = self.rest.peek() {
            if matches!(letter, '|' | ')') {
                break;
            }
            let part = self.part()?;
            parts.push(self.repeated(part)?);
        }
        Ok(Tree::Sequence(parts))
    }

    fn part(&mut self) -> Result<Tree, String> {
        let Some(letter) = self.rest.next() else { return Err("it ends too soon".to_owned()) };
        Ok(match letter {
            '^' => Tree::Start,
            '$' => Tree::End,
            '.' => Tree::One(negated(vec![(10, 10), (13, 13), (0x2028, 0x2029)])),
            '[' => self.class()?,
            '(' => self.group()?,
            '\\' => Tree::One(self.escape()?),
            '*' | '+' | '?' | '{' => return Err(format!("`{letter}` repeats nothing")),
            letter => Tree::One(one(letter)),
        })
    }

    fn group(&mut self) -> Result<Tree, String> {
        if self.takes('?') {
            let kind = self.rest.next();
            let is_name = kind == Some('P') && self.takes('<')
                || kind == Some('<') && !matches!(self.rest.peek(), Some('=' | '!'));
            if is_name {
                while self.rest.next_if(|letter| *letter != '>').is_some() {}
                if !self.takes('>') {
                    return Err("the name of a group does not end".to_owned());
                }
            } else if kind != Some(':') {
                return Err("look-around and flags are not known".to_owned());
            }
        }
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("its groups are nested too deeply".to_owned());
        }
        let inner = self.choice()?;
        self.depth -= 1;
        if self.takes(')') { Ok(inner) } else { Err("a group does not end".to_owned()) }
    }

    fn repeated(&mut self, part: Tree) -> Result<Tree, String> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                self.rest.next();
                let counts = self.counts()?;
                return self.end_of_repetition(part, counts);
            }
            _ => return Ok(part),
        };
        self.rest.next();
        self.end_of_repetition(part, (least, most))
    }

    fn end_of_repetition(
        &mut self,
        part: Tree,
        (least, most): (u32, Option<u32>),
    ) -> Result<Tree, String> {
        if matches!(part, Tree::Start | Tree::End) {
            return Err("an end of the text is not repeated".to_owned());
        }
        // Which of several matches is meant does not matter here.
        self.takes('?');
        if let Some(letter @ ('*' | '+' | '?' | '{')) = self.rest.peek() {
            return Err(format!("`{letter}` repeats a repetition"));
        }
        Ok(Tree::Repeat(Box::new(part), least, most))
    }

    /// `2}`, `2,}` or `2,5}`.
    fn counts(&mut self) -> Result<(u32, Option<u32>), String> {
        let least = self.number()?;
        let most = if self.takes(',') {
            if self.rest.peek() == Some(&'}') { None } else { Some(self.number()?) }
        } else {
            Some(least)
        };
        if !self.takes('}') {
            return Err("a count does not end".to_owned());
        }
        if least > COUNT || most.is_some_and(|most| most > COUNT) {
            return Err(format!("a count is greater than {COUNT}"));
        }
        if most.is_some_and(|most| most < least) {
            return Err("the greater count stands first".to_owned());
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<u32, String> {
        let mut digits = String::new();
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map_err(|_| "a count is no number; write `\\\\{` for a brace".to_owned())
    }

    fn class(&mut self) -> Result<Tree, String> {
        let is_negated = self.takes('^');
        let mut ranges = Vec::new();
        loop {
            let Some(letter) = self.rest.next() else {
                return Err("a class does not end".to_owned());
            };
            let first = match letter {
                ']' => break,
                '\\' => self.escape()?,
                '[' => return Err("write `\\\\[` for a bracket in a class".to_owned()),
                letter => one(letter),
            };
            let is_range = self.rest.peek() == Some(&'-') && {
                let mut ahead = self.rest.clone();
                ahead.next();
                !matches!(ahead.peek(), None | Some(']'))
            };
            if !is_range {
                ranges.extend(first);
                continue;
            }
            self.rest.next();
            let last = match self.rest.next() {
                Some('\\') => self.escape()?,
                Some(letter) => one(letter),
                None => return Err("a class does not end".to_owned()),
            };
            match (first.as_slice(), last.as_slice()) {
                (&[(start, end)], &[(from, to)]) if start == end && from == to && start <= to => {
                    ranges.push((start, to));
                }
                _ => return Err("a range in a class is none".to_owned()),
            }
        }
        let ranges = merged(ranges);
        Ok(Tree::One(if is_negated { negated(ranges) } else { ranges }))
    }

    fn escape(&mut self) -> Result<Vec<(u32, u32)>, String> {
        let Some(letter) = self.rest.next() else {
            return Err("it ends in a backslash".to_owned());
        };
        Ok(match letter {
            'd' => digits(),
            'D' => negated(digits()),
            'w' => word(),
            'W' => negated(word()),
            's' => space(),
            'S' => negated(space()),
            'n' => one('\n'),
            'r' => one('\r'),
            't' => one('\t'),
            'f' => one('\u{c}'),
            'v' => one('\u{b}'),
            'x' => self.hexadecimal(2)?,
            'u' if self.takes('{') => {
                let mut value = String::new();
                while let Some(digit) = self.rest.next_if(char::is_ascii_hexdigit) {
                    value.push(digit);
                }
                if !self.takes('}') {
                    return Err("`\\u{..}` does not end".to_owned());
                }
                code(&value)?
            }
            'u' => self.hexadecimal(4)?,
            'b' | 'B' => return Err("borders of words are not known".to_owned()),
            '1'..='9' => return Err("references to groups are not known".to_owned()),
            letter if letter.is_ascii_alphanumeric() => {
                return Err(format!("`\\{letter}` is not known"));
            }
            letter => one(letter),
        })
    }

    fn hexadecimal(&mut self, length: usize) -> Result<Vec<(u32, u32)>, String> {
        let value: String = self.rest.by_ref().take(length).collect();
        if value.len() == length { code(&value) } else { Err("an escape ends too soon".to_owned()) }
    }
}

fn code(digits: &str) -> Result<Vec<(u32, u32)>, String> {
    let letter = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    letter.map(one).ok_or_else(|| format!("`{digits}` is no character"))
}

fn one(letter: char) -> Vec<(u32, u32)> {
    vec![(letter.into(), letter.into())]
}

fn digits() -> Vec<(u32, u32)> {
    vec![(48, 57)]
}

fn word() -> Vec<(u32, u32)> {
    vec![(48, 57), (65, 90), (95, 95), (97, 122)]
}

fn space() -> Vec<(u32, u32)> {
    vec![
        (9, 13),
        (32, 32),
        (0xa0, 0xa0),
        (0x1680, 0x1680),
        (0x2000, 0x200a),
        (0x2028, 0x2029),
        (0x202f, 0x202f),
        (0x205f, 0x205f),
        (0x3000, 0x3000),
        (0xfeff, 0xfeff),
    ]
}

/// The same ranges, sorted and apart.
fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (start, end) in ranges {
        match merged.last_mut() {
            Some((_, last)) if start <= last.saturating_add(1) => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// What is in none of the ranges.
fn negated(ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    let mut others = Vec::with_capacity(ranges.len() + 1);
    let mut next = 0;
    for (start, end) in ranges {
        if start > next {
            others.push((next, start - 1));
        }
        next = end + 1;
    }
    if next <= LAST {
        others.push((next, LAST));
    }
    others
}
