//! Invented pictures of a Kita's week: leaves, chestnuts, blocks, painted hands. Nobody is on them.

use std::f32::consts::{PI, TAU};

use image::RgbImage;

use crate::paint::{Canvas, Colour, Point, Shape, blend, corners};

/// What is to be seen, and the picture.
pub(crate) struct Scene {
    pub(crate) alt: &'static str,
    pub(crate) draw: fn() -> RgbImage,
}

/// A morning in the garden.
pub(crate) const GARDEN: [Scene; 4] = [
    Scene { alt: "Bunte Ahornblätter auf der Wiese", draw: leaves },
    Scene { alt: "Kastanien und Eicheln auf dem Holztisch", draw: chestnuts },
    Scene { alt: "Drei Igel aus Kastanien und Zahnstochern", draw: hedgehogs },
    Scene { alt: "Vier Laternen in der Dämmerung", draw: lanterns },
];

/// A rainy day inside.
pub(crate) const INSIDE: [Scene; 4] = [
    Scene { alt: "Ein hoher Turm aus bunten Bauklötzen", draw: tower },
    Scene { alt: "Abdrücke von Händen in Fingerfarbe", draw: hands },
    Scene { alt: "Ein gemalter Regenbogen zum Trocknen", draw: rainbow },
    Scene { alt: "Vier Paar Gummistiefel in einer Reihe", draw: boots },
];

/// What one child has made.
pub(crate) const MILAS: [Scene; 2] = [
    Scene { alt: "Milas Bild: ein Haus mit Sonne", draw: house },
    Scene { alt: "Milas Brücke aus Bauklötzen", draw: bridge },
];

const WOOD: [Colour; 2] = [[196.0, 154.0, 108.0], [170.0, 124.0, 80.0]];
const PAPER: Colour = [250.0, 246.0, 236.0];
const AUTUMN: [Colour; 4] =
    [[206.0, 82.0, 34.0], [226.0, 148.0, 36.0], [176.0, 44.0, 38.0], [222.0, 186.0, 74.0]];
const BLOCKS: [Colour; 4] =
    [[206.0, 64.0, 56.0], [62.0, 122.0, 190.0], [236.0, 186.0, 62.0], [86.0, 158.0, 92.0]];

fn at((x, y): Point, angle: f32, far: f32) -> Point {
    (x + far * angle.cos(), y + far * angle.sin())
}

/// Boards of a table or floor.
fn boards(canvas: &mut Canvas, width: f32, height: f32) {
    for board in 0..6u8 {
        let left = f32::from(board) * width / 6.0;
        canvas.fill(&Shape::Stroke((left, 0.0), (left, height), 3.0), [120.0, 84.0, 52.0], 0.5);
        for _ in 0..7 {
            let x = left + canvas.dice().between(8.0, width / 6.0 - 8.0);
            let y = canvas.dice().between(0.0, height);
            let long = canvas.dice().between(60.0, 300.0);
            canvas.fill(&Shape::Stroke((x, y), (x + 3.0, y + long), 2.5), [140.0, 98.0, 60.0], 0.22);
        }
    }
}

fn maple(canvas: &mut Canvas, centre: Point, size: f32, turn: f32, colour: Colour) {
    // Lobes and notches from the stem around: where, and how far out.
    const OUTLINE: [(f32, f32); 11] = [
        (0.5, 0.22),
        (0.35, 0.62),
        (0.24, 0.42),
        (0.14, 0.95),
        (0.07, 0.52),
        (0.0, 1.1),
        (-0.07, 0.52),
        (-0.14, 0.95),
        (-0.24, 0.42),
        (-0.35, 0.62),
        (-0.5, 0.22),
    ];
    let outline: Vec<Point> =
        OUTLINE.iter().map(|(share, far)| at(centre, turn + share * TAU * 0.9, far * size)).collect();
    let stem = Shape::Stroke(centre, at(centre, turn + PI, size * 0.85), size * 0.05);
    let leaf = Shape::Corners(outline);
    canvas.shadow(&leaf, (size * 0.06, size * 0.1), size * 0.12, 0.45);
    canvas.paint(&stem, blend(colour, [70.0, 40.0, 20.0], 0.5));
    canvas.paint(&leaf, colour);
    for share in [0.35, 0.14, 0.0, -0.14, -0.35] {
        let vein = Shape::Stroke(centre, at(centre, turn + share * TAU * 0.9, size * 0.6), size * 0.018);
        canvas.fill(&vein, blend(colour, [255.0, 240.0, 190.0], 0.5), 0.7);
    }
}

