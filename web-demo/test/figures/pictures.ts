/** @file What pictures take: time from the picker to the relay, the page's longest task meanwhile, memory, and room at the relay. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePhoto, makePhotos } from '../../drill/photos.mjs';
import { Album, closeNest, full, openNest, seePictures, show, sent, thumbs, type Nest } from '../e2e/pictures';
import type { Person } from '../e2e/people';
import type { Figure, Progress } from './measure';

declare global {
  interface Window {
    /** Of the page's own thread, in milliseconds, since somebody began to count. */
    longestTask?: number;
  }
}

export const countsDefault = [40, 300] as const;
const sentMsMax = 900_000;

/** `runs`: of the single large one; each of `counts` is sent once. */
export async function pictureFigures(
  runs: number,
  progress: Progress,
  counts: readonly number[] = countsDefault,
): Promise<readonly Figure[]> {
  const nest = await openNest();
  const album = new Album();
  try {
    return [...(await single(nest, album, runs, progress)), ...(await many(nest, album, counts, progress))];
  } finally {
    await closeNest(nest);
    album.close();
  }
}

/** 12 megapixels: until the relay has every byte, and what it stores of them. */
async function single(nest: Nest, album: Album, runs: number, progress: Progress): Promise<readonly Figure[]> {
  const { dora, maria, house } = nest;
  const times: number[] = [];
  const stored: number[] = [];
  for (let run = 1; run <= runs; run++) {
    progress(`picture of 12 megapixels ${run}`);
    const paths = album.put([makePhoto({ seed: run, width: 4000, height: 3000 })]);
    const before = bytesIn(join(house.data, 'blobs'));
    times.push((await send(dora, paths)).ms);
    stored.push(bytesIn(join(house.data, 'blobs')) - before);
  }
  await seePictures(maria, runs);
  const small = await thumbs(maria);
  const plain: number[] = [];
  for (const [index, thumb] of small.entries()) plain.push(thumb.length + (await full(maria, index)).length);
  return [
    { name: 'picture_12mp', unit: 'ms', values: times },
    { name: 'picture_12mp_stored', unit: 'bytes', values: stored },
    { name: 'picture_12mp_plain', unit: 'bytes', values: plain },
  ];
}

async function many(
  { dora, house }: Nest,
  album: Album,
  counts: readonly number[],
  progress: Progress,
): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const count of counts) {
    progress(`${count} pictures`);
    const paths = album.put(makePhotos(count, { first: 1000 * count }));
    const before = bytesIn(join(house.data, 'blobs'));
    const { ms, longest, idle, memory } = await send(dora, paths);
    const each = (bytesIn(join(house.data, 'blobs')) - before) / count;
    figures.push(
      { name: `pictures_${count}`, unit: 'ms', values: [ms] },
      { name: `pictures_${count}_longest_task`, unit: 'ms', values: [longest] },
      { name: `pictures_${count}_memory_before`, unit: 'bytes', values: [idle] },
      { name: `pictures_${count}_memory`, unit: 'bytes', values: [memory] },
      { name: `pictures_${count}_stored_each`, unit: 'bytes', values: [each] },
    );
  }
  return figures;
}

interface Sent {
  readonly ms: number;
  readonly longest: number;
  /** Of all the browser's processes together: before, and the most that was seen. */
  readonly idle: number;
  readonly memory: number;
}

/** From the press of the button until nothing is left to send. */
async function send(person: Person, paths: readonly string[]): Promise<Sent> {
  await person.page.evaluate(() => {
    window.longestTask = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask ?? 0, duration);
    }).observe({ type: 'longtask' });
  });
  const idle = person.memoryBytes();
  let memory = idle;
  const begun = performance.now();
  await show(person, paths);
  for (let left = await waiting(person); left > 0; left = await waiting(person)) {
    memory = Math.max(memory, person.memoryBytes());
    await person.page.waitForFunction(
      (before) =>
        Number(document.querySelector('[data-testid="waiting-badge"]')?.getAttribute('data-count') ?? 0) < before,
      left,
      { timeout: sentMsMax },
    );
  }
  await sent(person, sentMsMax);
  const ms = performance.now() - begun;
  return { ms, longest: await person.page.evaluate(() => window.longestTask ?? 0), idle, memory };
}

async function waiting({ badge }: Person): Promise<number> {
  return (await badge.count()) === 0
    ? 0
    : Number(await badge.getAttribute('data-count', { timeout: 1000 }).catch(() => 0));
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
