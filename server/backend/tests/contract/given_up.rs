//! Requests that are given up half way leave nothing behind for those that come after.

use crate::world::World;
use backend::{Viewer, polls};
use std::task::Poll;
use testing::on_both_databases;

on_both_databases! {
    a_reader_who_leaves_while_it_begins_stands_in_no_writers_way,
}

async fn a_reader_who_leaves_while_it_begins_stands_in_no_writers_way(world: &World) {
    let desk = world.desk("transport").await;
    let (number, _) = world.open_consultation(&desk).await;
    // Left after so many steps, wherever that is: before it has a connection, while it begins, later.
    for steps in (1..=8).cycle().take(64) {
        let mut taken = 0;
        let (now, backend) = (world.now(), &world.backend);
        let mut reading = Box::pin(polls::list(backend, now, number, Viewer::Public));
        std::future::poll_fn(|cx| {
            taken += 1;
            match reading.as_mut().poll(cx) {
                Poll::Pending if taken < steps => Poll::Pending,
                _ => Poll::Ready(()),
            }
        })
        .await;
    }
    // On every connection of the pool.
    for n in 0..48 {
        world.consultation(&desk, &format!("事项{n}")).await;
    }
}
