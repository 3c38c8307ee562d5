//! The pictures of the demo house: from a folder, or drawn.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use nestpost_client::ChosenFile;
use nestpost_core::transfers::MediaKind;

use crate::scenes::{GARDEN, INSIDE, MILAS, Scene};

/// Enough to show, and sent quickly.
const PHOTOS_MAX: usize = 12;
/// Of these, for one child.
const PHOTOS_OF_A_CHILD: usize = 2;

/// In three sets.
pub(crate) struct Album {
    /// For a group, with a bulletin.
    pub(crate) garden: Vec<ChosenFile>,
    /// For the same group, by themselves.
    pub(crate) inside: Vec<ChosenFile>,
    /// For one child.
    pub(crate) milas: Vec<ChosenFile>,
}

/// Invented ones.
pub(crate) fn drawn() -> Result<Album> {
    let set = |scenes: &[Scene]| scenes.iter().map(draw).collect::<Result<Vec<_>>>();
    Ok(Album { garden: set(&GARDEN)?, inside: set(&INSIDE)?, milas: set(&MILAS)? })
}

/// The first JPEG and PNG files of a folder, by name. Nobody says what is to be seen on them.
pub(crate) fn of_folder(folder: &Path) -> Result<Album> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
        if matches!(ending.as_deref(), Some("jpg" | "jpeg" | "png")) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.truncate(PHOTOS_MAX);
    if paths.is_empty() {
        bail!("{}: no JPEG or PNG files", folder.display());
    }
    let photos = paths.iter().map(|path| {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        Ok(ChosenFile { kind: MediaKind::Picture, name, alt: String::new(), bytes })
    });
    Ok(split(photos.collect::<Result<Vec<_>>>()?))
}

fn split(mut garden: Vec<ChosenFile>) -> Album {
    let of_a_child =
        if garden.len() > PHOTOS_OF_A_CHILD { garden.len() - PHOTOS_OF_A_CHILD } else { garden.len() };
    let milas = garden.split_off(of_a_child);
    let inside = garden.split_off(garden.len().div_ceil(2));
    Album { garden, inside, milas }
}

fn draw(scene: &Scene) -> Result<ChosenFile> {
    let image: RgbImage = (scene.draw)();
    let mut bytes = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 90))?;
    Ok(ChosenFile {
        kind: MediaKind::Picture,
        name: format!("{}.jpg", scene.alt),
        alt: scene.alt.to_owned(),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_draws_ten_different_pictures() {
        let Album { garden, inside, milas } = drawn().unwrap();
        assert_eq!((garden.len(), inside.len(), milas.len()), (4, 4, 2));
        let mut files: Vec<Vec<u8>> =
            [garden, inside, milas].concat().into_iter().map(|one| one.bytes).collect();
        files.sort();
        files.dedup();
        assert_eq!(files.len(), 10);
        for file in files {
            let image = image::load_from_memory(&file).unwrap().into_rgb8();
            let (first, colours) = (image.get_pixel(0, 0), image.pixels().step_by(997));
            assert!(colours.filter(|colour| *colour != first).count() > 500, "something is drawn");
        }
    }

    #[test]
    fn a_folder_gives_its_pictures_in_order_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        assert!(of_folder(folder.path()).is_err());
        assert!(of_folder(&folder.path().join("none")).is_err());
        for name in ["c.JPG", "a.png", "b.jpeg", "notes.txt", "d.jpg", "e.jpg", "f.jpg"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let Album { garden, inside, milas } = of_folder(folder.path()).unwrap();
        let names = |set: &[ChosenFile]| set.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&garden), ["a.png", "b.jpeg"]);
        assert_eq!(names(&inside), ["c.JPG", "d.jpg"]);
        assert_eq!(names(&milas), ["e.jpg", "f.jpg"]);
        for count in 1..20 {
            fs::write(folder.path().join(format!("more{count}.jpg")), "more").unwrap();
        }
        let Album { garden, inside, milas } = of_folder(folder.path()).unwrap();
        assert_eq!(garden.len() + inside.len() + milas.len(), PHOTOS_MAX);
    }

    #[test]
    fn one_picture_is_enough() {
        let one =
            ChosenFile { kind: MediaKind::Picture, name: "a".into(), alt: String::new(), bytes: vec![1] };
        for count in 1..4 {
            let Album { garden, inside, milas } = split(vec![one.clone(); count]);
            assert!(!garden.is_empty());
            assert_eq!(garden.len() + inside.len() + milas.len(), count);
        }
    }
}
