//! Units: the departments, streets and towns that consult, in a tree, each with the origins on
//! which it embeds.

use crate::audit::{self, Act};
use crate::db::{Conn, Tx};
use crate::error::Error;
use crate::{Backend, Moment, freshness};
use domain::consultations::Unit;
use domain::id::{AccountId, ConsultationId, UnitId};
use domain::problem::{Fault, Violations};
use domain::staff::{Permit, right};
use domain::{limits, text};
use sqlx::types::Uuid;
use std::collections::{BTreeMap, HashMap};

sql! {
    INSERT = "insert into unit (id, parent_id, slug, name, zone, lang, created_at, revision)
        values ($1, $2, $3, $4, $5, $6, $7, 0)";
    ALL = "select unit.id, unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent
        from unit
        left join unit parent on parent.id = unit.parent_id
        order by unit.slug";
    BY_SLUG = "select unit.id, unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent
        from unit
        left join unit parent on parent.id = unit.parent_id
        where unit.slug = $1";
    BY_ID = "select unit.id, unit.slug, unit.name, unit.zone, unit.lang, parent.slug as parent
        from unit
        left join unit parent on parent.id = unit.parent_id
        where unit.id = $1";
    ORIGINS = "select unit_origin.origin
        from unit_origin
        join unit on unit.id = unit_origin.unit_id
        where unit.slug = $1
        order by unit_origin.origin";
    ALL_ORIGINS = "select unit.slug, unit_origin.origin
        from unit_origin
        join unit on unit.id = unit_origin.unit_id
        order by unit.slug, unit_origin.origin";
    DROP_ORIGINS = "delete from unit_origin where unit_id = $1";
    ADD_ORIGIN = "insert into unit_origin (unit_id, origin) values ($1, $2)
        on conflict (unit_id, origin) do nothing";
    // Takes the row as well, so that of two lists given at once the later stands, and not both.
    RAISE = "update unit set revision = revision + 1 where id = $1 returning slug";
    SET_LANG = "update unit set lang = $2 where id = $1";
    CONSULTATIONS = "select id from consultation where unit_id = $1 order by year, serial";
}

row! { struct UnitRow {
    id: Uuid, slug: String, name: String, zone: String, lang: String, parent: Option<String>,
} }

impl UnitRow {
    fn unit(self) -> (UnitId, Unit) {
        let unit = Unit {
            slug: self.slug,
            name: self.name,
            zone: self.zone,
            lang: self.lang,
            parent: self.parent,
        };
        (UnitId(self.id), unit)
    }
}

/// The language of a unit that names none.
const LANG: &str = "zh-Hans";

/// A unit, as the operator gives it.
#[derive(Clone, Debug, Default)]
pub struct NewUnit {
    /// Short name in addresses: 1 to 40 of `a-z`, `0-9` and inner hyphens.
    pub slug: String,
    pub name: String,
    /// Slug of the unit above.
    pub parent: Option<String>,
    /// IANA time zone, such as `Asia/Shanghai`.
    pub zone: String,
    /// The language in which it writes, as a BCP 47 tag; left empty, simplified Chinese.
    pub lang: String,
    pub origins: Vec<String>,
}

