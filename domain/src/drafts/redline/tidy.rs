//! Makes a comparison of words readable.

use super::{InlineOp, Stretch, plainly};

/// Common text of at most this many characters between two changes joins them.
const SCRAP: usize = 2;
/// And of at most this many if the changes around it are longer than it is.
const SHORT: usize = 6;

/// Joins scraps to the changes around them and moves the ends of changes to better places.
pub fn tidy<'a>(stretches: Vec<Stretch<'a>>) -> Vec<(InlineOp, &'a str)> {
    let stretches = split_common_ends(without_scraps(stretches));
    plainly(&signs_alone(whole_items(slid(stretches))))
}

fn length(words: &[&str]) -> usize {
    words.iter().map(|w| w.chars().count()).sum()
}

fn without_scraps(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut kept: Vec<Stretch> = Vec::new();
    // The common words since the last change.
    let mut between: Option<Vec<&str>> = None;
    for stretch in stretches {
        let (deleted, inserted) = match stretch {
            Stretch::Kept(words) => {
                between = Some(words);
                continue;
            }
            Stretch::Changed { deleted, inserted } => (deleted, inserted),
        };
        let words = between.take().unwrap_or_default();
        let after = length(&deleted).max(length(&inserted));
        match kept.last_mut() {
            Some(Stretch::Changed {
                deleted: d,
                inserted: i,
            }) if is_scrap(d, i, &words, after) => {
                for (side, more) in [(d, deleted), (i, inserted)] {
                    side.extend_from_slice(&words);
                    side.extend(more);
                }
            }
            _ => kept.extend([Stretch::Kept(words), Stretch::Changed { deleted, inserted }]),
        }
    }
    kept.extend(between.map(Stretch::Kept));
    kept
}

/// Whether the words between a change and the next, as long as `after`, say too little to stand
/// alone.
fn is_scrap(deleted: &[&str], inserted: &[&str], words: &[&str], after: usize) -> bool {
    if words.iter().any(|w| w.contains('\n')) {
        return false;
    }
    // Only where both changes replace something; text inserted on both sides of a word leaves
    // the word where it was.
    let replaced = !deleted.is_empty() && !inserted.is_empty();
    let before = length(deleted).max(length(inserted));
    let said: usize = words
        .iter()
        .flat_map(|w| w.chars())
        .filter(|c| c.is_alphanumeric())
        .count();
    // Behind a comma begins something else.
    let stops = words.iter().any(|w| w.contains(['，', '；', '。', '：']));
    let latin = words
        .iter()
        .flat_map(|w| w.chars())
        .any(|c| c.is_ascii_alphabetic());
    match said {
        0 => replaced || words.iter().all(|w| w.trim().is_empty()),
        _ if latin => words.len() <= 3 && replaced && length(words) <= before.min(after) / 3,
        _ if stops => false,
        n if n < SCRAP => before.min(after) > 1,
        n if n == SCRAP => replaced && before.min(after) >= 3,
        n => n <= SHORT && replaced && n * 2 <= before.min(after),
    }
}

/// What both sides of a change begin or end with is no part of it.
fn split_common_ends(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        match stretch {
            Stretch::Changed { deleted, inserted } => {
                let head = deleted
                    .iter()
                    .zip(&inserted)
                    .take_while(|(a, b)| a == b)
                    .count();
                let room = deleted.len().min(inserted.len()) - head;
                let tail = deleted
                    .iter()
                    .rev()
                    .zip(inserted.iter().rev())
                    .take_while(|(a, b)| a == b)
                    .count()
                    .min(room);
                let (d, i) = (deleted.len() - tail, inserted.len() - tail);
                keep(&mut out, &deleted[..head]);
                if d > head || i > head {
                    out.push(Stretch::Changed {
                        deleted: deleted[head..d].to_vec(),
                        inserted: inserted[head..i].to_vec(),
                    });
                }
                keep(&mut out, &deleted[d..]);
            }
            Stretch::Kept(words) => keep(&mut out, &words),
        }
    }
    out
}

fn keep<'a>(out: &mut Vec<Stretch<'a>>, words: &[&'a str]) {
    match out.last_mut() {
        _ if words.is_empty() => {}
        Some(Stretch::Kept(kept)) => kept.extend_from_slice(words),
        _ => out.push(Stretch::Kept(words.to_vec())),
    }
}

/// Where a text is only inserted or only deleted, it may often begin some words earlier or later
/// to the same effect: it is put where it begins and ends between sentences, or clauses.
fn slid(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    for at in 1..stretches.len().saturating_sub(1) {
        let (head, tail) = stretches.split_at_mut(at);
        let Some((middle, tail)) = tail.split_first_mut() else {
            continue;
        };
        let (Some(Stretch::Kept(before)), Some(Stretch::Kept(after))) =
            (head.last_mut(), tail.first_mut())
        else {
            continue;
        };
        let Stretch::Changed { deleted, inserted } = middle else {
            continue;
        };
        let edit = match (deleted.is_empty(), inserted.is_empty()) {
            (true, false) => inserted,
            (false, true) => deleted,
            _ => continue,
        };
        slide(before, edit, after);
    }
    stretches.retain(|s| !matches!(s, Stretch::Kept(words) if words.is_empty()));
    stretches
}

