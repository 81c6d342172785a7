//! The whole way once, from reference pages to sessions that stay alive, without account or
//! network.

mod follow;
mod pages;
mod provider;
mod sessions;
mod view;

use std::{path::Path, time::Duration};

use credwire::timeline::Timeline;
use credwire_schema::fileset::FileSet;

use crate::outcome::{Failure, Result};

pub(crate) use view::View;

/// When something hangs. The demo takes half of it.
const DEADLINE: Duration = Duration::from_secs(45);

/// Runs the demo and writes its timeline to `out`.
pub(crate) async fn run(view: &View, out: &Path) -> Result<()> {
    let story = tokio::time::timeout(DEADLINE, tell(view, out));
    let told = tokio::select! {
        told = story => told,
        never = view.animate() => match never {},
    };
    match told {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => Err(failure.during(&view.step())),
        Err(_) => {
            let waited = DEADLINE.as_secs();
            Err(Failure::new(format!("{}: not done {waited} s after the start", view.step()))
                .help("run `credwire --log debug demo` to see what the sessions do"))
        }
    }
}

async fn tell(view: &View, out: &Path) -> Result<()> {
    view.begin("prepare the folder for the timeline");
    std::fs::create_dir_all(out).map_err(|error| unwritable(out).because(error))?;
    view.heading("From reference pages to a typed API")?;
    pages::check(view).await?;
    let timeline = sessions::live(view).await?;
    view.begin("write the timeline");
    write(&timeline, out)?;
    let (svg, html) = (out.join("timeline.svg"), out.join("timeline.html"));
    view.done(&format!("{} and {} show both sessions", svg.display(), html.display()))
}

fn write(timeline: &Timeline, out: &Path) -> Result<()> {
    let mut files = FileSet::default();
    files.insert("timeline.svg", timeline.svg());
    files.insert("timeline.html", timeline.html());
    files.write(out, &[]).map_err(|error| unwritable(out).because(error))
}

fn unwritable(out: &Path) -> Failure {
    Failure::new(format!("cannot write to {}", out.display())).help("choose a folder with --out")
}
