/**
 * @file Invented pictures, drawn here: no photograph of anybody is part of the repository. Each motif is drawn from numbers alone,
 * so that two runs show the same.
 */
import { rgbaToThumbHash } from 'thumbhash';

type Pen = OffscreenCanvasRenderingContext2D;

/** Draws on a field of 1 by 1/ratio; `random` is the same for the same picture. */
type Motif = (pen: Pen, height: number, random: () => number) => void;

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function sky(pen: Pen, height: number, ...colours: readonly string[]): void {
  const shade = pen.createLinearGradient(0, 0, 0, height);
  colours.forEach((colour, index) => shade.addColorStop(index / Math.max(1, colours.length - 1), colour));
  pen.fillStyle = shade;
  pen.fillRect(0, 0, 1, height);
}

function blob(pen: Pen, x: number, y: number, rx: number, ry: number, colour: string, turn = 0): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, turn, 0, 2 * Math.PI);
  pen.fill();
}

function shape(pen: Pen, colour: string, points: readonly (readonly [number, number])[]): void {
  pen.fillStyle = colour;
  pen.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.closePath();
  pen.fill();
}

function stroke(pen: Pen, colour: string, width: number, points: readonly (readonly [number, number])[]): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.stroke();
}

function glow(pen: Pen, x: number, y: number, radius: number, colour: string): void {
  const light = pen.createRadialGradient(x, y, 0, x, y, radius);
  light.addColorStop(0, colour);
  light.addColorStop(1, 'rgb(255 200 90 / 0)');
  pen.fillStyle = light;
  pen.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}

function hills(pen: Pen, height: number, level: number, colour: string, random: () => number): void {
  const phase = random() * 6;
  const points: [number, number][] = [[0, height]];
  for (let x = 0; x <= 1.001; x += 0.02) {
    points.push([x, height * level + 0.03 * Math.sin(phase + x * 5) + 0.012 * Math.sin(phase * 2 + x * 13)]);
  }
  points.push([1, height]);
  shape(pen, colour, points);
}

function lantern(pen: Pen, x: number, y: number, size: number, colour: string, dark: string): void {
  glow(pen, x, y, size * 3.2, 'rgb(255 205 110 / 55%)');
  stroke(pen, dark, size * 0.09, [
    [x, y - size],
    [x + size * 0.5, y - size * 2],
    [x + size * 2, y - size * 1.5],
  ]);
  blob(pen, x, y, size * 0.85, size, colour);
  pen.globalAlpha = 0.45;
  for (const part of [-0.5, 0, 0.5]) blob(pen, x + part * size, y, size * 0.1, size * 0.86, '#fff4cc');
  pen.globalAlpha = 1;
  for (const end of [-1, 1]) {
    pen.fillStyle = dark;
    pen.fillRect(x - size * 0.4, y + end * size - size * 0.1, size * 0.8, size * 0.2);
  }
}

const lanterns: Motif = (pen, height, random) => {
  sky(pen, height, '#14203d', '#2c3565', '#5a3c5e');
  for (let n = 0; n < 40; n++) blob(pen, random(), random() * height * 0.5, 0.0015, 0.0015, 'rgb(255 255 255 / 70%)');
  hills(pen, height, 0.72, '#1b2138', random);
  hills(pen, height, 0.84, '#121729', random);
  const colours = ['#f2a73b', '#e5603f', '#f4d35e', '#8fbf6b', '#e98ba6', '#6fb7c9'];
  for (let n = 0; n < 7; n++) {
    const size = 0.035 + random() * 0.03;
    lantern(
      pen,
      0.08 + n * 0.14 + (random() - 0.5) * 0.05,
      height * (0.45 + random() * 0.25),
      size,
      colours[n % 6] ?? '#f2a73b',
      '#0d1220',
    );
  }
};

