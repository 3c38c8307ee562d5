/**
 * @file Which blobs of each slot lie on this device, and which of them give way. The rule: blobs of our own that the relay does not have
 * yet stay; thumbnails stay as long as their item; masters and attachments are a cache of at most 200 MB, and of at most a fifth of what
 * would be free without it where the browser says that little is left. Those that were not used for longest go first. What no item and no transfer names is deleted.
 */
import type { Clock } from '../../../platform/clock';
import type { Files } from '../../../platform/files';
import type { Notes } from '../../../platform/notes';

const cacheBytesMax = 200_000_000;
const cacheShareMax = 1 / 5;
/** That something was used is noted this often at most. */
const noteMs = 60_000;

interface Entry {
  readonly bytes: number;
  /** By our clock; the order is all that counts. */
  usedAt: number;
  notedAt: number;
  evictable: boolean;
}

export interface Cache {
  has(slot: string, blob: string): Promise<boolean>;
  /** A blob was written. */
  added(slot: string, blob: string, bytes: number, evictable: boolean): Promise<void>;
  used(slot: string, blob: string, evictable: boolean): Promise<void>;
  remove(slot: string, blob: string): Promise<void>;
  /** Deletes every blob that is in neither list; those of `keep` that are not here. */
  tidy(slot: string, keep: readonly string[], evictable: readonly string[]): Promise<readonly string[]>;
  /** Lets go of as much as is needed for `bytes` more, if that can be; whether there is room for them now. */
  makeRoom(bytes: number): Promise<boolean>;
  /** The slot's files are gone. */
  forget(slot: string): Promise<void>;
}

export function createCache(dep: { readonly clock: Clock; readonly files: Files; readonly notes: Notes }): Cache {
  const slots = new Map<string, Promise<Map<string, Entry>>>();

  const load = async (slot: string): Promise<Map<string, Entry>> => {
    const [lengths, uses] = await Promise.all([dep.files.list(slot, 'blob'), dep.notes.all()]);
    return new Map(
      [...lengths].map(([blob, bytes]) => {
        const usedAt = uses.get(noteOf(slot, blob)) ?? 0;
        // Until we are told whose it is, it stays.
        return [blob, { bytes, usedAt, notedAt: usedAt, evictable: false }];
      }),
    );
  };
  const entriesOf = (slot: string): Promise<Map<string, Entry>> => {
    const known = slots.get(slot);
    if (known) return known;
    const loading = load(slot).catch((thrown: unknown) => {
      slots.delete(slot);
      throw thrown;
    });
    slots.set(slot, loading);
    return loading;
  };
  const note = async (slot: string, blob: string, entry: Entry): Promise<void> => {
    entry.usedAt = dep.clock.now();
    if (entry.usedAt - entry.notedAt < noteMs) return;
    entry.notedAt = entry.usedAt;
    await dep.notes.put(noteOf(slot, blob), entry.usedAt);
  };
  const remove = async (slot: string, blob: string): Promise<void> => {
    (await entriesOf(slot)).delete(blob);
    await dep.files.remove(slot, 'blob', blob);
    await dep.notes.remove(noteOf(slot, blob));
  };
  const evictables = async (): Promise<{ slot: string; blob: string; entry: Entry }[]> => {
    const found: { slot: string; blob: string; entry: Entry }[] = [];
    for (const [slot, loading] of slots)
      for (const [blob, entry] of await loading) if (entry.evictable) found.push({ slot, blob, entry });
    return found.sort((a, b) => a.entry.usedAt - b.entry.usedAt);
  };
  /** Removes what was not used for longest, until so many bytes are gone or nothing is left; how many are. */
  const evict = async (bytes: number): Promise<number> => {
    let gone = 0;
    for (const { slot, blob, entry } of await evictables()) {
      if (gone >= bytes) break;
      await remove(slot, blob);
      gone += entry.bytes;
    }
    return gone;
  };
  const keepToBudget = async (): Promise<void> => {
    const { free } = await dep.files.room();
    const held = (await evictables()).reduce((sum, { entry }) => sum + entry.bytes, 0);
    // Not of what the browser allows in all: some say more than the device has, whatever is used of it.
    const budget = Math.min(cacheBytesMax, (free + held) * cacheShareMax);
    await evict(held - budget);
  };

  return {
    async has(slot, blob) {
      return (await entriesOf(slot)).has(blob);
    },
    async added(slot, blob, bytes, evictable) {
      const entry: Entry = { bytes, usedAt: 0, notedAt: Number.NEGATIVE_INFINITY, evictable };
      (await entriesOf(slot)).set(blob, entry);
      await note(slot, blob, entry);
      if (evictable) await keepToBudget();
    },
    async used(slot, blob, evictable) {
      const entry = (await entriesOf(slot)).get(blob);
      if (!entry) return;
      entry.evictable ||= evictable;
      await note(slot, blob, entry);
    },
    remove,
    async tidy(slot, keep, evictable) {
      const [kept, loose] = [new Set(keep), new Set(evictable)];
      const entries = await entriesOf(slot);
      for (const [blob, entry] of [...entries]) {
        entry.evictable = loose.has(blob) && !kept.has(blob);
        if (!kept.has(blob) && !loose.has(blob)) await remove(slot, blob);
      }
      await keepToBudget();
      return keep.filter((blob) => !entries.has(blob));
    },
    async makeRoom(bytes) {
      const { free } = await dep.files.room();
      return free >= bytes || free + (await evict(bytes - free)) >= bytes;
    },
    async forget(slot) {
      slots.delete(slot);
      await dep.notes.removeUnder(`${slot}/`);
    },
  };
}

function noteOf(slot: string, blob: string): string {
  return `${slot}/${blob}`;
}
