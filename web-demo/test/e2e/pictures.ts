/** @file What people do with pictures, and what came of it: chosen, shown, opened, taken back, and their bytes as another browser has them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { seedShown, writePhotos, type Photo } from '../../drill/photos.mjs';
import { House, Person, desk, phone } from './people';

declare global {
  interface Window {
    /** Every picture that the page has shown, by its address. */
    shownBlobs?: Map<string, Blob>;
  }
}

/** A director, and the mother of a child, each over a recorded line. */
export interface Nest {
  readonly house: House;
  readonly dora: Person;
  readonly maria: Person;
}

/** Dozens of files are taken in. */
const takenMsMax = 60_000;
export const child = 'Carla Kind';
export const group = 'Igel';

export async function openNest(): Promise<Nest> {
  const house = await House.open();
  const people: Person[] = [];
  const arrive = async (viewport: typeof desk): Promise<Person> => {
    const person = await Person.arriveRecorded(house, viewport);
    people.push(person);
    return person;
  };
  try {
    const dora = await arrive(desk);
    await dora.found('Kita Spatzennest', 'Dora Direktorin');
    await dora.createGroup(group);
    await dora.createChild(child, ['Maria Mutter']);
    const letter = await dora.printLetterOf(child, 'Maria Mutter');
    const maria = await arrive(phone);
    await letIn(dora, maria, 'Maria Mutter', letter);
    return { house, dora, maria };
  } catch (thrown) {
    // Nobody else can close what nobody was given.
    await Promise.all(people.map((person) => person.leave()));
    await house.close();
    throw thrown;
  }
}

export async function letIn(dora: Person, person: Person, name: string, letter: string): Promise<void> {
  await dora.confirm(name, await person.join(letter));
  await person.enter();
  await keepBlobs(person);
}

export async function closeNest(nest: Nest | undefined): Promise<void> {
  await Promise.all([nest?.dora.leave(), nest?.maria.leave()]);
  await nest?.house.close();
}

/** Files on this machine, as somebody has them who chooses some. */
export class Album {
  private readonly folder = mkdtempSync(join(tmpdir(), 'album-'));

  /** Paths. */
  put(files: readonly { readonly name: string; readonly bytes: Buffer }[]): readonly string[] {
    return writePhotos(this.folder, files).map((name) => join(this.folder, name));
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** From the next page on, remembers what is shown: the content security policy lets no page fetch an address of its own. */
export async function keepBlobs({ page }: Person): Promise<void> {
  await page.context().addInitScript(() => {
    const blobs = new Map<string, Blob>();
    window.shownBlobs = blobs;
    const create = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (source) => {
      const address = create(source);
      if (source instanceof Blob) blobs.set(address, source);
      return address;
    };
  });
  await page.reload();
}

/* ---------- choosing ---------- */

export interface Wish {
  /** The family of this child alone. */
  readonly child?: string;
  readonly group?: string;
  readonly text?: string;
}

/** Staff: chooses files and sends them on their way; resolves once the sheet has taken them in. */
export async function show(person: Person, paths: readonly string[], wish: Wish = {}): Promise<void> {
  const sheet = await choose(person, paths, wish);
  await sheet.waitFor({ state: 'detached', timeout: takenMsMax }).catch(async () => {
    throw new Error(`the sheet stays: ${await sheet.innerText()}`);
  });
}

/** The same; what was refused stays on the sheet, which is returned. */
export async function choose(person: Person, paths: readonly string[], wish: Wish = {}): Promise<Locator> {
  await person.goTo('Bilder');
  await person.press('Bilder zeigen');
  const sheet = person.page.getByTestId('choose-sheet');
  await sheet.getByTestId('choose-files').setInputFiles([...paths]);
  await target(sheet, wish);
  if (wish.text !== undefined) await sheet.getByLabel(/^Text dazu/).fill(wish.text);
  await sheet.getByRole('button', { name: /Bild(?:er)? zeigen$/ }).click();
  return sheet;
}

async function target(scope: Locator, { child: only, group: one }: Wish): Promise<void> {
  if (one !== undefined) await scope.getByRole('radio', { name: new RegExp(one) }).check();
  if (only === undefined) return;
  await scope.getByRole('radio', { name: 'Nur eine Familie' }).check();
  await scope.getByLabel('Von welchem Kind?').selectOption({ label: only });
}

/** Tells the browser that there is a network again: pauses between attempts grow. */
export async function wake({ page }: Person): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}

/** Nothing is on its way any more. */
export async function sent(person: Person, timeout = 60_000): Promise<void> {
  await person.badge.waitFor({ state: 'detached', timeout });
}

/* ---------- seeing ---------- */

export const tiles = ({ page }: Person): Locator => page.getByTestId('picture');
/** The tile once the picture itself is there, not only its colours. */
const arrived = (tile: Locator): Locator => tile.locator('[data-testid="thumb"][data-shown="true"]');

/** Goes to the pictures and waits until there are so many. */
export async function seePictures(person: Person, count: number, timeout = 60_000): Promise<void> {
  await person.goTo('Bilder');
  await tiles(person)
    .nth(count - 1)
    .waitFor({ timeout });
}

/** The small pictures as they stand, in order. */
export async function thumbs(person: Person): Promise<readonly Buffer[]> {
  const all: Buffer[] = [];
  for (const tile of await tiles(person).all()) {
    await tile.scrollIntoViewIfNeeded();
    await arrived(tile).waitFor();
    all.push(await bytesOf(tile.locator('img')));
  }
  return all;
}

/** Opens one over the page. */
export async function open(person: Person, index: number): Promise<Locator> {
  await tiles(person).nth(index).click();
  const viewer = person.page.getByTestId('viewer');
  await viewer.waitFor();
  return viewer;
}

/** One of them in full size. */
export async function full(person: Person, index: number): Promise<Buffer> {
  const viewer = await open(person, index);
  await viewer.and(person.page.locator('[data-state="here"]')).waitFor();
  const bytes = await bytesOf(viewer.locator('.pswp__item[aria-hidden="false"] img').last());
  await close(person);
  return bytes;
}

export async function close({ page }: Person): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByTestId('viewer').waitFor({ state: 'detached' });
}