const sun: Motif = (pen, height) => {
  const x = 0.3;
  const y = height * 0.42;
  sky(pen, height, '#e07b2c', '#f5b25c');
  glow(pen, x, y, 0.8, 'rgb(255 240 190 / 90%)');
  for (let n = 0; n < 16; n++) {
    const turn = (n / 16) * 2 * Math.PI;
    const reach = n % 2 ? 0.3 : 0.24;
    stroke(pen, '#fff1c4', 0.018, [
      [x + Math.cos(turn) * 0.19, y + Math.sin(turn) * 0.19],
      [x + Math.cos(turn) * reach, y + Math.sin(turn) * reach],
    ]);
  }
  blob(pen, x, y, 0.16, 0.16, '#f9d65c');
  blob(pen, x - 0.055, y - 0.03, 0.014, 0.018, '#7a4312');
  blob(pen, x + 0.055, y - 0.03, 0.014, 0.018, '#7a4312');
  pen.strokeStyle = '#7a4312';
  pen.lineWidth = 0.012;
  pen.beginPath();
  pen.arc(x, y + 0.01, 0.07, 0.25, Math.PI - 0.25);
  pen.stroke();
};

const sunPainting: Motif = (pen, height, random) => {
  pen.fillStyle = '#c9a67a';
  pen.fillRect(0, 0, 1, height);
  pen.save();
  pen.translate(0.06, height * 0.07);
  pen.scale(0.88, 0.86);
  pen.fillStyle = '#fbf7ec';
  pen.fillRect(0, 0, 1, height);
  pen.beginPath();
  pen.rect(0, 0, 1, height);
  pen.clip();
  for (let n = 0; n < 34; n++)
    blob(pen, random(), height * (0.86 + random() * 0.14), 0.05, 0.02, `hsl(${100 + random() * 40} 45% 48%)`);
  pen.save();
  pen.translate(0.5, 0.02);
  pen.scale(0.6, 0.6);
  const colours = ['#f3c33c', '#f0a830'];
  for (let n = 0; n < 12; n++) {
    const turn = (n / 12) * 2 * Math.PI;
    stroke(pen, colours[n % 2] ?? '#f3c33c', 0.03, [
      [0.4 + Math.cos(turn) * 0.2, 0.26 + Math.sin(turn) * 0.2],
      [0.4 + Math.cos(turn) * 0.34, 0.26 + Math.sin(turn) * 0.34],
    ]);
  }
  blob(pen, 0.4, 0.26, 0.17, 0.17, '#f5cf47');
  pen.restore();
  const house: readonly (readonly [number, number])[] = [
    [0.14, height * 0.92],
    [0.14, height * 0.6],
    [0.42, height * 0.6],
    [0.42, height * 0.92],
  ];
  shape(pen, '#d9694f', house);
  shape(pen, '#5b7fa8', [
    [0.1, height * 0.61],
    [0.28, height * 0.4],
    [0.46, height * 0.61],
  ]);
  shape(pen, '#fbe7a8', [
    [0.19, height * 0.68],
    [0.19, height * 0.78],
    [0.27, height * 0.78],
    [0.27, height * 0.68],
  ]);
  stroke(pen, '#7b5230', 0.03, [
    [0.72, height * 0.92],
    [0.72, height * 0.6],
  ]);
  for (let n = 0; n < 9; n++) {
    blob(
      pen,
      0.72 + (random() - 0.5) * 0.2,
      height * 0.55 + (random() - 0.5) * 0.16,
      0.06,
      0.06,
      `hsl(${105 + random() * 25} 42% ${40 + random() * 14}%)`,
    );
  }
  pen.restore();
};

function leaf(pen: Pen, x: number, y: number, size: number, turn: number, colour: string): void {
  pen.save();
  pen.translate(x, y);
  pen.rotate(turn);
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(0, -size);
  pen.bezierCurveTo(size * 0.9, -size * 0.6, size * 0.7, size * 0.5, 0, size);
  pen.bezierCurveTo(-size * 0.7, size * 0.5, -size * 0.9, -size * 0.6, 0, -size);
  pen.fill();
  stroke(pen, 'rgb(90 45 15 / 45%)', size * 0.07, [
    [0, -size * 0.8],
    [0, size * 1.3],
  ]);
  for (const side of [-1, 1])
    for (const at of [-0.3, 0.1, 0.45]) {
      stroke(pen, 'rgb(90 45 15 / 30%)', size * 0.045, [
        [0, at * size],
        [side * size * 0.4, (at - 0.3) * size],
      ]);
    }
  pen.restore();
}

