//! The features of the package, as its manifest names them: what stands behind one is not in every build.

use std::{env, fs, path::PathBuf};

/// The features of a package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// Those that have to be asked for.
    pub(crate) asked_for: Vec<String>,
    /// Those that are there by default, as long as nobody switches them off.
    by_default: Vec<String>,
}

impl Features {
    /// Those of the package that is compiled; none for most packages.
    pub(crate) fn of_the_package() -> Self {
        let path = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default().join("Cargo.toml");
        // A manifest that cannot be read has failed the build before.
        fs::read_to_string(path).map(|manifest| Self::in_manifest(&manifest)).unwrap_or_default()
    }

    /// What to do if something is behind one of them, for the messages about what is gone.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        let is_any = !self.asked_for.is_empty() || !self.by_default.is_empty();
        is_any.then_some("if what is missing is behind a `#[cfg(..)]`, build with its feature: what is locked has to be read in every build")
    }

    fn in_manifest(manifest: &str) -> Self {
        let (mut features, mut defaults) = (Vec::new(), Vec::new());
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
                    defaults.extend(values.split('"').skip(1).step_by(2).map(ToOwned::to_owned));
                }
            }
        }
        let (by_default, asked_for) = features.into_iter().partition(|feature| defaults.contains(feature));
        Self { asked_for, by_default }
    }
}

#[cfg(test)]
mod tests {
    use super::Features;

    #[test]
    fn features_that_are_there_by_default_and_others() {
        let cases: [(&str, &[&str], &[&str]); 4] = [
            ("[package]\nname = \"a\"\n", &[], &[]),
            ("[features]\na = []\n\"b\" = [\"dep:x\"]\n[dependencies]\nc = \"1\"\n", &["a", "b"], &[]),
            ("[features]\ndefault = [\"a\"]\na = []\nb = [\"a\"]\n", &["b"], &["a"]),
            (
                "[features]\n# d = []\ndefault = [\n    \"a\",\n    \"b\",\n]\na = []\nb = []\nc = [\n    \"a\",\n]\n",
                &["c"],
                &["a", "b"],
            ),
        ];
        for (manifest, asked_for, by_default) in cases {
            let Features { asked_for: asked, by_default: defaults } = Features::in_manifest(manifest);
            assert_eq!((asked, defaults), (owned(asked_for), owned(by_default)), "{manifest}");
        }
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }
}
