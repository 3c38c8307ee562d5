import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { EngineError } from '../engine/contract';
import type { createDatabase } from './database';
import { openNotes } from './notes';

it('keeps numbers under names, each kind for itself', async () => {
  const { used, tried } = openNotes();
  await used.put('a/1', 5);
  await used.put('a/2', 6);
  await used.put('b/1', 7);
  await tried.put('a/1', 1);
  await used.remove('a/2');
  const again = openNotes();
  expect(await again.used.all()).toEqual(
    new Map([
      ['a/1', 5],
      ['b/1', 7],
    ]),
  );
  expect([await again.tried.get('a/1'), await again.tried.get('a/2')]).toEqual([1, 0]);
  await again.used.removeUnder('a/');
  expect([...(await used.all()).keys()]).toEqual(['b/1']);
  expect(await tried.get('a/1')).toBe(1);
});

it('does without where the browser keeps nothing', async () => {
  const refuse = () => Promise.reject(new EngineError('storage_refused'));
  const create: typeof createDatabase = () => ({ run: refuse, close: refuse, remove: refuse });
  const { used } = openNotes(create);
  await used.put('a/1', 5);
  await used.remove('a/1');
  await used.removeUnder('a/');
  expect([await used.get('a/1'), await used.all()]).toEqual([0, new Map()]);
});
