//! A target's inputs from its file into a folder, one file each, as libFuzzer wants them (`unpack`), and back (`pack`).

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use nestpost_fuzz::{TARGETS, corpus};

/// So much is kept of a target's inputs, the shortest first: of those that were taken, and of the others.
const KEPT_BYTES_MAX: (usize, usize) = (40 * 1024, 12 * 1024);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, name, folder] = arguments.as_slice() else { bail!("unpack|pack TARGET FOLDER") };
    let target = TARGETS.into_iter().find(|target| target.name == name).context("no such target")?;
    let folder = PathBuf::from(folder);
    match verb.as_str() {
        "unpack" => {
            std::fs::create_dir_all(&folder)?;
            for (number, input) in corpus::read(name)?.iter().enumerate() {
                std::fs::write(folder.join(number.to_string()), input)?;
            }
        }
        "pack" => {
            let files = std::fs::read_dir(&folder)?;
            let mut inputs = files.map(|file| std::fs::read(file?.path())).collect::<Result<Vec<_>, _>>()?;
            inputs.sort_by_key(Vec::len);
            let mut left = KEPT_BYTES_MAX;
            inputs.retain(|input| {
                let left = if (target.run)(input) { &mut left.0 } else { &mut left.1 };
                let fits = input.len() <= *left;
                *left -= if fits { input.len() } else { 0 };
                fits
            });
            corpus::write(name, &inputs)?;
        }
        _ => bail!("{verb}: neither unpack nor pack"),
    }
    Ok(())
}
