/**
 * @file Pictures and files in real Chromium against a real relay, through the engine's client alone: taken without a network, kept
 * through a reload and a killed browser, sent, fetched by another browser, deleted; a broken one, a second window, a worker that dies.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launch } from '../../scripts/shots.mjs';
import { makeBadFiles, makePdf, makePhotos, shows, spareSegments, type Photo } from '../../drill/photos.mjs';
import type { ChosenFile, MediaTarget, Picture, Taken } from '../../src/engine/contract';
import {
  ask,
  confirmJoin,
  filesOf,
  found,
  guardianLetter,
  launchProfile,
  openPage,
  serveEngine,
  startRelay,
  until,
  type Relay,
} from './engine-page';

let browser: Browser;
let relay: Relay;
let site: Awaited<ReturnType<typeof serveEngine>>;
/** The office's browser has a profile on disk: it can be killed and comes back. */
let profile: string;
let context: BrowserContext;
let office: Page;
let phone: Page;
let slot: string;
let phoneSlot: string;
let group: string;

const launchOffice = async (): Promise<void> => {
  context = await launchProfile(profile);
  office = await openPage(context, site.url);
};

beforeAll(async () => {
  relay = await startRelay();
  site = await serveEngine(relay);
  browser = await launch();
  profile = mkdtempSync(join(tmpdir(), 'office-'));
  await launchOffice();
  slot = await found(office);
  const letter = await guardianLetter(office, slot);
  await until(office, { waiting: 0, link: 'online' });
  phone = await openPage(await browser.newContext(), site.url);
  ({ slot: phoneSlot } = await ask(phone, (client, code) => client.join(code), letter.code));
  await confirmJoin(office, slot);
  await until(phone, { stage: 'member', link: 'online' });
  const [first] = await ask(office, (client, on) => client.query(on, 'groups', {}), slot);
  group = first?.id ?? '';
}, 240_000);
afterAll(async () => {
  relay?.resume();
  await context?.close();
  await browser?.close();
  await site?.close();
  await relay?.stop();
  rmSync(profile, { recursive: true, force: true });
});