const leaves: Motif = (pen, height, random) => {
  sky(pen, height, '#6d4a2b', '#54371f');
  const colours = ['#d9822b', '#c4522a', '#e3b23c', '#a8742f', '#8d8b3a', '#b5402f'];
  for (let n = 0; n < 90; n++) {
    leaf(
      pen,
      random(),
      random() * height,
      0.04 + random() * 0.06,
      random() * 6.3,
      colours[Math.floor(random() * 6)] ?? '#d9822b',
    );
  }
};

const hedgehog: Motif = (pen, height, random) => {
  sky(pen, height, '#b8c58a', '#8b9a55', '#6d7a3c');
  const ground = height * 0.76;
  for (let n = 0; n < 30; n++)
    leaf(pen, random(), ground + random() * height * 0.22, 0.03, random() * 6, random() < 0.5 ? '#c4762b' : '#d9a441');
  for (let n = 0; n < 260; n++) {
    const turn = Math.PI + (n / 260) * Math.PI;
    const inner = random() * 0.16;
    const x = 0.54 + Math.cos(turn) * inner;
    const y = ground + Math.sin(turn) * inner * 0.9;
    stroke(pen, random() < 0.5 ? '#5d4126' : '#7f5d38', 0.008, [
      [x, y],
      [x + Math.cos(turn) * 0.07, y + Math.sin(turn) * 0.07],
    ]);
  }
  shape(pen, '#d9b48a', [
    [0.38, ground - 0.13],
    [0.24, ground - 0.015],
    [0.3, ground + 0.02],
    [0.66, ground + 0.02],
    [0.56, ground - 0.03],
    [0.42, ground - 0.04],
  ]);
  blob(pen, 0.235, ground - 0.012, 0.017, 0.017, '#2b1c12');
  blob(pen, 0.335, ground - 0.065, 0.011, 0.013, '#2b1c12');
  blob(pen, 0.41, ground - 0.1, 0.024, 0.028, '#c29a6e');
  for (const x of [0.38, 0.46, 0.56]) blob(pen, x, ground + 0.025, 0.026, 0.012, '#a97f55');
};

const tower: Motif = (pen, height, random) => {
  sky(pen, height, '#f1e4cf', '#e5d2b4');
  shape(pen, '#c79c68', [
    [0, height * 0.84],
    [1, height * 0.84],
    [1, height],
    [0, height],
  ]);
  const colours = ['#c8553d', '#2f7f79', '#e0a93a', '#5a7ca7', '#8fae5d', '#9c6fae'];
  const block = height * 0.1;
  for (let level = 0; level < 7; level++) {
    const count = Math.max(1, 4 - Math.ceil(level / 2));
    for (let n = 0; n < count; n++) {
      const width = 0.12;
      const x = 0.5 + (n - count / 2) * (width + 0.008) + (random() - 0.5) * 0.018;
      const y = height * 0.84 - (level + 1) * block;
      pen.fillStyle = colours[Math.floor(random() * 6)] ?? '#c8553d';
      pen.fillRect(x, y, width, block * 0.97);
      pen.fillStyle = 'rgb(255 255 255 / 18%)';
      pen.fillRect(x, y, width, block * 0.16);
    }
  }
  shape(pen, '#c8553d', [
    [0.42, height * 0.14],
    [0.5, height * 0.03],
    [0.58, height * 0.14],
  ]);
};

