/** @file Draws the app's PNG icons from `public/icons/icon.svg`: `npm run icons`. The outputs are committed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './shots.mjs';

const folder = new URL('../public/icons/', import.meta.url);
const rounded = readFileSync(new URL('icon.svg', folder), 'utf8');
// Systems that cut their own shape get the paper up to the edge, and the drawing inside the safe zone.
const square = rounded.replace('rx="22"', '');
const maskable = square.replace('translate(12.500 22) scale(.74)', 'translate(19.500 28) scale(.59)');

const icons = [
  ['icon-192.png', 192, rounded],
  ['icon-512.png', 512, rounded],
  ['maskable-512.png', 512, maskable],
  ['apple-touch-180.png', 180, square],
];

const browser = await launch();
for (const [name, size, svg] of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
  );
  await page.screenshot({ path: fileURLToPath(new URL(name, folder)), omitBackground: true });
  await page.close();
}
await browser.close();