fn leaves() -> RgbImage {
    let mut canvas = Canvas::new(1440, 1080, [128.0, 150.0, 72.0], [92.0, 122.0, 54.0], 11);
    for _ in 0..1500 {
        let (x, y) = (canvas.dice().between(0.0, 1440.0), canvas.dice().between(0.0, 1090.0));
        let (lean, long) = (canvas.dice().between(-14.0, 14.0), canvas.dice().between(18.0, 46.0));
        let green = blend([70.0, 104.0, 40.0], [168.0, 184.0, 96.0], canvas.dice().roll());
        canvas.fill(&Shape::Stroke((x, y), (x + lean, y - long), 3.5), green, 0.75);
    }
    for leaf in 0..30u8 {
        let x = f32::from(leaf % 6) * 240.0 + canvas.dice().between(20.0, 220.0);
        let y = f32::from(leaf / 6) * 216.0 + canvas.dice().between(20.0, 196.0);
        let (size, turn) = (canvas.dice().between(80.0, 165.0), canvas.dice().between(0.0, TAU));
        let colour = canvas.dice().pick(&AUTUMN);
        maple(&mut canvas, (x, y), size, turn, colour);
    }
    canvas.done()
}

fn chestnut(canvas: &mut Canvas, centre: Point, size: f32, turn: f32) {
    let nut = Shape::Oval(centre, (size, size * 0.88), turn);
    canvas.shadow(&nut, (size * 0.16, size * 0.24), size * 0.34, 0.5);
    canvas.paint(&nut, [112.0, 52.0, 26.0]);
    let pale = at(centre, turn, size * 0.62);
    canvas.paint(&Shape::Oval(pale, (size * 0.26, size * 0.46), turn), [206.0, 178.0, 138.0]);
    let light = at(centre, -2.3, size * 0.48);
    canvas.glow(
        &Shape::Oval(light, (size * 0.16, size * 0.09), -0.8),
        size * 0.16,
        0.75,
        [255.0, 236.0, 214.0],
    );
}

fn acorn(canvas: &mut Canvas, centre: Point, size: f32, turn: f32) {
    let nut = Shape::Oval(centre, (size, size * 0.6), turn);
    canvas.shadow(&nut, (size * 0.14, size * 0.2), size * 0.3, 0.5);
    canvas.paint(&nut, [176.0, 138.0, 70.0]);
    let cup = at(centre, turn + PI, size * 0.62);
    canvas.paint(&Shape::Oval(cup, (size * 0.52, size * 0.68), turn), [120.0, 92.0, 58.0]);
    canvas.grain(&Shape::Oval(cup, (size * 0.5, size * 0.66), turn), 16.0);
    canvas.paint(
        &Shape::Stroke(at(cup, turn + PI, size * 0.4), at(cup, turn + PI, size * 0.8), size * 0.14),
        [104.0, 78.0, 48.0],
    );
}

fn chestnuts() -> RgbImage {
    let [light, dark] = WOOD;
    let mut canvas = Canvas::new(1440, 1080, light, dark, 23);
    boards(&mut canvas, 1440.0, 1080.0);
    for row in 0..4u8 {
        for column in 0..6u8 {
            let x = 130.0 + f32::from(column) * 236.0 + canvas.dice().between(-62.0, 62.0);
            let y = 140.0 + f32::from(row) * 262.0 + canvas.dice().between(-58.0, 58.0);
            let turn = canvas.dice().between(0.0, TAU);
            if canvas.dice().roll() < 0.62 {
                let size = canvas.dice().between(58.0, 84.0);
                chestnut(&mut canvas, (x, y), size, turn);
            } else {
                let size = canvas.dice().between(50.0, 66.0);
                acorn(&mut canvas, (x, y), size, turn);
            }
        }
    }
    canvas.done()
}

