//! A small painter: soft shapes on paper. Distances to edges make smooth outlines and shadows, so nothing is drawn twice.

use image::{Rgb, RgbImage};

/// Red, green, blue, 0 to 255.
pub(crate) type Colour = [f32; 3];

/// A place on the canvas, or a way; in pixels, down and to the right.
pub(crate) type Point = (f32, f32);

/// What is painted on.
pub(crate) struct Canvas {
    image: RgbImage,
    dice: Dice,
}

/// Numbers that look like chance, the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 up to 1.
    pub(crate) fn roll(&mut self) -> f32 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let [a, b, ..] = (mixed ^ (mixed >> 31)).to_be_bytes();
        f32::from(u16::from_be_bytes([a, b])) / 65_536.0
    }

    pub(crate) fn between(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.roll()
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T; 4]) -> T {
        let [a, b, c, d] = *from;
        match self.roll() {
            roll if roll < 0.25 => a,
            roll if roll < 0.5 => b,
            roll if roll < 0.75 => c,
            _ => d,
        }
    }
}

/// The outline of a shape.
pub(crate) enum Shape {
    /// Around a centre, with two radii, turned by an angle.
    Oval(Point, Point, f32),
    /// Between corners.
    Corners(Vec<Point>),
    /// A line of a width, with round ends.
    Stroke(Point, Point, f32),
}

impl Shape {
    /// Pixels to the edge: negative inside.
    fn distance(&self, (x, y): Point) -> f32 {
        match self {
            Self::Oval((cx, cy), (rx, ry), angle) => {
                let (sin, cos) = angle.sin_cos();
                let (dx, dy) = (x - cx, y - cy);
                let (u, v) = ((dx * cos + dy * sin) / rx, (dy * cos - dx * sin) / ry);
                let from_centre = u.hypot(v);
                // Exact on the edge, and near enough beside it.
                let slope = (u / rx).hypot(v / ry);
                if slope > 0.0 { from_centre * (from_centre - 1.0) / slope } else { -rx.min(*ry) }
            }
            Self::Corners(corners) => {
                let mut nearest = f32::MAX;
                let mut inside = false;
                let next = corners.iter().cycle().skip(1);
                for (&(ax, ay), &(bx, by)) in corners.iter().zip(next) {
                    nearest = nearest.min(to_line((x, y), (ax, ay), (bx, by)));
                    if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
                        inside = !inside;
                    }
                }
                if inside { -nearest } else { nearest }
            }
            Self::Stroke(from, to, width) => to_line((x, y), *from, *to) - width / 2.0,
        }
    }

    /// Left, top, right, bottom.
    fn bounds(&self) -> [f32; 4] {
        let around = |points: &[Point], by: f32| {
            let begin = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
            points.iter().fold(begin, |[left, top, right, bottom], &(x, y)| {
                [left.min(x - by), top.min(y - by), right.max(x + by), bottom.max(y + by)]
            })
        };
        match self {
            Self::Oval(centre, (rx, ry), _) => around(&[*centre], rx.max(*ry)),
            Self::Corners(corners) => around(corners, 0.0),
            Self::Stroke(from, to, width) => around(&[*from, *to], width / 2.0),
        }
    }

    fn moved(&self, (dx, dy): Point) -> Self {
        let by = |(x, y): Point| (x + dx, y + dy);
        match self {
            Self::Oval(centre, radii, angle) => Self::Oval(by(*centre), *radii, *angle),
            Self::Corners(corners) => Self::Corners(corners.iter().map(|corner| by(*corner)).collect()),
            Self::Stroke(from, to, width) => Self::Stroke(by(*from), by(*to), *width),
        }
    }
}

fn to_line((x, y): Point, (ax, ay): Point, (bx, by): Point) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-6);
    let along = along.clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

impl Canvas {
    /// Filled from top to bottom, with the grain of paper.
    pub(crate) fn new(width: u32, height: u32, top: Colour, bottom: Colour, seed: u64) -> Self {
        let mut canvas = Self { image: RgbImage::new(width, height), dice: Dice::new(seed) };
        let all = Shape::Corners(corners((0.0, 0.0), (as_f32(width), as_f32(height))));
        let last = as_f32(height);
        canvas.fill_with(&all, 1.0, |(_, y)| blend(top, bottom, y / last));
        canvas.grain(&all, 5.0);
        canvas
    }

