//! The three languages, and every sentence in them.
//!
//! `T(lang).key()` gives a message; the methods are made from `locales/` by the build script, so
//! a missing sentence does not compile.

mod codes;
mod sessions;
#[cfg(feature = "ssr")]
pub mod time;

pub use codes::size;

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Lang {
    ZhHans,
    ZhHant,
    En,
}

impl Lang {
    pub const ALL: [Self; 3] = [Self::ZhHans, Self::ZhHant, Self::En];

    /// The BCP 47 tag, as in `lang="…"` and `?lang=…`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
        }
    }

    /// The language's name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::ZhHans => "简体中文",
            Self::ZhHant => "繁體中文",
            Self::En => "English",
        }
    }

    /// The language for a BCP 47 tag, by script or region: `zh-TW`, `zh-Hant-HK`, `en-GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "zh" => Some(match parts.next() {
                Some("hant" | "tw" | "hk" | "mo") => Self::ZhHant,
                _ => Self::ZhHans,
            }),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110 section 12.5.4); simplified
    /// Chinese where nothing fits.
    pub fn negotiate(accept: &str) -> Self {
        let mut best = (0.0, Self::ZhHans);
        for range in accept.split(',').take(20) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let quality = parameters
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |q| q.trim().parse::<f32>().unwrap_or(0.0));
            if let Some(lang) = Self::from_tag(tag)
                && quality > best.0
            {
                best = (quality, lang);
            }
        }
        best.1
    }
}

/// The messages in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct T(pub Lang);

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_gets_the_language_they_prefer() {
        assert_eq!(Lang::negotiate("en-GB,en;q=0.9,zh;q=0.8"), Lang::En);
        assert_eq!(Lang::negotiate("fr, zh-TW;q=0.7, en;q=0.3"), Lang::ZhHant);
        assert_eq!(Lang::negotiate("zh-CN"), Lang::ZhHans);
        assert_eq!(Lang::negotiate("fr"), Lang::ZhHans);
        assert_eq!(Lang::negotiate(""), Lang::ZhHans);
    }
}
