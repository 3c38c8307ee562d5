import { describe, expect, it } from 'vitest';
import { openFiles } from '../../../platform/files';
import { handClock } from '../../testing/fakes';
import { fakeNotes } from '../../testing/notes';
import { fakeOpfs } from '../../testing/opfs';
import { createCache } from './cache';

function setUp(estimate: StorageEstimate | (() => StorageEstimate) = { quota: 100, usage: 0 }) {
  const opfs = fakeOpfs();
  const clock = handClock();
  const notes = fakeNotes();
  const files = openFiles({
    root: opfs.root,
    estimate: () => Promise.resolve(typeof estimate === 'function' ? estimate() : estimate),
    pause: () => Promise.resolve(),
  });
  const open = () => createCache({ clock, files, notes });
  const cache = open();
  const add = async (blob: string, bytes: number, evictable: boolean, to = cache) => {
    const sink = await files.create('a', 'blob', blob);
    await sink.write(new Uint8Array(bytes));
    await sink.keep();
    await to.added('a', blob, bytes, evictable);
    clock.turn(1000);
  };
  const here = () => opfs.paths().map((path) => path.split('/').at(-1));
  return { opfs, clock, notes, cache, open, add, here };
}

describe('the cache', () => {
  it('lets go of what was not used for longest, beyond a fifth of what is free or its own', async () => {
    const { cache, add, here } = setUp();
    for (const blob of ['m1', 'm2']) await add(blob, 9, true);
    await cache.used('a', 'm1', true);
    await add('m3', 9, true);
    expect(here()).toEqual(['m1', 'm3']);
  });

  it('keeps to 200 MB where the browser allows more', async () => {
    const { cache, here, add } = setUp({ quota: 1e12, usage: 0 });
    await add('m1', 1, true);
    await add('m2', 1, true);
    await cache.added('a', 'large', 200_000_000 - 1, true);
    expect(here()).toEqual(['m2']);
    expect(await cache.has('a', 'large')).toBe(true);
  });

  it('takes less where little is left, whatever the browser allows in all', async () => {
    const device = { usage: 3e9, free: 10 * 2 ** 30 };
    const { add, here, cache } = setUp(() => ({ quota: device.usage + device.free, usage: device.usage }));
    await add('m1', 40, true);
    await add('m2', 40, true);
    expect(here()).toEqual(['m1', 'm2']);
    device.free = 200;
    await cache.tidy('a', [], ['m1', 'm2']);
    expect(here()).toEqual(['m2']);
    await add('m3', 10, true);
    expect(here()).toEqual(['m2', 'm3']);
  });

  it('never lets go of thumbnails and of what the relay does not have', async () => {
    const { cache, add, here } = setUp();
    await add('own', 90, false);
    await add('thumb', 90, false);
    await add('m1', 15, true);
    await add('m2', 15, true);
    expect(here()).toEqual(['m2', 'own', 'thumb']);
    expect(await cache.makeRoom(1000)).toBe(false);
    expect(here()).toEqual(['own', 'thumb']);
  });

  it('deletes what nobody names, and says what of the rest is not here', async () => {
    const { cache, add, here } = setUp();
    for (const blob of ['orphan', 'thumb', 'own', 'master']) await add(blob, 5, false);
    expect(await cache.tidy('a', ['thumb', 'own', 'gone'], ['master', 'elsewhere'])).toEqual(['gone']);
    expect(here()).toEqual(['master', 'own', 'thumb']);
    // From now on it knows which one may go.
    await add('m2', 24, true);
    expect(here()).toEqual(['m2', 'own', 'thumb']);
  });

  it('knows after a restart what was used last', async () => {
    const { cache, open, add, here, clock } = setUp({ quota: 1000, usage: 0 });
    for (const blob of ['m1', 'm2', 'm3']) await add(blob, 80, true);
    clock.turn(60_000);
    await cache.used('a', 'm1', true);
    const again = open();
    await again.tidy('a', [], ['m1', 'm2', 'm3']);
    await add('m4', 80, true, again);
    expect(here()).toEqual(['m1', 'm3', 'm4']);
  });

  it('makes room as far as that is possible', async () => {
    const device = { quota: 100, usage: 0 };
    const { cache, add, here } = setUp(() => device);
    for (const blob of ['m1', 'm2', 'm3']) await add(blob, 6, true);
    device.usage = 95;
    expect(await cache.makeRoom(5)).toBe(true);
    expect(here()).toEqual(['m1', 'm2', 'm3']);
    expect(await cache.makeRoom(12)).toBe(true);
    expect(here()).toEqual(['m3']);
  });

  it('notes that something was used, though not every time, and forgets it with its slot', async () => {
    const { cache, add, notes, clock } = setUp();
    await add('m1', 5, true);
    const first = notes.map.get('a/m1');
    await cache.used('a', 'm1', true);
    expect(notes.map.get('a/m1')).toBe(first);
    clock.turn(60_000);
    await cache.used('a', 'm1', true);
    expect(notes.map.get('a/m1')).toBe(clock.now());
    await cache.forget('a');
    expect(notes.map.size).toBe(0);
  });
});
