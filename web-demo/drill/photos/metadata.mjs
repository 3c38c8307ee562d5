/**
 * @file What phones and cameras write into a JPEG beside the picture: EXIF with place, owner and serial numbers, a small picture of
 * the same, XMP, IPTC, a colour profile, a comment, and a second picture behind the first (MPF). Everything a photo says is invented.
 */
import piexif from 'piexifjs';

const { ImageIFD, ExifIFD, GPSIFD } = piexif;

/**
 * What a photo with this number says.
 * @param {number} seed
 */
export function wordsOf(seed) {
  const number = String(7919 * (seed + 13)).padStart(8, '0');
  return {
    make: 'Spatzenoptik',
    model: `Nestkamera ${seed % 7}X Pro`,
    software: 'Spatz OS 12.4',
    owner: `Irmgard Fotobesitz ${seed}`,
    body: `SN-${number}`,
    lens: 'Meisenauge 28 mm f/1.8',
    lensNumber: `LN-${number}`,
    description: `Gartenfest hinter dem Haus ${seed}`,
    comment: `Notiz zum Bild ${number}`,
    headline: `Kinder am Teich ${number}`,
    taken: '2025:06:14 15:32:07',
    latitude: { ref: 'N', parts: [51, 2 + (seed % 50), (1013 + 37 * seed) % 5900] },
    longitude: { ref: 'E', parts: [13, 44 - (seed % 40), (4711 + 53 * seed) % 5900] },
  };
}

const hundredths = ({ parts: [degrees, minutes, seconds] }) => [
  [degrees, 1],
  [minutes, 1],
  [seconds, 100],
];
const decimal = ({ parts: [degrees, minutes, seconds] }) => (degrees + minutes / 60 + seconds / 360_000).toFixed(6);

/**
 * The JPEG with everything that a photo says.
 * @param {Buffer} bare
 * @param {{ seed: number, orientation: number, thumbnail?: Buffer, second?: Buffer }} photo
 */
export function withMetadata(bare, { seed, orientation, thumbnail, second }) {
  const words = wordsOf(seed);
  const head = [exif(words, orientation, thumbnail), xmp(words), profile(), iptc(words)].map((part) =>
    segment(...part),
  );
  const comment = segment(0xfe, Buffer.from(words.comment, 'utf8'));
  const body = bare.subarray(2);
  if (!second) return Buffer.concat([soi, ...head, comment, body]);
  const before = Buffer.concat([soi, ...head]);
  // Offsets count from behind "MPF\0".
  const size = mpf(0, 0, 0).length + 4;
  const first = before.length + size + comment.length + body.length;
  const index = segment(0xe2, mpf(first, second.length, first - before.length - 8));
  return Buffer.concat([before, index, comment, body, second]);
}

const soi = Buffer.from([0xff, 0xd8]);

function segment(marker, content) {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function exif(words, orientation, thumbnail) {
  const text = (value) => Buffer.from(value, 'utf8').toString('latin1');
  const tags = {
    '0th': {
      [ImageIFD.Make]: text(words.make),
      [ImageIFD.Model]: text(words.model),
      [ImageIFD.ImageDescription]: text(words.description),
      [ImageIFD.Software]: text(words.software),
      [ImageIFD.Artist]: text(words.owner),
      [ImageIFD.DateTime]: words.taken,
      [ImageIFD.Orientation]: orientation,
    },
    Exif: {
      [ExifIFD.DateTimeOriginal]: words.taken,
      [ExifIFD.CameraOwnerName]: text(words.owner),
      [ExifIFD.BodySerialNumber]: words.body,
      [ExifIFD.LensModel]: text(words.lens),
      [ExifIFD.LensSerialNumber]: words.lensNumber,
      [ExifIFD.UserComment]: `ASCII\0\0\0${text(words.comment)}`,
      [ExifIFD.MakerNote]: `Spatz\0${text(words.body)}\0${text(words.owner)}`,
    },
    GPS: {
      [GPSIFD.GPSLatitudeRef]: words.latitude.ref,
      [GPSIFD.GPSLatitude]: hundredths(words.latitude),
      [GPSIFD.GPSLongitudeRef]: words.longitude.ref,
      [GPSIFD.GPSLongitude]: hundredths(words.longitude),
      [GPSIFD.GPSDateStamp]: words.taken.slice(0, 10),
    },
    ...(thumbnail && { '1st': { [ImageIFD.Compression]: 6 }, thumbnail: thumbnail.toString('latin1') }),
  };
  return [0xe1, Buffer.from(piexif.dump(tags), 'latin1')];
}

function xmp(words) {
  const packet = `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 exif:GPSLatitude="${decimal(words.latitude)}" exif:GPSLongitude="${decimal(words.longitude)}" dc:creator="${words.owner}"/>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
  return [0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`, 'utf8')];
}

