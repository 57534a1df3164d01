//! Units, and the origins on which each embeds its widgets.

use super::{Reading, StaffReading, StaffWriting};
use crate::body::{Json, Path};
use crate::edge::{Edge, Staff};
use crate::problem::Refusal;
use crate::state::AppState;
use axum::extract::State;
use backend::units;
use domain::consultations::Unit;
use domain::id::UnitId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All units.
#[utoipa::path(get, path = "/api/v1/units", tag = "public", operation_id = "list_units",
    responses((status = 200, description = "All units", body = Vec<Unit>), Reading))]
pub async fn list(
    State(state): State<AppState>,
    _known: Option<Staff>,
) -> Result<axum::Json<Vec<Unit>>, Refusal> {
    Ok(axum::Json(units::list(&state.backend).await?))
}

async fn find(state: &AppState, slug: &str) -> Result<(UnitId, Unit), Refusal> {
    units::find(&state.backend, slug)
        .await?
        .ok_or(Refusal::NotFound)
}

/// One unit.
#[utoipa::path(get, path = "/api/v1/units/{unit}", tag = "public", operation_id = "show_unit",
    params(("unit" = String, Path, description = "Slug")),
    responses((status = 200, description = "The unit", body = Unit), Reading))]
pub async fn show(
    State(state): State<AppState>,
    _known: Option<Staff>,
    Path((slug,)): Path<(String,)>,
) -> Result<axum::Json<Unit>, Refusal> {
    Ok(axum::Json(find(&state, &slug).await?.1))
}

/// Where a unit's widgets may stand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Origins {
    /// Such as `https://transport.example`
    origins: Vec<String>,
}

/// The origins on which the unit embeds.
#[utoipa::path(get, path = "/api/v1/units/{unit}/origins", tag = "staff", operation_id = "show_origins", security(("bearer" = [])),
    params(("unit" = String, Path)),
    responses((status = 200, description = "The list of origins", body = Origins), StaffReading))]
pub async fn origins(
    State(state): State<AppState>,
    staff: Staff,
    Path((slug,)): Path<(String,)>,
) -> Result<axum::Json<Origins>, Refusal> {
    let (unit, _) = find(&state, &slug).await?;
    staff.identity.oversee(unit)?;
    let origins = units::origins(&state.backend, &slug).await?;
    Ok(axum::Json(Origins { origins }))
}

/// Replaces the list of origins.
#[utoipa::path(put, path = "/api/v1/units/{unit}/origins", tag = "staff", operation_id = "set_origins", security(("bearer" = [])),
    params(("unit" = String, Path)), request_body = Origins,
    responses((status = 200, description = "The list as it now is", body = Origins), StaffWriting))]
pub async fn set_origins(
    State(state): State<AppState>,
    mut edge: Edge,
    staff: Staff,
    Path((slug,)): Path<(String,)>,
    Json(new): Json<Origins>,
) -> Result<axum::Json<Origins>, Refusal> {
    let (unit, _) = find(&state, &slug).await?;
    let permit = staff.identity.administer(unit)?;
    units::set_origins(&state.backend, &mut edge.moment, &permit, new.origins).await?;
    let origins = units::origins(&state.backend, &slug).await?;
    Ok(axum::Json(Origins { origins }))
}
