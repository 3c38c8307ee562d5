/**
 * @file The pictures that are on screen, as addresses of this page. Each is asked for once, held while somebody looks at it, kept for
 * a while because people scroll back, and given up when others need the room, or when their house is no longer this device's.
 */
import type { EngineClient } from '../../engine/contract';

/** Of pictures that nobody looks at just now. A thumbnail has up to 100 KB. */
const idleBytesMax = 48 * 1024 * 1024;

export type PictureSize = 'thumb' | 'full';

interface Entry {
  readonly slot: string;
  readonly address: Promise<string>;
  bytes: number;
  holders: number;
}

/** Somebody looks at a picture: its address, and the way to say that they no longer do. */
export interface Hold {
  readonly address: Promise<string>;
  release(): void;
}

export class ShownPictures {
  readonly #client: Pick<EngineClient, 'picture'>;
  /** In the order in which they were last let go. */
  readonly #entries = new Map<string, Entry>();
  readonly #idleBytesMax: number;
  #idleBytes = 0;

  constructor(client: Pick<EngineClient, 'picture'>, bytesMax = idleBytesMax) {
    this.#client = client;
    this.#idleBytesMax = bytesMax;
  }

  hold(slot: string, id: string, size: PictureSize): Hold {
    const key = `${slot} ${id} ${size}`;
    const entry = this.#entries.get(key) ?? this.#fetch(key, slot, id, size);
    if (entry.holders === 0) this.#idleBytes -= entry.bytes;
    entry.holders += 1;
    let released = false;
    return {
      address: entry.address,
      release: () => {
        if (released) return;
        released = true;
        this.#letGo(key, entry);
      },
    };
  }

  /** Only these houses are still ours: nothing of any other stays in this page, looked at or not. */
  keepTo(slots: readonly string[]): void {
    const kept = new Set(slots);
    for (const [key, entry] of this.#entries) {
      if (kept.has(entry.slot)) continue;
      this.#entries.delete(key);
      if (entry.holders === 0) this.#idleBytes -= entry.bytes;
      revoke(entry);
    }
  }

  #fetch(key: string, slot: string, id: string, size: PictureSize): Entry {
    const blob = this.#client.picture(slot, id, size);
    const entry: Entry = {
      slot,
      address: blob.then((got) => {
        if (this.#entries.get(key) === entry) {
          entry.bytes = got.size;
          if (entry.holders === 0) this.#idleBytes += got.size;
        }
        return URL.createObjectURL(got);
      }),
      bytes: 0,
      holders: 0,
    };
    // Whoever asks the next time asks anew.
    entry.address.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    this.#entries.set(key, entry);
    return entry;
  }

  #letGo(key: string, entry: Entry): void {
    entry.holders -= 1;
    if (entry.holders > 0 || this.#entries.get(key) !== entry) return;
    this.#idleBytes += entry.bytes;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest, one] of this.#entries) {
      if (this.#idleBytes <= this.#idleBytesMax) break;
      if (one.holders > 0) continue;
      this.#entries.delete(oldest);
      this.#idleBytes -= one.bytes;
      revoke(one);
    }
  }
}

function revoke({ address }: Entry): void {
  void address.then(
    (made) => URL.revokeObjectURL(made),
    () => undefined,
  );
}
