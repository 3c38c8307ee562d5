//! Everything that is searched for, and where each of it comes from.

use std::fs;
use std::ops::Range;

use anyhow::{Context as _, Result};

use super::photos::{self, Offered};
use super::plant::{Planted, Seed};
use super::search::Needle;

/// How much of a picture is planted: as much as holds some stretches that are searched for.
const PLANTED_STRETCHES: usize = 8;

/// What a needle is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A text that was written, by its number.
    Canary(usize),
    /// A code on paper.
    Code,
    /// What stands in every picture.
    Mark,
    Photo(usize),
    File(usize),
}

#[derive(Debug, Default)]
pub(crate) struct Sought {
    pub(crate) needles: Vec<Needle>,
    /// By needle.
    origins: Vec<Origin>,
    /// Bytes out of the middle of the largest picture, and its number.
    slice: Option<(usize, Vec<u8>)>,
}

impl Sought {
    pub(crate) fn new(
        canaries: &[String],
        codes: &[String],
        photos: &[Offered],
        files: &[Offered],
    ) -> Result<Self> {
        let mut sought = Self::default();
        let text = |text: &String| vec![Needle::text("", text.clone())];
        for (index, canary) in canaries.iter().enumerate() {
            sought.add(Origin::Canary(index), text(canary));
        }
        for code in codes {
            sought.add(Origin::Code, text(code));
        }
        sought.add(Origin::Mark, photos::marks());
        let every = photos::spacing(photos.iter().chain(files))?;
        for (index, photo) in photos.iter().enumerate() {
            sought.add(Origin::Photo(index), photos::secrets(photo, every)?);
        }
        for (index, file) in files.iter().enumerate() {
            sought.add(Origin::File(index), photos::secrets(file, every)?);
        }
        sought.slice = slice(photos, PLANTED_STRETCHES * every)?;
        Ok(sought)
    }

    fn add(&mut self, origin: Origin, needles: Vec<Needle>) {
        self.origins.extend(needles.iter().map(|_| origin));
        self.needles.extend(needles);
    }

    pub(crate) fn origin(&self, needle: usize) -> Origin {
        self.origins.get(needle).copied().unwrap_or(Origin::Mark)
    }

    /// The last text, and a piece of a picture.
    pub(crate) fn planted<'a>(&'a self, canaries: &'a [String]) -> Vec<Planted<'a>> {
        let text = canaries.iter().enumerate().next_back().map(|(index, text)| Planted {
            seed: Seed::Text(text),
            needles: self.range(Origin::Canary(index)),
        });
        let slice = self.slice.as_ref().map(|(index, bytes)| Planted {
            seed: Seed::Bytes(bytes),
            needles: self.range(Origin::Photo(*index)),
        });
        text.into_iter().chain(slice).collect()
    }

    fn range(&self, origin: Origin) -> Range<usize> {
        let is_of = |one: &Origin| *one == origin;
        let start = self.origins.iter().position(is_of).unwrap_or(0);
        start..self.origins.iter().rposition(is_of).map_or(start, |last| last + 1)
    }
}

fn slice(photos: &[Offered], length: usize) -> Result<Option<(usize, Vec<u8>)>> {
    let mut largest: Option<(usize, Vec<u8>)> = None;
    for (index, photo) in photos.iter().enumerate() {
        let bytes = fs::read(&photo.original).with_context(|| photo.original.display().to_string())?;
        if largest.as_ref().is_none_or(|(_, known)| known.len() < bytes.len()) {
            largest = Some((index, bytes));
        }
    }
    Ok(largest.map(|(index, bytes)| {
        let start = (bytes.len() / 2).saturating_sub(length / 2);
        (index, bytes.into_iter().skip(start).take(length).collect())
    }))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Origin, Sought};
    use crate::leak_drill::photos::{Offered, State};
    use crate::leak_drill::plant::missed;
    use crate::leak_drill::search::Needles;

    #[test]
    fn needles_know_where_they_come_from_and_what_is_planted_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let photo = |name: &str, bytes: usize| {
            let original = dir.path().join(name);
            let noise = (0..bytes).map(|at| (at.wrapping_mul(2_654_435_761) >> 16) as u8);
            fs::write(&original, noise.collect::<Vec<_>>()).unwrap();
            Offered { original, state: State::Refused, received: Vec::new(), pixels: Vec::new() }
        };
        let canaries = ["Emma Brandt".to_owned(), "Masern-Verdacht".to_owned()];
        let photos = [photo("small.jpg", 100), photo("large.jpg", 100_000)];
        let sought =
            Sought::new(&canaries, &["K7QX-9M2A".to_owned()], &photos, &[photo("plan.pdf", 9)]).unwrap();
        let origins: Vec<Origin> = sought.origins.iter().fold(Vec::new(), |mut all, one| {
            if all.last() != Some(one) {
                all.push(*one);
            }
            all
        });
        assert_eq!(
            origins,
            [
                Origin::Canary(0),
                Origin::Canary(1),
                Origin::Code,
                Origin::Mark,
                Origin::Photo(0),
                Origin::Photo(1),
                Origin::File(0)
            ]
        );
        let needles = Needles::new(&sought.needles).unwrap();
        let planted = sought.planted(&canaries);
        assert_eq!(planted.len(), 2);
        assert_eq!(planted[0].needles, 1..2);
        for planted in planted {
            assert_eq!(missed(&needles, &planted).unwrap(), Vec::<&str>::new());
        }
    }
}