    pub(crate) fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    /// Opaque, and lit from the upper left.
    pub(crate) fn paint(&mut self, shape: &Shape, colour: Colour) {
        let [left, top, right, bottom] = shape.bounds();
        let (width, height) = ((right - left).max(1.0), (bottom - top).max(1.0));
        self.fill_with(shape, 1.0, |(x, y)| {
            let lit = 1.08 - 0.2 * ((x - left) / width * 0.5 + (y - top) / height * 0.5);
            colour.map(|value| value * lit)
        });
    }

    /// Opaque or not, in one colour.
    pub(crate) fn fill(&mut self, shape: &Shape, colour: Colour, opacity: f32) {
        self.fill_with(shape, opacity, |_| colour);
    }

    /// What lies on the ground throws one.
    pub(crate) fn shadow(&mut self, shape: &Shape, away: Point, blur: f32, opacity: f32) {
        self.soft(&shape.moved(away), blur, opacity, [20.0, 18.0, 30.0]);
    }

    /// Light around something.
    pub(crate) fn glow(&mut self, shape: &Shape, blur: f32, opacity: f32, colour: Colour) {
        self.soft(shape, blur, opacity, colour);
    }

    /// Light and dark specks, as of wood, wool or brushes.
    pub(crate) fn grain(&mut self, shape: &Shape, strength: f32) {
        let mut dice = Dice::new(self.dice.0);
        self.each(shape, 1.0, |distance, _, pixel| {
            let speck = dice.between(-strength, strength);
            if distance < 0.0 { pixel.map(|value| value + speck) } else { pixel }
        });
        self.dice = dice;
    }

    pub(crate) fn done(self) -> RgbImage {
        self.image
    }

    fn soft(&mut self, shape: &Shape, blur: f32, opacity: f32, colour: Colour) {
        self.each(shape, blur, |distance, _, pixel| {
            let near = (0.5 - distance / (2.0 * blur)).clamp(0.0, 1.0);
            blend(pixel, colour, opacity * near * near * (3.0 - 2.0 * near))
        });
    }

    fn fill_with(&mut self, shape: &Shape, opacity: f32, colour: impl Fn(Point) -> Colour) {
        self.each(shape, 1.0, |distance, at, pixel| {
            let covered = (0.5 - distance).clamp(0.0, 1.0);
            if covered > 0.0 { blend(pixel, colour(at), covered * opacity) } else { pixel }
        });
    }

    fn each(&mut self, shape: &Shape, margin: f32, mut change: impl FnMut(f32, Point, Colour) -> Colour) {
        let (width, height) = self.image.dimensions();
        let [left, top, right, bottom] = shape.bounds();
        let columns = span(left - margin, right + margin, width);
        for y in span(top - margin, bottom + margin, height) {
            for x in columns.clone() {
                let at = (as_f32(x) + 0.5, as_f32(y) + 0.5);
                let pixel = self.image.get_pixel_mut(x, y);
                *pixel = Rgb(change(shape.distance(at), at, pixel.0.map(f32::from)).map(as_u8));
            }
        }
    }
}

/// The corners of a rectangle.
pub(crate) fn corners((left, top): Point, (right, bottom): Point) -> Vec<Point> {
    vec![(left, top), (right, top), (right, bottom), (left, bottom)]
}

/// Between two colours.
pub(crate) fn blend(from: Colour, to: Colour, share: f32) -> Colour {
    let [[r, g, b], [x, y, z]] = [from, to];
    [r + (x - r) * share, g + (y - g) * share, b + (z - b) * share]
}

fn span(from: f32, to: f32, end: u32) -> std::ops::Range<u32> {
    as_u32(from).min(end)..as_u32(to + 1.0).min(end)
}

fn as_f32(pixels: u32) -> f32 {
    pixels as f32
}

/// What is negative or too large is cut off.
fn as_u32(pixels: f32) -> u32 {
    pixels as u32
}

/// What is negative or too large is cut off.
fn as_u8(value: f32) -> u8 {
    value.round() as u8
}
