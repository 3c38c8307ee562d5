/**
 * @file What generated photos show: a coarse grid of colours, drawn from the photo's number, under some grain. The colours can be read
 * again whatever was done to size and quality, so that a photo is known from any other, and from itself turned or mirrored.
 */
import { createHash } from 'node:crypto';
import jpeg from 'jpeg-js';

export const columns = 8;
export const rows = 6;

/** Apart far enough for the worst JPEG. */
const levels = [40, 128, 215];
/** How far a colour may be off, of 255: half way to the next one is 44. */
const offMax = 24;
/** Grain makes a file as large as a real one is. */
const grainMax = 16;
/** Larger ones are not decoded here. */
const megapixelsMax = 60;

/**
 * The colours of the grid, upright, row by row.
 * @param {number} seed
 */
export function gridOf(seed) {
  const length = columns * rows * 3;
  const bytes = createHash('shake256', { outputLength: length }).update(`grid ${seed}`).digest();
  return Array.from({ length: columns * rows }, (_, cell) =>
    [0, 1, 2].map((channel) => levels[bytes[3 * cell + channel] % levels.length]),
  );
}

/**
 * Where pixel (x, y) of the stored picture stands in the upright one of `width` × `height`: TIFF 6.0, tag 274.
 * @type {Record<number, (x: number, y: number, width: number, height: number) => readonly [number, number]>}
 */
const upright = {
  1: (x, y) => [x, y],
  2: (x, y, width) => [width - 1 - x, y],
  3: (x, y, width, height) => [width - 1 - x, height - 1 - y],
  4: (x, y, width, height) => [x, height - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, width) => [width - 1 - y, x],
  7: (x, y, width, height) => [width - 1 - y, height - 1 - x],
  8: (x, y, width, height) => [y, height - 1 - x],
};

/**
 * A bare JPEG of the picture as a camera that was held so stores it. `width` and `height` are upright.
 * @param {{ seed: number, width: number, height: number, orientation: number, quality: number }} photo
 */
export function drawJpeg({ seed, width, height, orientation, quality }) {
  const grid = gridOf(seed);
  const isLying = orientation > 4;
  const [storedWidth, storedHeight] = isLying ? [height, width] : [width, height];
  const data = Buffer.alloc(storedWidth * storedHeight * 4);
  let noise = (seed + 1) | 0;
  for (let y = 0, at = 0; y < storedHeight; y++)
    for (let x = 0; x < storedWidth; x++, at += 4) {
      const [right, down] = upright[orientation](x, y, width, height);
      const cell = grid[Math.floor((down * rows) / height) * columns + Math.floor((right * columns) / width)];
      noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
      const grain = ((noise >>> 24) % (2 * grainMax + 1)) - grainMax;
      data[at] = cell[0] + grain;
      data[at + 1] = cell[1] + grain;
      data[at + 2] = cell[2] + grain;
      data[at + 3] = 255;
    }
  return jpeg.encode({ data, width: storedWidth, height: storedHeight }, quality).data;
}

const decode = (bytes) => jpeg.decode(bytes, { useTArray: true, maxResolutionInMP: megapixelsMax });

/**
 * Some stretches of a JPEG's pixels, as red, green, blue and alpha in hex.
 * @param {Uint8Array} bytes
 */
export function pixelsOf(bytes) {
  const { data } = decode(bytes);
  const [stretch, count] = [16 * 4, 12];
  return Array.from({ length: count }, (_, index) => {
    const at = 4 * Math.floor((index * data.length) / 4 / count);
    return Buffer.from(data.subarray(at, at + stretch)).toString('hex');
  });
}

/**
 * Which of these photos a JPEG shows, upright; `undefined`: none of them.
 * @param {Uint8Array} bytes
 * @param {readonly number[]} seeds
 */
export function seedShown(bytes, seeds) {
  const seen = coloursIn(bytes);
  const isSeen = (seed) =>
    gridOf(seed).every((colour, cell) =>
      colour.every((level, channel) => Math.abs(seen[cell][channel] - level) <= offMax),
    );
  return seeds.find(isSeen);
}

/** Whether a JPEG shows this photo, upright. */
export const shows = (bytes, seed) => seedShown(bytes, [seed]) === seed;

/** The colour of each cell, from its middle half: borders run into each other. */
function coloursIn(bytes) {
  const { data, width, height } = decode(bytes);
  return Array.from({ length: columns * rows }, (_, cell) => {
    const part = (place, count, size) => [0.25, 0.75].map((share) => Math.floor(((place + share) * size) / count));
    const [left, end] = part(cell % columns, columns, width);
    const [top, bottom] = part(Math.floor(cell / columns), rows, height);
    const sum = [0, 0, 0];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < end; x++)
        for (let channel = 0; channel < 3; channel++) sum[channel] += data[4 * (y * width + x) + channel];
    const pixels = (end - left) * (bottom - top);
    return sum.map((value) => value / pixels);
  });
}
