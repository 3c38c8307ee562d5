/**
 * @file The houses of this device and their secrets. Seed and local key of each lie wrapped under one AES-GCM key that the browser
 * lets nobody read out: whoever copies the files of the profile's storage gets the key only as far as the browser protects it,
 * whoever runs script here could use it but not take it along.
 */
import type { Secrets } from '../engine/edge';
import { EngineError } from '../engine/contract';
import { createDatabase } from './database';

const nonceBytes = 12;
const secretBytes = 32;
const wrappingKey = 'wrapping';

export interface KeyStore {
  /** Slots in the order in which they were made. */
  slots(): Promise<readonly string[]>;
  put(slot: string, secrets: Secrets): Promise<void>;
  get(slot: string): Promise<Secrets>;
  remove(slot: string): Promise<void>;
  /** For another store, under the same key; `name` says what for. */
  wrap(name: string, plain: Uint8Array): Promise<Wrapped>;
  unwrap(name: string, wrapped: Wrapped): Promise<Uint8Array>;
}

export interface Wrapped {
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}
type Row = Wrapped & { readonly at: number };

export function openKeyStore(now: () => number, create: typeof createDatabase = createDatabase): KeyStore {
  const database = create('nestpost', 1, ['key', 'slot']);

  async function wrapping(): Promise<CryptoKey> {
    const known = await database.run((db) => db.get('key', wrappingKey) as Promise<CryptoKey | undefined>);
    if (known) return known;
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await database.run((db) => db.put('key', made, wrappingKey));
    return made;
  }
  const parameters = (slot: string, nonce: Uint8Array<ArrayBuffer>): AesGcmParams => ({
    name: 'AES-GCM',
    iv: nonce,
    additionalData: new TextEncoder().encode(slot),
  });

  const wrap = async (name: string, plain: Uint8Array): Promise<Wrapped> => {
    const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const bytes = plain as Uint8Array<ArrayBuffer>;
    return { nonce, sealed: await crypto.subtle.encrypt(parameters(name, nonce), await wrapping(), bytes) };
  };
  const unwrap = async (name: string, { nonce, sealed }: Wrapped): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.decrypt(parameters(name, nonce), await wrapping(), sealed));

  return {
    wrap,
    unwrap,
    async slots() {
      const [keys, rows] = await database.run((db) =>
        Promise.all([db.getAllKeys('slot') as Promise<string[]>, db.getAll('slot') as Promise<Row[]>]),
      );
      const at = (index: number) => rows[index]?.at ?? 0;
      return keys
        .map((slot, index) => ({ slot, at: at(index) }))
        .sort((a, b) => a.at - b.at)
        .map(({ slot }) => slot);
    },
    async put(slot, { seed, local }) {
      const plain = new Uint8Array(2 * secretBytes);
      plain.set(seed);
      plain.set(local, secretBytes);
      const row: Row = { at: now(), ...(await wrap(slot, plain)) };
      plain.fill(0);
      await database.run(async (db) => {
        const transaction = db.transaction('slot', 'readwrite', { durability: 'strict' });
        await Promise.all([transaction.store.put(row, slot), transaction.done]);
      });
    },
    async get(slot) {
      const row = await database.run((db) => db.get('slot', slot) as Promise<Row | undefined>);
      if (!row) throw new EngineError('not_found');
      const plain = await unwrap(slot, row);
      return { seed: plain.slice(0, secretBytes), local: plain.slice(secretBytes) };
    },
    remove: (slot) => database.run((db) => db.delete('slot', slot)),
  };
}
