//! The Debian archives that the machine's own apt reads, from its configuration.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// One archive: where it is, and what apt shall trust it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    pub uri: String,
    signed_by: Option<String>,
}

impl Archive {
    /// A deb822 source for one suite of this archive.
    pub fn deb822(&self, suite: &str) -> String {
        let signed_by = self.signed_by.as_ref().map_or(String::new(), |by| format!("Signed-By: {by}\n"));
        format!("Types: deb\nURIs: {}\nSuites: {suite}\nComponents: main\n{signed_by}", self.uri)
    }
}

/// One entry of the configuration, in either of its two formats.
#[derive(Debug, Default, PartialEq, Eq)]
struct Entry {
    uris: Vec<String>,
    suites: Vec<String>,
    components: Vec<String>,
    signed_by: Option<String>,
}

/// The archives that the configuration in `etc` (/etc/apt) names, the likeliest first, each once.
pub fn machine(etc: &Path) -> Result<Vec<Archive>> {
    let mut files = vec![etc.join("sources.list")];
    if let Ok(parts) = fs::read_dir(etc.join("sources.list.d")) {
        let mut parts: Vec<_> = parts.filter_map(|part| Some(part.ok()?.path())).collect();
        parts.sort();
        files.extend(parts);
    }
    let mut entries = Vec::new();
    for file in files.iter().filter(|file| file.exists()) {
        let read = || fs::read_to_string(file).with_context(|| format!("{}: cannot be read", file.display()));
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => entries.extend(one_line(&read()?)),
            Some("sources") => entries.extend(deb822(&read()?)),
            _ => {}
        }
    }
    Ok(archives(&entries))
}

/// Picks the archives of the distribution itself. A security archive has the component main but no backports,
/// and a vendor's has its own suites, so both come last rather than never: apt will say what they lack.
fn archives(entries: &[Entry]) -> Vec<Archive> {
    let mut found: Vec<(bool, Archive)> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.components.iter().any(|name| name == "main")) {
        let own = |suite: &String| suite.ends_with("-updates") || suite.ends_with("-backports");
        let security = entry.suites.iter().all(|suite| suite.contains("security"));
        let debian = entry.uris.iter().any(|uri| uri.trim_end_matches('/').ends_with("/debian"));
        let likely = !security && (debian || entry.suites.iter().any(own));
        for uri in entry.uris.iter().filter(|uri| !uri.starts_with("cdrom:")) {
            let archive = Archive { uri: uri.clone(), signed_by: entry.signed_by.clone() };
            if !found.iter().any(|(_, known)| known.uri == archive.uri) {
                found.push((likely, archive));
            }
        }
    }
    found.sort_by_key(|(likely, _)| !likely);
    found.into_iter().map(|(_, archive)| archive).collect()
}

/// `deb [signed-by=KEY arch=A,B] URI SUITE COMPONENT...`, one a line.
fn one_line(text: &str) -> Vec<Entry> {
    text.lines().filter_map(|line| one_line_entry(line.split('#').next()?.trim())).collect()
}

fn one_line_entry(line: &str) -> Option<Entry> {
    let rest = line.strip_prefix("deb")?;
    if !rest.starts_with([' ', '\t']) {
        return None;
    }
    let rest = rest.trim_start();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(inside) => inside.split_once(']')?,
        None => ("", rest),
    };
    let signed_by = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
    let mut words = rest.split_whitespace().map(str::to_owned);
    Some(Entry {
        uris: vec![words.next()?],
        suites: vec![words.next()?],
        components: words.collect(),
        signed_by: signed_by.map(|by| by.replace(',', " ")),
    })
}

