/**
 * @file Pictures, by hand, in real browsers against the real relay: chosen without a network, sent through killed browsers and a killed
 * relay, seen by others as they were and without a word about where they come from; shared, described, taken back, kept within bounds.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePdf, makePhoto, makePhotos, spareSegments } from '../../drill/photos.mjs';
import { Person, phone } from './people';
import {
  Album,
  ask,
  blobsPutBy,
  bytesAt,
  child,
  close,
  closeNest,
  full,
  group,
  kept,
  keepBlobs,
  letIn,
  lose,
  open,
  openNest,
  seePictures,
  sent,
  show,
  thumbs,
  ticketOf,
  tiles,
  wake,
  which,
  type Nest,
} from './pictures';

let nest: Nest;
/** Mother of a child of another group. */
let olga: Person;
const album = new Album();
/** A camera's, in full size, lying on its side. */
const large = makePhoto({ seed: 5, width: 4000, height: 3000 });
const feast = makePhotos(40, { first: 100, width: 640, height: 480 });
const wrong = makePhoto({ seed: 300, width: 800, height: 600 });

const other = 'Eulen';
const sideMax = { thumb: 720, full: 1600 };

beforeAll(async () => {
  nest = await openNest();
  const { dora, house } = nest;
  await dora.createGroup(other);
  await dora.createChild('Otto Junge', ['Olga Mama'], other);
  const letter = await dora.printLetterOf('Otto Junge', 'Olga Mama');
  olga = await Person.arriveRecorded(house, phone);
  await letIn(dora, olga, 'Olga Mama', letter);
  await keepBlobs(dora);
}, 240_000);
afterAll(async () => {
  await olga?.leave();
  await closeNest(nest);
  album.close();
});

/** A clean JPEG of this photo, upright, no larger than it may be. */
function expectClean(jpeg: Buffer, side: number): void {
  expect(spareSegments(jpeg)).toEqual([]);
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  expect(Math.max(jpeg.readUInt16BE(frame + 5), jpeg.readUInt16BE(frame + 7))).toBeLessThanOrEqual(side);
}

it('brings a photo that was chosen without a network through a reload and a killed browser', async () => {
  const { dora, maria, house } = nest;
  await house.kill();
  await show(dora, album.put([large]), { group });
  await tiles(dora).locator('[data-shown="true"]').waitFor();
  await dora.badge.waitFor();
  expect(await dora.badge.getAttribute('data-count')).toBe('1');
  await dora.page.reload();
  await dora.badge.waitFor();
  await dora.crashBrowser();
  await dora.openBrowser();
  await dora.badge.waitFor();
  await keepBlobs(dora);
  await seePictures(dora, 1);
  // From this device alone: there is nobody else.
  expect(await thumbs(dora).then((all) => all.map((jpeg) => which([large], jpeg)))).toEqual([0]);

  await house.start();
  await wake(dora);
  await wake(maria);
  await seePictures(maria, 1);
  const [thumb = Buffer.alloc(0)] = await thumbs(maria);
  const master = await full(maria, 0);
  for (const [jpeg, side] of [
    [thumb, sideMax.thumb],
    [master, sideMax.full],
  ] as const) {
    expect(which([large], jpeg)).toBe(0);
    expectClean(jpeg, side);
  }
  expect(thumb.length).toBeLessThanOrEqual(100_000);
  await sent(dora);
  expect(await kept(dora, 'original')).toEqual([]);
});

it('brings forty photos through a killed relay, each once and in order', async () => {
  const { dora, maria, house } = nest;
  await show(dora, album.put(feast), { group });
  const before = blobsPutBy(dora).length;
  // In the middle: some are there, many are not.
  await expect.poll(() => blobsPutBy(dora).length - before, { timeout: 60_000 }).toBeGreaterThanOrEqual(12);
  await house.kill();
  expect(Number(await dora.badge.getAttribute('data-count'))).toBeGreaterThan(10);
  await house.start();
  await Promise.all([dora, maria].map(wake));
  await sent(dora, 120_000);
  await seePictures(maria, 1 + feast.length);
  const seen = await thumbs(maria);
  // The newest set stands first.
  expect(seen.map((jpeg) => which([...feast, large], jpeg))).toEqual([...feast.keys(), feast.length]);
  // One small and one large picture each: nothing was sealed or put there twice.
  expect(blobsPutBy(dora)).toHaveLength(2 * (1 + feast.length));
});

