//! `/desk/hearings/{id}/checkin`: who has a seat, to be printed for the door. Each ticket stands
//! there as text and as a QR code that says the same, so that a telephone can read it. What somebody
//! needs is on a sheet of its own, for staff: at the door everyone reads along.

use super::up;
use crate::desk::Desk;
use crate::fields::table;
use crate::frame::{Head, Tab, screen};
use app::i18n::time;
use app::page::plain;
use app::ui;
use domain::consultations::Consultation;
use domain::hearings::{ApplicationNumber, ApplicationState, Hearing, Need};
use leptos::prelude::*;

/// Somebody with a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub ticket: ApplicationNumber,
    /// Code of the category.
    pub category: String,
    pub name: String,
    pub state: ApplicationState,
    pub needs: Vec<Need>,
    pub needs_note: Option<String>,
}

/// `/desk/hearings/{id}/checkin`.
pub fn checkin_page(
    desk: &Desk,
    consultation: &Consultation,
    hearing: &Hearing,
    guests: &[Guest],
) -> String {
    let t = desk.t();
    let head = Head::of(t.desk_checkin(), consultation, Tab::Hearings);
    screen(desk, &head, || {
        let zone = time::zone(&hearing.unit.zone);
        let when = match hearing.notice.starts_at {
            Some(at) => ui::instant(t, at, &zone),
            None => t.desk_hearing_later().into_any(),
        };
        let place = hearing.notice.place.as_deref().map(plain);
        let body = if guests.is_empty() {
            ui::inset(view! { <p>{t.desk_checkin_none()}</p> })
        } else {
            view! {
                {list(desk, hearing, guests)}
                {preparing(desk, guests)}
            }
            .into_any()
        };
        let count = i64::try_from(guests.len()).unwrap_or(i64::MAX);
        view! {
            <h1>{t.desk_checkin()}</h1>
            {up(desk, hearing)}
            <p>{when} " " <span dir="auto">{place}</span> " " {t.desk_checkin_count(count)}</p>
            <p class="intro">{t.desk_checkin_intro()}</p>
            {body}
        }
    })
}

fn list(desk: &Desk, hearing: &Hearing, guests: &[Guest]) -> AnyView {
    let t = desk.t();
    let heads = [
        t.desk_checkin_ticket(),
        t.desk_checkin_name(),
        t.desk_hearing_category(),
        t.desk_col_state(),
        t.desk_checkin_signature(),
    ];
    let rows = guests
        .iter()
        .map(|guest| {
            let ticket = guest.ticket.to_string();
            let category = hearing.notice.category(&guest.category);
            let category =
                category.map_or_else(|| guest.category.clone(), |category| plain(&category.name));
            view! {
                <tr>
                    <th scope="row">
                        <span class="qr" inner_html=qr(&ticket)></span>
                        {ticket}
                    </th>
                    <td dir="auto">{plain(&guest.name)}</td>
                    <td dir="auto">{category}</td>
                    <td>{t.application_state(guest.state)}</td>
                    <td class="sign"></td>
                </tr>
            }
        })
        .collect_view();
    table(
        t.desk_checkin().into(),
        heads.map(Into::into).to_vec(),
        rows,
    )
}

/// What to prepare, and for whom: the second sheet.
fn preparing(desk: &Desk, guests: &[Guest]) -> Option<AnyView> {
    let t = desk.t();
    let needing = |guest: &&Guest| !guest.needs.is_empty() || guest.needs_note.is_some();
    let guests: Vec<&Guest> = guests.iter().filter(needing).collect();
    if guests.is_empty() {
        return None;
    }
    let heads = [
        t.desk_checkin_ticket(),
        t.desk_checkin_name(),
        t.desk_application_needs(),
    ];
    let rows = guests
        .iter()
        .map(|guest| {
            let mut needs: Vec<String> = guest
                .needs
                .iter()
                .map(|need| t.need(*need).into())
                .collect();
            needs.extend(guest.needs_note.as_deref().map(plain));
            view! {
                <tr>
                    <th scope="row">{guest.ticket.to_string()}</th>
                    <td dir="auto">{plain(&guest.name)}</td>
                    <td dir="auto">{needs.join(t.desk_comma())}</td>
                </tr>
            }
        })
        .collect_view();
    let label = t.desk_checkin_needs();
    Some(
        view! {
            <section class="sheet">
                <h2>{label}</h2>
                <p>{t.desk_checkin_needs_hint()}</p>
                {table(label.into(), heads.map(Into::into).to_vec(), rows)}
            </section>
        }
        .into_any(),
    )
}

/// The ticket as a drawing. It says nothing that the text beside it does not, so assistive
/// technology is told the text alone.
fn qr(ticket: &str) -> String {
    use fast_qr::convert::{Builder, svg::SvgBuilder};
    let drawn = fast_qr::QRBuilder::new(ticket).build();
    drawn.map_or_else(
        // Tickets are far shorter than what a code can hold.
        |_| String::new(),
        |code| {
            let svg = SvgBuilder::default().margin(2).to_str(&code);
            svg.replacen(
                "<svg ",
                "<svg aria-hidden=\"true\" width=\"96\" height=\"96\" ",
                1,
            )
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_drawn_without_styles_and_unseen_by_screen_readers() {
        let svg = qr("2026-0012-h1-0007");
        assert!(svg.starts_with("<svg aria-hidden=\"true\""), "{svg}");
        assert!(svg.contains("<path d=\"M"), "{svg}");
        assert!(!svg.contains("style"), "{svg}");
        assert_ne!(svg, qr("2026-0012-h1-0008"));
    }
}
