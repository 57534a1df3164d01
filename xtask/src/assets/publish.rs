//! `target/site`: files under names that carry their hash, their compressed forms beside them, and
//! `manifest.json` from plain to hashed names.
//!
//! A file is written only if it changed, so that the server is not built anew for nothing.

use crate::{Outcome, root};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The files of the site, collected before they are written.
#[derive(Default)]
pub struct Site {
    /// Plain name to published name.
    names: BTreeMap<String, String>,
    /// Published name to content.
    files: BTreeMap<String, Vec<u8>>,
}

/// What a file weighs.
pub struct Size {
    pub name: String,
    pub plain: usize,
    pub brotli: usize,
}

impl Site {
    /// Adds a file under a name that carries its hash, and says that name.
    pub fn add(&mut self, name: &str, content: Vec<u8>) -> Outcome<String> {
        let digest = Sha256::digest(&content);
        let hash: String = digest[..6].iter().map(|b| format!("{b:02x}")).collect();
        let (stem, extension) = name
            .rsplit_once('.')
            .ok_or_else(|| format!("The asset {name} has no extension."))?;
        let published = format!("{stem}-{hash}.{extension}");
        self.names.insert(name.into(), published.clone());
        self.files.insert(published.clone(), content);
        Ok(published)
    }

    /// Adds a file whose address never changes.
    pub fn add_unhashed(&mut self, name: &str, content: Vec<u8>) -> Outcome {
        self.names.insert(name.into(), name.into());
        self.files.insert(name.into(), content);
        Ok(())
    }

    /// Writes everything and removes what is not part of it any more.
    pub fn publish(self) -> Outcome<Vec<Size>> {
        self.publish_to(&root().join("target/site"))
    }

    fn publish_to(self, folder: &Path) -> Outcome<Vec<Size>> {
        let mut kept = BTreeSet::new();
        let mut sizes = Vec::new();
        for (name, published) in &self.names {
            let content = &self.files[published];
            let file = folder.join(published);
            let brotli_file = beside(&file, "br");
            let gzip_file = beside(&file, "gz");
            let unchanged = fs::read(&file).is_ok_and(|old| old == *content)
                && brotli_file.is_file()
                && gzip_file.is_file();
            if !unchanged {
                write(&brotli_file, &brotli(content)?)?;
                write(&gzip_file, &gzip(content)?)?;
                write(&file, content)?;
            }
            let compressed = fs::metadata(&brotli_file).map_or(0, |m| m.len());
            sizes.push(Size {
                name: name.clone(),
                plain: content.len(),
                brotli: usize::try_from(compressed).unwrap_or(usize::MAX),
            });
            kept.extend([file, brotli_file, gzip_file]);
        }
        let manifest = folder.join("manifest.json");
        let text = serde_json::to_string_pretty(&self.names)
            .map_err(|e| format!("The manifest cannot be written ({e})."))?;
        if !fs::read_to_string(&manifest).is_ok_and(|old| old == text) {
            write(&manifest, text.as_bytes())?;
        }
        kept.insert(manifest);
        remove_others(folder, &kept)?;
        Ok(sizes)
    }
}

fn brotli(content: &[u8]) -> Outcome<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)
        .map_err(|e| format!("Brotli failed ({e})."))?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .map_err(|e| format!("gzip failed ({e})."))
}

fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn write(path: &Path, content: &[u8]) -> Outcome {
    let failed = |e| format!("{} cannot be written ({e}).", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, content).map_err(failed)
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> Outcome {
    let failed = |e| format!("{} cannot be tidied ({e}).", folder.display());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) {
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_the_hash_of_its_content_and_old_files_go() {
        let folder = tempfile::tempdir().unwrap();
        let publish = |content: &str| {
            let mut site = Site::default();
            let name = site.add("site.css", content.into()).unwrap();
            site.add_unhashed("embed/v1.js", b"1".to_vec()).unwrap();
            let sizes = site.publish_to(folder.path()).unwrap();
            assert_eq!(sizes[1].plain, content.len());
            name
        };
        let first = publish("a{}");
        let second = publish("a{color:red}");
        assert_ne!(first, second);
        let has = |name: &str| folder.path().join(name).is_file();
        assert!(has(&second) && has(&format!("{second}.br")) && has(&format!("{second}.gz")));
        assert!(has("embed/v1.js.br"));
        assert!(!has(&first) && !has(&format!("{first}.br")));
        let manifest = fs::read_to_string(folder.path().join("manifest.json")).unwrap();
        assert!(manifest.contains(&format!("\"site.css\": \"{second}\"")));
    }
}
