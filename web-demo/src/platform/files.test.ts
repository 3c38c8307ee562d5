import { describe, expect, it } from 'vitest';
import { EngineError } from '../engine/contract';
import { fakeOpfs } from '../engine/testing/opfs';
import { openFiles } from './files';

const bytes = (...values: number[]) => new Uint8Array(values);

function setUp() {
  const opfs = fakeOpfs();
  let pauses = 0;
  const files = openFiles({
    root: opfs.root,
    estimate: () => Promise.resolve({ quota: 100, usage: 40 }),
    pause: () => Promise.resolve(void (pauses += 1)),
  });
  const write = async (name: string, ...pieces: Uint8Array[]) => {
    const sink = await files.create('a', 'blob', name);
    for (const piece of pieces) await sink.write(piece);
    await sink.keep();
  };
  const read = async (name: string) => {
    const file = await files.read('a', 'blob', name);
    return file && [...new Uint8Array(await file.arrayBuffer())];
  };
  return { opfs, files, write, read, pauses: () => pauses };
}

describe.each([true, false])('files (sync access handles: %s)', (sync) => {
  it('keep what was written once it was flushed, in place of what was there', async () => {
    const { opfs, files, write, read } = setUp();
    opfs.device.sync = sync;
    await write('x', bytes(1, 2, 3, 4));
    await write('x', bytes(5), bytes(6, 7));
    expect(await read('x')).toEqual([5, 6, 7]);
    expect(await read('y')).toBeUndefined();
    expect(await files.list('a', 'blob')).toEqual(new Map([['x', 3]]));
    expect(await files.list('a', 'original')).toEqual(new Map());
    if (sync) expect(opfs.device.flushed).toBe(2);
  });

  it('leave nothing of what did not fit, or was dropped', async () => {
    const { opfs, files, write } = setUp();
    opfs.device.sync = sync;
    opfs.device.room = 3;
    await expect(write('x', bytes(1, 2), bytes(3, 4))).rejects.toEqual(new EngineError('storage_full'));
    const sink = await files.create('a', 'original', 'o');
    await sink.write(bytes(1));
    await sink.drop();
    expect(opfs.paths()).toEqual([]);
  });
});

describe('files', () => {
  it('go with their slot', async () => {
    const { opfs, files, write } = setUp();
    await write('x', bytes(1));
    await (await files.create('b', 'original', 'o')).keep();
    expect(await files.slots()).toEqual(['a', 'b']);
    await files.removeSlot('a');
    await files.removeSlot('a');
    await files.remove('b', 'blob', 'none');
    expect(opfs.paths()).toEqual(['b/original/o']);
  });

  it('wait for a worker that was just ended to let go, and not for ever', async () => {
    const { opfs, write, read, pauses } = setUp();
    opfs.device.holds = 3;
    await write('x', bytes(1));
    expect([await read('x'), pauses()]).toEqual([[1], 3]);
    opfs.device.holds = 1000;
    await expect(write('y', bytes(1))).rejects.toEqual(new EngineError('storage_refused'));
  });

  it('say that there is no storage where the browser keeps nothing', async () => {
    const files = openFiles({
      root: () => Promise.reject(new DOMException('private', 'SecurityError')),
      estimate: () => Promise.reject(new TypeError('none')),
      pause: () => Promise.resolve(),
    });
    const refused = new EngineError('storage_refused');
    await expect(files.create('a', 'blob', 'x')).rejects.toEqual(refused);
    await expect(files.list('a', 'blob')).rejects.toEqual(refused);
    expect(await files.room()).toEqual({ free: Infinity, quota: Infinity });
  });

  it('tell how much room there is', async () => {
    expect(await setUp().files.room()).toEqual({ free: 60, quota: 100 });
  });
});