/// Stanzas of `Field: value` with continuation lines, separated by empty lines.
fn deb822(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut stanza: Vec<(String, String)> = Vec::new();
    for line in text.lines().chain([""]).filter(|line| !line.starts_with('#')) {
        if line.trim().is_empty() {
            entries.extend(stanza_entry(&stanza));
            stanza.clear();
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = stanza.last_mut() {
                value.push('\n');
                value.push_str(line);
            }
        } else if let Some((field, value)) = line.split_once(':') {
            stanza.push((field.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    entries
}

fn stanza_entry(stanza: &[(String, String)]) -> Option<Entry> {
    let field = |name: &str| stanza.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    let words = |name: &str| -> Vec<String> {
        field(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    if field("enabled").is_some_and(|value| value.eq_ignore_ascii_case("no")) {
        return None;
    }
    words("types").iter().any(|kind| kind == "deb").then(|| Entry {
        uris: words("uris"),
        suites: words("suites"),
        components: words("components"),
        signed_by: field("signed-by").map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uris(entries: &[Entry]) -> Vec<String> {
        archives(entries).into_iter().map(|archive| archive.uri).collect()
    }

    #[test]
    fn one_line_format() {
        let entries = one_line(
            "# deb http://commented.test/debian bookworm main\n\
             deb-src http://source.test/debian bookworm main\n\
             deb cdrom:[Debian 12]/ bookworm main\n\
             deb [arch=amd64 signed-by=/keys/a.gpg,/keys/b.gpg] http://mirror.test/debian bookworm main contrib # x\n\
             deb http://security.test/debian-security bookworm-security main\n\
             deb\thttp://vendor.test/linux vendor stable\n",
        );
        let mirror = &entries[1];
        assert_eq!(mirror.uris, ["http://mirror.test/debian"]);
        assert_eq!(mirror.suites, ["bookworm"]);
        assert_eq!(mirror.components, ["main", "contrib"]);
        assert_eq!(mirror.signed_by.as_deref(), Some("/keys/a.gpg /keys/b.gpg"));
        assert_eq!(uris(&entries), ["http://mirror.test/debian", "http://security.test/debian-security"]);
    }

    #[test]
    fn deb822_format() {
        let entries = deb822(
            "Types: deb deb-src\n# snapshot\nURIs: http://security.test/debian-security\n\
             Suites: bookworm-security\nComponents: main\n\n\
             Types: deb\nURIs: http://one.test/debian/\n  http://two.test/debian\nSuites: bookworm bookworm-updates\n\
             Components: main\nSigned-By:\n -----BEGIN PGP-----\n .\n abc\n\n\
             Types: deb\nEnabled: no\nURIs: http://off.test/debian\nSuites: bookworm\nComponents: main\n\n\n\
             Types: deb-src\nURIs: http://source.test/debian\nSuites: bookworm\nComponents: main",
        );
        assert_eq!(entries.len(), 2);
        assert_eq!(
            uris(&entries),
            ["http://one.test/debian/", "http://two.test/debian", "http://security.test/debian-security"]
        );
        assert_eq!(entries[1].signed_by.as_deref(), Some("\n -----BEGIN PGP-----\n .\n abc"));
    }

    #[test]
    fn a_vendor_with_the_component_main_comes_last() {
        let entries = one_line(
            "deb http://vendor.test/apt vendor-bookworm main\ndeb http://mirror.test/debian bookworm main\n",
        );
        assert_eq!(uris(&entries), ["http://mirror.test/debian", "http://vendor.test/apt"]);
    }

    #[test]
    fn a_source_of_our_own() {
        let archive = Archive { uri: "http://m.test/debian".into(), signed_by: Some("/k.gpg".into()) };
        assert_eq!(
            archive.deb822("trixie-backports"),
            "Types: deb\nURIs: http://m.test/debian\nSuites: trixie-backports\nComponents: main\nSigned-By: /k.gpg\n"
        );
    }

    #[test]
    fn reads_a_configuration() {
        let etc = tempfile::tempdir().unwrap();
        assert_eq!(machine(etc.path()).unwrap(), []);
        fs::create_dir(etc.path().join("sources.list.d")).unwrap();
        fs::write(etc.path().join("sources.list"), "deb http://m.test/debian bookworm main").unwrap();
        fs::write(
            etc.path().join("sources.list.d/d.sources"),
            "Types: deb\nURIs: http://m.test/debian http://n.test/debian\nSuites: x-updates\nComponents: main\n",
        )
        .unwrap();
        fs::write(etc.path().join("sources.list.d/old.list.save"), "deb http://x.test/debian x main")
            .unwrap();
        let found: Vec<_> = machine(etc.path()).unwrap().into_iter().map(|archive| archive.uri).collect();
        assert_eq!(found, ["http://m.test/debian", "http://n.test/debian"]);
    }
}
