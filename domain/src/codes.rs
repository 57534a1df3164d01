//! What travels as a short text: enumerations as codes, in JSON, in URLs and in text columns, and public
//! numbers, which are cache keys and links and so are written in one way only.

use std::fmt;

/// Declares an enum whose variants have one stable lower-case code each.
///
/// Gives `ALL`, `code()`, `FromStr`, `Display` and serde by code. (The code is taken as `tt`: a
/// `literal` reaches the derive of the OpenAPI schema wrapped, which then does not see it.)
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:tt),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every value, in the order in which people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code, as in JSON and in the database.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::codes::UnknownCode;
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code { $($code => Ok(Self::$variant),)+ _ => Err($crate::codes::UnknownCode) }
            }
        }
    };
}

/// A code that is not in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;

/// A running number, from 1 on.
pub(crate) fn positive(text: &str) -> Result<i64, UnknownCode> {
    text.parse()
        .ok()
        .filter(|serial| *serial > 0)
        .ok_or(UnknownCode)
}

/// A public number, if the text is how it is written.
pub(crate) fn one_spelling<T: fmt::Display>(text: &str, number: T) -> Result<T, UnknownCode> {
    if number.to_string() == text {
        Ok(number)
    } else {
        Err(UnknownCode)
    }
}

/// Serde for public numbers: the text that `Display` writes and `FromStr` reads.
macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
pub(crate) use as_text;
