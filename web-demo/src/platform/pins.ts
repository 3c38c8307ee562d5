/**
 * @file What a group's tablet keeps of the slot behind its PINs: a file for each person who set one, 32 bytes that only this tablet has
 * (wrapped as the key store wraps secrets), and how many wrong PINs there were.
 */
import { createDatabase } from './database';
import type { KeyStore, Wrapped } from './keystore';

export interface Pins {
  /** The slot behind them. */
  readonly slot: string;
  /** Mixed with every PIN. */
  readonly secret: Uint8Array;
  readonly files: readonly { readonly person: string; readonly file: Uint8Array }[];
  /** Wrong ones since the last right one. */
  readonly tries: number;
  /** The next is not tried before. */
  readonly notBefore: number;
  /** What was written behind them and not sent when it was locked. */
  readonly waiting: number;
  /** When the relay last answered, and the latest time that this tablet's clock ever showed. */
  readonly contactAt: number;
  readonly seenAt: number;
  readonly openedAt?: number;
  /** What was there is gone. */
  readonly dropped?: 'tries' | 'ended';
}

/** By the slot that is open. */
export interface PinStore {
  all(): Promise<ReadonlyMap<string, Pins>>;
  /** Resolves when it is on the device. */
  put(open: string, pins: Pins): Promise<void>;
  remove(open: string): Promise<void>;
}

type Kept = Omit<Pins, 'secret'> & { readonly secret: Wrapped };

const name = (open: string) => `pin ${open}`;

export function openPins(
  keys: Pick<KeyStore, 'wrap' | 'unwrap'>,
  create: typeof createDatabase = createDatabase,
): PinStore {
  const database = create('pins', 1, ['pin']);
  return {
    async all() {
      const [opens, rows] = await database.run((db) =>
        Promise.all([db.getAllKeys('pin') as Promise<string[]>, db.getAll('pin') as Promise<Kept[]>]),
      );
      const all = new Map<string, Pins>();
      for (const [at, row] of rows.entries()) {
        const open = opens[at] ?? '';
        all.set(open, { ...row, secret: await keys.unwrap(name(open), row.secret) });
      }
      return all;
    },
    async put(open, pins) {
      const row: Kept = { ...pins, secret: await keys.wrap(name(open), pins.secret) };
      await database.run(async (db) => {
        const transaction = db.transaction('pin', 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.put(row, open), transaction.done]);
      });
    },
    remove: (open) => database.run((db) => db.delete('pin', open)),
  };
}