fn hedgehogs() -> RgbImage {
    let [light, dark] = WOOD;
    let mut canvas = Canvas::new(1440, 1080, blend(light, PAPER, 0.35), blend(dark, PAPER, 0.15), 31);
    boards(&mut canvas, 1440.0, 1080.0);
    for (centre, size) in [((430.0, 420.0), 190.0), ((980.0, 560.0), 230.0), ((520.0, 850.0), 140.0)] {
        let body = Shape::Oval(centre, (size, size * 0.78), 0.0);
        canvas.shadow(&body, (size * 0.1, size * 0.3), size * 0.4, 0.55);
        for _ in 0..46 {
            let (turn, reach) = (canvas.dice().between(-PI - 0.3, 0.55), canvas.dice().between(1.05, 1.32));
            let (from, to) = (at(centre, turn, size * 0.6), at(centre, turn, size * reach));
            canvas.fill(&Shape::Stroke(from, to, size * 0.035), [232.0, 206.0, 160.0], 1.0);
        }
        chestnut(&mut canvas, centre, size * 0.86, 2.6);
        for _ in 0..20 {
            let (turn, far) = (canvas.dice().between(-PI, 0.2), canvas.dice().between(0.1, 0.6));
            let from = at(centre, turn, size * far);
            canvas.fill(
                &Shape::Stroke(from, at(from, turn, size * 0.3), size * 0.03),
                [238.0, 214.0, 172.0],
                1.0,
            );
        }
        let face = (centre.0 - size * 0.86, centre.1 + size * 0.2);
        canvas.paint(&Shape::Oval(face, (size * 0.42, size * 0.34), -0.25), [184.0, 146.0, 98.0]);
        let nose = (face.0 - size * 0.4, face.1 + size * 0.02);
        canvas.paint(&Shape::Oval(nose, (size * 0.1, size * 0.09), 0.0), [44.0, 34.0, 32.0]);
        let eye = (face.0 - size * 0.06, face.1 - size * 0.12);
        canvas.paint(&Shape::Oval(eye, (size * 0.075, size * 0.08), 0.0), PAPER);
        canvas.paint(
            &Shape::Oval((eye.0 - size * 0.015, eye.1), (size * 0.04, size * 0.045), 0.0),
            [30.0, 26.0, 30.0],
        );
    }
    canvas.done()
}

fn lanterns() -> RgbImage {
    let mut canvas = Canvas::new(1080, 1440, [28.0, 34.0, 74.0], [96.0, 66.0, 94.0], 41);
    for _ in 0..70 {
        let (x, y) = (canvas.dice().between(0.0, 1080.0), canvas.dice().between(0.0, 760.0));
        let size = canvas.dice().between(1.2, 3.2);
        canvas.fill(&Shape::Oval((x, y), (size, size), 0.0), [255.0, 250.0, 226.0], 0.8);
    }
    canvas.fill(&Shape::Oval((540.0, 1640.0), (1200.0, 420.0), 0.0), [34.0, 40.0, 46.0], 1.0);
    let lanterns =
        [((250.0, 620.0), 132.0), ((560.0, 470.0), 158.0), ((830.0, 720.0), 120.0), ((470.0, 960.0), 112.0)];
    for ((centre, size), colour) in lanterns.into_iter().zip(BLOCKS) {
        let warm = blend(colour, [255.0, 216.0, 120.0], 0.42);
        let around = Shape::Oval(centre, (size, size), 0.0);
        canvas.glow(&around, size * 1.5, 0.55, warm);
        let top = (centre.0, centre.1 - size * 1.6);
        canvas.fill(&Shape::Stroke(top, (centre.0, centre.1 - size), 4.0), [60.0, 46.0, 40.0], 1.0);
        canvas.fill(&Shape::Stroke((top.0 - 90.0, top.1 - 60.0), top, 9.0), [104.0, 76.0, 52.0], 1.0);
        canvas.paint(&around, warm);
        for rib in [-0.66f32, -0.33, 0.0, 0.33, 0.66] {
            let half = size * (1.0 - rib * rib).sqrt();
            let y = centre.1 + rib * size;
            let line = Shape::Stroke((centre.0 - half, y), (centre.0 + half, y), 2.5);
            canvas.fill(&line, blend(warm, [90.0, 40.0, 30.0], 0.5), 0.6);
        }
        canvas.glow(
            &Shape::Oval((centre.0, centre.1 + size * 0.2), (size * 0.3, size * 0.42), 0.0),
            size * 0.45,
            0.8,
            [255.0, 246.0, 196.0],
        );
        for end in [-1.0, 1.0] {
            let y = centre.1 + end * size * 0.95;
            canvas.paint(
                &Shape::Stroke((centre.0 - size * 0.3, y), (centre.0 + size * 0.3, y), size * 0.12),
                [72.0, 50.0, 40.0],
            );
        }
    }
    canvas.done()
}