/// Adds a unit. Fails with `Invalid` for the fields `slug`, `name`, `zone`,
/// `lang`, `parent`, `origins.N`.
pub async fn add(backend: &Backend, moment: &mut Moment, new: NewUnit) -> Result<Unit, Error> {
    let mut wrong = Violations::new();
    let slug = new.slug.trim().to_owned();
    wrong.keep("slug", check_slug(&slug));
    let name = wrong.keep("name", text::required_line(&new.name, limits::NAME));
    let zone = new.zone.trim().to_owned();
    if jiff::tz::TimeZone::get(&zone).is_err() {
        wrong.add("zone", Fault::Unknown);
    }
    let lang = match new.lang.trim() {
        "" => Some(LANG.to_owned()),
        tag => wrong.keep("lang", text::language_tag(tag)),
    };
    let origins = read_origins(&new.origins, &mut wrong);
    let mut tx = backend.db().write().await?;
    let parent = match new
        .parent
        .as_deref()
        .map(str::trim)
        .filter(|slug| !slug.is_empty())
    {
        Some(slug) => {
            let found = by_slug(&mut tx, slug).await?;
            if found.is_none() {
                wrong.add("parent", Fault::Unknown);
            }
            found
        }
        None => None,
    };
    let (name, lang) =
        wrong.into_result(|| (name.unwrap_or_default(), lang.unwrap_or_default()))?;
    let id = UnitId(moment.id());
    let parent_id = parent.as_ref().map(|(id, _)| id.0);
    execute!(
        tx,
        INSERT,
        id.0,
        parent_id,
        slug.as_str(),
        name.as_str(),
        zone.as_str(),
        lang.as_str(),
        moment.millis()
    )
    .map_err(|error| Error::on_taken(error, "unit_slug_key", "unit.slug", "slug"))?;
    write_origins(&mut tx, id, &origins).await?;
    let record = Act {
        unit: id,
        account: None,
        act: "unit.added",
        subject: &slug,
        detail: &name,
    };
    audit::record(&mut tx, moment, record).await?;
    tx.commit().await?;
    backend.changed_lists();
    Ok(Unit {
        slug,
        name,
        zone,
        lang,
        parent: parent.map(|(_, unit)| unit.slug),
    })
}

fn check_slug(slug: &str) -> Result<(), Fault> {
    if slug.is_empty() {
        return Err(Fault::Required);
    }
    if slug.len() > limits::SLUG_BYTES {
        return Err(Fault::TooLong {
            limit: limits::SLUG_BYTES,
            length: text::length(slug),
        });
    }
    let plain = slug
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && !slug.starts_with('-') && !slug.ends_with('-') {
        Ok(())
    } else {
        Err(Fault::Malformed)
    }
}

/// The origins in a list; a fault names its line. Empty lines say nothing.
fn read_origins(raw: &[String], wrong: &mut Violations) -> Vec<String> {
    let given: Vec<(usize, &str)> = raw
        .iter()
        .enumerate()
        .map(|(line, origin)| (line, origin.trim()))
        .filter(|(_, origin)| !origin.is_empty())
        .collect();
    if given.len() > limits::ORIGINS_PER_UNIT {
        let length = given.len();
        wrong.add(
            "origins",
            Fault::TooMany {
                limit: limits::ORIGINS_PER_UNIT,
                length,
            },
        );
    }
    let mut origins: Vec<String> = given
        .into_iter()
        .take(limits::ORIGINS_PER_UNIT)
        .filter_map(|(line, origin)| wrong.keep(format!("origins.{line}"), read_origin(origin)))
        .collect();
    origins.sort();
    origins.dedup();
    origins
}

/// An origin (RFC 6454 section 4) in its one spelling: scheme, host and a port that is not the
/// scheme's own. Addresses with a path are refused rather than cut, so that nobody believes that
/// a path restricts anything.
fn read_origin(raw: &str) -> Result<String, Fault> {
    let lower = raw.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://").ok_or(Fault::Malformed)?;
    let own_port = match scheme {
        "https" => "443",
        "http" => "80",
        _ => return Err(Fault::Malformed),
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let bracketed = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    let named = !host.is_empty()
        && host.len() <= 253
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        });
    if !bracketed && !named {
        return Err(Fault::Malformed);
    }
    match port {
        None => Ok(format!("{scheme}://{host}")),
        Some(port)
            if port
                .parse::<u16>()
                .is_ok_and(|p| p > 0 && p.to_string() == port) =>
        {
            if port == own_port {
                Ok(format!("{scheme}://{host}"))
            } else {
                Ok(format!("{scheme}://{host}:{port}"))
            }
        }
        Some(_) => Err(Fault::Malformed),
    }
}

