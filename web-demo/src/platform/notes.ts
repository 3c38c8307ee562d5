/**
 * @file Numbers under names that the media worker keeps for itself: when a blob was last used, how often a picture was tried. Nothing
 * depends on them but order and patience: what cannot be read counts as nothing, what cannot be written is forgotten.
 */
import { createDatabase, type Database } from './database';

const stores = ['used', 'tried'] as const;

export interface Notes {
  all(): Promise<ReadonlyMap<string, number>>;
  get(name: string): Promise<number>;
  put(name: string, value: number): Promise<void>;
  remove(name: string): Promise<void>;
  /** Everything whose name begins so. */
  removeUnder(prefix: string): Promise<void>;
}

export function openNotes(
  create: typeof createDatabase = createDatabase,
): Readonly<Record<(typeof stores)[number], Notes>> {
  // Not named after a slot: it belongs to none.
  const database = create('media', 1, stores);
  return { used: notesIn(database, 'used'), tried: notesIn(database, 'tried') };
}

function notesIn(database: Database, store: (typeof stores)[number]): Notes {
  const orNothing = async <T>(work: Promise<T>, nothing: T): Promise<T> => work.catch(() => nothing);
  return {
    all: () =>
      orNothing(
        database.run(async (db) => {
          const [names, values] = await Promise.all([
            db.getAllKeys(store) as Promise<string[]>,
            db.getAll(store) as Promise<number[]>,
          ]);
          return new Map(names.map((name, at) => [name, values[at] ?? 0]));
        }),
        new Map<string, number>(),
      ),
    get: (name) =>
      orNothing(
        database.run(async (db) => ((await db.get(store, name)) as number | undefined) ?? 0),
        0,
      ),
    put: (name, value) =>
      orNothing(
        database.run(async (db) => void (await db.put(store, value, name))),
        undefined,
      ),
    remove: (name) =>
      orNothing(
        database.run((db) => db.delete(store, name)),
        undefined,
      ),
    removeUnder: (prefix) =>
      orNothing(
        database.run((db) => db.delete(store, IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
        undefined,
      ),
  };
}