fn block(canvas: &mut Canvas, (left, top): Point, (width, height): Point, colour: Colour) {
    let face = Shape::Corners(corners((left, top), (left + width, top + height)));
    let side = height.min(width) * 0.18;
    let lid =
        vec![(left, top), (left + side, top - side), (left + width + side, top - side), (left + width, top)];
    let wall = vec![
        (left + width, top),
        (left + width + side, top - side),
        (left + width + side, top + height - side),
        (left + width, top + height),
    ];
    canvas.paint(&Shape::Corners(wall), blend(colour, [30.0, 20.0, 30.0], 0.32));
    canvas.paint(&Shape::Corners(lid), blend(colour, [255.0, 250.0, 240.0], 0.3));
    canvas.paint(&face, colour);
    canvas.grain(&face, 7.0);
}

/// A wall and a floor to build on.
fn room(width: u32, height: u32, floor: f32, seed: u64) -> Canvas {
    let mut canvas = Canvas::new(width, height, [226.0, 222.0, 206.0], [206.0, 200.0, 184.0], seed);
    let [light, _] = WOOD;
    let ground = Shape::Corners(corners((0.0, floor), (1500.0, 1500.0)));
    canvas.paint(&ground, light);
    canvas.grain(&ground, 9.0);
    canvas.fill(&Shape::Stroke((0.0, floor), (1500.0, floor), 10.0), [150.0, 112.0, 78.0], 0.7);
    canvas
}

fn tower() -> RgbImage {
    let mut canvas = room(1080, 1440, 1180.0, 53);
    canvas.shadow(&Shape::Oval((560.0, 1262.0), (300.0, 46.0), 0.0), (40.0, 8.0), 60.0, 0.5);
    let mut top = 1270.0;
    for (step, colour) in (0u8..9).zip(BLOCKS.into_iter().cycle()) {
        let width = 380.0 - f32::from(step) * 22.0 + canvas.dice().between(-24.0, 24.0);
        let left = 540.0 - width / 2.0 + canvas.dice().between(-24.0, 24.0);
        top -= 112.0;
        if step % 3 == 1 {
            block(&mut canvas, (left, top), (width * 0.32, 112.0), colour);
            block(&mut canvas, (left + width * 0.68, top), (width * 0.32, 112.0), colour);
        } else {
            block(&mut canvas, (left, top), (width, 112.0), colour);
        }
    }
    let roof = vec![(430.0, top), (540.0, top - 150.0), (650.0, top)];
    canvas.paint(&Shape::Corners(roof), [206.0, 64.0, 56.0]);
    canvas.done()
}

