/**
 * @file A connection to one IndexedDB database that survives the browser losing it. WebKit drops connections at will ("Connection to
 * Indexed Database server lost"); then it is closed, opened again, and the work is tried once more.
 */
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { EngineError } from '../engine/contract';

export interface Database {
  /** Runs `work` on an open connection; it must be safe to run twice. Throws `EngineError`: `storage_full` or `storage_refused`. */
  run<T>(work: (db: IDBPDatabase) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** Closes and deletes it with all it holds. */
  remove(): Promise<void>;
}

/** `stores` are created if they are missing; a longer list needs a higher `version`. */
export function createDatabase(
  name: string,
  version: number,
  stores: readonly string[],
  open: typeof openDB = openDB,
): Database {
  let opening: Promise<IDBPDatabase> | undefined;
  let known = false;
  /** The browser has thrown everything away since it was opened first. What is new must not look as if it were all. */
  let wiped = false;

  const connect = async (): Promise<IDBPDatabase> => {
    opening ??= open(name, version, {
      upgrade(db, before) {
        wiped ||= known && before === 0;
        for (const store of stores) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
      },
      // Another tab wants to delete or upgrade it: it waits for us.
      blocking: () => void drop(),
      terminated: () => (opening = undefined),
    });
    const db = await opening;
    known = true;
    if (wiped) throw new EngineError('storage_refused');
    return db;
  };
  const drop = async (): Promise<void> => {
    const dropped = opening;
    opening = undefined;
    // A connection that never opened needs no closing.
    await dropped?.then((db) => db.close()).catch(() => undefined);
  };

  return {
    async run(work) {
      try {
        return await work(await connect());
      } catch (thrown) {
        await drop();
        if (!isLost(thrown)) throw refusal(thrown);
      }
      try {
        return await work(await connect());
      } catch (thrown) {
        await drop();
        throw refusal(thrown);
      }
    },
    close: drop,
    async remove() {
      await drop();
      [known, wiped] = [false, false];
      await deleteDB(name).catch((thrown: unknown) => {
        throw refusal(thrown);
      });
    },
  };
}

function isLost(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    (['UnknownError', 'InvalidStateError', 'AbortError'].includes(thrown.name) ||
      /database server lost/i.test(thrown.message))
  );
}

function refusal(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const full = thrown instanceof Error && thrown.name === 'QuotaExceededError';
  return new EngineError(full ? 'storage_full' : 'storage_refused');
}
