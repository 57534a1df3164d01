//! From the two entry crates to the modules that browsers load: cargo, wasm-bindgen as a library,
//! then Binaryen's `wasm-opt` from npm (docs/decisions).

use super::bundle;
use crate::process::{cargo, npm_program, quietly, run};
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

/// A module and the script that loads it.
pub struct Module {
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// Compiles both entry crates, with the profile that favours size.
pub fn compile() -> Outcome {
    run(
        &mut cargo(&[
            "build",
            "--package",
            "site-wasm",
            "--package",
            "console-wasm",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "wasm",
        ]),
        "The WASM modules do not compile: correct what the compiler names above.",
    )
}

/// Makes the module of a library such as `site_wasm`, or takes it from the cache if the compiled
/// library has not changed.
pub fn module(name: &str, library: &str) -> Outcome<Module> {
    let target = root().join("target");
    let compiled = target.join(format!("wasm32-unknown-unknown/wasm/{library}.wasm"));
    let cache = target.join("assets").join(name);
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
    quietly(&mut wasm_opt)
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