async fn write_origins(tx: &mut Tx, unit: UnitId, origins: &[String]) -> Result<(), Error> {
    execute!(tx, DROP_ORIGINS, unit.0)?;
    for origin in origins {
        execute!(tx, ADD_ORIGIN, unit.0, origin.as_str())?;
    }
    Ok(())
}

/// Whether a unit can have this short name. What cannot be one is not asked of the database:
/// PostgreSQL takes no U+0000.
pub(crate) fn is_slug(slug: &str) -> bool {
    check_slug(slug).is_ok()
}

async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<(UnitId, Unit)>, Error> {
    if !is_slug(slug) {
        return Ok(None);
    }
    Ok(fetch_optional!(conn, BY_SLUG, UnitRow, slug)?.map(UnitRow::unit))
}

/// The unit with this short name.
pub async fn find(backend: &Backend, slug: &str) -> Result<Option<(UnitId, Unit)>, Error> {
    by_slug(&mut backend.db().read().await?, slug).await
}

/// Every unit, by short name.
pub async fn list(backend: &Backend) -> Result<Vec<Unit>, Error> {
    let mut conn = backend.db().read().await?;
    let rows = fetch_all!(conn, ALL, UnitRow)?;
    Ok(rows.into_iter().map(|row| row.unit().1).collect())
}

/// The units with these ids, in the order of their short names.
pub async fn by_ids(backend: &Backend, ids: &[UnitId]) -> Result<Vec<(UnitId, Unit)>, Error> {
    let mut conn = backend.db().read().await?;
    if let [id] = ids {
        return Ok(fetch_optional!(conn, BY_ID, UnitRow, id.0)?
            .map(UnitRow::unit)
            .into_iter()
            .collect());
    }
    let rows = fetch_all!(conn, ALL, UnitRow)?;
    Ok(rows
        .into_iter()
        .map(UnitRow::unit)
        .filter(|(id, _)| ids.contains(id))
        .collect())
}

/// The origins on which a unit embeds.
pub async fn origins(backend: &Backend, slug: &str) -> Result<Vec<String>, Error> {
    let mut conn = backend.db().read().await?;
    let rows: Vec<(String,)> = fetch_all!(conn, ORIGINS, (String,), slug)?;
    Ok(rows.into_iter().map(|(origin,)| origin).collect())
}

/// The origins of every unit that has any, by short name.
pub async fn all_origins(backend: &Backend) -> Result<Vec<(String, Vec<String>)>, Error> {
    let mut conn = backend.db().read().await?;
    let rows: Vec<(String, String)> = fetch_all!(conn, ALL_ORIGINS, (String, String))?;
    let mut units: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (slug, origin) in rows {
        units.entry(slug).or_default().push(origin);
    }
    Ok(units.into_iter().collect())
}

/// Replaces the list of origins, as an administrator.
pub async fn set_origins(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Administer>,
    origins: Vec<String>,
) -> Result<(), Error> {
    replace_origins(
        backend,
        moment,
        permit.unit(),
        Some(permit.account()),
        &origins,
    )
    .await
}

/// Replaces the list of origins, as the operator at the command line.
pub async fn set_origins_by_operator(
    backend: &Backend,
    moment: &mut Moment,
    slug: &str,
    origins: &[String],
) -> Result<(), Error> {
    let (unit, _) = find(backend, slug).await?.ok_or(Error::NotFound)?;
    replace_origins(backend, moment, unit, None, origins).await
}

