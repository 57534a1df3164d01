//! What readers hear while the database does not answer.

use crate::world::World;
use testing::{Standstill, on_both_databases};

on_both_databases! {
    readers_are_answered_while_the_database_stands_still,
}

/// All this while it still stands: an answer that waits for its end would never come.
async fn readers_are_answered_while_the_database_stands_still(world: &World) {
    let draft = world.open().await;
    let path = format!("/c/{}", draft.number);
    let person = world.public();
    let before = person.get(&path).await;
    assert_eq!(before.status, 200);
    let standstill = Standstill::begin(&world.database_url).await;
    let (a, b, c) = tokio::join!(person.get(&path), person.get(&path), person.get(&path));
    for answer in [a, b, c] {
        if world.backend.db_kind() == "sqlite" {
            // Its one process knows without asking that nothing has changed.
            assert_eq!((answer.status.as_u16(), &answer.body), (200, &before.body));
        } else {
            assert_eq!(answer.status, 503);
            assert_eq!(answer.header("retry-after"), "3");
        }
    }
    standstill.end().await;
    assert_eq!(person.get(&path).await.body, before.body);
}
