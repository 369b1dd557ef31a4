//! The features of the package, as its manifest names them: what stands behind one is not in every build.

use std::{env, fs, path::PathBuf};

/// The features that have to be asked for; empty for most packages.
pub(crate) fn features() -> Vec<String> {
    let path = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default().join("Cargo.toml");
    // A manifest that cannot be read has failed the build before.
    fs::read_to_string(path).map(|manifest| in_manifest(&manifest)).unwrap_or_default()
}

fn in_manifest(manifest: &str) -> Vec<String> {
    let (mut features, mut by_default) = (Vec::new(), Vec::new());
    let (mut is_inside, mut name) = (false, String::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            is_inside = line.starts_with("[features]");
        } else if is_inside && !line.starts_with('#') {
            let mut values = line;
            // The values of a feature may go on for lines; each of them is in quotes, and has no `=` behind it.
            if let Some((key, rest)) = line.split_once('=') {
                (name, values) = (key.trim().trim_matches('"').to_owned(), rest);
                if name != "default" {
                    features.push(name.clone());
                }
            }
            if name == "default" {
                by_default.extend(values.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
            }
        }
    }
    features.retain(|feature| !by_default.contains(feature));
    features
}

#[cfg(test)]
mod tests {
    use super::in_manifest;

    #[test]
    fn features_that_are_not_there_by_default() {
        for (manifest, expected) in [
            ("[package]\nname = \"a\"\n", vec![]),
            ("[features]\na = []\n\"b\" = [\"dep:x\"]\n[dependencies]\nc = \"1\"\n", vec!["a", "b"]),
            ("[features]\ndefault = [\"a\"]\na = []\nb = [\"a\"]\n", vec!["b"]),
            (
                "[features]\n# d = []\ndefault = [\n    \"a\",\n    \"b\",\n]\na = []\nb = []\nc = [\n    \"a\",\n]\n",
                vec!["c"],
            ),
        ] {
            assert_eq!(in_manifest(manifest), expected, "{manifest}");
        }
    }
}
