//! The browser's part: WASM modules, scripts and styles, from their sources to `target/site`,
//! which the server carries inside itself (`server/src/assets.rs`).
//!
//! Everything is built the way it is shipped, also for `run` and `test`: there is no second,
//! larger browser build that could behave differently. What has not changed is not built again.

mod bundle;
mod publish;
mod wasm;

use crate::progress::{Step, note};
use crate::{Outcome, needs, root};
use bundle::{bundled_script, own_unit, script, style};
use publish::Site;
pub use publish::Size;
use wasm::Module;

/// Builds what is stale. The step of each part is announced, with its size.
pub fn assets() -> Outcome<Vec<Size>> {
    let step = Step::begin("browser assets");
    needs::npm_packages()?;
    needs::wasm_target()?;
    needs::components(&["rust-src"])?;
    wasm::compile()?;
    let mut site = Site::default();

    let modules = [
        ("site", "site_wasm", "boot.js"),
        ("console", "console_wasm", "desk_boot.js"),
    ];
    for (name, library, boot) in modules {
        let Module { glue, wasm } = wasm::module(name, library)?;
        let wasm = site.add(&format!("{name}_bg.wasm"), wasm)?;
        let glue = site.add(&format!("{name}.js"), glue)?;
        // The sources name their neighbours plainly; here the names get their hashes.
        let boot_script = bundled_script(&format!("public/{boot}"))?
            .replace(&format!("./{name}.js"), &format!("./{glue}"))
            .replace(&format!("./{name}_bg.wasm"), &format!("./{wasm}"));
        site.add(boot, boot_script.into_bytes())?;
    }
    let icon = std::fs::read(root().join("public/icon.svg"))
        .map_err(|e| format!("public/icon.svg cannot be read ({e})."))?;
    site.add("icon.svg", icon)?;
    site.add("frame.js", script("public/frame.js")?.into_bytes())?;
    site.add("site.css", own_unit(&style("style/site.css")?).into_bytes())?;
    let sessions = own_unit(&style("style/sessions.css")?);
    site.add("sessions.css", sessions.into_bytes())?;
    site.add("desk.css", style("style/desk.css")?.into_bytes())?;

    let loader = script("public/embed/v1.js")?;
    if !loader.is_ascii() {
        return Err("public/embed/v1.js must stay ASCII: host pages may be GBK.".into());
    }
    site.add_unhashed("embed/v1.js", loader.into_bytes())?;

    let sizes = site.publish()?;
    for size in &sizes {
        note(&format!(
            "{:>16}  {:>7} bytes, {:>6} with brotli",
            size.name, size.plain, size.brotli
        ));
    }
    step.done("built");
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use crate::root;
    use std::collections::BTreeSet;

    fn theme(file: &str) -> BTreeSet<String> {
        let text = std::fs::read_to_string(root().join(file)).unwrap();
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
            .filter(|word| word.starts_with("--yanlu-"))
            .map(Into::into)
            .collect()
    }

    #[test]
    fn a_frame_asks_for_every_property_that_the_style_uses() {
        let used = theme("style/tokens.css");
        assert!(used.len() > 5);
        assert_eq!(theme("public/frame.js"), used);
    }
}