/** IPTC-IIM 4.2 in a Photoshop resource: by-line, headline. */
function iptc(words) {
  const sets = [
    [80, words.owner],
    [105, words.headline],
  ].map(([number, text]) => {
    const value = Buffer.from(text, 'utf8');
    return Buffer.concat([Buffer.from([0x1c, 2, number, 0, value.length]), value]);
  });
  const data = Buffer.concat(sets);
  const head = Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\0', 'latin1');
  head.writeUInt32BE(data.length, head.length - 4);
  return [0xed, Buffer.concat([head, data, Buffer.alloc(data.length % 2)])];
}

/** sRGB, near enough, in ICC.1:2001-04. */
function profile() {
  const fixed = (...values) => Buffer.concat(values.map((value) => int32(Math.round(value * 65536))));
  const xyz = (...values) => Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), fixed(...values)]);
  const gamma = Buffer.from('curv\0\0\0\0\0\0\0\x01\x02\x33\0\0', 'latin1');
  const words = (text) =>
    Buffer.concat([Buffer.from('desc\0\0\0\0', 'latin1'), int32(text.length + 1), Buffer.from(text), Buffer.alloc(80)]);
  const tags = Object.entries({
    desc: words('Spatzenprofil'),
    cprt: Buffer.from('text\0\0\0\0Spatzenoptik\0\0\0\0', 'latin1'),
    wtpt: xyz(0.9642, 1, 0.8249),
    rXYZ: xyz(0.4361, 0.2225, 0.0139),
    gXYZ: xyz(0.3851, 0.7169, 0.0971),
    bXYZ: xyz(0.1431, 0.0606, 0.7141),
    rTRC: gamma,
    gTRC: gamma,
    bTRC: gamma,
  }).map(([name, data]) => [name, Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])]);
  let at = 128 + 4 + 12 * tags.length;
  const table = [int32(tags.length)];
  for (const [name, data] of tags) {
    table.push(Buffer.from(name), int32(at), int32(data.length));
    at += data.length;
  }
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.writeUInt32BE(0x02400000, 8);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  fixed(0.9642, 1, 0.8249).copy(head, 68);
  const icc = Buffer.concat([head, ...table, ...tags.map(([, data]) => data)]);
  return [0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), icc])];
}

/** CIPA DC-007: where two pictures lie in the file. */
function mpf(firstBytes, secondBytes, secondAt) {
  const tag = (id, type, count, value) => Buffer.concat([int16(id), int16(type), int32(count), value]);
  const entry = (attribute, bytes, at) => Buffer.concat([int32(attribute), int32(bytes), int32(at), Buffer.alloc(4)]);
  return Buffer.concat([
    Buffer.from('MPF\0MM\0*\0\0\0\x08', 'latin1'),
    int16(3),
    tag(0xb000, 7, 4, Buffer.from('0100')),
    tag(0xb001, 4, 1, int32(2)),
    tag(0xb002, 7, 32, int32(50)),
    int32(0),
    entry(0x030000, firstBytes, 0),
    entry(0x020002, secondBytes, secondAt),
  ]);
}

function int16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
function int32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
