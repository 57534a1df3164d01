//! From the two entry crates to the modules that browsers load: cargo, wasm-bindgen as a library,
//! then Binaryen's `wasm-opt` from npm (docs/decisions).

use super::bundle;
use crate::process::{BRIEF, COMPILING, cargo, npm_program, quietly, run};
use crate::{Outcome, root};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_bindgen_cli_support::Bindgen;

/// Change it when the steps below change, so that cached modules are made anew.
const RECIPE: &str = "1: bindgen 0.2.130, binaryen 132 -Oz";

/// What rustc 1.95 emits for this target. Never `--all-features`: browsers would refuse the result.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// Apart from the other builds, so that neither waits for the other's lock.
const FOLDER: &str = "target/browser";

/// A module and the script that loads it.
pub struct Module {
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// Compiles both entry crates, with the profile that favours size and a standard library built for
/// size, which saves one byte in six. The pinned stable compiler does that if told that we know
/// these flags to be unstable; the server is compiled without them.
pub fn compile() -> Outcome {
    let mut build = cargo(&["build", "--profile", "wasm"]);
    build
        .args(["--package", "site-wasm", "--package", "console-wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--target-dir", FOLDER])
        .args(["-Zbuild-std=std,panic_abort"])
        .args(["-Zbuild-std-features=optimize_for_size"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
            "-Zunstable-options -Cpanic=immediate-abort",
        );
    run(
        COMPILING,
        &build,
        "The WASM modules do not compile: correct what the compiler names above.",
    )
}

/// Makes the module of a library such as `site_wasm`, or takes it from the cache if the compiled
/// library has not changed.
pub fn module(name: &str, library: &str) -> Outcome<Module> {
    let folder = root().join(FOLDER);
    let compiled = folder.join(format!("wasm32-unknown-unknown/wasm/{library}.wasm"));
    let cache = folder.join("bound").join(name);
    let glue = cache.join(format!("{name}.js"));
    let wasm = cache.join(format!("{name}_bg.wasm"));
    let stamp = cache.join("stamp");
    let key = key(&read(&compiled)?);
    if !fs::read_to_string(&stamp).is_ok_and(|made| made == key) {
        make_folder(&cache)?;
        bind(name, &compiled, &cache)?;
        optimise(&wasm)?;
        fs::write(&stamp, key).map_err(|e| unwritable(&stamp, e))?;
    }
    Ok(Module {
        glue: bundle::script(&glue.to_string_lossy())?.into_bytes(),
        wasm: read(&wasm)?,
    })
}

fn key(compiled: &[u8]) -> String {
    let digest = Sha256::digest(compiled);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{RECIPE} {digest}")
}

fn bind(name: &str, compiled: &Path, folder: &Path) -> Outcome {
    let failed = |e| {
        format!(
            "wasm-bindgen could not read {} ({e:#}).",
            compiled.display()
        )
    };
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(name)
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The boot script says where the module is; the glue needs no guess of its own.
        .omit_default_module_path(true);
    bindgen
        .web(true)
        .map_err(failed)?
        .generate(folder)
        .map_err(failed)
}

fn optimise(wasm: &Path) -> Outcome {
    let before = wasm.with_extension("unoptimised");
    fs::rename(wasm, &before).map_err(|e| unwritable(&before, e))?;
    let mut wasm_opt = npm_program("wasm-opt", &["-Oz", "--strip-debug", "--strip-producers"]);
    wasm_opt.args(FEATURES).arg(&before).arg("-o").arg(wasm);
    quietly(BRIEF, &wasm_opt).map(drop)
}

fn make_folder(folder: &Path) -> Outcome {
    fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))
}

fn read(path: &PathBuf) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|e| format!("{} cannot be read ({e}).", path.display()))
}

fn unwritable(path: &Path, e: std::io::Error) -> String {
    format!("{} cannot be written ({e}).", path.display())
}
