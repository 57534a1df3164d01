//! Sees to it that the folder of built browser assets exists, so that the server compiles before
//! they are built, and is compiled anew when they change.

use std::{env, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let site = Path::new(&root).join("../target/site");
    fs::create_dir_all(&site).expect("the target folder is writable");
    println!("cargo::rerun-if-changed={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
}
