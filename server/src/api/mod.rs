//! The JSON API under `/api/v1`, with its OpenAPI 3.1 document made from the handlers.

mod afterwards;
mod comments;
mod consultations;
mod drafts;
mod feedback;
mod hearings;
mod open_data;
mod polls;
pub mod receipts;
mod units;
pub mod validators;

use crate::problem::Problem;
use crate::state::AppState;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use bytes::Bytes;
use http::header;
use std::collections::BTreeMap;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder, response,
};
use utoipa::{IntoResponses, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yanlu",
        description = "Public consultation: drafts, comments on clauses, the published answers, sessions that \
            people apply to attend, and polls. \
            Errors are problem details (RFC 9457) in the language of Accept-Language or ?lang=. \
            Instants are RFC 3339. Lists are paged: pass `next` as `after`.",
        license(name = "Apache-2.0")
    ),
    components(schemas(Problem)),
    tags(
        (name = "public", description = "For everyone, without an account"),
        (name = "staff", description = "With a bearer token or a staff session")
    )
)]
struct Document;

/// The routes, with what is said of each answer about keeping it.
pub fn router(state: &AppState) -> Router<AppState> {
    let marked = from_fn_with_state(state.clone(), validators::layer);
    routes().0.route_layer(marked)
}

/// The routes, and the document that describes them.
fn routes() -> (Router<AppState>, utoipa::openapi::OpenApi) {
    let (router, mut document) = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(consultations::list, consultations::create))
        .routes(routes!(consultations::show, consultations::update))
        .routes(routes!(consultations::publish))
        .routes(routes!(consultations::withdraw))
        .routes(routes!(drafts::add))
        .routes(routes!(drafts::show))
        .routes(routes!(drafts::changes))
        .routes(routes!(drafts::correct_match))
        .routes(routes!(comments::list, comments::submit))
        .routes(routes!(comments::queue))
        .routes(routes!(comments::moderate))
        .routes(routes!(comments::contact))
        .routes(routes!(feedback::show, feedback::publish))
        .routes(routes!(feedback::unanswered))
        .routes(routes!(feedback::respond))
        .routes(routes!(hearings::list, hearings::create))
        .routes(routes!(hearings::show, hearings::update))
        .routes(routes!(hearings::publish))
        .routes(routes!(hearings::cancel))
        .routes(routes!(hearings::applications, hearings::apply))
        .routes(routes!(hearings::review))
        .routes(routes!(hearings::enter))
        .routes(routes!(hearings::contact))
        .routes(routes!(hearings::freeze))
        .routes(routes!(hearings::published_draw, hearings::draw))
        .routes(routes!(hearings::papers))
        .routes(routes!(hearings::minutes))
        .routes(routes!(hearings::report))
        .routes(routes!(afterwards::corrections))
        .routes(routes!(afterwards::answer_correction))
        .routes(routes!(afterwards::opinions))
        .routes(routes!(afterwards::reply))
        .routes(routes!(afterwards::letters))
        .routes(routes!(polls::list, polls::create))
        .routes(routes!(polls::show, polls::update))
        .routes(routes!(polls::publish))
        .routes(routes!(polls::correct))
        .routes(routes!(polls::add_codes))
        .routes(routes!(polls::cancel))
        .routes(routes!(polls::ballots, polls::vote))
        .routes(routes!(polls::ballots_table))
        .routes(routes!(polls::results, polls::publish_results))
        .routes(routes!(polls::results_table))
        .routes(routes!(polls::texts))
        .routes(routes!(polls::decide_text))
        .routes(routes!(receipts::open, receipts::edit, receipts::withdraw))
        .routes(routes!(receipts::seat))
        .routes(routes!(receipts::minutes))
        .routes(routes!(receipts::opinion))
        .routes(routes!(receipts::hide_name))
        .routes(routes!(units::list))
        .routes(routes!(units::show))
        .routes(routes!(units::origins, units::set_origins))
        .split_for_parts();
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    let text = Bytes::from(text(&document));
    let router = router.route(
        "/api/v1/openapi.json",
        get(async move || {
            (
                [
                    (header::CONTENT_TYPE, "application/json"),
                    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
                ],
                text,
            )
        }),
    );
    (router, document)
}

/// The document as people and tools read it.
pub fn document() -> String {
    text(&routes().1)
}

fn text(document: &utoipa::openapi::OpenApi) -> String {
    let mut text = document
        .to_pretty_json()
        .expect("the document is made of strings and always serialises");
    text.push('\n');
    text
}

/// What a refusal looks like in the document.
fn problems(statuses: &[(&str, &str)]) -> BTreeMap<String, RefOr<Described>> {
    statuses
        .iter()
        .map(|(status, description)| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build();
            let described = ResponseBuilder::new()
                .description(*description)
                .content("application/problem+json", content)
                .build();
            ((*status).to_owned(), RefOr::T(described))
        })
        .collect()
}

const BAD_REQUEST: (&str, &str) = ("400", "The request cannot be read");
const SIGN_IN: (&str, &str) = ("401", "No valid bearer token or session");
const FORBIDDEN: (&str, &str) = ("403", "A role in this unit is missing");
const NOT_FOUND: (&str, &str) = ("404", "There is nothing here that the caller may see");
const CONFLICT: (&str, &str) = ("409", "The state of things does not allow it");
const TOO_LARGE: (&str, &str) = ("413", "The body is larger than the limit");
const MEDIA_TYPE: (&str, &str) = ("415", "The body is not application/json");
const INVALID: (&str, &str) = ("422", "Fields need correction; `errors` names them");
const TOO_MANY: (&str, &str) = ("429", "Too many requests; wait for Retry-After seconds");
const OVERLOADED: (&str, &str) = ("503", "Too busy; send the same again");

macro_rules! refusals {
    ($($(#[$meta:meta])* $name:ident = [$($status:expr),+ $(,)?];)+) => {$(
        $(#[$meta])*
        struct $name;
        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<response::Response>> {
                problems(&[$($status),+])
            }
        }
    )+};
}

refusals! {
    /// Of a public call that reads.
    Reading = [BAD_REQUEST, SIGN_IN, NOT_FOUND];
    /// Of a public call that reads what is there from a certain time on.
    ReadingLater = [BAD_REQUEST, SIGN_IN, NOT_FOUND, CONFLICT];
    /// Of a staff call that reads.
    StaffReading = [BAD_REQUEST, SIGN_IN, FORBIDDEN, NOT_FOUND];
    /// Of a public call that writes.
    Writing = [BAD_REQUEST, NOT_FOUND, CONFLICT, TOO_LARGE, MEDIA_TYPE, INVALID, TOO_MANY, OVERLOADED];
    /// Of a staff call that writes.
    StaffWriting = [BAD_REQUEST, SIGN_IN, FORBIDDEN, NOT_FOUND, CONFLICT, TOO_LARGE, MEDIA_TYPE, INVALID];
}
