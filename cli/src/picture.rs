//! Timelines as files.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use credwire::timeline::Timeline;
use credwire_schema::fileset::FileSet;

use crate::outcome::{Failure, Result};

/// A file for a timeline; its extension selects the format.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    path: PathBuf,
    form: Form,
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Svg,
    Html,
    Json,
}

impl FromStr for Picture {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let path = PathBuf::from(text);
        let form = match path.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => Form::Svg,
            Some("html") => Form::Html,
            Some("json") => Form::Json,
            _ => return Err("expected a name that ends in .svg, .html or .json".to_owned()),
        };
        Ok(Self { path, form })
    }
}

impl Picture {
    /// Writes the file, whole or not at all.
    pub(crate) fn write(&self, timeline: &Timeline) -> Result<()> {
        let text = match self.form {
            Form::Svg => timeline.svg(),
            Form::Html => timeline.html(),
            Form::Json => serde_json::to_string_pretty(timeline)
                .map_err(|error| Failure::new("the timeline cannot be written").because(error))?,
        };
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let mut files = FileSet::default();
        files.insert(name, text);
        let folder = self.path.parent().unwrap_or(Path::new(""));
        files
            .write(folder, &[])
            .map_err(|error| Failure::new("the timeline cannot be written").because(error))
    }
}
