/**
 * @file Photos to try things with: `node scripts/photos.mjs DIR [COUNT]`. Real JPEGs in all orientations that say where, when and by whom
 * they were taken, a PDF, and in the folder `bad` files that must be refused. All of it invented, the same in every run.
 */
import { join } from 'node:path';
import { makeBadFiles, makePdf, makePhotos, writePhotos } from '../drill/photos.mjs';

const countDefault = 16;

const [folder, given = String(countDefault), ...more] = process.argv.slice(2);
const count = Number(given);
if (folder === undefined || more.length > 0 || !Number.isInteger(count) || count < 1) {
  console.error('usage: node scripts/photos.mjs DIR [COUNT]');
  process.exit(2);
}
writePhotos(folder, makePhotos(count));
writePhotos(folder, [{ name: 'Einladung.pdf', bytes: makePdf('Einladung') }]);
const bad = writePhotos(join(folder, 'bad'), makeBadFiles());
console.log(`${count} photos, a PDF, ${bad.length} files to refuse`);