const puddle: Motif = (pen, height, random) => {
  sky(pen, height, '#8c9a92', '#7d8a80');
  for (let n = 0; n < 300; n++)
    blob(pen, random(), random() * height, 0.006, 0.004, random() < 0.5 ? '#727e75' : '#98a59c');
  blob(pen, 0.52, height * 0.66, 0.42, height * 0.22, '#a9c2cc');
  blob(pen, 0.5, height * 0.65, 0.34, height * 0.16, '#c3d8de');
  const boot = (x: number, y: number, colour: string, dark: string) => {
    shape(pen, colour, [
      [x, y - 0.24],
      [x + 0.1, y - 0.24],
      [x + 0.105, y - 0.07],
      [x + 0.19, y - 0.03],
      [x + 0.19, y + 0.01],
      [x - 0.01, y + 0.01],
    ]);
    shape(pen, dark, [
      [x - 0.012, y + 0.005],
      [x + 0.195, y + 0.005],
      [x + 0.195, y + 0.025],
      [x - 0.012, y + 0.025],
    ]);
    pen.fillStyle = 'rgb(255 255 255 / 30%)';
    pen.fillRect(x + 0.012, y - 0.22, 0.018, 0.15);
  };
  boot(0.28, height * 0.6, '#e0a93a', '#9a6d17');
  boot(0.52, height * 0.64, '#e0a93a', '#9a6d17');
  for (let n = 0; n < 22; n++)
    blob(pen, 0.2 + random() * 0.6, height * (0.45 + random() * 0.2), 0.007, 0.011, '#dbe9ec');
};

const dough: Motif = (pen, height, random) => {
  sky(pen, height, '#d8b98c', '#cba877');
  blob(pen, 0.5, height * 0.5, 0.46, height * 0.42, '#f1dcae');
  for (let n = 0; n < 150; n++) blob(pen, random(), random() * height, 0.006, 0.006, 'rgb(255 255 255 / 55%)');
  const cut = (x: number, y: number, turn: number, star: boolean) => {
    const points: [number, number][] = [];
    for (let n = 0; n < 10; n++) {
      const reach = star ? (n % 2 ? 0.035 : 0.078) : 0.062;
      const at = turn + (n / 10) * 2 * Math.PI;
      points.push([x + Math.cos(at) * reach, y + Math.sin(at) * reach]);
    }
    shape(pen, '#d9b36f', points);
    shape(
      pen,
      '#edcf92',
      points.map(([px, py]) => [x + (px - x) * 0.84, y + (py - y) * 0.84]),
    );
  };
  for (let n = 0; n < 9; n++)
    cut(0.2 + (n % 3) * 0.3, height * (0.22 + Math.floor(n / 3) * 0.28), random() * 6, n % 2 === 0);
};

const forest: Motif = (pen, height, random) => {
  sky(pen, height, '#dfe9d2', '#b6cf9d', '#6f8f52');
  for (let depth = 0; depth < 3; depth++) {
    for (let n = 0; n < 12 - depth * 3; n++) {
      const x = random();
      const width = 0.014 + depth * 0.014 + random() * 0.012;
      pen.fillStyle = ['#8ba07a', '#5f5a3e', '#41351f'][depth] ?? '#41351f';
      pen.fillRect(x, 0, width, height * (0.62 + depth * 0.12));
    }
  }
  hills(pen, height, 0.8, '#58733b', random);
  for (let n = 0; n < 60; n++) {
    const x = random();
    const y = height * (0.82 + random() * 0.18);
    stroke(pen, '#7f9d4f', 0.005, [
      [x, y],
      [x + (random() - 0.5) * 0.02, y - 0.05],
    ]);
  }
  for (const [x, size] of [
    [0.3, 0.05],
    [0.38, 0.032],
    [0.72, 0.044],
  ] as const) {
    const y = height * 0.88;
    pen.fillStyle = '#f2e6d0';
    pen.fillRect(x - size * 0.22, y - size, size * 0.44, size * 1.2);
    pen.fillStyle = '#b8372b';
    pen.beginPath();
    pen.ellipse(x, y - size, size, size * 0.75, 0, Math.PI, 2 * Math.PI);
    pen.fill();
    for (const dot of [-0.5, 0, 0.45]) blob(pen, x + dot * size, y - size * 1.3, size * 0.12, size * 0.1, '#fbf3e6');
  }
};

