//! The lines that say what is going on and how long it took.

use std::time::Instant;

/// Announces a piece of work; `done` closes it with its time.
pub struct Step {
    name: String,
    started: Instant,
}

impl Step {
    pub fn begin(name: &str) -> Self {
        println!("\n== {name}");
        Self {
            name: name.to_owned(),
            started: Instant::now(),
        }
    }

    /// Seconds since it began.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    pub fn done(self, how: &str) {
        println!("== {}: {how} ({:.1} s)", self.name, self.seconds());
    }
}

/// One line in between.
pub fn note(text: &str) {
    println!("   {text}");
}