fn bridge() -> RgbImage {
    let mut canvas = room(1440, 1080, 800.0, 59);
    canvas.shadow(&Shape::Oval((720.0, 890.0), (560.0, 40.0), 0.0), (30.0, 10.0), 60.0, 0.45);
    for (left, colour) in [160.0, 500.0, 840.0, 1140.0].into_iter().zip(BLOCKS) {
        block(&mut canvas, (left, 560.0), (130.0, 330.0), colour);
    }
    let [red, blue, yellow, green] = BLOCKS;
    block(&mut canvas, (120.0, 470.0), (600.0, 88.0), yellow);
    block(&mut canvas, (722.0, 470.0), (590.0, 88.0), green);
    block(&mut canvas, (560.0, 350.0), (330.0, 118.0), blue);
    canvas.paint(&Shape::Corners(vec![(600.0, 346.0), (726.0, 210.0), (850.0, 346.0)]), red);
    canvas.done()
}

fn hands() -> RgbImage {
    let mut canvas = Canvas::new(1440, 1080, PAPER, blend(PAPER, WOOD[0], 0.12), 61);
    for row in 0..2u8 {
        for (column, colour) in (0u8..4).zip(BLOCKS.into_iter().cycle().skip(usize::from(row))) {
            let x = 210.0 + f32::from(column) * 340.0 + canvas.dice().between(-36.0, 36.0);
            let y = 350.0 + f32::from(row) * 470.0 + canvas.dice().between(-30.0, 30.0);
            let turn = canvas.dice().between(-0.35, 0.35);
            print_of_a_hand(&mut canvas, (x, y), turn, colour);
        }
    }
    canvas.done()
}

fn print_of_a_hand(canvas: &mut Canvas, palm: Point, turn: f32, colour: Colour) {
    let up = turn - PI / 2.0;
    let mut press = |shape: Shape| {
        canvas.fill(&shape, colour, 0.86);
        canvas.grain(&shape, 22.0);
    };
    press(Shape::Oval(palm, (76.0, 84.0), turn));
    for (lean, long) in [(-0.42f32, 168.0), (-0.14, 192.0), (0.14, 186.0), (0.42, 152.0)] {
        let (from, to) = (at(palm, up + lean, 96.0), at(palm, up + lean, long));
        press(Shape::Stroke(from, to, 40.0));
    }
    press(Shape::Stroke(at(palm, up + 1.25, 84.0), at(palm, up + 1.02, 142.0), 42.0));
    // Where the paint was too thin.
    for _ in 0..26 {
        let (way, far) = (canvas.dice().between(0.0, TAU), canvas.dice().between(0.0, 66.0));
        let size = canvas.dice().between(2.0, 8.0);
        canvas.fill(&Shape::Oval(at(palm, way, far), (size, size), 0.0), PAPER, 0.35);
    }
}

fn rainbow() -> RgbImage {
    let mut canvas = Canvas::new(1440, 1080, PAPER, PAPER, 67);
    let colours = [
        [208.0, 58.0, 52.0],
        [232.0, 132.0, 48.0],
        [238.0, 200.0, 70.0],
        [92.0, 160.0, 92.0],
        [66.0, 128.0, 196.0],
        [122.0, 82.0, 158.0],
    ];
    for (band, colour) in (0u8..).zip(colours) {
        let far = 600.0 - f32::from(band) * 66.0;
        for step in 0..48u8 {
            let way = PI + f32::from(step) * PI / 48.0;
            let wobble = canvas.dice().between(-7.0, 7.0);
            let (from, to) =
                (at((720.0, 900.0), way, far + wobble), at((720.0, 900.0), way + 0.085, far - wobble));
            canvas.fill(&Shape::Stroke(from, to, 60.0), colour, 0.5);
        }
    }
    for (x, y) in [(190.0, 900.0), (1250.0, 900.0)] {
        for _ in 0..16 {
            let (dx, dy) = (canvas.dice().between(-150.0, 150.0), canvas.dice().between(-46.0, 46.0));
            canvas.fill(&Shape::Oval((x + dx, y + dy), (84.0, 58.0), 0.0), [206.0, 220.0, 234.0], 0.55);
        }
    }
    canvas.done()
}