async fn replace_origins(
    backend: &Backend,
    moment: &mut Moment,
    unit: UnitId,
    account: Option<AccountId>,
    raw: &[String],
) -> Result<(), Error> {
    let mut wrong = Violations::new();
    let origins = read_origins(raw, &mut wrong);
    let origins = wrong.into_result(|| origins)?;
    let mut tx = backend.db().write().await?;
    let found: Option<(String,)> = fetch_optional!(tx, RAISE, (String,), unit.0)?;
    let (slug,) = found.ok_or(Error::NotFound)?;
    write_origins(&mut tx, unit, &origins).await?;
    // Widgets carry their unit's origins in a header.
    make_pages_anew(&mut tx, unit).await?;
    let record = Act {
        unit,
        account,
        act: "unit.origins_set",
        subject: &slug,
        detail: &origins.join(" "),
    };
    audit::record(&mut tx, moment, record).await?;
    tx.commit().await?;
    backend.changed_lists();
    Ok(())
}

/// Says in which language a unit writes, as an administrator.
///
/// Fails with `Invalid` for the field `lang`.
pub async fn set_lang(
    backend: &Backend,
    moment: &mut Moment,
    permit: &Permit<right::Administer>,
    lang: &str,
) -> Result<(), Error> {
    let lang = text::language_tag(lang).map_err(|fault| Error::invalid("lang", fault))?;
    let unit = permit.unit();
    let mut tx = backend.db().write().await?;
    let found: Option<(String,)> = fetch_optional!(tx, RAISE, (String,), unit.0)?;
    let (slug,) = found.ok_or(Error::NotFound)?;
    execute!(tx, SET_LANG, unit.0, lang.as_str())?;
    make_pages_anew(&mut tx, unit).await?;
    let record = Act {
        unit,
        account: Some(permit.account()),
        act: "unit.lang_set",
        subject: &slug,
        detail: &lang,
    };
    audit::record(&mut tx, moment, record).await?;
    tx.commit().await?;
    backend.changed_lists();
    Ok(())
}

/// What a unit's pages say of the unit itself has changed. One by one in the order of their
/// numbers, as the intake takes them: otherwise each could wait for the other.
async fn make_pages_anew(tx: &mut Tx, unit: UnitId) -> Result<(), Error> {
    let consultations: Vec<(Uuid,)> = fetch_all!(tx, CONSULTATIONS, (Uuid,), unit.0)?;
    for (id,) in consultations {
        freshness::raise(tx, ConsultationId(id)).await?;
    }
    Ok(())
}

sql! {
    PARENTS = "select id, parent_id from unit";
}

/// A unit and all units below it. A parent is set once, when a unit is added, so there is no circle.
pub(crate) async fn with_descendants(conn: &mut Conn, root: UnitId) -> Result<Vec<UnitId>, Error> {
    let rows: Vec<(Uuid, Option<Uuid>)> = fetch_all!(conn, PARENTS, (Uuid, Option<Uuid>))?;
    let mut children: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (id, parent) in rows {
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while next < found.len() {
        let below = children.get(&found[next].0).into_iter().flatten();
        found.extend(below.map(|id| UnitId(*id)));
        next += 1;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_spelling_and_no_path() {
        for (raw, read) in [
            ("https://WWW.Example.org", Ok("https://www.example.org")),
            ("https://example.org:443/", Ok("https://example.org")),
            ("http://127.0.0.1:3001", Ok("http://127.0.0.1:3001")),
            ("http://[::1]:8080", Ok("http://[::1]:8080")),
            ("https://example.org/path", Err(Fault::Malformed)),
            ("https://", Err(Fault::Malformed)),
            ("ftp://example.org", Err(Fault::Malformed)),
            ("example.org", Err(Fault::Malformed)),
            ("https://*.example.org", Err(Fault::Malformed)),
            ("https://a;b", Err(Fault::Malformed)),
            ("https://example.org:99999", Err(Fault::Malformed)),
            ("https://user@example.org", Err(Fault::Malformed)),
        ] {
            assert_eq!(read_origin(raw), read.map(str::to_owned), "{raw}");
        }
    }

    #[test]
    fn a_short_name_stands_in_addresses() {
        for good in ["transport", "a", "street-12"] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "a b", "交通", &"a".repeat(41)] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }
}