interface Chosen {
  readonly name: string;
  readonly bytes: Buffer;
  readonly kind?: 'picture' | 'file';
}
/** Chooses files as a person does; the names they carry say nothing about what they are. */
function add(
  page: Page,
  on: string,
  to: MediaTarget,
  files: readonly Chosen[],
): Promise<Taken & { progress: number[] }> {
  return ask(
    page,
    async (client, [house, target, given]) => {
      const chosen: ChosenFile[] = given.map(({ name, base64, kind }) => ({
        file: new File([Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0))], name),
        kind,
        alt: '',
      }));
      const progress: number[] = [];
      const taken = await client.addMedia(house, target, client.newSet(), chosen, (done) => progress.push(done));
      return { ...taken, progress };
    },
    [
      on,
      to,
      files.map(({ name, bytes, kind = 'picture' }) => ({ name, kind, base64: bytes.toString('base64') })),
    ] as const,
  );
}
function pictures(page: Page, on: string): Promise<readonly Picture[]> {
  return ask(page, (client, house) => client.query(house, 'pictures', {}), on);
}
/** A picture's type and bytes, or the code of why there are none. */
async function fetchPicture(page: Page, on: string, id: string, size: 'thumb' | 'full'): Promise<Buffer | string> {
  const answer = await ask(
    page,
    async (client, [house, item, wanted]) => {
      try {
        const blob = await client.picture(house, item, wanted);
        const bytes = new Uint8Array(await blob.arrayBuffer());
        return { type: blob.type, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')) };
      } catch (thrown) {
        return { code: (thrown as { code: string }).code };
      }
    },
    [on, id, size] as const,
  );
  if (answer.code !== undefined) return answer.code;
  expect(answer.type).toBe('image/jpeg');
  return Buffer.from(answer.base64, 'base64');
}
async function jpegOf(page: Page, on: string, id: string, size: 'thumb' | 'full' = 'full'): Promise<Buffer> {
  const bytes = await fetchPicture(page, on, id, size);
  if (typeof bytes === 'string') throw new Error(`no picture: ${bytes}`);
  return bytes;
}
/** Waits until that many pictures are there for everybody to see, the newest first. */
function untilPictures(page: Page, on: string, count: number): Promise<readonly Picture[]> {
  return ask(
    page,
    (client, [house, wanted]) =>
      new Promise<readonly Picture[]>((resolve) => {
        const look = () =>
          void client.query(house, 'pictures', {}).then((list) => {
            if (list.filter((one) => !one.transfer).length === wanted) resolve(list);
          });
        client.onChanged(look);
        look();
      }),
    [on, count] as const,
  );
}
const small = { width: 640, height: 480 };
const idle = (page: Page) => expect.poll(async () => (await until(page, {})).media.queued, { timeout: 60_000 }).toBe(0);
let sent = 0;

it('shows a picture at once, keeps it through a reload and a killed browser, and brings it to another browser', async () => {
  const photos = makePhotos(3, { ...small, first: 10 });
  relay.pause();
  try {
    const { progress, ...taken } = await add(office, slot, { group }, photos);
    expect(taken).toEqual({ taken: 3, refused: [] });
    // It tells of what is safe, some at once.
    expect([progress.at(-1), progress]).toEqual([3, [...progress].sort((a, b) => a - b)]);
    const kept = await pictures(office, slot);
    expect(
      kept.map(({ state, transfer }) => [state, transfer?.stage === 'kept' || transfer?.stage === 'ready']),
    ).toEqual(Array.from({ length: 3 }, () => ['local', true]));
    const shown = await Promise.all(kept.map((picture) => jpegOf(office, slot, picture.id, 'thumb')));
    expect(shown.map((jpeg) => photos.filter(({ seed }) => shows(jpeg, seed)).length)).toEqual([1, 1, 1]);
    await office.reload();
    expect((await until(office, { slot })).media).toEqual({ queued: 3, failed: 0, paused: false });
    await killOffice();
    await launchOffice();
    expect((await until(office, { slot })).media.queued).toBe(3);
  } finally {
    relay.resume();
  }
  sent += 3;
  const there = await untilPictures(phone, phoneSlot, sent);
  await untilPictures(office, slot, sent);
  for (const photo of photos) {
    const found = await findPicture(there, photo);
    const here = await jpegOf(office, slot, found.id);
    expect((await jpegOf(phone, phoneSlot, found.id)).equals(here)).toBe(true);
    expect([found.width, found.height]).toEqual([small.width, small.height]);
    expect(found.hash).toMatch(/^[0-9a-f]{10,}$/);
  }
  await idle(office);
}, 180_000);

/** The picture that shows a photo, as the phone gets it. */
async function findPicture(list: readonly Picture[], { seed }: Photo): Promise<Picture> {
  for (const picture of list) if (shows(await jpegOf(phone, phoneSlot, picture.id, 'thumb'), seed)) return picture;
  throw new Error(`nobody shows photo ${seed}`);
}

/** `SIGKILL`: as a device does that needs the memory. */
async function killOffice(): Promise<void> {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const own = stdout
    .split('\n')
    .filter((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes('--type='))
    .map((line) => line.trim().split(/\s+/, 2).map(Number));
  // A child that has just been forked still looks like its parent.
  const main = own.filter(([, parent]) => !own.some(([pid]) => pid === parent));
  if (main.length !== 1) throw new Error(`${main.length} browsers of this profile`);
  const closed = new Promise<void>((resolve) => {
    context.once('close', () => {
      resolve();
    });
  });
  process.kill(main[0]?.[0] ?? Number.NaN, 'SIGKILL');
  await closed;
}

it('turns every picture upright once, and lets nothing out but the picture', async () => {
  const photos = makePhotos(8, { width: 2000, height: 1500, first: 40 });
  expect(new Set(photos.map(({ orientation }) => orientation)).size).toBe(8);
  await add(office, slot, { group }, photos);
  sent += 8;
  const there = await untilPictures(phone, phoneSlot, sent);
  for (const photo of photos) {
    const found = await findPicture(there, photo);
    expect([found.width, found.height]).toEqual([1600, 1200]);
    for (const size of ['full', 'thumb'] as const) {
      const jpeg = await jpegOf(phone, phoneSlot, found.id, size);
      expect(shows(jpeg, photo.seed)).toBe(true);
      expect(spareSegments(jpeg)).toEqual([]);
      expect(jpeg.length).toBeLessThanOrEqual(size === 'full' ? 1_500_000 : 100_000);
    }
  }
  await idle(office);
  // Nothing but blobs is left of them on this device.
  expect((await filesOf(office)).filter((path) => path.startsWith('original/'))).toEqual([]);
}, 180_000);

/** Runs before a worker's script: its time passes ten times as fast. */
const hurried = `{
  const [now, after, start] = [Date.now, setTimeout, Date.now()];
  Date.now = () => start + 10 * (now() - start);
  globalThis.setTimeout = (work, ms = 0, ...given) => after(work, ms / 10, ...given);
}\n`;

it('shows thumbnails without a network, and says that it has none for what was never fetched', async () => {
  await expect
    .poll(async () => (await filesOf(phone)).filter((path) => path.startsWith('blob/')).length, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(sent);
  const [photo] = makePhotos(1, { ...small, first: 70 });
  await add(office, slot, { group }, photo ? [photo] : []);
  sent += 1;
  const list = await untilPictures(phone, phoneSlot, sent);
  const fresh = list[0]?.id ?? '';
  await jpegOf(phone, phoneSlot, fresh, 'thumb');
  const scripts = [/^worker-.*\.js$/, /^media\.worker-.*\.js$/];
  const undo = scripts.map((name) => site.patch(name, (script) => hurried + script));
  await phone.reload();
  await until(phone, { slot: phoneSlot, link: 'online' });
  relay.pause();
  try {
    for (const { id } of list) expect(typeof (await fetchPicture(phone, phoneSlot, id, 'thumb'))).toBe('object');
    // The line still looks alive: it takes a while to find out that nobody answers.
    expect(await fetchPicture(phone, phoneSlot, fresh, 'full')).toBe('offline');
  } finally {
    relay.resume();
  }
  await expect
    .poll(() => fetchPicture(phone, phoneSlot, fresh, 'full').then((answer) => typeof answer), { timeout: 30_000 })
    .toBe('object');
  for (const one of undo) one();
  await phone.reload();
  await until(phone, { slot: phoneSlot, link: 'online' });
}, 120_000);

it('refuses what is no picture or file, each with its reason, and goes on with the others', async () => {
  const [photo] = makePhotos(1, { ...small, first: 80 });
  const bad = makeBadFiles();
  const outcome = await add(office, slot, { group }, [...bad, ...(photo ? [photo] : [])]);
  const atOnce = new Map(outcome.refused.map(({ name, fault }) => [name, fault]));
  sent += 1;
  await untilPictures(phone, phoneSlot, sent);
  await idle(office);
  // What only the decoder finds out is set aside a moment later.
  const later = await ask(office, (client, on) => client.query(on, 'transfers', {}), slot);
  for (const one of [...later.pictures, ...later.files])
    if (one.transfer?.fault) atOnce.set(one.transfer.name ?? '', one.transfer.fault);
  expect(Object.fromEntries(atOnce)).toEqual(Object.fromEntries(bad.map(({ name, fault }) => [name, fault])));
  for (const { id } of [...later.pictures, ...later.files])
    await ask(office, (client, [on, item]) => client.command(on, 'remove_media', { id: item }), [slot, id] as const);
  expect((await until(office, {})).media).toEqual({ queued: 0, failed: 0, paused: false });
}, 120_000);

it('brings an attachment to everybody', async () => {
  const pdf = makePdf('Elternbrief');
  const set = await ask(
    office,
    async (client, [on, base64]) => {
      const own = client.newSet();
      const file = new File([Uint8Array.from(atob(base64), (symbol) => symbol.charCodeAt(0))], 'Brief.pdf');
      await client.addMedia(on, { house: true }, own, [{ file, kind: 'file', alt: '' }]);
      await client.command(on, 'post_bulletin', { group: null, title: 'Brief', body: 'Anbei', set: own });
      return own;
    },
    [slot, pdf.toString('base64')] as const,
  );
  const file = await ask(
    phone,
    (client, [on, wanted]) =>
      new Promise<{ id: string; name: string; base64: string; type: string }>((resolve) => {
        const look = () =>
          void client.query(on, 'bulletins', {}).then(async (bulletins) => {
            const found = bulletins.flatMap(({ media }) => media.files).find((one) => one.set === wanted);
            if (!found) return;
            const blob = await client.file(on, found.id);
            const bytes = new Uint8Array(await blob.arrayBuffer());
            const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
            resolve({ id: found.id, name: found.name, base64, type: blob.type });
          });
        client.onChanged(look);
        look();
      }),
    [phoneSlot, set] as const,
  );
  expect([file.name, file.type]).toEqual(['Brief.pdf', 'application/pdf']);
  expect(Buffer.from(file.base64, 'base64').equals(pdf)).toBe(true);
}, 120_000);

it('takes files in from a second window, and goes on when the window that serves it is closed', async () => {
  await idle(office);
  const second = await openPage(context, site.url);
  await until(second, { slot, link: 'online' });
  const photos = makePhotos(6, { width: 1600, height: 1200, first: 100 });
  const adding = add(second, slot, { group }, photos);
  await expect
    .poll(async () => (await until(second, {})).media.queued, { timeout: 30_000, interval: 10 })
    .toBeGreaterThan(0);
  await office.close();
  office = second;
  expect(await adding).toMatchObject({ taken: 6, refused: [] });
  sent += 6;
  const there = await untilPictures(phone, phoneSlot, sent);
  // Each once.
  expect(there.length).toBe(sent);
  for (const photo of photos) await findPicture(there, photo);
}, 180_000);

it('takes a picture back everywhere', async () => {
  const [first] = await untilPictures(office, slot, sent);
  const id = first?.id ?? '';
  await jpegOf(phone, phoneSlot, id);
  const before = (await filesOf(phone)).length;
  await ask(office, (client, [on, item]) => client.command(on, 'remove_media', { id: item }), [slot, id] as const);
  sent -= 1;
  await untilPictures(phone, phoneSlot, sent);
  expect(await fetchPicture(phone, phoneSlot, id, 'full')).toBe('not_found');
  await expect.poll(async () => (await filesOf(phone)).length, { timeout: 30_000 }).toBeLessThan(before);
}, 120_000);

it('sends nothing while it is paused, and goes on afterwards', async () => {
  await ask(office, (client, on) => client.command(on, 'pause_media', { paused: true }), slot);
  const photos = makePhotos(2, { ...small, first: 200 });
  await add(office, slot, { group }, photos);
  await expect
    .poll(async () => (await pictures(office, slot)).filter(({ transfer }) => transfer?.stage === 'ready').length, {
      timeout: 30_000,
    })
    .toBe(2);
  expect((await until(office, {})).media).toEqual({ queued: 2, failed: 0, paused: true });
  await ask(office, (client, on) => client.command(on, 'pause_media', { paused: false }), slot);
  sent += 2;
  await untilPictures(phone, phoneSlot, sent);
}, 120_000);

it('sets aside a picture over which the worker dies, and goes on with the next and with everything else', async () => {
  // Dies like a worker without memory: from one moment to the next, whenever it is asked to prepare a picture of this length.
  site.patch(
    /^media\.worker-.*\.js$/,
    (script) => `self.addEventListener('message', ({ data }) => {
      const { name, args } = data.job ?? {};
      if (name === 'prepare' && args.original.bytes === ${deadlyPhotos()[0].bytes.length}) throw new Error('out of memory');
    }, { capture: true });\n${script}`,
  );
  await office.reload();
  await until(office, { slot, link: 'online' });
  const [deadly, fine] = deadlyPhotos();
  await add(office, slot, { group }, [deadly, fine]);
  await expect.poll(async () => (await until(office, {})).media.failed, { timeout: 30_000 }).toBe(1);
  const { pictures: left } = await ask(office, (client, on) => client.query(on, 'transfers', {}), slot);
  expect(left.filter(({ transfer }) => transfer?.stage === 'failed').map(({ transfer }) => transfer)).toMatchObject([
    { stage: 'failed', fault: 'undecodable', name: deadly.name },
  ]);
  sent += 1;
  const there = await untilPictures(phone, phoneSlot, sent);
  await findPicture(there, fine);
}, 120_000);

function deadlyPhotos(): [Photo, Photo] {
  const [deadly, fine] = makePhotos(2, { ...small, first: 220 });
  if (!deadly || !fine) throw new Error('two were drawn');
  return [deadly, fine];
}
it('forgets a house with all its files', async () => {
  expect((await filesOf(phone)).length).toBeGreaterThan(0);
  await ask(phone, (client, on) => client.forget(on), phoneSlot);
  expect(await filesOf(phone)).toEqual([]);
});