async function bytesOf(image: Locator): Promise<Buffer> {
  return bytesAt({ page: image.page() }, await image.evaluate((element) => (element as HTMLImageElement).src));
}

/** The bytes behind an address of the page's own, as this browser has them. */
export async function bytesAt({ page }: Pick<Person, 'page'>, address: string): Promise<Buffer> {
  const text = await page.evaluate(async (wanted) => {
    const blob = window.shownBlobs?.get(wanted);
    if (!blob) throw new Error('nobody has kept what is shown');
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const pieces = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, at) =>
      String.fromCharCode(...bytes.subarray(4096 * at, 4096 * (at + 1))),
    );
    return btoa(pieces.join(''));
  }, address);
  return Buffer.from(text, 'base64');
}

/** Which of the photos a picture is; -1: none of them, or not upright. */
export function which(photos: readonly Photo[], jpeg: Buffer): number {
  const seed = seedShown(
    jpeg,
    photos.map((photo) => photo.seed),
  );
  return photos.findIndex((photo) => photo.seed === seed);
}

/* ---------- on the device ---------- */

/** Limits what the browser may keep for this origin; without a number, it decides itself again. */
export async function setRoom({ page, origin }: Person, quotaSize?: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, ...(quotaSize === undefined ? {} : { quotaSize }) });
}

export async function usage({ page }: Person): Promise<number> {
  return page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
}

/** Names of the files that this browser keeps in its own store: sealed originals, or sealed blobs. */
export async function kept(person: Person, folder: 'original' | 'blob'): Promise<readonly string[]> {
  return eachKept(person, folder, '');
}

/** Takes one of them away. */
export async function lose(person: Person, blob: string): Promise<void> {
  expect(await eachKept(person, 'blob', blob)).toContain(blob);
}

async function eachKept({ page }: Person, folder: string, unwanted: string): Promise<readonly string[]> {
  return page.evaluate(
    async ([wanted, gone]) => {
      const names: string[] = [];
      for await (const slot of (await navigator.storage.getDirectory()).values()) {
        if (slot.kind !== 'directory') continue;
        for await (const part of (slot as FileSystemDirectoryHandle).values()) {
          if (part.kind !== 'directory' || part.name !== wanted) continue;
          for await (const name of (part as FileSystemDirectoryHandle).keys()) names.push(name);
          if (names.includes(gone)) await (part as FileSystemDirectoryHandle).removeEntry(gone);
        }
      }
      return names;
    },
    [folder, unwanted] as const,
  );
}

/* ---------- on the line ---------- */

/** A request for a blob, as it went over somebody's line. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly ticket: string;
}

/** Says it by hand; the whole answer, but for the time of day in it. */
export async function ask(
  house: House,
  { method, path, ticket }: Asked,
  body: Buffer = Buffer.alloc(0),
): Promise<string> {
  const socket = connect(house.port, '127.0.0.1');
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: localhost:${house.port}`,
    `authorization: Bearer ${ticket}`,
    `content-length: ${body.length}`,
    'connection: close',
  ];
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('latin1')
    .replace(/\r\ndate: [^\r]*/i, '');
}

/** What somebody's browser has asked of the relay about blobs so far. */
export function askedOf(person: Person): readonly Asked[] {
  const text = person.traffic().sentBytes.toString('latin1');
  return [...text.matchAll(/(GET|HEAD|PUT|POST) (\/blob\S*) HTTP\/1\.1\r\n([^]*?)\r\n\r\n/g)].map((found) => ({
    method: found[1]!,
    path: found[2]!,
    ticket: /^authorization: *bearer +(\S+)$/im.exec(found[3]!)?.[1] ?? '',
  }));
}

/** The last pass that somebody's browser has shown. */
export function ticketOf(person: Person): string {
  const ticket = askedOf(person).at(-1)?.ticket;
  if (!ticket) throw new Error('nothing was asked yet');
  return ticket;
}

/** The blobs that somebody has put at the relay, in order. */
export function blobsPutBy(person: Person): readonly string[] {
  const ids = askedOf(person).flatMap(({ method, path }) =>
    method === 'PUT' ? [/^\/blob\/([0-9a-f]{64})\//.exec(path)?.[1] ?? ''] : [],
  );
  return [...new Set(ids)];
}
