/** @file The photos that other tests take are what they say: known from each other, and full of what must not leave a device. */
import piexif from 'piexifjs';
import { expect, it } from 'vitest';
import { makeBadFiles, makePhoto, makePhotos, seedShown, spareSegments } from '../../drill/photos.mjs';

const small = { width: 160, height: 120 };

it('draws a photo that is known from every other, and from itself when it is not upright', () => {
  for (const photo of makePhotos(8, small)) {
    expect(seedShown(photo.bytes, [photo.seed + 1])).toBeUndefined();
    // As stored: turned, but for the first orientation.
    expect(seedShown(photo.bytes, [photo.seed])).toBe(photo.orientation === 1 ? photo.seed : undefined);
  }
});

it('comes in every orientation, the same in every run', () => {
  const orientations = makePhotos(8, small).map(
    ({ bytes }) => piexif.load(bytes.toString('latin1'))['0th'][piexif.ImageIFD.Orientation],
  );
  expect(orientations).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(makePhoto({ seed: 5, ...small }).bytes.equals(makePhoto({ seed: 5, ...small }).bytes)).toBe(true);
});

it('says where it was taken and by whom, in every way in which files do', () => {
  const { bytes } = makePhoto({ seed: 3, ...small });
  const said = piexif.load(bytes.toString('latin1'));
  expect(said.GPS[piexif.GPSIFD.GPSLatitude]).toHaveLength(3);
  expect(said.Exif[piexif.ExifIFD.CameraOwnerName]).toMatch(/Fotobesitz/);
  expect(spareSegments(Buffer.from(said.thumbnail, 'latin1'))).toEqual([]);
  for (const mark of ['Exif\0\0', 'http://ns.adobe.com/xap', 'Photoshop 3.0', 'ICC_PROFILE', 'MPF\0'])
    expect(bytes.includes(Buffer.from(mark, 'latin1')), mark).toBe(true);
});

it('sees what a clean picture has none of', () => {
  expect(spareSegments(makePhoto({ seed: 3, ...small }).bytes)).toEqual([
    'ffe1',
    'ffe1',
    'ffe2',
    'ffed',
    'ffe2',
    'fffe',
    'bytes behind the picture',
  ]);
  expect(spareSegments(Buffer.from('ffd8', 'hex'))).toEqual(['no end']);
  expect(() => spareSegments(Buffer.from('<svg>'))).toThrow();
});

it('makes one bad file of each sort', () => {
  const faults = new Set(makeBadFiles().map(({ fault }) => fault));
  expect([...faults].sort()).toEqual([
    'empty',
    'format_unsupported',
    'not_a_pdf',
    'not_a_picture',
    'too_large',
    'too_many_pixels',
    'undecodable',
  ]);
});
