/**
 * @file Pictures when something is in the way: files that are none, a slow line, a device or a relay without room. Each has its sentence,
 * everything else goes on, and a sick note comes first.
 */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBadFiles, makePhotos } from '../../drill/photos.mjs';
import type { MediaFault } from '../../src/engine/contract';
import {
  Album,
  blobsPutBy,
  child,
  choose,
  closeNest,
  keepBlobs,
  openNest,
  seePictures,
  sent,
  setRoom,
  show,
  thumbs,
  tiles,
  usage,
  wake,
  which,
  type Nest,
} from './pictures';
import type { Person } from './people';

let nest: Nest;
const album = new Album();
/** How many pictures there are to see by now. */
let count = 0;

beforeAll(async () => {
  nest = await openNest();
  await keepBlobs(nest.dora);
}, 240_000);
afterAll(async () => {
  await closeNest(nest);
  album.close();
});

/** What the app says to each. */
const sentences: Readonly<
  Record<Exclude<MediaFault, 'storage_full' | 'lost' | 'withdrawn' | 'refused' | 'no_access'>, RegExp>
> = {
  empty: /^Die Datei ist leer/,
  too_large: /^Die Datei ist zu groß/,
  too_many_pixels: /zu viele Bildpunkte/,
  format_unsupported: /zum Beispiel HEIC, .*kann der Browser hier nicht öffnen/,
  not_a_picture: /^Das ist kein Foto/,
  undecodable: /^Das Bild ist beschädigt/,
  not_a_pdf: /^Das ist kein PDF/,
};

