#![allow(dead_code, reason = "a text for the printer")]

/// A module.
pub mod inner {
    //! Inner documentation.

    use crate::{b10, b9, c_a, c1, r#type, Zed, self as me, super::z, b::*, b::{x, y}};
    use crate::b9;
    use crate::{one};
    use crate::{two::{three, four}};
    use crate::five::{self};
    use crate::five::{self as six};
    use crate::b10;
    use super::z;
    use self::inner;
    use ::core::fmt;
    use alloc::b;
    use Zed::A;
    pub(in crate::inner) use super::{self as outer, *};
    pub(crate) use std::{collections::{BTreeMap, btree_map::Entry}, fmt, io::Write as _};
}

thread_local! { static A: u8 = 1; }

pub const fn constant<const N: usize, T>(values: [T; N], f: fn(&T) -> u8) -> usize { N }
static mut COUNT: i64 = -1i64 + 2;
type Callback<'a> = Box<dyn for<'b> Fn(&'b str, u8) -> Result<(), String> + Send + 'a>;
type Pointer = (*const u8, *mut [u8], (u8,), !);

#[derive(Clone)]
#[repr(u8)]
pub enum Kind { First = 1, Second = 1 << 3 }

pub enum Shapes<T> where T: Clone { Unit, Tuple(T, u8), Named { a: T, b: u8 }, Empty {} }

pub struct Wrapper<T>(pub T, pub(crate) u8) where T: Clone;
pub struct Marker;

unsafe trait Marked {}
unsafe impl<T: ?Sized> Marked for Box<T> {}
impl<T> !Sized for Wrapper<T> where T: Clone + Send, for<'a> &'a T: Into<u8> {}

pub trait Base<T = u8>: Clone {
    const NAME: &'static str;
    const LEVEL: u8 = 3;
    type Item<'a>: Iterator<Item = &'a T> where Self: 'a;
    fn next(self: Box<Self>, mut count: usize, (a, b): (u8, u8)) -> Option<Self::Item<'_>>;
    async fn later(&'static mut self) {}
    fn captures<'a>(&'a self) -> impl Sized + use<'a, Self>;
}

fn statements(mut input: Vec<u8>) -> Result<u8, PrintError> {
    use std::fmt::Write as _;
    const LIMIT: usize = 10;
    struct Local<'a>(&'a str);
    impl Local<'_> { fn f(&self) {} }
    let a;
    let (b, c): (u8, _) = (1, 2);
    let [first, .., last] = input[..] else { return Err(PrintError) };
    let Some(value) = input.pop() else { input.clear(); return Err(PrintError) };
    a = b; input[0] += 1; input[1..=3].copy_from_slice(&[0; 3]);
    if a == b { b() } else if let Some(x) = c && x > 1 { x } else { d }
    let y = if a { 1 } else { 2 };
    let y = if let Some(a) = b { a } else { 2 };
    if a {}
    while let Some(x) = input.pop() { if x == 0 { continue; } break; }
    'outer: for (index, item) in input.iter().enumerate().rev() { break 'outer; }
    let found = loop { break 5; };
    unsafe { f() };
    let block = { let x = 1; x + 1 };
    match value {
        0 | 1 => {}
        2..=5 => f(),
        -1 => return Err(PrintError),
        n @ 6.. if n > 3 => { g(n); }
        Some(ref mut x) => *x = 1,
        &Foo { a, b: Some(_), .. } => { if a { b } else { c } }
        "a" => match c { _ => d },
        'd' => { if a { b } else { c } }
        'e' => { loop { b() } }
        'f' => { while a { b(); } }
        'g' => { match c { _ => d } }
        'h' => unsafe { d() },
        'i' => async { d() }.await,
        'j' => { unsafe { d() } }
        'c' => { return Ok(1) }
        b"bytes" => { macro_call!() }
        r#"raw "text""# => (),
        _ => unreachable!("never {}", value),
    }
    let closure = move |a: u8, &b| -> u8 { a + b };
    let closure = |x| { x };
    let closure = |x| { mac!(x) };
    let closure = |x| { if x { 1 } else { 2 } };
    let closure = |x| { return x; };
    let closure = |x| -> u8 { let y = x; y };
    let closure = async move |x| { x.await };
    items.iter().map(|x| x.0.1).filter(|x| { let y = x; y > 1 }).for_each(drop);
    let x = <Vec<u8> as IntoIterator>::into_iter(a).collect::<Vec<_>>();
    let x = Foo::<u8>::new(a as u64 as f64, !b, -c, &&d, *e, &mut f).g?.h()?;
    let x = Foo { a, b: 1, ..Default::default() };
    let x = (1..10, ..5, 3.., ..);
    let x = vec![1u8; 10];
    let x = vec![a, b,];
    let x = json!({ "a": [1, null, { "b": -2 }], "c": f(x) });
    let x = matches!(y, Some(1) | None);
    (self.f)(a); (a, b).c(); [a][0].d(); "text".len(); 1.5f64.sqrt();
    let x = a || b && c == d | e ^ f & g << h + i * j;
    let x = (a || b) && !(c && (d || e));
    macro_rules_like! { a => b }
    let text = "two
lines";
    return Ok(a?.b?);
}