const garden: Motif = (pen, height, random) => {
  sky(pen, height, '#bcd9e6', '#dcebd8', '#8fb267');
  hills(pen, height, 0.5, '#7ba457', random);
  pen.fillStyle = '#6b4a2d';
  pen.fillRect(0, height * 0.62, 1, height * 0.38);
  for (let row = 0; row < 3; row++) {
    for (let n = 0; n < 9; n++) {
      const x = 0.06 + n * 0.11 + (random() - 0.5) * 0.02;
      const y = height * (0.68 + row * 0.12);
      for (const side of [-1, 0, 1]) leaf(pen, x + side * 0.018, y - 0.014, 0.022, side * 0.7, '#5b9440');
      if (row === 1) blob(pen, x, y + 0.004, 0.016, 0.016, '#d2452f');
      if (row === 2)
        shape(pen, '#e0812f', [
          [x - 0.012, y],
          [x + 0.012, y],
          [x, y + 0.05],
        ]);
    }
  }
  blob(pen, 0.84, height * 0.16, 0.06, 0.06, '#f6d773');
};

const snail: Motif = (pen, height) => {
  sky(pen, height, '#93b866', '#5f8a3a');
  leaf(pen, 0.5, height * 0.66, 0.52, 1.35, '#7fb04c');
  const x = 0.54;
  const y = height * 0.46;
  shape(pen, '#dcc39a', [
    [0.24, y + 0.09],
    [0.2, y - 0.02],
    [0.27, y - 0.06],
    [0.34, y + 0.03],
    [0.8, y + 0.08],
    [0.72, y + 0.13],
    [0.3, y + 0.13],
  ]);
  for (const turn of [0, 0.05])
    stroke(pen, '#dcc39a', 0.013, [
      [0.23 + turn, y - 0.04],
      [0.2 + turn * 1.6, y - 0.13],
    ]);
  blob(pen, x, y, 0.17, 0.16, '#a8652f');
  pen.strokeStyle = '#e3b27c';
  pen.lineWidth = 0.018;
  pen.beginPath();
  for (let turn = 0; turn < 4.6 * Math.PI; turn += 0.1) {
    const reach = 0.01 + turn * 0.0102;
    pen.lineTo(x + Math.cos(turn) * reach, y + Math.sin(turn) * reach);
  }
  pen.stroke();
};

const kites: Motif = (pen, height, random) => {
  sky(pen, height, '#5f9fc7', '#a7cfe2', '#e6efe6');
  for (let n = 0; n < 12; n++)
    blob(pen, 0.1 + random() * 0.8, height * (0.2 + random() * 0.3), 0.09, 0.028, 'rgb(255 255 255 / 45%)');
  hills(pen, height, 0.84, '#86a255', random);
  const colours = ['#d9482f', '#eab12f', '#3c8f86', '#8a5ba4'];
  [0.24, 0.52, 0.78].forEach((x, index) => {
    const y = height * (0.25 + random() * 0.25);
    const size = 0.09;
    shape(pen, colours[index] ?? '#d9482f', [
      [x, y - size],
      [x + size * 0.7, y],
      [x, y + size * 1.3],
      [x - size * 0.7, y],
    ]);
    shape(pen, 'rgb(255 255 255 / 25%)', [
      [x, y - size],
      [x + size * 0.7, y],
      [x, y + size * 1.3],
    ]);
    stroke(pen, 'rgb(60 60 60 / 70%)', 0.003, [
      [x, y + size * 1.3],
      [x - 0.05, y + size * 2],
      [x + 0.02, height * 0.86],
    ]);
    for (const bow of [1.6, 1.9])
      blob(pen, x - 0.025, y + size * bow, 0.016, 0.009, colours[(index + 1) % 4] ?? '#eab12f');
  });
};

