/**
 * @file Photos for tests, drawn from a number: real JPEGs as cameras and phones make them, in all eight orientations and with everything
 * that such files say about place, camera and owner. `node drill/photos.mjs DIR [COUNT]` writes some, bad files beside them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBadFiles } from './photos/bad.mjs';
import { withMetadata } from './photos/metadata.mjs';
import { makePdf } from './photos/pdf.mjs';
import { drawJpeg, pixelsOf, seedShown, shows } from './photos/pixels.mjs';

export { makeBadFiles, makePdf, pixelsOf, seedShown, shows };

export const orientations = 8;

/**
 * One photo. Upright it has `width` × `height`; every orientation comes in turn.
 * @param {{ seed: number, width?: number, height?: number, quality?: number }} wish
 */
export function makePhoto({ seed, width = 1600, height = 1200, quality = 80 }) {
  const orientation = 1 + (seed % orientations);
  const part = (share) => ({ width: Math.round(width * share), height: Math.round(height * share) });
  const draw = (size) => drawJpeg({ seed, orientation, quality, ...size });
  const bytes = withMetadata(draw({ width, height }), {
    seed,
    orientation,
    thumbnail: draw(part(Math.min(1, 160 / width))),
    // Every other one has a smaller picture behind it, with metadata of its own.
    ...(seed % 2 === 1 && { second: withMetadata(draw(part(0.25)), { seed, orientation }) }),
  });
  return { name: `IMG_${String(20_250_614_000 + seed)}.jpg`, bytes, seed, width, height, orientation };
}

/** @param {number} count @param {Omit<Parameters<typeof makePhoto>[0], 'seed'> & { first?: number }} [wish] */
export function makePhotos(count, { first = 0, ...wish } = {}) {
  return Array.from({ length: count }, (_, index) => makePhoto({ seed: first + index, ...wish }));
}

/** Segments that a picture can be shown without, by their markers: what a clean one has none of. */
export function spareSegments(jpeg) {
  const bytes = Buffer.from(jpeg);
  if (bytes.readUInt16BE(0) !== 0xffd8) throw new Error('not a JPEG');
  const spare = [];
  const name = (marker) => marker.toString(16);
  for (let at = 2; at < bytes.length;) {
    const marker = bytes.readUInt16BE(at);
    if (marker === 0xffd9) {
      if (at + 2 < bytes.length) spare.push('bytes behind the picture');
      return spare;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    // Tables, frame, scan.
    const isNeeded = [0xffdb, 0xffc4, 0xffdd, 0xffc0, 0xffc1, 0xffc2, 0xffda].includes(marker);
    const isJfif = marker === 0xffe0 && end - at === 18 && bytes.toString('latin1', at + 4, at + 9) === 'JFIF\0';
    if (!isNeeded && !isJfif) spare.push(name(marker));
    at = marker === 0xffda ? afterScan(bytes, end) : end;
  }
  return [...spare, 'no end'];
}

/** The next marker that is not part of a scan. */
function afterScan(bytes, start) {
  for (let at = start; at + 1 < bytes.length; at++) {
    const next = bytes[at + 1];
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

/** Into a folder; returns their names. */
export function writePhotos(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  return files.map(({ name }) => name);
}
