//! The intake when the database stands still: what it holds, and what it says.

use crate::world::{World, comment};
use backend::{Conflict, Error, comments};
use domain::comments::RawComment;
use domain::limits;
use std::time::Duration;
use testing::{Standstill, on_both_databases};
use tokio::time::timeout;

on_both_databases! {
    more_text_than_there_is_room_for_is_refused_and_can_be_sent_again,
}

/// About two megabytes.
fn heavy() -> RawComment {
    let text = "𠀀".repeat(limits::POINT_TEXT);
    let mut heavy = comment(&vec![(None, text.as_str()); limits::POINTS_PER_COMMENT]);
    for point in &mut heavy.points {
        point.proposed = Some(text.clone());
    }
    heavy
}

async fn more_text_than_there_is_room_for_is_refused_and_can_be_sent_again(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    let standstill = Standstill::begin(&world.url).await;
    let mut waiting = Vec::new();
    let mut refused = Vec::new();
    for index in 0..12 {
        let key = format!("heavy-{index}");
        let (backend, moment, name) = (world.backend.clone(), world.moment(), key.clone());
        let mut sending =
            Box::pin(
                async move { comments::submit(&backend, moment, number, heavy(), name).await },
            );
        // Looked at once: what is refused for want of room is refused without waiting.
        match timeout(Duration::ZERO, &mut sending).await {
            Ok(Err(Error::Overloaded)) => refused.push(key),
            Ok(other) => panic!("nothing can be answered yet: {other:?}"),
            Err(_) => waiting.push(tokio::spawn(sending)),
        }
    }
    assert!(!waiting.is_empty() && !refused.is_empty());
    standstill.end().await;
    for sending in waiting {
        sending.await.unwrap().expect("there was room for it");
    }
    for key in &refused {
        world.send(number, heavy(), key).await;
    }
    let again = comments::submit(
        &world.backend,
        world.moment(),
        number,
        comment(&[(None, "别的")]),
        refused[0].clone(),
    )
    .await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::KeyReused))));
}