describe('files that are not what they seem', () => {
  it('are set aside, each with its reason, and the good ones among them arrive', async () => {
    const { dora, maria } = nest;
    const good = makePhotos(3, { first: 400, width: 640, height: 480 });
    const bad = makeBadFiles().filter(({ kind }) => kind === 'picture');
    // The good ones stand at the beginning, in the middle and at the end.
    const mixed = [good[0]!, ...bad.slice(0, 5), good[1]!, ...bad.slice(5), good[2]!];
    const sheet = await choose(dora, album.put(mixed));
    const refused = sheet.getByTestId('refused');
    await refused.getByText('Alle anderen gehen ihren Weg.').waitFor({ timeout: 60_000 });
    const said = new Map<string, string>();
    /** The name stands first, the reason last. */
    const read = async (rows: Locator) => {
      for (const text of await rows.allInnerTexts()) {
        const lines = text.split('\n').filter((line) => line !== '');
        said.set(lines[0] ?? '', lines.at(-1) ?? '');
      }
    };
    await read(refused.getByRole('listitem'));
    // Some show what they are only when they are prepared.
    await sheet.getByRole('button', { name: 'Fertig' }).click();
    await sent(dora);
    if (said.size < bad.length) {
      await dora.page.getByTestId('sending-line').click();
      const rows = dora.page.locator('[data-testid="transfer"][data-stage="failed"]');
      await rows.first().waitFor();
      await read(rows);
      await dora.page
        .getByRole('button', { name: /^(?:Alle entfernen|Entfernen: )/ })
        .first()
        .click();
      await dora.page.getByText('Nichts mehr unterwegs').waitFor();
    }
    for (const { name, fault } of bad) expect(said.get(name), name).toMatch(sentences[fault as keyof typeof sentences]);
    expect(said.size).toBe(bad.length);
    count += good.length;
    await seePictures(maria, count);
    expect((await thumbs(maria)).map((jpeg) => which(good, jpeg))).toEqual([0, 1, 2]);
  });

  it('are no attachment either', async () => {
    const { dora } = nest;
    const bad = makeBadFiles().filter(({ kind }) => kind === 'file');
    await dora.goTo('Aushänge');
    await dora.press('Aushang schreiben');
    const dialog = dora.page.getByRole('dialog');
    await dialog.getByLabel('Überschrift').fill('Einladung');
    await dialog.getByLabel('Text', { exact: true }).fill('Alles Weitere steht im Anhang.');
    await dialog.getByTestId('attach').setInputFiles([...album.put(bad)]);
    await dialog.getByRole('button', { name: 'Aushängen' }).click();
    const refused = dialog.getByTestId('refused');
    await refused.waitFor();
    const rows = await refused.getByRole('listitem').allInnerTexts();
    expect(rows).toHaveLength(bad.length);
    for (const row of rows) expect(row).toMatch(/Das ist kein PDF/);
    // What was written goes out without them.
    await dialog.getByRole('button', { name: 'Aushängen' }).click();
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('on a slow line', () => {
  const feast = makePhotos(60, { first: 500, width: 640, height: 480 });
  const bytesPerSecond = 60_000;
  const stages = ({ page }: Person) =>
    page.getByTestId('transfer').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-stage')));
  const openThread = async (person: Person) => {
    await person.goTo('Nachrichten');
    await person.page.getByTestId('thread-row').first().click();
    await person.page.getByTestId('thread').getByRole('log').waitFor();
  };

  it('a sick note overtakes sixty pictures', async () => {
    const { dora, maria } = nest;
    maria.slowTo(bytesPerSecond);
    await openThread(maria);
    await maria.page.getByTestId('attach').setInputFiles([...album.put(feast)]);
    await maria.page.getByTestId('chosen').waitFor();
    await maria.press('Senden');
    await maria.page
      .getByTestId('message')
      .getByTestId('picture')
      .nth(feast.length - 1)
      .waitFor({ timeout: 60_000 });
    await expect.poll(() => blobsPutBy(maria).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    await maria.goTo('Heute');
    await maria.press(/^Krank melden/);
    await maria.press('Senden');
    await dora.goTo('Heute');
    await dora.page.getByText(child).first().waitFor({ timeout: 30_000 });
    // Nearly all of them are still to come.
    expect(Number(await maria.badge.getAttribute('data-count'))).toBeGreaterThan(50);
  });

  it('they wait when they are told to, and go on in their order', async () => {
    const { dora, maria } = nest;
    await maria.page.getByTestId('sending-line').click();
    await maria.press('Anhalten');
    await maria.page.getByText(/^Angehalten: \d+ Bilder/).waitFor();
    maria.slowTo(Infinity);
    // Whatever was on the line has come by then; nothing new has set out.
    await openThread(maria);
    await maria.say('Danke!');
    await openThread(dora);
    await dora.page.getByTestId('thread').getByText('Danke!').waitFor();
    await maria.page.getByTestId('sending-line').click();
    await expect.poll(() => stages(maria)).not.toContain('sent');
    const put = blobsPutBy(maria).length;
    const waiting = (await stages(maria)).length;
    expect(waiting).toBeGreaterThan(40);
    await maria.page.reload();
    await maria.page.getByText(/^Angehalten: \d+ Bilder/).waitFor();
    expect((await stages(maria)).length).toBe(waiting);
    expect(blobsPutBy(maria)).toHaveLength(put);
    await maria.press('Weiter senden');
    await sent(maria, 120_000);
    await expect.poll(() => tiles(dora).count(), { timeout: 30_000 }).toBe(feast.length);
    expect((await thumbs(dora)).map((jpeg) => which(feast, jpeg))).toEqual([...feast.keys()]);
  });
});

describe('without room', () => {
  it('on this device, says so and keeps what is there', async () => {
    const { dora, maria } = nest;
    const some = makePhotos(2, { first: 600, width: 1600, height: 1200 });
    await setRoom(dora, (await usage(dora)) + 100_000);
    const sheet = await choose(dora, album.put(some));
    await sheet
      .getByText(/^Auf diesem Gerät ist kein Platz mehr\. Schaffen Sie Platz/)
      .first()
      .waitFor();
    await sheet.getByRole('button', { name: 'Fertig' }).click();
    await setRoom(dora);
    await seePictures(dora, count);
    expect(await tiles(dora).count()).toBe(count);
    await show(dora, album.put(some));
    count += some.length;
    await sent(dora);
    await seePictures(maria, count);
  });

  it('at the relay, says so, keeps them here, and sends them once there is', async () => {
    const { dora, maria, house } = nest;
    const some = makePhotos(2, { first: 610, width: 640, height: 480 });
    await house.kill();
    await house.start({ settings: 'house_quota_bytes = 1' });
    await show(dora, album.put(some));
    await dora.goTo('Heute');
    const alarm = dora.page.locator('[data-testid="alarm"][data-code="quota_full"]');
    await alarm.waitFor({ timeout: 60_000 });
    expect(await alarm.innerText()).toMatch(/auf diesem Gerät sicher/);
    expect(await dora.badge.getAttribute('data-count')).toBe('2');
    await house.kill();
    await house.start();
    await dora.page.reload();
    await wake(maria);
    await sent(dora);
    count += some.length;
    await seePictures(maria, count);
    expect((await thumbs(maria)).slice(0, 2).map((jpeg) => which(some, jpeg))).toEqual([0, 1]);
    await dora.goTo('Heute');
    await alarm.waitFor({ state: 'detached' });
  });
});
