/** @file Files that are not what they seem: damaged, empty, too large, of a format that no browser shows, or something else altogether. */
import { makePdf } from './pdf.mjs';
import { drawJpeg } from './pixels.mjs';

/** Above what the app takes in. */
const tooManyBytes = 60_000_000;
const text = (value) => Buffer.from(value, 'utf8');

/**
 * Names, bytes, and the fault that the app names for each (`MediaFault` in the contract).
 * @returns {readonly { name: string, bytes: Buffer, fault: string, kind: 'picture' | 'file' }[]}
 */
export function makeBadFiles() {
  const good = drawJpeg({ seed: 9001, width: 320, height: 240, orientation: 1, quality: 80 });
  return [
    { name: 'damaged.jpg', bytes: damaged(good), fault: 'undecodable', kind: 'picture' },
    { name: 'cut-off.jpg', bytes: good.subarray(0, good.length / 2), fault: 'undecodable', kind: 'picture' },
    { name: 'empty.jpg', bytes: Buffer.alloc(0), fault: 'empty', kind: 'picture' },
    { name: 'huge.jpg', bytes: Buffer.concat([good], tooManyBytes), fault: 'too_large', kind: 'picture' },
    { name: 'wide.jpg', bytes: resized(good, 12_000, 9_000), fault: 'too_many_pixels', kind: 'picture' },
    { name: 'phone.heic', bytes: heic(), fault: 'format_unsupported', kind: 'picture' },
    { name: 'scan.tiff', bytes: tiff(), fault: 'format_unsupported', kind: 'picture' },
    { name: 'drawing.jpg', bytes: svg(), fault: 'not_a_picture', kind: 'picture' },
    { name: 'page.jpg', bytes: html(), fault: 'not_a_picture', kind: 'picture' },
    { name: 'letter.jpg', bytes: makePdf('Brief'), fault: 'not_a_picture', kind: 'picture' },
    { name: 'letter.pdf', bytes: text('Liebe Eltern,\nmorgen ist Waldtag.\n'), fault: 'not_a_pdf', kind: 'file' },
    { name: 'half.pdf', bytes: makePdf('Halb').subarray(0, 120), fault: 'not_a_pdf', kind: 'file' },
  ];
}

/** Where a segment with this marker begins. */
function find(jpeg, marker) {
  for (let at = 2; jpeg[at] === 0xff && jpeg[at + 1] !== 0xda; at += 2 + jpeg.readUInt16BE(at + 2))
    if (jpeg[at + 1] === marker) return at;
  throw new Error('no such segment');
}

/** The tables that the pixels are read with are gone. */
function damaged(jpeg) {
  const copy = Buffer.from(jpeg);
  const at = find(copy, 0xc4);
  copy.fill(0xff, at + 4, at + 2 + copy.readUInt16BE(at + 2));
  return copy;
}

/** Says that it has many pixels more than it has. */
function resized(jpeg, width, height) {
  const copy = Buffer.from(jpeg);
  const at = find(copy, 0xc0);
  copy.writeUInt16BE(height, at + 5);
  copy.writeUInt16BE(width, at + 7);
  return copy;
}

function heic() {
  const box = (kind, content) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(8 + content.length);
    return Buffer.concat([head, text(kind), content]);
  };
  return Buffer.concat([box('ftyp', text('heic\0\0\0\0mif1heic')), box('mdat', Buffer.alloc(4000, 0x5a))]);
}

/** Baseline TIFF 6.0: 16 × 16 pixels of grey, one strip. */
function tiff() {
  const [side, short, long] = [16, 3, 4];
  const tags = [
    [256, short, side],
    [257, short, side],
    [258, short, 8],
    [259, short, 1],
    [262, short, 1],
    [273, long, 8],
    [277, short, 1],
    [278, short, side],
    [279, long, side * side],
  ];
  const pixels = Buffer.from(Array.from({ length: side * side }, (_, at) => (at * 7) % 256));
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length);
  tags.forEach(([id, type, value], index) => {
    const at = 2 + 12 * index;
    directory.writeUInt16LE(id, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(1, at + 4);
    directory.writeUInt32LE(value, at + 8);
  });
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(8 + pixels.length, 4);
  return Buffer.concat([head, pixels, directory]);
}

const svg = () =>
  text('<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><script>parent.owned = true</script></svg>\n');
const html = () => text('<!doctype html>\n<title>Bild</title>\n<script>parent.owned = true</script>\n');
