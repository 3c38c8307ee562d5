/**
 * @file What engines keep on this device: one database per slot, one store per table, rows as plain keys and values. Sealed records
 * lie there as they came; what would be readable was sealed by the engine under the local key.
 */
import type { Row, Write } from '../engine/edge';
import { createDatabase, type Database } from './database';

/** Where the engine keeps what nobody else has yet, and wraps, which the relay forgets once they are acknowledged. */
const precious: ReadonlySet<string> = new Set(['meta', 'wrap', 'pending', 'intent', 'outbox', 'transfer']);
/** Grows with the list of tables: 2 brought `transfer`. */
const version = 2;
const slotName = (slot: string) => `nestpost-${slot}`;

export interface SlotStorage {
  /** All rows, in the order of `tables` and of their keys. */
  load(): Promise<readonly Row[]>;
  /**
   * All or nothing, after every earlier write. Resolves when it is on the device. Once one of them is not, none that follows is: it
   * builds upon what is missing, and whoever goes on opens the slot again.
   */
  write(writes: readonly Write[]): Promise<void>;
  close(): Promise<void>;
  /** Deletes all of it. */
  remove(): Promise<void>;
}

/** A key as IndexedDB takes it. What comes out of the WASM module is a copy of its own already. */
const bytes = (key: Uint8Array) => key as Uint8Array<ArrayBuffer>;

/** `tables`: names from the WASM module, in its order. */
export function openSlot(
  slot: string,
  tables: readonly string[],
  create: typeof createDatabase = createDatabase,
): SlotStorage {
  const database: Database = create(slotName(slot), version, tables);
  let last: Promise<void> = Promise.resolve();
  const settled = () => last.catch(() => undefined);

  const commit = (writes: readonly Write[]): Promise<void> =>
    database.run(async (db) => {
      const touched = [...new Set(writes.map((write) => write.table))];
      if (touched.length === 0) return;
      const durability = touched.some((table) => precious.has(table)) ? 'strict' : 'relaxed';
      const transaction = db.transaction(touched, 'readwrite', { durability });
      try {
        for (const { table, key, value } of writes) {
          const store = transaction.objectStore(table);
          // A request that fails aborts the transaction, and `done` says why.
          (value === null ? store.delete(bytes(key)) : store.put(value, bytes(key))).catch(() => undefined);
        }
      } catch (thrown) {
        // A request that could not even be made aborts nothing by itself.
        transaction.abort();
        await transaction.done.catch(() => undefined);
        throw thrown;
      }
      await transaction.done;
    });

  return {
    load: () =>
      database.run(async (db) => {
        const transaction = db.transaction([...tables], 'readonly');
        const rows = await Promise.all(
          tables.map(async (table) => {
            const store = transaction.objectStore(table);
            const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll() as Promise<Uint8Array[]>]);
            return values.map((value, at) => ({ table, key: new Uint8Array(keys[at] as ArrayBuffer), value }));
          }),
        );
        await transaction.done;
        return rows.flat();
      }),
    write(writes) {
      const written = last.then(() => commit(writes));
      last = written;
      return written;
    },
    close: async () => {
      await settled();
      await database.close();
    },
    remove: async () => {
      await settled();
      await database.remove();
    },
  };
}