fn boots() -> RgbImage {
    let mut canvas = room(1440, 1080, 700.0, 71);
    for (pair, colour) in (0u8..4).zip(BLOCKS) {
        for foot in 0..2u8 {
            let x = 50.0 + f32::from(pair) * 336.0 + f32::from(foot) * 136.0;
            let y = 420.0 + f32::from(foot) * 34.0 + canvas.dice().between(-10.0, 10.0);
            let sole = y + 400.0;
            canvas.shadow(&Shape::Oval((x + 88.0, sole + 10.0), (126.0, 20.0), 0.0), (12.0, 8.0), 34.0, 0.5);
            let boot = vec![
                (x, y),
                (x + 108.0, y),
                (x + 112.0, y + 262.0),
                (x + 182.0, y + 300.0),
                (x + 206.0, y + 352.0),
                (x + 204.0, sole),
                (x + 2.0, sole),
            ];
            canvas.paint(&Shape::Corners(boot), colour);
            canvas.paint(
                &Shape::Stroke((x + 6.0, sole), (x + 200.0, sole), 26.0),
                blend(colour, [30.0, 26.0, 30.0], 0.55),
            );
            canvas.paint(&Shape::Stroke((x + 4.0, y), (x + 104.0, y), 24.0), blend(colour, PAPER, 0.4));
            canvas.glow(&Shape::Stroke((x + 28.0, y + 60.0), (x + 30.0, y + 250.0), 8.0), 14.0, 0.5, PAPER);
        }
    }
    canvas.done()
}

/// A crayon does not draw straight.
fn crayon(canvas: &mut Canvas, from: Point, to: Point, colour: Colour) {
    let steps = 14u8;
    let mut last = from;
    for step in 1..=steps {
        let share = f32::from(step) / f32::from(steps);
        let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
        let next = (x + canvas.dice().between(-5.0, 5.0), y + canvas.dice().between(-5.0, 5.0));
        let line = Shape::Stroke(last, next, 15.0);
        canvas.fill(&line, colour, 0.8);
        canvas.grain(&line, 24.0);
        last = next;
    }
}

fn house() -> RgbImage {
    let mut canvas = Canvas::new(1440, 1080, PAPER, PAPER, 83);
    let [red, blue, yellow, green] = BLOCKS;
    for line in 0..34u8 {
        let x = f32::from(line) * 43.0;
        let tall = canvas.dice().between(60.0, 130.0);
        crayon(&mut canvas, (x, 1050.0), (x + 12.0, 1050.0 - tall), green);
    }
    for line in 0..17u8 {
        let x = 430.0 + f32::from(line) * 34.0;
        crayon(&mut canvas, (x, 520.0), (x, 940.0), yellow);
    }
    let walls = [
        ((420.0, 510.0), (420.0, 950.0)),
        ((420.0, 950.0), (990.0, 950.0)),
        ((990.0, 950.0), (990.0, 510.0)),
    ];
    let roof = [
        ((370.0, 520.0), (705.0, 220.0)),
        ((705.0, 220.0), (1040.0, 520.0)),
        ((370.0, 520.0), (1040.0, 520.0)),
    ];
    for (from, to) in walls.into_iter().chain(roof) {
        crayon(&mut canvas, from, to, red);
    }
    for (left, top, right, bottom) in [(500.0, 600.0, 640.0, 740.0), (760.0, 690.0, 890.0, 950.0)] {
        let around = corners((left, top), (right, bottom));
        let next = around.iter().skip(1).chain(around.first()).copied();
        for (from, to) in around.iter().copied().zip(next) {
            crayon(&mut canvas, from, to, blue);
        }
    }
    for ray in 0..12u8 {
        let way = f32::from(ray) * TAU / 12.0;
        crayon(&mut canvas, at((1220.0, 220.0), way, 20.0), at((1220.0, 220.0), way, 170.0), yellow);
    }
    canvas.paint(&Shape::Oval((1220.0, 220.0), (86.0, 86.0), 0.0), yellow);
    canvas.done()
}
