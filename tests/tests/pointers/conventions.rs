//! Every convention of `rename_all`, of fields and of variants, in every form of struct and enum.
#![allow(non_snake_case, reason = "names that conventions are hard on")]

use credwire::Validate;
use serde::{Deserialize, Serialize};

use super::{Mark, check};

macro_rules! variants {
    ($convention:literal $tests:ident $name:ident $attributes:tt) => {
        #[derive(Serialize, Deserialize, Validate)]
        #[serde $attributes]
        #[serde(rename_all = $convention)]
        enum $name {
            Plain { #[validate(nested)] one: Mark },
            UrlID2 {
                #[validate(nested)]
                key_no: Mark,
                #[validate(nested)]
                Upper_Case: Mark,
            },
            #[serde(rename_all = "kebab-case")]
            OfItsOwn { #[validate(nested)] key_no_2: Mark },
            GrößeÄÖ(#[validate(nested)] Inner),
            #[serde(rename = "re/named")]
            Renamed { #[serde(rename = "~")] #[validate(nested)] key: Mark },
            #[allow(dead_code, reason = "a variant without rules")]
            Unit,
        }

        fn $tests() {
            for value in [
                $name::Plain { one: Mark(1) },
                $name::UrlID2 { key_no: Mark(2), Upper_Case: Mark(3) },
                $name::OfItsOwn { key_no_2: Mark(4) },
                $name::GrößeÄÖ(Inner { of_inner: Mark(5) }),
                $name::Renamed { key: Mark(6) },
            ] {
                check(&value);
            }
        }
    };
}

macro_rules! conventions {
    ($($module:ident $convention:literal)*) => {
        $(mod $module {
            use super::*;

            #[derive(Serialize, Deserialize, Validate)]
            #[serde(rename_all = $convention)]
            struct Fields {
                #[validate(nested)]
                plain: Mark,
                #[validate(nested)]
                _private_key_no: Mark,
                #[validate(nested)]
                r#type: Mark,
                #[validate(nested)]
                keyID2: Mark,
                #[validate(nested)]
                x_: Mark,
                #[validate(nested)]
                two__words: Mark,
                #[validate(nested)]
                größe_äö_Ü: Mark,
                #[serde(rename = "a/~b")]
                #[validate(nested)]
                renamed: Mark,
            }

            #[derive(Serialize, Deserialize, Validate)]
            struct Inner {
                #[validate(nested)]
                of_inner: Mark,
            }

            variants!($convention external External (rename_all_fields = $convention));
            variants!($convention internal Internal (tag = "t", rename_all_fields = "UPPERCASE"));
            variants!($convention adjacent Adjacent (tag = "t", content = "c/c"));

            #[test]
            fn names_are_those_of_serde() {
                check(&Fields {
                    plain: Mark(1),
                    _private_key_no: Mark(2),
                    r#type: Mark(3),
                    keyID2: Mark(4),
                    x_: Mark(5),
                    two__words: Mark(6),
                    größe_äö_Ü: Mark(7),
                    renamed: Mark(8),
                });
                external();
                internal();
                adjacent();
            }
        })*
    };
}

conventions! {
    lower "lowercase"
    upper "UPPERCASE"
    pascal "PascalCase"
    camel "camelCase"
    snake "snake_case"
    screaming_snake "SCREAMING_SNAKE_CASE"
    kebab "kebab-case"
    screaming_kebab "SCREAMING-KEBAB-CASE"
}
