/**
 * @file Where pages get pictures and files from: this device, else the relay. Whoever asks for the same blob at once shares one way to it.
 * Thumbnails of everything visible are fetched unasked, one after the other, the newest first and so many bytes a day: what is on screen is
 * fetched in any case. Files that nobody names any more are deleted.
 */
import type { Clock } from '../../platform/clock';
import { EngineError } from '../contract';
import type { BlobRef } from '../edge';
import type { Slot } from '../slot';
import type { Failed, Jobs } from './jobs';
import { createLane, type Lane } from './lane';
import type { Preparing } from './preparing';
import type { MediaWorker } from './remote';
import type { Tickets } from './tickets';

/** Fetched at once. */
const fetchesMax = 4;
/** Who is served first: what fills the screen, what is on it, what may be looked at later. */
const rankFull = 0;
const rankThumb = 1;
const rankUnasked = 2;
/** A device that has just been opened is online within this. */
const onlineMaxMs = 8_000;
/** Attempts to fetch a blob of which nothing comes, and how long somebody waits meanwhile. */
const triesMax = 5;
const barrenMaxMs = 25_000;
const ticketsMax = 2;
/** Bytes that are not that blob are asked for once more. */
const mismatchesMax = 2;
const pauseFirstMs = 500;
const pauseMaxMs = 15_000;
/** Many changes come together; what follows from them is looked at this long after the first. */
const tidyPauseMs = 2_000;
/** Thumbnails that are fetched unasked for one house: so many in a day, or from one start on. Enough for hundreds, and no more than that. */
const unaskedBytesMax = 50_000_000;
const unaskedMs = 24 * 60 * 60 * 1000;
/** In the lane of what runs on this device: last. */
const rankTidy = 3;

export type LibrarySlot = Pick<Slot, 'id' | 'house' | 'transfers' | 'media' | 'mediaIndex' | 'until' | 'wantTicket'>;

export interface LibraryDep {
  readonly clock: Clock;
  readonly worker: MediaWorker;
  readonly tickets: Tickets;
  readonly preparing: Pick<Preparing, 'hurry'>;
  readonly local: Lane;
  readonly slot: (id: string) => LibrarySlot | undefined;
  /** Originals that are being taken in and stand nowhere yet. */
  readonly held: (slot: string) => readonly string[];
  /** Whether the browser thinks that there is a network at all. */
  readonly connected: () => boolean;
}

/** Throws `EngineError`: `offline`, `not_found`, `internal`. */
export interface Library {
  picture(slot: string, id: string, size: 'thumb' | 'full'): Promise<Blob>;
  file(slot: string, id: string): Promise<Blob>;
  /** Items of this house may have come or gone. */
  changed(slot: string): void;
  /** The network may have come back. */
  look(): void;
  forget(slot: string): void;
}