it('shows a picture to one more group, without sending it again', async () => {
  const { dora } = nest;
  await olga.goTo('Bilder');
  await olga.page.getByText('Noch keine Bilder').waitFor();
  await seePictures(dora, 1 + feast.length);
  const before = blobsPutBy(dora);
  const viewer = await open(dora, 0);
  await viewer.getByRole('button', { name: 'Auch anderen zeigen' }).click();
  const dialog = dora.page.getByRole('dialog', { name: 'Auch anderen zeigen' });
  await dialog.getByRole('radio', { name: new RegExp(other) }).check();
  await dialog.getByRole('button', { name: 'Zeigen', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await viewer.getByText(`auch ${other}`).waitFor();
  await close(dora);
  // Once, for all who see it.
  await expect.poll(() => tiles(dora).count()).toBe(1 + feast.length);
  await sent(dora);
  await seePictures(olga, 1);
  const master = await full(olga, 0);
  expect(which(feast, master)).toBe(0);
  expect(await tiles(olga).count()).toBe(1);
  expect(blobsPutBy(dora)).toEqual(before);
});

it('says what is to be seen to whoever cannot see it', async () => {
  const { dora, maria } = nest;
  await seePictures(dora, 1 + feast.length);
  const viewer = await open(dora, 1);
  await viewer.getByRole('button', { name: 'Beschreiben' }).click();
  const dialog = dora.page.getByRole('dialog', { name: 'Bild beschreiben' });
  await dialog.getByLabel('Was ist zu sehen?').fill('Ein Drachen über dem Haus.');
  await dialog.getByRole('button', { name: 'Speichern' }).click();
  await dialog.waitFor({ state: 'detached' });
  await close(dora);
  await maria.goTo('Bilder');
  await maria.page.getByRole('button', { name: /^Bild \d+ von \d+: Ein Drachen über dem Haus\.$/ }).waitFor();
});

it('takes a picture back everywhere: from the feed, the device and the relay', async () => {
  const { dora, maria, house } = nest;
  const before = blobsPutBy(dora);
  await show(dora, album.put([wrong]), { child });
  await sent(dora);
  const added = blobsPutBy(dora).filter((id) => !before.includes(id));
  expect(added).toHaveLength(2);
  await seePictures(maria, 2 + feast.length);
  expect(which([wrong], await full(maria, 0))).toBe(0);
  const keptOf = async () => (await kept(maria, 'blob')).filter((id) => added.includes(id));
  expect(await keptOf()).toHaveLength(2);
  const get = (id: string) => ask(house, { method: 'GET', path: `/blob/${id}`, ticket: ticketOf(maria) });
  for (const id of added) expect(await get(id)).toMatch(/^HTTP\/1\.1 200 /);

  await seePictures(dora, 2 + feast.length);
  const viewer = await open(dora, 0);
  await viewer.getByRole('button', { name: 'Entfernen' }).click();
  await dora.page.getByRole('dialog', { name: 'Bild entfernen?' }).getByRole('button', { name: 'Entfernen' }).click();
  await expect.poll(() => tiles(dora).count()).toBe(1 + feast.length);
  await close(dora);
  await expect.poll(() => tiles(maria).count(), { timeout: 30_000 }).toBe(1 + feast.length);
  await sent(dora);

  // The very same requests as before, and one for a blob that never was.
  const never = await get('ab'.repeat(32));
  expect(never).toMatch(/^HTTP\/1\.1 404 [^]*\r\n\r\nnot found$/);
  for (const id of added) expect(await get(id)).toBe(never);
  await expect.poll(keptOf, { timeout: 30_000 }).toEqual([]);
});

it('shows small pictures without a network, and fetches a large one again that had to give way', async () => {
  const { maria } = nest;
  const count = 1 + feast.length;
  await seePictures(maria, count);
  expect(await thumbs(maria)).toHaveLength(count);
  // What was looked at in full size lies here, and the two behind it; then it had to give way, by the rule or to the browser.
  const before = await kept(maria, 'blob');
  expect(which(feast, await full(maria, 3))).toBe(3);
  const masters = async () => (await kept(maria, 'blob')).filter((id) => !before.includes(id));
  await expect.poll(async () => (await masters()).length).toBeGreaterThanOrEqual(3);
  for (const id of await masters()) await lose(maria, id);
  await maria.setOffline(true);
  await maria.page.reload();
  await seePictures(maria, count);
  expect((await thumbs(maria)).map((jpeg) => which([...feast, large], jpeg))).toEqual([...feast.keys(), feast.length]);
  const viewer = await open(maria, 3);
  await viewer.getByText(/^Ohne Netz\. In voller Größe kommt das Bild/).waitFor();
  await maria.setOffline(false);
  await viewer.and(maria.page.locator('[data-state="here"]')).waitFor({ timeout: 60_000 });
  await close(maria);
  expect(which(feast, await full(maria, 3))).toBe(3);
});

it('brings a PDF beside a bulletin to a parent, byte for byte', async () => {
  const { dora, maria } = nest;
  const pdf = { name: 'Elternabend.pdf', bytes: makePdf('Elternabend') };
  await dora.goTo('Aushänge');
  await dora.press('Aushang schreiben');
  const dialog = dora.page.getByRole('dialog');
  await dialog.getByLabel('Überschrift').fill('Einladung');
  await dialog.getByLabel('Text', { exact: true }).fill('Alles Weitere steht im Anhang.');
  await dialog.getByTestId('attach').setInputFiles([...album.put([pdf])]);
  await dialog.getByRole('button', { name: 'Aushängen' }).click();
  await dialog.waitFor({ state: 'detached' });
  await maria.goTo('Aushänge');
  const file = maria.page.getByTestId('bulletin').filter({ hasText: 'Einladung' }).getByTestId('file');
  await file.getByText('Elternabend.pdf').waitFor({ timeout: 30_000 });
  const opened = maria.page.context().waitForEvent('page');
  await file.getByRole('button', { name: /Öffnen/ }).click();
  const address = (await opened).url();
  expect(await bytesAt(maria, address)).toEqual(pdf.bytes);
});
