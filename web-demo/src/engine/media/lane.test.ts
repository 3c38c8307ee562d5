import { expect, it } from 'vitest';
import { promised, settle } from '../testing/house';
import { createLane } from './lane';

it('runs so many at once, the more urgent first, whatever becomes of them', async () => {
  const lane = createLane(2);
  const begun: string[] = [];
  const ends = new Map<string, ReturnType<typeof promised<string>>>();
  const run = (name: string, rank: number) => {
    const end = promised<string>();
    ends.set(name, end);
    return lane.run(rank, () => {
      begun.push(name);
      return end.promise;
    });
  };
  const [first] = [run('a', 2), run('b', 2), run('c', 2), run('d', 1), run('e', 1)];
  expect(begun).toEqual(['a', 'b']);
  ends.get('a')?.resolve('done');
  expect(await first).toBe('done');
  await settle();
  expect(begun).toEqual(['a', 'b', 'd']);
  const failing = run('f', 0);
  ends.get('b')?.resolve('');
  await settle();
  expect(begun.at(-1)).toBe('f');
  ends.get('f')?.reject(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await settle();
  expect(begun).toEqual(['a', 'b', 'd', 'f', 'e']);
  ends.get('e')?.resolve('');
  await settle();
  expect(begun.at(-1)).toBe('c');
});