export function createLibrary(dep: LibraryDep): Library {
  const shared = new Map<string, Promise<Blob>>();
  const fetches = createLane(fetchesMax);
  const endings = new Map<string, AbortController>();
  const timers = new Map<string, () => void>();
  /** Thumbnails that are not here, per slot, by item. */
  const lacking = new Map<string, readonly string[]>();
  const fetching = new Set<string>();
  /**
   * Thumbnails that have come, or could not for a reason of their own, by blob and secret: what is not here all the same is not fetched
   * unasked again before the next start. The same blob under another secret is another matter: anybody may write down a wrong one.
   */
  const settled = new Map<string, Set<string>>();
  const unasked = new Map<string, { readonly since: number; bytes: number }>();

  const need = (id: string): LibrarySlot => {
    const slot = dep.slot(id);
    if (!slot) throw new EngineError('not_found');
    return slot;
  };
  const signalOf = (slot: string): AbortSignal => {
    const ending = endings.get(slot) ?? new AbortController();
    endings.set(slot, ending);
    return ending.signal;
  };
  const isUnsent = (slot: LibrarySlot, id: string): boolean =>
    slot.house().media.queued + slot.house().media.failed > 0 && slot.transfers().some((row) => row.id === id);

  const refsOf = async (slotId: string, id: string) => {
    const known = need(slotId).media(id);
    if (known) return known;
    // Not prepared yet: then this one is next. What comes of it is what everybody will see.
    if (isUnsent(need(slotId), id)) await dep.preparing.hurry(slotId, id);
    const refs = need(slotId).media(id);
    if (!refs) throw new EngineError('not_found');
    return refs;
  };
  const obtain = (slot: string, args: Omit<Jobs['read']['args'], 'slot' | 'ticket'>, rank: number): Promise<Blob> => {
    const name = `${slot}/${nameOf(args.blob)}/${args.type}`;
    const asked = shared.get(name);
    if (asked) return asked;
    const opening = read({ ...args, slot }, rank).finally(() => shared.delete(name));
    shared.set(name, opening);
    return opening;
  };
  const read = async (args: Jobs['read']['args'], rank: number): Promise<Blob> => {
    const here = await dep.worker.ask('read', args, signalOf(args.slot));
    if ('opened' in here) return here.opened;
    // It is here, and opens nothing: the relay has no other.
    if (here.trouble === 'mismatch') throw new EngineError('internal');
    return fetches.run(rank, () => fetchIt(args));
  };
  const fetchIt = async (args: Jobs['read']['args']): Promise<Blob> => {
    let stale: string | undefined;
    const count = { network: 0, ticket: 0, mismatch: 0, absent: 0 };
    let cameAt = dep.clock.now();
    const signal = signalOf(args.slot);
    for (;;) {
      await online(args.slot);
      const ticket = await dep.tickets.of(need(args.slot), stale);
      const answer = await dep.worker.ask('read', { ...args, ticket }, signal);
      if ('opened' in answer) return answer.opened;
      if (answer.came) {
        count.network = 0;
        cameAt = dep.clock.now();
      }
      switch (answer.trouble) {
        case 'ticket':
          stale = ticket;
          if (++count.ticket > ticketsMax) throw new EngineError('offline');
          break;
        case 'absent':
          // A relay to which the house moved answers so to a ticket of the one before.
          if (++count.absent > 1) throw new EngineError('not_found');
          stale = ticket;
          break;
        case 'lost':
          throw new EngineError('not_found');
        case 'mismatch':
          if (++count.mismatch >= mismatchesMax) throw new EngineError('internal');
          break;
        default:
          if (++count.network >= triesMax || dep.clock.now() - cameAt >= barrenMaxMs) throw new EngineError('offline');
          await pause(answer, count.network);
      }
    }
  };
  const online = async (id: string): Promise<void> => {
    const slot = need(id);
    if (slot.house().link === 'online') return;
    if (!dep.connected()) throw new EngineError('offline');
    await slot.until((house) => house.link === 'online', onlineMaxMs);
  };
  const pause = ({ afterMs = 0 }: Failed, tries: number): Promise<void> => {
    const grown = Math.min(pauseMaxMs, pauseFirstMs * 2 ** (tries - 1));
    const ms = Math.max(Math.min(afterMs, pauseMaxMs), grown / 2 + (grown / 2) * dep.clock.chance());
    return new Promise((resolve) => {
      dep.clock.after(ms, resolve);
    });
  };

  /** Asks which thumbnails are not here, and has everything deleted that nobody names. */
  const tidy = async (id: string): Promise<void> => {
    const slot = dep.slot(id);
    // Of a house that is not ours (yet, or any more) we do not know what there is.
    if (slot?.house().stage !== 'member') return;
    const [rows, index] = [slot.transfers(), slot.mediaIndex()];
    const own = rows.flatMap((row) => row.blobs.map((blob) => blob.id));
    const thumbs = index.flatMap(({ item, thumb }) => (thumb ? [{ item, thumb }] : []));
    const keep = [...new Set([...own, ...thumbs.map(({ thumb }) => thumb)])];
    const kept = new Set(keep);
    const { absent } = await dep.worker.ask('tidy', {
      slot: id,
      originals: [...rows.map((row) => row.id), ...dep.held(id)],
      keep,
      evictable: index.flatMap(({ full }) => (kept.has(full) ? [] : [full])),
    });
    const gone = new Set(absent);
    lacking.set(
      id,
      thumbs.flatMap(({ item, thumb }) => (gone.has(thumb) ? [item] : [])),
    );
    void fetchUnasked(id);
  };
  const isSettled = (slot: string, blob: BlobRef): boolean => settled.get(slot)?.has(nameOf(blob)) ?? false;
  const settle = (slot: string, blob: BlobRef): void => {
    const names = settled.get(slot) ?? new Set();
    settled.set(slot, names.add(nameOf(blob)));
  };
  /** Whether so much more may be fetched unasked today. A clock that was set back begins a new day. */
  const grant = (slot: string, bytes: number): boolean => {
    const now = dep.clock.now();
    const before = unasked.get(slot);
    const day = before && now >= before.since && now - before.since < unaskedMs ? before : { since: now, bytes: 0 };
    if (day.bytes + bytes > unaskedBytesMax) return false;
    unasked.set(slot, { since: day.since, bytes: day.bytes + bytes });
    return true;
  };
  const giveBack = (slot: string, bytes: number): void => {
    const day = unasked.get(slot);
    if (day) day.bytes -= bytes;
  };
  const fetchUnasked = async (id: string): Promise<void> => {
    if (fetching.has(id)) return;
    fetching.add(id);
    for (let more = true; more;) more = await fetchNext(id);
    fetching.delete(id);
  };
  /** Whether there is sense in going on. */
  const fetchNext = async (id: string): Promise<boolean> => {
    const [next] = lacking.get(id) ?? [];
    const slot = dep.slot(id);
    if (next === undefined || slot?.house().link !== 'online') return false;
    const thumb = slot.media(next)?.thumb;
    if (thumb && !isSettled(id, thumb)) {
      if (!grant(id, thumb.bytes)) return false;
      try {
        await obtain(id, { blob: thumb, type: pictureType, evictable: false }, rankUnasked);
        settle(id, thumb);
      } catch (thrown) {
        if (thrown instanceof EngineError && thrown.code === 'offline') {
          giveBack(id, thumb.bytes);
          return false;
        }
        settle(id, thumb);
      }
    }
    lacking.set(
      id,
      (lacking.get(id) ?? []).filter((item) => item !== next),
    );
    return true;
  };

  return {
    async picture(slotId, id, size) {
      const { full, thumb } = await refsOf(slotId, id);
      const blob = size === 'thumb' && thumb ? thumb : full;
      const evictable = blob === full && !isUnsent(need(slotId), id);
      const opened = await obtain(
        slotId,
        { blob, type: pictureType, evictable },
        size === 'full' ? rankFull : rankThumb,
      );
      if (blob === thumb) settle(slotId, blob);
      return opened;
    },
    async file(slotId, id) {
      const { full } = await refsOf(slotId, id);
      return obtain(slotId, { blob: full, type: fileType, evictable: !isUnsent(need(slotId), id) }, rankFull);
    },
    changed(slot) {
      if (timers.has(slot)) return;
      const due = dep.clock.after(tidyPauseMs, () => {
        timers.delete(slot);
        // What this device does not let us delete or fetch, it does not let us next time either; nothing depends on it.
        dep.local.run(rankTidy, () => tidy(slot)).catch(() => undefined);
      });
      timers.set(slot, due);
    },
    look() {
      for (const [slot, items] of lacking) if (items.length > 0) void fetchUnasked(slot);
    },
    forget(slot) {
      timers.get(slot)?.();
      timers.delete(slot);
      lacking.delete(slot);
      settled.delete(slot);
      unasked.delete(slot);
      endings.get(slot)?.abort();
      endings.delete(slot);
    },
  };
}

/** The same blob may stand in several items, and in some with a secret that is none. */
function nameOf({ id, secret }: BlobRef): string {
  return `${id} ${secret}`;
}

/** What a page takes them for, whatever their author may have put in. */
const pictureType = 'image/jpeg';
const fileType = 'application/pdf';
