//! Gets what a task needs and the machine lacks: parts of the Rust toolchain, npm packages,
//! Debian packages. Where it cannot, it says in one sentence what to do.

use crate::process::{BRIEF, FETCHING, command, exists, output, run};
use crate::progress::note;
use crate::{Outcome, root};
use std::fs;
use std::path::Path;

/// The target of the browser modules.
pub fn wasm_target() -> Outcome {
    rustup("target", &["wasm32-unknown-unknown"])
}

/// Parts of the toolchain such as `clippy`.
pub fn components(names: &[&str]) -> Outcome {
    rustup("component", names)
}

fn rustup(kind: &str, names: &[&str]) -> Outcome {
    let Some(installed) = output(FETCHING, &command("rustup", &[kind, "list", "--installed"]))
    else {
        // A toolchain that does not come from rustup: the build itself will say what is missing.
        return Ok(());
    };
    for name in names {
        if installed.lines().any(|line| line.starts_with(name)) {
            continue;
        }
        note(&format!("fetching {name} with rustup"));
        run(
            FETCHING,
            &command("rustup", &[kind, "add", name]),
            &format!(
                "rustup could not fetch {name}: check the network, then run `rustup {kind} add {name}`."
            ),
        )?;
    }
    Ok(())
}

/// The npm packages, exactly as the lock file names them.
pub fn npm_packages() -> Outcome {
    let lock = fs::read(root().join("package-lock.json"))
        .map_err(|e| format!("package-lock.json cannot be read ({e}): restore it from git."))?;
    // npm leaves its own record of what it installed; ours says from which lock file.
    let stamp = root().join("node_modules/.yanlu-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if !exists("npm") {
        return Err(
            "npm is missing: install Node.js 20 or newer with npm, then run this again.".into(),
        );
    }
    note("fetching npm packages");
    run(
        FETCHING,
        &command(
            "npm",
            &["ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        ),
        "npm could not fetch its packages: check the network and that Node.js is 20 or newer, then run `npm ci`.",
    )?;
    fs::write(&stamp, lock).map_err(|e| format!("{} cannot be written ({e}).", stamp.display()))
}

/// Where a Debian package shows that it is there.
pub struct Debian {
    pub package: &'static str,
    present: fn() -> bool,
}

pub const CHROMIUM: Debian = Debian {
    package: "chromium",
    present: || Path::new("/usr/bin/chromium").is_file(),
};
pub const POSTGRESQL: Debian = Debian {
    package: "postgresql",
    present: || crate::postgres::programs().is_some(),
};
/// Without it Chinese text is boxes, and line heights in the browser tests differ.
pub const CHINESE_FONTS: Debian = Debian {
    package: "fonts-noto-cjk",
    present: || Path::new("/usr/share/fonts/opentype/noto").is_dir(),
};
/// The yardsticks of the measurements.
pub const NGINX: Debian = Debian {
    package: "nginx-light",
    present: || Path::new("/usr/sbin/nginx").is_file(),
};
pub const WRK: Debian = Debian {
    package: "wrk",
    present: || Path::new("/usr/bin/wrk").is_file(),
};

/// Installs what is missing, which takes root.
pub fn debian_packages(packages: &[Debian]) -> Outcome {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|p| !(p.present)())
        .map(|p| p.package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let by_hand = format!(
        "{list} could not be installed: run `apt-get install -y --no-install-recommends {list}` as root, then run this again."
    );
    let is_root = output(BRIEF, &command("id", &["-u"])).is_some_and(|id| id.trim() == "0");
    if !is_root || !exists("apt-get") {
        return Err(by_hand);
    }
    note(&format!("installing {list} with apt-get"));
    // Another installer at work is waited for, and a mirror that stumbles is asked again.
    let apt = |arguments: &[&str]| {
        let mut apt = command("apt-get", &["-qq"]);
        apt.args(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"])
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    run(FETCHING, &apt(&["update"]), &by_hand)?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(&missing);
    run(FETCHING, &apt(&arguments), &by_hand)?;
    match packages.iter().find(|p| !(p.present)()) {
        None => Ok(()),
        Some(_) => Err(by_hand),
    }
}