fn slide<'a>(before: &mut Vec<&'a str>, edit: &mut Vec<&'a str>, after: &mut Vec<&'a str>) {
    let all: Vec<&str> = before
        .iter()
        .chain(edit.iter())
        .chain(after.iter())
        .copied()
        .collect();
    let (start, length) = (before.len(), edit.len());
    let mut first = start;
    while first > 0 && all[first - 1] == all[first + length - 1] {
        first -= 1;
    }
    let mut last = start;
    while last + length < all.len() && all[last] == all[last + length] {
        last += 1;
    }
    let fit = |at: usize| {
        let edge = |at: usize| boundary(at.checked_sub(1).map(|i| all[i]), all.get(at).copied());
        (edge(at) + edge(at + length), edge(at + length))
    };
    // The latest of the best places, as a reader goes from left to right.
    let best = (first..=last)
        .max_by_key(|at| (fit(*at), *at))
        .unwrap_or(start);
    *before = all[..best].to_vec();
    *edit = all[best..best + length].to_vec();
    *after = all[best + length..].to_vec();
}

/// An item inserted before another one shares its marker, and perhaps its first words: not
/// （五[）甲；⏎（六]）乙 is new but [（五）甲；⏎], and the other was renumbered. The same for an item that
/// is deleted.
fn whole_items(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut out: Vec<Stretch> = Vec::new();
    for stretch in stretches {
        let (Some(Stretch::Kept(before)), Stretch::Changed { deleted, inserted }) =
            (out.last_mut(), &stretch)
        else {
            out.push(stretch);
            continue;
        };
        let edit = if deleted.is_empty() {
            inserted
        } else {
            deleted
        };
        let one_sided = deleted.is_empty() != inserted.is_empty();
        let Some(markers) = Markers::of(before, edit).filter(|_| one_sided) else {
            out.push(stretch);
            continue;
        };
        let shared = before.split_off(markers.before);
        let whole = [&shared[..], &edit[..markers.edit]].concat();
        let (first, common) = shared.split_at(shared.len() - markers.common);
        let second = edit[markers.edit..edit.len() - markers.common].to_vec();
        let change = |gone: Vec<_>, come: Vec<_>| match deleted.is_empty() {
            true => Stretch::Changed {
                deleted: gone,
                inserted: come,
            },
            false => Stretch::Changed {
                deleted: come,
                inserted: gone,
            },
        };
        let renumbered = change(first.to_vec(), second);
        let common = common.to_vec();
        out.extend([change(Vec::new(), whole), renumbered]);
        keep(&mut out, &common);
    }
    out
}

/// Two neighbouring items that begin alike but for their numbers.
struct Markers {
    /// Where the line of the first begins in the words before the edit,
    before: usize,
    /// and that of the second within the edit.
    edit: usize,
    /// How many words follow both numbers.
    common: usize,
}

impl Markers {
    fn of(before: &[&str], edit: &[&str]) -> Option<Self> {
        let line = |words: &[&str]| words.iter().rposition(|w| *w == "\n").map(|at| at + 1);
        let (start, next) = (line(before)?, line(edit)?);
        let (first, second) = (&before[start..], &edit[next..]);
        let alike = first.iter().rev().zip(second.iter().rev());
        let common = alike.take_while(|(a, b)| a == b).count();
        let number = |words: &[&str]| is_marker(&words[..words.len() - common]);
        (number(first) && number(second)).then_some(Self {
            before: start,
            edit: next,
            common,
        })
    }
}

/// Where only signs changed, no word beside them did: 内[，]向, though 内向 is a word.
fn signs_alone(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut out = Vec::new();
    for stretch in stretches {
        let Stretch::Changed { deleted, inserted } = &stretch else {
            out.push(stretch);
            continue;
        };
        let (old, new) = (characters(deleted), characters(inserted));
        let same = |(a, b): &(&&str, &&str)| a == b;
        let head = old.iter().zip(&new).take_while(same).count();
        let room = old.len().min(new.len()) - head;
        let ends = old.iter().rev().zip(new.iter().rev());
        let tail = ends.take_while(same).count().min(room);
        let (d, i) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
        let is_sign = |c: &&str| !c.chars().any(char::is_alphanumeric);
        if head + tail == 0 || !d.iter().chain(i).all(is_sign) {
            out.push(stretch);
            continue;
        }
        keep(&mut out, &old[..head]);
        out.push(Stretch::Changed {
            deleted: d.to_vec(),
            inserted: i.to_vec(),
        });
        keep(&mut out, &old[old.len() - tail..]);
    }
    out
}

fn characters<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let cut = |word: &'a str| {
        word.char_indices()
            .map(move |(at, c)| &word[at..at + c.len_utf8()])
    };
    words.iter().copied().flat_map(cut).collect()
}

/// （五, (b: the number of an item.
fn is_marker(words: &[&str]) -> bool {
    let number = words.concat();
    let signs = "（(〇零一二三四五六七八九十百0123456789abcdefghijklmnopqrstuvwxyz";
    !number.is_empty() && number.len() <= 15 && number.chars().all(|c| signs.contains(c))
}

/// How good a place between two words is for a change to begin or end.
fn boundary(before: Option<&str>, after: Option<&str>) -> u32 {
    let Some(last) = before.and_then(|w| w.chars().next_back()) else {
        return 6;
    };
    let Some(next) = after.and_then(|w| w.chars().next()) else {
        return 6;
    };
    match (last, next) {
        ('\n', _) => 6,
        (_, '\n') => 5,
        ('。' | '；' | '！' | '？' | ';', _) => 4,
        ('，' | '：' | ',' | ':' | '.', _) => 3,
        ('、' | '（' | '(' | '《' | '“', _) => 2,
        (l, _) if l.is_whitespace() => 2,
        (_, '。' | '；' | '，' | '、' | '）' | ')' | '》' | '”') => 2,
        _ => 0,
    }
}
