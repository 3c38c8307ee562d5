import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../engine/contract';
import { createDatabase } from './database';
import { openKeyStore } from './keystore';
import { openSlot } from './storage';

const tables = ['meta', 'log', 'outbox'];
const bytes = (...values: number[]) => new Uint8Array(values);
/** What every storage of a device does; the simulated one and the native one pass it too. */
interface Listed {
  readonly says: string;
  readonly steps: readonly {
    readonly store: readonly (readonly [string, string, string | null])[];
    readonly fails?: boolean;
  }[];
  readonly rows: readonly (readonly [string, string, string])[];
}
const list = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tests/histories/storage.json'), 'utf8'),
) as readonly Listed[];
const allTables = ['meta', 'log', 'record', 'wrap', 'pending', 'intent', 'outbox', 'transfer'];
const hex = (text: string) => new Uint8Array((text.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
let names = 0;
const fresh = () => `test-${++names}`;

describe('the storage of a slot', () => {
  it('keeps rows in the order of tables and keys', async () => {
    const slot = fresh();
    const storage = openSlot(slot, tables);
    await storage.write([
      { table: 'outbox', key: bytes(0), value: bytes(9) },
      { table: 'log', key: bytes(1, 0), value: bytes(3) },
      { table: 'log', key: bytes(0, 255), value: bytes(2) },
      { table: 'log', key: bytes(7), value: bytes(7) },
    ]);
    await storage.write([{ table: 'log', key: bytes(7), value: null }]);
    await storage.close();
    const rows = await openSlot(slot, tables).load();
    expect(rows.map(({ table, key, value }) => [table, [...key], [...value]])).toEqual([
      ['log', [0, 255], [2]],
      ['log', [1, 0], [3]],
      ['outbox', [0], [9]],
    ]);
  });

  it('writes in the order it was asked to', async () => {
    const storage = openSlot(fresh(), tables);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => storage.write([{ table: 'meta', key: bytes(0), value: bytes(n) }])),
    );
    expect((await storage.load()).map((row) => [...row.value])).toEqual([[19]]);
  });

  it('writes all or nothing', async () => {
    const storage = openSlot(fresh(), tables);
    const bad = { table: 'log', key: {} as Uint8Array, value: bytes(1) };
    await expect(storage.write([{ table: 'meta', key: bytes(0), value: bytes(1) }, bad])).rejects.toEqual(
      new EngineError('storage_refused'),
    );
    expect(await storage.load()).toEqual([]);
  });

  it.each(list)('passes the list that every storage of a device passes: $says', async ({ steps, rows }) => {
    const slot = fresh();
    const storage = openSlot(slot, allTables);
    // All are handed over at once, as an engine does.
    const written = steps.map(({ store, fails }) => {
      const writes = store.map(([table, key, value]) => ({
        table,
        key: hex(key),
        value: value === null ? null : hex(value),
      }));
      const bad = { table: 'log', key: {} as Uint8Array, value: bytes(1) };
      return storage.write(fails ? [...writes, bad] : writes);
    });
    await Promise.allSettled(written);
    await storage.close();
    const loaded = await openSlot(slot, allTables).load();
    expect(loaded.map(({ table, key, value }) => [table, [...key], [...value]])).toEqual(
      rows.map(([table, key, value]) => [table, [...hex(key)], [...hex(value)]]),
    );
  });

  it('keeps what an earlier version stored when there is a table more', async () => {
    const slot = fresh();
    const earlier = await openDB(`nestpost-${slot}`, 1, {
      upgrade(db) {
        for (const table of tables) db.createObjectStore(table);
      },
    });
    await earlier.put('outbox', bytes(9), bytes(0));
    earlier.close();
    const storage = openSlot(slot, [...tables, 'transfer']);
    await storage.write([{ table: 'transfer', key: bytes(1), value: bytes(2) }]);
    expect((await storage.load()).map(({ table, key, value }) => [table, [...key], [...value]])).toEqual([
      ['outbox', [0], [9]],
      ['transfer', [1], [2]],
    ]);
  });

  it('is gone after it was removed', async () => {
    const slot = fresh();
    const storage = openSlot(slot, tables);
    await storage.write([{ table: 'meta', key: bytes(0), value: bytes(1) }]);
    await storage.remove();
    expect(await openSlot(slot, tables).load()).toEqual([]);
  });
});

describe('a database', () => {
  it('opens again and tries once more when the browser lost it', async () => {
    const open = vi.fn(openDB);
    const database = createDatabase(fresh(), 1, ['a'], open as typeof openDB);
    const work = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(new DOMException('Connection to Indexed Database server lost', 'UnknownError'))
      .mockResolvedValue('done');
    expect(await database.run(work)).toBe('done');
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('takes nothing more once the browser has thrown everything away', async () => {
    const name = fresh();
    const database = createDatabase(name, 1, ['a']);
    await database.run((db) => db.put('a', 1, 'x'));
    // Whoever deletes it asks us to let go first.
    await deleteDB(name);
    const put = () => database.run((db) => db.put('a', 2, 'x'));
    await expect(put()).rejects.toEqual(new EngineError('storage_refused'));
    await expect(put()).rejects.toEqual(new EngineError('storage_refused'));
    await database.remove();
    await expect(put()).resolves.toBe('x');
  });

  it('says that the device is full, or that there is no storage', async () => {
    const database = createDatabase(fresh(), 1, ['a']);
    await expect(database.run(() => Promise.reject(new DOMException('', 'QuotaExceededError')))).rejects.toEqual(
      new EngineError('storage_full'),
    );
    const work = vi.fn(() => Promise.reject(new DOMException('', 'UnknownError')));
    await expect(database.run(work)).rejects.toEqual(new EngineError('storage_refused'));
    expect(work).toHaveBeenCalledTimes(2);
    const none = createDatabase(fresh(), 1, ['a'], (() =>
      Promise.reject(new DOMException('', 'SecurityError'))) as typeof openDB);
    await expect(none.run(() => Promise.resolve(1))).rejects.toEqual(new EngineError('storage_refused'));
  });
});

describe('the key store', () => {
  it('gives secrets back, keeps them wrapped, and lists slots by age', async () => {
    const name = fresh();
    let now = 5;
    const create: typeof createDatabase = (_, version, stores) => createDatabase(name, version, stores);
    const keys = openKeyStore(() => now--, create);
    const secrets = { seed: bytes(...Array(32).fill(1)), local: bytes(...Array(32).fill(2)) };
    await keys.put('b', secrets);
    await keys.put('a', { ...secrets, seed: bytes(...Array(32).fill(3)) });
    expect(await openKeyStore(() => now, create).get('b')).toEqual(secrets);
    expect(await keys.slots()).toEqual(['a', 'b']);
    const db = await openDB(name, 1);
    const row = (await db.get('slot', 'b')) as { sealed: ArrayBuffer };
    expect(row.sealed.byteLength).toBe(64 + 16);
    expect([...new Uint8Array(row.sealed)].slice(0, 32)).not.toEqual([...secrets.seed]);
    expect(((await db.get('key', 'wrapping')) as CryptoKey).extractable).toBe(false);
    // A row under another slot's name does not open: the name is bound to it.
    await db.put('slot', row, 'c');
    await expect(keys.get('c')).rejects.toThrow();
    await keys.remove('b');
    await expect(keys.get('b')).rejects.toEqual(new EngineError('not_found'));
    db.close();
  });
});