/** What is to be seen, in words as an educator would write them. */
const motifs: readonly { readonly draw: Motif; readonly ratio: number; readonly alt: string }[] = [
  { draw: lanterns, ratio: 3 / 2, alt: 'Bunte Laternen im Dunkeln' },
  { draw: sun, ratio: 4 / 3, alt: 'Eine gebastelte Sonnenlaterne' },
  { draw: leaves, ratio: 3 / 4, alt: 'Herbstlaub in vielen Farben' },
  { draw: hedgehog, ratio: 4 / 3, alt: 'Ein Igel im Laub' },
  { draw: sunPainting, ratio: 4 / 3, alt: 'Ein gemaltes Haus mit Sonne und Baum' },
  { draw: tower, ratio: 3 / 4, alt: 'Ein hoher Turm aus Bauklötzen' },
  { draw: puddle, ratio: 4 / 3, alt: 'Gelbe Gummistiefel in einer Pfütze' },
  { draw: dough, ratio: 1, alt: 'Ausgestochene Plätzchen auf dem Teig' },
  { draw: forest, ratio: 3 / 2, alt: 'Fliegenpilze im Wald' },
  { draw: garden, ratio: 4 / 3, alt: 'Das Gemüsebeet im Garten' },
  { draw: snail, ratio: 4 / 3, alt: '' },
  { draw: kites, ratio: 16 / 9, alt: 'Drei Drachen am Himmel' },
];

const sides = { thumb: 720, full: 1600 } as const;
const hashSide = 80;

function painted(index: number, side: number): OffscreenCanvas {
  const motif = motifs[index % motifs.length];
  if (!motif) throw new Error('no such motif');
  const width = Math.round(motif.ratio >= 1 ? side : side * motif.ratio);
  const height = Math.round(motif.ratio >= 1 ? side / motif.ratio : side);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.scale(width, width);
  motif.draw(pen, 1 / motif.ratio, randomOf(index + 1));
  return canvas;
}

export interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly hash: string;
  readonly alt: string;
}

const known = new Map<number, Drawn>();

/** Size, placeholder and words of the picture with that number; there are as many as one asks for. */
export function drawn(index: number): Drawn {
  const kept = known.get(index % motifs.length);
  if (kept) return kept;
  const { ratio, alt } = motifs[index % motifs.length] ?? { ratio: 1, alt: '' };
  const small = painted(index % motifs.length, hashSide);
  const pixels = small.getContext('2d')?.getImageData(0, 0, small.width, small.height);
  const hash = pixels ? rgbaToThumbHash(small.width, small.height, pixels.data) : new Uint8Array();
  const made = {
    width: Math.round(ratio >= 1 ? sides.full : sides.full * ratio),
    height: Math.round(ratio >= 1 ? sides.full / ratio : sides.full),
    hash: Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    alt,
  };
  known.set(index % motifs.length, made);
  return made;
}

/** The picture itself. */
export function jpeg(index: number, size: keyof typeof sides): Promise<Blob> {
  return painted(index, sides[size]).convertToBlob({ type: 'image/jpeg', quality: 0.85 });
}

/** A page with one line, as small as a PDF can be. */
export function pdf(): Blob {
  const text =
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
  return new Blob([text], { type: 'application/pdf' });
}

/** A picture in the shape of a QR code; it carries nothing. */
export function qrPicture(): string {
  const size = 29;
  let cells = '';
  const finder = (x: number, y: number) =>
    `<path d="M${x} ${y}h7v7h-7z"/><path d="M${x + 1} ${y + 1}h5v5h-5z" fill="#fff"/><path d="M${x + 2} ${y + 2}h3v3h-3z"/>`;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const corner = (x < 8 && y < 8) || (x > size - 9 && y < 8) || (x < 8 && y > size - 9);
      if (!corner && (x * 7 + y * 13 + ((x * y) % 5) * 3) % 3 === 0) cells += `M${x} ${y}h1v1h-1z`;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 33 33"><path fill="#fff" d="M-2-2h33v33h-33z"/><path d="${cells}"/>${finder(0, 0)}${finder(22, 0)}${finder(0, 22)}</svg>`;
}
